"""A source package in the form of the one that carries the movie reviews, with sentences of our own."""

import io
import tarfile
from pathlib import Path

INNER = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
TABLE = "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt"


def packed(files: dict[str, bytes]) -> bytes:
    """A gzipped tar archive of these files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def write_reviews(folder: Path, rows: list[tuple[float, str]], inner: str = INNER) -> Path:
    """Write the source package into the folder, with a snippet and its rating a row."""
    lines = "".join(f"{i}\t{rating}\t{text}\n" for i, (rating, text) in enumerate(rows, start=1))
    package = packed({inner: packed({TABLE: lines.encode()})})
    (folder / "vaderSentiment-3.3.2.tar.gz").write_bytes(package)
    return folder
