"""Load a submitted notebook: strictly, within bounds, and without trusting a byte of it.

Only what grading needs is kept: cells in their order, with type, source, grade_id and pictures. Outputs
are dropped, whatever they show was made on another machine. nbformat is not used: it validates every cell
against a schema, which takes seconds on a hostile notebook, and it waits for ever on a FIFO.

Every error is one sentence for whoever wrote the notebook, in English and Japanese: file, rule, next step. Not
all of them submit it: `grader check` and `grader self` read notebooks, too.
"""

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from grader.checks.text import Message, message, quote
from grader.errors import SubmissionError

CellType: TypeAlias = Literal["code", "markdown", "raw"]

MAX_BYTES = 16 * 2**20
MAX_VALUES = 2_000_000  # a bound on the memory that parsing takes
MAX_CELLS = 2_000
MAX_TIMESTAMP_BYTES = 200
MAX_NAME_BYTES = 200  # with what our own files add to it, a file's name has at most 255
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_PART = re.compile(r"^# (?:%%|In\[[ \d]*\]:).*\n", re.MULTILINE)  # of jupytext, of nbconvert
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


class UnreadableSubmission(SubmissionError):
    """A file of a submission that breaks a rule; `message` can be shown in the student's language."""

    def __init__(self, text: Message) -> None:
        super().__init__(text.render())
        self.message = text


@dataclass(frozen=True)
class Cell:
    """A cell as submitted. `grade_id` is what the cell claims to be."""

    type: CellType
    source: str
    grade_id: str | None = None
    #: Pictures pasted into a Markdown cell: name → MIME type → base64 text.
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Notebook:
    """A notebook as submitted. `metadata` is the submitter's JSON: look into it, copy nothing out of it."""

    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)


def require_name(student: str) -> None:
    """Raise UnreadableSubmission for a student who, by the name of the folder, cannot stand in a gradebook."""
    try:
        too_long = len(student.encode()) > MAX_NAME_BYTES
    except UnicodeEncodeError:  # made by another system, in another encoding
        too_long = True
    if too_long:
        raise UnreadableSubmission(
            message("The name of a student's folder must be UTF-8, of at most {limit} bytes. Rename it.",
                    limit=MAX_NAME_BYTES))  # fmt: skip


def find(folder: Path, name: str) -> tuple[Path, list[Message]]:
    """The file to grade in a submission's folder, and what there is to say about its choice.

    It is `<name>.ipynb`; where that is missing, the only notebook, or else the only Python file.
    """
    if folder.is_symlink() or not folder.is_dir():
        raise UnreadableSubmission(
            message("A submission is a folder, not a file and not a link to another place. Collect it "
                    "anew."))  # fmt: skip
    wanted = folder / f"{name}.ipynb"
    if os.path.lexists(wanted):
        return wanted, []
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    for suffix in (".ipynb", ".py"):
        found = [path for path in files if path.suffix.lower() == suffix]
        if len(found) > 1:
            raise UnreadableSubmission(
                message("There is no {file}, and of {others} it is not clear which one to grade. Submit one "
                        "file, with the name of the notebook that you were given.",
                        file=wanted.name, others=", ".join(_plain(path.name) for path in found)))  # fmt: skip
        if found:
            return found[0], [
                message("There is no {file}; {other} was graded instead.",
                        file=wanted.name, other=_plain(found[0].name))]  # fmt: skip
    return wanted, []  # which says how it is missing when it is read


def load(path: Path) -> Notebook:
    """The notebook in a file; raises UnreadableSubmission where the file breaks a rule.

    A Python file becomes one with a code cell for each part, as editors divide it by lines of ``# %%``.
    """
    if path.suffix.lower() == ".py":
        content = _read(path, MAX_BYTES)
        text = content.decode(json.detect_encoding(content), "replace")
        parts = [part for part in _PART.split(text) if part.strip()][:MAX_CELLS]
        return Notebook(tuple(Cell("code", part) for part in parts))
    name = _plain(path.name)
    document = _json(_read(path, MAX_BYTES), name)
    _check_version(document, name)
    cells = _cells_of_3(document) if document["nbformat"] == 3 else document.get("cells")
    if not isinstance(cells, list):
        raise UnreadableSubmission(
            message("{file} has no list of cells. Open it in Jupyter and save it.",
                    file=name))  # fmt: skip
    if len(cells) > MAX_CELLS:
        raise UnreadableSubmission(
            message("{file} has {count} cells and may have {limit}. Delete the ones you do not need.",
                    file=name, count=len(cells), limit=MAX_CELLS))  # fmt: skip
    metadata = document.get("metadata")
    return Notebook(
        cells=tuple(_cell(cell, number, name) for number, cell in enumerate(cells, start=1)),
        metadata=metadata if isinstance(metadata, dict) else {},
    )


def read_timestamp(folder: Path) -> datetime | None:
    """When a submission was handed in, in UTC, by its timestamp.txt; None where there is no such file.

    The reading is nbgrader's own: formgrader compares the two times and wants them equal.
    """
    path = folder / "timestamp.txt"
    if not os.path.lexists(path):
        return None
    text = _read(path, MAX_TIMESTAMP_BYTES).decode(errors="replace").strip()
    from nbgrader.utils import (
        parse_utc,
    )  # slow to import, and a tree without the exchange needs it not

    try:
        return cast(datetime, parse_utc(text))
    except (ValueError, OverflowError):
        raise UnreadableSubmission(
            message("{file} does not hold a date and time, such as 2027-04-30 12:00:00 UTC. Correct it.",
                    file=path.name)) from None  # fmt: skip


def _read(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of a bounded size: no link is followed, no FIFO waited for."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise UnreadableSubmission(
            message("There is no {file}. Keep the name of the notebook that you were given.",
                    file=_plain(path.name))) from None  # fmt: skip
    except OSError as error:  # a symbolic link, a socket, a file of somebody else
        raise UnreadableSubmission(
            message("{file} cannot be read ({problem}). Use the file itself, not a link to it.",
                    file=_plain(path.name), problem=error.strerror)) from None  # fmt: skip
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableSubmission(
            message("{file} is not a regular file. Use the notebook as Jupyter saves it.",
                    file=_plain(path.name)))  # fmt: skip
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise UnreadableSubmission(
            message("{file} is larger than {limit}. Clear its outputs and save it.",
                    file=_plain(path.name), limit=f"{limit / 2**20:.3g} MB"))  # fmt: skip
    return content


def _json(content: bytes, file: str) -> dict[str, Any]:
    # Inside strings these characters count as well; the limit leaves room for that.
    if sum(content.count(mark) for mark in (b",", b"[", b"{")) > MAX_VALUES:
        raise UnreadableSubmission(
            message("{file} holds too many values. Clear its outputs and save it.",
                    file=file))  # fmt: skip
    try:
        document = json.loads(content)
    except (
        ValueError,
        RecursionError,
    ):  # no Unicode, no JSON, a number of thousands of digits, a deep nest
        document = None
    if not isinstance(document, dict):
        raise UnreadableSubmission(_no_notebook(content, file))
    return document


def _no_notebook(content: bytes, file: str) -> Message:
    """What is said of a file that is none, by what it is instead."""
    start = content[:64].strip()
    if not content.strip():
        return message("{file} is empty. Save the notebook in Jupyter and use that file.",
                       file=file)  # fmt: skip
    if start.startswith(b"PK"):
        return message("{file} is a zip archive. Unpack it and use the notebook that is in it.",
                       file=file)  # fmt: skip
    if start.startswith((b"%PDF", b"<")):
        return message("{file} is a PDF file or a web page. Use the notebook that it was made of.",
                       file=file)  # fmt: skip
    return message("{file} is not a notebook. Open it in Jupyter and save it.", file=file)


def _check_version(document: dict[str, Any], file: str) -> None:
    version = document.get("nbformat")
    if type(version) is not int or version not in (3, 4):
        raise UnreadableSubmission(
            message("{file} must have notebook format 3 or 4; it has {version}. Open it in a current Jupyter "
                    "and save it.", file=file, version=_short(version)))  # fmt: skip


def _cells_of_3(document: dict[str, Any]) -> list[Any] | None:
    """The cells of a notebook of format 3 in the terms of format 4; None where it has no list of them."""
    sheets = document.get("worksheets")
    if not isinstance(sheets, list):
        return None
    cells: list[Any] = []
    for sheet in sheets:
        if not isinstance(sheet, dict) or not isinstance(sheet.get("cells"), list):
            return None
        cells += map(_cell_of_3, sheet["cells"])
    return cells


def _cell_of_3(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    if cell.get("cell_type") == "code":
        return {**cell, "source": cell.get("input")}
    return {**cell, "cell_type": "markdown"} if cell.get("cell_type") == "heading" else cell


def _cell(cell: Any, number: int, file: str) -> Cell:
    if not isinstance(cell, dict) or cell.get("cell_type") not in get_args(CellType):
        raise UnreadableSubmission(
            message("Cell {number} of {file} must be a code, Markdown or raw cell. Write it anew.",
                    number=number, file=file))  # fmt: skip
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise UnreadableSubmission(
            message("Cell {number} of {file} must have a text as its source. Write it anew.",
                    number=number, file=file))  # fmt: skip
    return Cell(
        type=cell["cell_type"],
        source=_without_lone_surrogates(source),
        grade_id=_grade_id(cell.get("metadata")),
        attachments=_attachments(cell.get("attachments")),
    )


def _grade_id(metadata: Any) -> str | None:
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def _attachments(attachments: Any) -> dict[str, dict[str, str]]:
    """The attachments that are pictures; anything else is dropped."""
    if not isinstance(attachments, dict):
        return {}
    pictures = {
        name: {
            kind: data for kind, data in bundle.items() if kind in _PICTURES and _is_base64(data)
        }
        for name, bundle in attachments.items()
        if isinstance(bundle, dict)
    }
    return {name: bundle for name, bundle in pictures.items() if bundle}


def _is_base64(data: Any) -> bool:
    return isinstance(data, str) and _BASE64.fullmatch(data) is not None


def _without_lone_surrogates(text: str) -> str:
    """Half of a surrogate pair, which JSON can hold and UTF-8 cannot, becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(name: str) -> str:
    """A file's name, fit for one line."""
    return quote("".join(c if c.isprintable() else "\ufffd" for c in name))


def _short(value: Any) -> str:
    shown = json.dumps(value)
    return shown if len(shown) <= 20 else f"{shown[:20]}…"
