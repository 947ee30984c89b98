"""The book of a course: pages, decks and notebooks, made by the project's own `book/build.py`.

It runs as a process of its own: Sphinx and Jupyter Book are no requirement of the grader.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.course import LANGUAGES, PROJECT, Course
from grader.doctor import listed, unmet
from grader.errors import CourseError
from grader.settings import FILE, read_settings


def build_book(course: Course, unit: str = "", languages: Sequence[str] = ()) -> Path | None:
    """Build a course's book, or one unit of it; the folder of the site, None where Sphinx found mistakes.

    languages: that of course.toml where none is named, all of them without a course.toml.
    """
    program = PROJECT / "book" / "build.py"
    if not program.is_file():
        raise CourseError(
            f"A book is built from a checkout of the project; {PROJECT} has no book/. Clone the project, run "
            "`make setup` in it, and use the grader in its .venv/bin."
        )
    if lacking := list(unmet("book")):
        raise CourseError(
            f"Building a book needs the packages of the extra `book`; {listed(lacking)}. Run: "
            f"{sys.executable} -m pip install -e '{PROJECT}[book]' -c {PROJECT}/constraints.txt"
        )
    if not languages:
        own = (course.root / FILE).is_file()
        languages = [read_settings(course).language] if own else LANGUAGES
    arguments = [f"--course={course.root}", *(f"--language={name}" for name in languages)]
    if unit:
        arguments.append(f"--unit={unit}")
    done = subprocess.run([sys.executable, program, *arguments], check=False)
    return course.root / "_build" / "site" if done.returncode == 0 else None
