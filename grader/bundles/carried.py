"""The cell that carries a unit's package inside the notebook, so that the notebook is complete alone."""

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Mapping

WIDTH = 110
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same package gives the same text

TITLE = "#@title Run this cell first: it brings what this unit needs. / 最初に実行: この単元に必要なもの"

#: Nothing happens where the grader itself or this unit's package is there already; another unit's
#: package is replaced. The files go into a folder of their own, which goes away with the kernel.
BRING = """\
def _bring(version, language, files):
    import atexit, base64, importlib, importlib.util, io, os, shutil, sys, tempfile
    import zipfile, zlib
    def there(name):
        try:
            return importlib.util.find_spec(name) is not None
        except ImportError:
            return False
    if there("grader.exercises"):
        return
    if there("dlkit") and there("grader.checks"):
        if getattr(importlib.import_module("dlkit"), "__version__", "") == version:
            return
    for name in list(sys.modules):
        if name.partition(".")[0] in ("dlkit", "grader"):
            del sys.modules[name]
    folder = tempfile.mkdtemp(prefix="dlkit-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    archive = io.BytesIO(zlib.decompress(base64.b64decode(files)))
    zipfile.ZipFile(archive).extractall(folder)
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    os.environ.setdefault("GRADER_LANG", language)
"""
_CARRYING = re.compile(
    re.escape(f"{TITLE}\n{BRING}") + r'_bring\("[\w.+-]*", "\w+", """\n[A-Za-z0-9+/=\n]*"""\)'
)


def carrying_cell(files: Mapping[str, bytes], version: str, language: str) -> str:
    """Code that puts a package on `sys.path` where it is not there yet. It needs the standard library alone."""
    text = base64.b64encode(packed(files)).decode()
    lines = [text[i : i + WIDTH] for i in range(0, len(text), WIDTH)]
    call = f'_bring("{version}", "{language}", """'
    return "\n".join([TITLE, BRING + call, *lines, '""")'])


def is_carrying(source: str) -> bool:
    """Whether a cell is the one that carries a package, and does nothing else."""
    return _CARRYING.fullmatch(source.strip()) is not None


def packed(files: Mapping[str, bytes]) -> bytes:
    """A compressed ZIP archive of the files, the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for place, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(place, EPOCH), data)
    return zlib.compress(buffer.getvalue(), 9)  # all at once: half the size of file by file
