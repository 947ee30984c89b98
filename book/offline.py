"""Pack the built site into a zip that is read without a server: `python book/offline.py`.

Unpack it and open index.html. Pages, decks, the speaker's view and the search work from the disk, with
one exception: browsers do not let a page read other files, so the search lists its hits without the lines
around them.
"""

import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "site"
NAME = "deep-learning-derived"
PACKED = {".pdf", ".png", ".woff2", ".jpg"}  # compressed already


def pack(site: Path, target: Path) -> None:
    """Write all files of the site into a zip, under one folder; the same site gives the same zip."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(site.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(f"{NAME}/{path.relative_to(site).as_posix()}")
                kind = zipfile.ZIP_STORED if path.suffix in PACKED else zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes(), kind)


if __name__ == "__main__":
    target = ROOT / "_build" / f"{NAME}.zip"
    pack(SITE, target)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.0f} MB")
