"""The notebook that a student gets: complete alone, in the student's language."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from dlkit import __version__
from grader.bundles.carried import carrying_cell
from grader.bundles.contents import package_files
from grader.bundles.owners import number
from grader.course import LANGUAGES, Course, Student
from grader.exercises import Unit, load_unit
from grader.exercises import notebook as nb
from grader.exercises.generate import Product
from grader.exercises.page import read_page
from grader.exercises.release import release
from grader.exercises.variants import drawn_for
from grader.settings import read_settings

#: Hidden where notebooks can hide code: Jupyter by `source_hidden`, Colab by `cellView`.
COLLAPSED = {"jupyter": {"source_hidden": True}, "cellView": "form", "editable": False}
KEEP = {"deletable": False}
ASK = "student_id = {}  # your student id, between the quotes / 学籍番号を引用符の間に"
HAND_IN = "from grader.checks.hand_in import hand_in\nhand_in(\n    {}, student_id,\n{},\n)"


def bundles(course: Course, unit_name: str, into: Path) -> Iterator[Product]:
    """The notebooks of a unit for every student alike, one in each language."""
    unit = load_unit(course.key(unit_name))
    files = package_files(course, unit_name)
    for language in LANGUAGES:
        folder = into if language == "en" else into / language
        notebook = bundle(course, unit, files, language)
        yield Product(folder / unit_name / f"{unit_name}.ipynb", nb.write(notebook))


def student_bundles(
    course: Course, unit_name: str, into: Path, students: Iterable[Student]
) -> Iterator[Product]:
    """A notebook for each student: the student's own variant, id and language."""
    unit = load_unit(course.key(unit_name))
    pool = read_settings(course).pool(unit_name)
    files = package_files(course, unit_name)
    secret = course.secret()
    for student in students:
        own = unit.variant(secret, drawn_for(unit_name, student.id, pool))
        notebook = bundle(course, own, files, student.language, student.id)
        yield Product(into / student.id / unit_name / f"{unit_name}.ipynb", nb.write(notebook))


def bundle(
    course: Course, unit: Unit, files: Mapping[str, bytes], language: str, student: str = ""
) -> NotebookNode:
    """A student's notebook: the release, with its package before the first cell and a summary as the last."""
    page = read_page(course.page(unit.name, "en"))
    notebook = release(course, unit.name, nb.instructor_notebook(unit, page))
    if language != "en":
        page = read_page(course.page(unit.name, language))
        notebook = nb.translated(notebook, unit, page, language)
    first = package_cell(unit, files, language)
    last = code_cell("hand-in", _last(unit, student), KEEP)
    return NotebookNode({**notebook, "cells": [first, *notebook.cells, last]})


def package_cell(unit: Unit, files: Mapping[str, bytes], language: str) -> NotebookNode:
    """The first cell, which carries the unit's package."""
    version = f"{__version__}+u{number(unit.name)}"
    return code_cell("package", carrying_cell(files, version, language), {**KEEP, **COLLAPSED})


def _last(unit: Unit, student: str) -> str:
    """Code of the last cell."""
    checked = [e.id for e in unit.exercises.values() if e.public_cell()]
    exercises = textwrap.fill(
        json.dumps(checked),
        92,
        initial_indent="    ",
        subsequent_indent="     ",
        break_on_hyphens=False,
    )
    return f"{ASK.format(json.dumps(student))}\n{HAND_IN.format(json.dumps(unit.name), exercises)}"


def code_cell(id: str, source: str, metadata: Mapping[str, object]) -> NotebookNode:
    """A code cell without nbgrader's marks."""
    return NotebookNode(
        cell_type="code", id=id, metadata=NotebookNode(metadata), source=source,
        execution_count=None, outputs=[],
    )  # fmt: skip
