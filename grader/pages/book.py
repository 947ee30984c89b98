"""Links into the book: from the label of a section or an exercise to the page where it stands."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.course import PROJECT, Course
from grader.exercises.page import Page, read_page
from grader.settings import read_settings

SECTION = re.compile(r"^\((?P<label>[\w-]+)\)=\n+#+ +(?P<title>.+)$", re.MULTILINE)


def built(course: Course) -> list[Path]:
    """Where `make book` may have written the site, the course's own first."""
    return [root / "_build" / "site" for root in (course.root, PROJECT)]


@dataclass(frozen=True)
class Link:
    """A place in the book: its title, and its address; empty where no book is to be found."""

    title: str
    url: str


class Book:
    """The book of a course in one language, as a page in the folder `where` links to it.

    The address is `book_url` in course.toml. Without it the links lead to the site that `make book` writes on
    this machine, where the page is there.
    """

    def __init__(self, course: Course, language: str, where: Path) -> None:
        self._course, self._language, self._where = course, language, where
        self._pages: dict[str, Page] = {}
        self._address = read_settings(course).book_url

    def section(self, label: str) -> Link | None:
        """The section of that label; None where the book has none."""
        if label not in self._sections:
            return None
        page, title = self._sections[label]
        return Link(title, self._url(page, label))

    def exercise(self, unit: str, label: str) -> Link | None:
        """The exercise of that label on the page of a unit; None where the page has none."""
        title = self.titles(unit).get(label)
        return None if title is None else Link(title, self._url(unit, label))

    def unit_title(self, unit: str) -> str:
        """The title of a unit's page."""
        return self._page(unit).title.replace("`", "")

    def titles(self, unit: str) -> dict[str, str]:
        """The titles of a unit's exercises by label."""
        statements = self._page(unit).statements
        return {label: each.title.replace("`", "") for label, each in statements.items()}

    def _page(self, unit: str) -> Page:
        if unit not in self._pages:
            self._pages[unit] = read_page(self._course.page(unit, self._language))
        return self._pages[unit]

    @cached_property
    def _sections(self) -> dict[str, tuple[str, str]]:
        """Page and title by label; the course's own pages go before the project's."""
        found: dict[str, tuple[str, str]] = {}
        for root in (PROJECT, self._course.root):
            for path in sorted((root / "book" / self._language).glob("*.md")):
                for match in SECTION.finditer(path.read_text(encoding="utf-8")):
                    found[match["label"]] = path.stem, match["title"].replace("`", "").strip()
        return found

    def _url(self, page: str, label: str) -> str:
        place = f"{self._language}/{page}.html"
        if self._address:
            return f"{self._address}/{place}#{label}"
        for site in built(self._course):
            if (site / place).is_file():
                there = Path(os.path.relpath(site, self._where)).as_posix()
                return f"{there}/{place}#{label}"
        return ""
