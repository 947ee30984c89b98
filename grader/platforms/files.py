"""The files of a download: a folder or a zip, zips within it included.

Nothing is unpacked onto the disk: names are looked at, contents are read within bounds. A name that leads
out of the folder, an encrypted or damaged file, a link, and a zip that grows beyond all measure are named as
what they are, and the others are read all the same.
"""

import io
import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from grader.errors import SubmissionError
from grader.submission import MAX_BYTES

MAX_FILES = 50_000
MAX_TOTAL = 4 * 2**30  # bytes that are read of one download, all together
MAX_DEPTH = 3  # of zips within zips
_CLUTTER = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", ".ipynb_checkpoints"}
_ENCRYPTED, _UTF8 = 0x1, 0x800  # flags of an entry (APPNOTE.TXT 4.4.4)


@dataclass(frozen=True)
class File:
    """A file of a download. path: its parts, plain; content: empty where there is a problem."""

    path: tuple[str, ...]
    content: bytes = b""
    problem: str = ""

    @property
    def name(self) -> str:
        """Its name without the folders."""
        return self.path[-1]

    def __str__(self) -> str:
        return "/".join(self.path)


@dataclass
class _Budget:
    """What may still be read."""

    files: int
    bytes: int


def read_files(source: Path) -> Iterator[File]:
    """The files of a folder or zip, in the order of their names. SubmissionError where it is neither."""
    budget = _Budget(MAX_FILES, MAX_TOTAL)
    if source.is_dir():
        found = _of_folder(source, budget)
    elif source.is_file() and zipfile.is_zipfile(source):
        found = _of_zip(source, (), budget, 1)
    else:
        what = "is not there" if not source.exists() else "is neither"
        raise SubmissionError(
            f"A download is a folder or a zip file; {source} {what}. Name what the platform gave you."
        )
    yield from sorted(found, key=lambda file: file.path)


def _of_folder(root: Path, budget: _Budget) -> Iterator[File]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not _is_clutter(name)]
        for name in names:
            path = Path(folder, name)
            parts = tuple(unicodedata.normalize("NFC", p) for p in path.relative_to(root).parts)
            if _is_clutter(name):
                continue
            if not stat.S_ISREG(path.lstat().st_mode):
                yield File(parts, problem="a link, not a file")
            elif path.stat().st_size > MAX_BYTES and path.suffix.lower() != ".zip":
                yield File(parts, problem=f"larger than {MAX_BYTES >> 20} MB")
            else:
                yield from _opened(parts, path.read_bytes(), budget, 0)


def _of_zip(
    archive_file: Path | BinaryIO, above: tuple[str, ...], budget: _Budget, depth: int
) -> Iterator[File]:
    try:
        archive = zipfile.ZipFile(archive_file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        yield File(above or ("",), problem="a damaged zip file")
        return
    with archive:
        for entry in archive.infolist():
            name = _name(entry)
            parts = tuple(
                part for part in name.replace("\\", "/").split("/") if part not in ("", ".")
            )
            path = (*above, *(_plain(part) for part in parts))
            if entry.is_dir() or not parts or any(_is_clutter(part) for part in parts):
                continue
            if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
                yield File(path, problem="a name that leads out of the folder")
            elif stat.S_ISLNK(entry.external_attr >> 16):
                yield File(path, problem="a link, not a file")
            elif entry.flag_bits & _ENCRYPTED:
                yield File(path, problem="encrypted")
            else:
                yield from _entry(archive, entry, path, budget, depth)


def _entry(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    path: tuple[str, ...],
    budget: _Budget,
    depth: int,
) -> Iterator[File]:
    # What the entry says of its size is not believed: no more than the limit is unpacked.
    limit = budget.bytes if path[-1].lower().endswith(".zip") else MAX_BYTES
    limit = min(limit, budget.bytes, 64 * MAX_BYTES)
    try:
        with archive.open(entry) as stream:
            content = stream.read(limit + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        yield File(path, problem="damaged")
        return
    except Exception as error:  # zlib's and lzma's own errors
        yield File(path, problem=f"damaged ({type(error).__name__})")
        return
    if len(content) > limit:
        yield File(path, problem=f"larger than {limit >> 20} MB")
        return
    yield from _opened(path, content, budget, depth)


def _opened(path: tuple[str, ...], content: bytes, budget: _Budget, depth: int) -> Iterator[File]:
    """The file, or the files in it where it is a zip."""
    budget.files -= 1
    budget.bytes -= len(content)
    if budget.files < 0 or budget.bytes < 0:
        raise SubmissionError(
            f"A download has at most {MAX_FILES} files and {MAX_TOTAL >> 30} GB; this one has more, at "
            f"{'/'.join(path)}. Is there a zip bomb in it? Take that file out."
        )
    if not path[-1].lower().endswith(".zip"):
        yield File(path, content)
    elif depth >= MAX_DEPTH:
        yield File(path, problem=f"zips within zips, more than {MAX_DEPTH} deep")
    else:
        yield from _of_zip(io.BytesIO(content), path, budget, depth + 1)


def _name(entry: zipfile.ZipInfo) -> str:
    """Name of an entry: without the flag of UTF-8 it may be UTF-8 all the same, or Windows's cp932."""
    name = entry.orig_filename.split("\0")[0]
    if not entry.flag_bits & _UTF8:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "cp932"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name)


def _plain(part: str) -> str:
    """A part of a name with nothing that a terminal would obey."""
    return "".join(c if c.isprintable() else "\ufffd" for c in part)


def _is_clutter(name: str) -> bool:
    return name in _CLUTTER or name.startswith("._")
