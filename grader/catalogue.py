"""The catalogues of messages: collect what the code says, compile what the translators wrote.

There are two. `checks` holds what judging says to a student and travels with the student's package: sentences
marked by `message("…")` in the code, and the checks' docstrings. `pages` holds what only the pages of feedback
and report say: `_("…")` in their templates and code. The Japanese catalogues are written by hand, in
`grader/<domain>/locale/ja/LC_MESSAGES/<domain>.po`.
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
from grader.pages.words import LOCALE_DIR as PAGES

GRADER = Path(__file__).parent
LOCALES = {"checks": LOCALE_DIR, "pages": PAGES}
SAID = {"message": None, "translate": None, "Known": None}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def collect(course: Course, domain: str = "checks") -> Catalog:
    """Every sentence of a catalogue: that of `checks` also has the sentences of the keys."""
    catalog = Catalog(charset="utf-8")
    methods = [("**.py", "python"), ("**.j2", "jinja2" if domain == "pages" else "ignore")]
    keywords = {"_": None} if domain == "pages" else SAID
    for filename, line, text, _comments, _context in extract_from_dir(
        GRADER, methods, keywords=keywords
    ):
        if isinstance(text, str):
            catalog.add(text, locations=[(f"grader/{Path(filename).as_posix()}", line)])
    if domain == "checks":
        for where, sentence in _sentences(course):
            catalog.add(sentence.text, locations=[(where, 0)])
    return catalog


def _sentences(course: Course) -> Iterator[tuple[str, Message]]:
    for name in course.unit_names():
        for exercise in load_unit(course.key(name)).exercises.values():
            for sentence in exercise.sentences():
                yield f"{name}/{exercise.id}", sentence


def po_path(language: str, domain: str = "checks") -> Path:
    """The catalogue of a language, as its translators write it."""
    return LOCALES[domain] / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str = "checks") -> Catalog:
    """The catalogue of a language."""
    with po_path(language, domain).open("rb") as stream:
        return read_po(stream, locale=language)


def write(language: str, catalog: Catalog, domain: str = "checks") -> None:
    """Write a catalogue, for translators and compiled."""
    path = po_path(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(HEADER.format(language).encode())
        write_po(stream, catalog, width=100, sort_output=True, no_location=True, omit_header=True)
    path.with_suffix(".mo").write_bytes(compiled(language, domain))


def update(course: Course, language: str, domain: str = "checks") -> list[str]:
    """Add new sentences to a catalogue, drop those that nobody says; what lacks a translation."""
    there = po_path(language, domain).exists()
    catalog = read(language, domain) if there else Catalog(locale=language)
    catalog.update(collect(course, domain), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    write(language, catalog, domain)
    return [str(entry.id) for entry in catalog if entry.id and not entry.string]


def compiled(language: str, domain: str = "checks") -> bytes:
    """The catalogue in the form that gettext reads."""
    buffer = io.BytesIO()
    catalog = read(language, domain)
    catalog.creation_date = catalog.revision_date = EPOCH  # the same file for the same sentences
    write_mo(buffer, catalog)
    return buffer.getvalue()
