"""Write a unit's notebooks: instructor, student, and the student's in every other language."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from nbformat.notebooknode import NotebookNode

from grader.checks import LANGUAGES
from grader.course import PUBLIC_SECRET, Course
from grader.exercises import notebook as nb
from grader.exercises.keys import load_unit
from grader.exercises.page import Page, read_page
from grader.exercises.release import release
from grader.exercises.unit import Unit
from grader.exercises.variants import refuse_poor_variants

NUMBER = re.compile(r"-?\d+\.\d*(?:e[+-]?\d+)?")
CHECKSUM = re.compile(r'"checksum": "\w+"')  # of a text that is compared itself
SAME = 1e-10  # how far printed numbers may differ between machines


@dataclass(frozen=True)
class Product:
    """A generated file: where it belongs, and its text."""

    path: Path
    text: str

    def is_fresh(self) -> bool:
        """Whether the file on disk says the same: byte for byte, its decimal numbers to 1e-10."""
        return self.path.is_file() and same_text(self.path.read_text(encoding="utf-8"), self.text)

    def write(self) -> bool:
        """Write the file unless it is fresh; whether it was written."""
        if self.is_fresh():
            return False
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".new")
        temporary.write_text(self.text, encoding="utf-8")
        temporary.replace(self.path)
        return True


def products(course: Course, unit_name: str) -> list[Product]:
    """All notebooks of a unit, made anew and not yet written. ExerciseError where its variants are poor."""
    unit = load_unit(course.key(unit_name))
    refuse_poor_variants(unit, PUBLIC_SECRET)
    pages = {language: read_page(course.page(unit_name, language)) for language in LANGUAGES}
    _require_known(course, unit, pages.values())
    instructor = nb.instructor_notebook(unit, pages["en"])
    student = release(course, unit_name, instructor)
    made = [
        Product(course.instructor_notebook(unit_name), nb.write(instructor)),
        Product(course.student_notebook(unit_name, "en"), nb.write(student)),
    ]
    for language in LANGUAGES:
        if language != "en":
            twin: NotebookNode = nb.translated(student, unit, pages[language], language)
            made.append(Product(course.student_notebook(unit_name, language), nb.write(twin)))
    return made


def _require_known(course: Course, unit: Unit, pages: Iterable[Page]) -> None:
    """Raise ExerciseError for a statement without an exercise, where key and page are of one course.

    A course that inherits a page of the project may leave out exercises of its.
    """
    root = course.key(unit.name).parents[2]
    for page in pages:
        if page.path.is_relative_to(root):
            page.require_known([exercise.label for exercise in unit.exercises.values()])


def same_text(one: str, other: str) -> bool:
    """Whether two texts are equal but for rounding of their decimal numbers.

    >>> same_text("dx: 0.333333333333", "dx: 0.333333333334")
    True
    >>> same_text("dx: 0.3", "dW: 0.3")
    False
    """
    one, other = CHECKSUM.sub("", one), CHECKSUM.sub("", other)
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return False
    a, b = ([float(n) for n in NUMBER.findall(text)] for text in (one, other))
    return bool(np.allclose(a, b, rtol=SAME, atol=SAME))
