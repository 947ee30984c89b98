"""What is built: the project's book, or that of a course, with its own pages and slides before the project's.

A course's own files stand in `book/<language>/<page>.md` and `slides/<language>/<unit>.md` of its folder.
"""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import slides
import yaml

from grader.course import PROJECT, Course
from grader.errors import CourseError
from grader.settings import FILE, read_settings

BOOK = PROJECT / "book"
TITLES = {"en": "Deep Learning, Derived", "ja": "導いて学ぶ深層学習"}
UNIT = re.compile(r"\d\d_")
OPTIONAL_PAGE = re.compile(r"\d\d_|api$")  # left out where one unit is asked for


@dataclass(frozen=True)
class Edition:
    """A book to build: for each of its languages a title and a table of contents.

    partial: whether units of the project are left out, so that references to them lead nowhere.
    """

    course: Course
    titles: Mapping[str, str]
    contents: Mapping[str, dict[str, Any]]
    partial: bool

    @property
    def build(self) -> Path:
        """The folder of all that is made."""
        return self.course.root / "_build"

    @property
    def site(self) -> Path:
        """The folder of what is published."""
        return self.build / "site"

    @property
    def pages(self) -> Path:
        """The folder of the languages' pages: the book's own, or copies of what the course has put together."""
        return BOOK if self.course.root == PROJECT else self.build / "pages"

    @property
    def assignments(self) -> list[str]:
        """The units whose notebooks belong to it."""
        chapters = {c["file"] for toc in self.contents.values() for c in toc["chapters"]}
        return [name for name in self.course.unit_names() if name in chapters]


def plan(course: Course, languages: Sequence[str], unit: str | None) -> Edition:
    """The edition of a course. unit: leave all other ones out."""
    toc = yaml.safe_load((PROJECT / "_toc.yml").read_text("utf8"))
    settings = read_settings(course)
    contents = {}
    for language in languages:
        own = set(_pages(course.root / "book", language)) - {toc["root"], *_files(toc)}
        if course.root == PROJECT:
            own = set()  # pages that its contents do not list hold exercises alone
        chapters = _with(sorted(own), toc["chapters"])
        if settings.units:
            taught = {*settings.units, *own}
            chapters = [c for c in chapters if not UNIT.match(c["file"]) or c["file"] in taught]
        if unit and unit not in [chapter["file"] for chapter in chapters]:
            raise CourseError(
                f"A unit of the book has a page; no unit of the course has "
                f"book/{language}/{unit}.md. Write it, or name the unit in {FILE}."
            )
        if unit:
            chapters = [
                c for c in chapters if c["file"] == unit or not OPTIONAL_PAGE.match(c["file"])
            ]
        contents[language] = {**toc, "chapters": chapters}
    titles = dict(TITLES)
    if (course.root / FILE).is_file():
        titles = dict.fromkeys(TITLES, settings.title)
    every = _files(toc)
    partial = any(not every <= _files(made) for made in contents.values())
    return Edition(course, {name: titles[name] for name in languages}, contents, partial)


def write_pages(edition: Edition) -> None:
    """Put the pages of a course together: the project's, its own before them, its slides in them."""
    if edition.pages == BOOK:
        return
    for language, toc in edition.contents.items():
        folder = edition.pages / language
        texts = _texts(edition.course, language, sorted({toc["root"], *_files(toc)}))
        for name, text in texts.items():
            _write(folder / f"{name}.md", text)
        for old in folder.glob("*.md"):
            if old.stem not in texts:
                old.unlink()
    own = edition.course.root / "book"
    for path in own.rglob("*"):  # pictures and the like
        if path.is_file() and path.suffix != ".md":
            target = edition.pages / path.relative_to(own)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    _write(edition.pages / "glossary.csv", (BOOK / "glossary.csv").read_text("utf8"))


def _texts(course: Course, language: str, names: list[str]) -> dict[str, str]:
    """Text of these pages, by name."""
    texts = {}
    for name in names:
        path = Path("book", language, f"{name}.md")
        own = course.root / path
        texts[name] = (own if own.is_file() else PROJECT / path).read_text("utf-8-sig")
    for path in sorted((course.root / "slides" / language).glob("*.md")):
        if path.stem in texts:
            texts[path.stem] = slides.merged(texts[path.stem], path)
        elif path.stem not in {*_pages(BOOK, language), *course.unit_names()}:
            raise CourseError(
                f"{path}, line 1: a slides file is named as the page whose deck it changes; the book has no "
                f"page {path.stem}. Rename the file."
            )
    return texts


def _with(own: list[str], chapters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chapters with a course's own pages: units in the order of their numbers, other pages behind them."""
    units = [n for n, chapter in enumerate(chapters) if UNIT.match(chapter["file"])]
    first, last = units[0], units[-1] + 1
    names = [*(chapter["file"] for chapter in chapters[first:last]), *filter(UNIT.match, own)]
    others = [{"file": name} for name in own if not UNIT.match(name)]
    return [
        *chapters[:first],
        *({"file": name} for name in sorted(names)),
        *others,
        *chapters[last:],
    ]


def _files(toc: Mapping[str, Any]) -> set[str]:
    """The pages that a table of contents lists."""
    return {
        entry["file"]
        for chapter in toc["chapters"]
        for entry in (chapter, *chapter.get("sections", ()))
    }


def _pages(book: Path, language: str) -> Iterator[str]:
    return (path.stem for path in (book / language).glob("*.md"))


def _write(path: Path, text: str) -> None:
    """Write a file that says something else: Sphinx reads anew what is newer."""
    if not path.is_file() or path.read_text("utf8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
