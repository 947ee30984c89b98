"""The worked solutions of a unit as a notebook, for after the deadline."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from grader.bundles.contents import package_files
from grader.bundles.notebook import package_cell
from grader.checks import message
from grader.course import LANGUAGES, Course
from grader.exercises import Exercise, Unit, load_unit
from grader.exercises import notebook as nb
from grader.exercises.generate import Product
from grader.exercises.page import read_page
from grader.exercises.source import BEGIN, END


def solution_notebooks(course: Course, unit_name: str, into: Path) -> Iterator[Product]:
    """The worked solutions in each language: they run like the bundles, beside which they stand."""
    unit = load_unit(course.key(unit_name))
    files = package_files(course, unit_name)
    for language in LANGUAGES:
        page = read_page(course.page(unit_name, language))
        notebook = worked(nb.instructor_notebook(unit, page), unit, language)
        texts = nb.markdown_cells(unit, page, language)
        intro = next(iter(texts))
        texts[intro] = NotebookNode(
            {**texts[intro], "source": f"# {page.title}\n\n{_how(language)}"}
        )
        cells = [texts.get(cell["id"], cell) for cell in notebook.cells]
        notebook["cells"] = [package_cell(unit, files, language), *cells]
        folder = into if language == "en" else into / language
        path = folder / unit_name / f"{unit_name}_solutions.ipynb"
        yield Product(path, nb.write(notebook))


def _how(language: str) -> str:
    """What the notebook is for, in the place of how to work on it and hand it in."""
    text = message(
        "These are worked solutions: the right answer to each exercise, what its checks ask, and wrong "
        "answers with the checks that find them. There is nothing to hand in. Run the cells from the first "
        "one on; then change an answer, and see what its check says."
    )
    return text.render(language)


def worked(instructor: NotebookNode, unit: Unit, language: str) -> NotebookNode:
    """The instructor's notebook without hidden tests, each exercise followed by why its checks are there."""
    graded = {e.grade_id(check) for e in unit.exercises.values() for check in e.checks}
    manual = {e.id for e in unit.exercises.values() if e.manual}
    cells: list[NotebookNode] = []
    exercises = iter(unit.exercises.values())
    following: Exercise | None = None
    for cell in instructor.cells:
        if cell["id"] in {e.label for e in unit.exercises.values()}:
            cells += _reasons(following, language)
            following = next(exercises)
        if cell["id"] not in graded - manual:
            cells.append(_plain(cell))
    cells += _reasons(following, language)
    return NotebookNode({**instructor, "cells": cells})


def _plain(cell: NotebookNode) -> NotebookNode:
    """The cell without nbgrader's marks: nothing here is handed in."""
    lines = [line for line in cell["source"].split("\n") if line.strip() not in (BEGIN, END)]
    return NotebookNode({**cell, "metadata": {}, "source": "\n".join(lines)})


def _reasons(exercise: Exercise | None, language: str) -> list[NotebookNode]:
    """A cell that says of each check what it asks; and of each wrong answer why, and what finds it."""
    if exercise is None or exercise.manual:
        return []
    lines = [message("**What the checks ask**").render(language)]
    lines.append(
        "\n".join(
            f"- `{check.name}` ({check.points:g}): {check.check.sentence.render(language)}"
            for check in exercise.checks
        )
    )
    if exercise.possible_misconceptions():
        lines.append(message("**Wrong answers, and the checks that find them**").render(language))
    for wrong in exercise.possible_misconceptions():
        checks = ", ".join(f"`{name}`" for name in wrong.fails)
        told = exercise.explanations.get(wrong.id)
        why = f"\n\n    {told[0].render(language)}" if told else ""
        lines.append(f"- {checks}{why}\n\n{_diff(wrong.old, wrong.new)}")
    text = "\n\n".join(lines)
    return [NotebookNode(cell_type="markdown", id=f"{exercise.id}-why", metadata={}, source=text)]


def _diff(old: str, new: str) -> str:
    """An edit of the right answer as a block of code within an item of a list: the lines that it changes."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm="")
    changed = [f"    {line[0]} {line[1:]}" for line in list(lines)[2:] if line[0] in "+-"]
    return "\n".join(["    ```diff", *changed, "    ```"])
