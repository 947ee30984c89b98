"""The catalogues of messages: collect what the code says, compile what the translators wrote.

English sentences are marked by `message("…")` in the code; a check's docstring is one too. The Japanese
catalogue is written by hand in `grader/checks/locale/ja/LC_MESSAGES/checks.po`.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grader.checks import Message
from grader.checks.text import LOCALE_DIR
from grader.course import Course
from grader.exercises import load_unit

GRADER = Path(__file__).parent
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def collect(course: Course) -> Catalog:
    """Every sentence that a student can read: of the code, and of the keys' checks."""
    catalog = Catalog(charset="utf-8")
    for filename, line, text, _comments, _context in extract_from_dir(
        GRADER, keywords={"message": None, "translate": None, "Known": None}
    ):
        if isinstance(text, str):
            catalog.add(text, locations=[(f"grader/{Path(filename).as_posix()}", line)])
    for where, sentence in _sentences(course):
        catalog.add(sentence.text, locations=[(where, 0)])
    return catalog


def _sentences(course: Course) -> Iterator[tuple[str, Message]]:
    for name in course.unit_names():
        for exercise in load_unit(course.key(name)).exercises.values():
            for sentence in exercise.sentences():
                yield f"{name}/{exercise.id}", sentence


def po_path(language: str) -> Path:
    """The catalogue of a language, as its translators write it."""
    return LOCALE_DIR / language / "LC_MESSAGES" / "checks.po"


def read(language: str) -> Catalog:
    """The catalogue of a language."""
    with po_path(language).open("rb") as stream:
        return read_po(stream, locale=language)


def write(language: str, catalog: Catalog) -> None:
    """Write a catalogue, for translators and compiled."""
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(HEADER.format(language).encode())
        write_po(stream, catalog, width=100, sort_output=True, no_location=True, omit_header=True)
    path.with_suffix(".mo").write_bytes(compiled(language))


def update(course: Course, language: str) -> list[str]:
    """Add new sentences to a catalogue, drop those that nobody says; what lacks a translation."""
    catalog = read(language) if po_path(language).exists() else Catalog(locale=language)
    catalog.update(collect(course), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    write(language, catalog)
    return [str(entry.id) for entry in catalog if entry.id and not entry.string]


def compiled(language: str) -> bytes:
    """The catalogue in the form that gettext reads."""
    buffer = io.BytesIO()
    catalog = read(language)
    catalog.creation_date = catalog.revision_date = EPOCH  # the same file for the same sentences
    write_mo(buffer, catalog)
    return buffer.getvalue()
