"""The instructor notebook, from key, dlkit and the book's page; and its Japanese twin.

Cells have ids of their own making, so that the same sources give the same file. Statements are Markdown
cells without nbgrader's metadata: they may be in any language, stock autograding leaves them alone.
"""

from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from grader.checks import Message, message
from grader.errors import ExerciseError
from grader.exercises.fixed import SETUP, setup_text, texts_around
from grader.exercises.model import Exercise, GradedCheck
from grader.exercises.page import Page
from grader.exercises.source import BEGIN, END
from grader.exercises.unit import Unit

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def instructor_notebook(unit: Unit, page: Page) -> NotebookNode:
    """The notebook with worked solutions and hidden tests, nbgrader's source."""
    texts = markdown_cells(unit, page, "en")
    cells = [texts[f"{unit.name[:2]}-intro"], setup_cell(unit)]
    for exercise in unit.exercises.values():
        cells += [texts[exercise.label], *exercise_cells(exercise, page)]
    order = [cell["id"] for cell in cells]
    if twice := sorted({id for id in order if order.count(id) > 1}):
        raise ExerciseError(
            f"{unit.name}: a cell's name stands once; {', '.join(twice)} would stand twice. Rename an exercise "
            "or a check."
        )
    return nbformat.v4.new_notebook(
        cells=cells,
        metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}},
    )


def translated(notebook: NotebookNode, unit: Unit, page: Page, language: str) -> NotebookNode:
    """The same notebook with its Markdown cells in another language; every other cell unchanged."""
    texts = markdown_cells(unit, page, language)
    cells = [texts.get(cell["id"], cell) for cell in notebook.cells]
    return NotebookNode({**notebook, "cells": cells})


def markdown_cells(unit: Unit, page: Page, language: str) -> dict[str, NotebookNode]:
    """The cells to read, by id: the introduction, and the statement of each exercise."""

    def say(text: Message) -> str:
        return text.render(language)

    how = message(
        "Write your code where it says `YOUR CODE HERE`, run the cell, then run the cell with `check` "
        "below it: it compares your code with a small example and says what differs. Grading asks the "
        "same questions on inputs that you do not see. Cells with `check` and with points are fixed; "
        "leave them as they are. Sizes: N samples, D inputs, H units, C classes."
    )
    speak = message(
        "Verdicts appear in the language of your system; `%env GRADER_LANG=en` in a cell of its own "
        "before the first one switches to English."
    )
    total = message("Points in all: {points}", points=_number(unit.points))
    cells = [_markdown(f"{unit.name[:2]}-intro",
                       f"# {page.title}\n\n{say(how)}\n\n{say(speak)}\n\n{say(total)}")]  # fmt: skip
    for exercise in unit.exercises.values():
        statement = page.statement(exercise.label)
        parts = [f"## {statement.title}"]
        if statement.difficulty and statement.minutes:
            effort = message(
                "Difficulty {difficulty} of 3, about {minutes} minutes",
                difficulty=statement.difficulty,
                minutes=statement.minutes,
            )
            parts.append(f"*{say(effort)}*")
        parts.append(exercise.arranged(statement.text))
        parts += [say(text) for text in exercise.given()]
        if statement.hint:
            hint = say(message("Hint"))
            parts.append(f"<details><summary>{hint}</summary>\n\n{statement.hint}\n\n</details>")
        check, points = say(message("Check")), say(message("Points"))
        head = f"| {check} | {points} |\n| --- | ---: |"
        rows = [
            f"| {graded.check.sentence.render(language)} | {_number(graded.points)} |"
            for graded in exercise.checks
        ]
        parts.append("\n".join([head, *rows]))
        cells.append(_markdown(exercise.label, "\n\n".join(parts)))
    return {cell["id"]: cell for cell in cells}


def setup_cell(unit: Unit) -> NotebookNode:
    """Imports: NumPy, what the references take from dlkit, and the public check."""
    return _code(SETUP, setup_text(unit), locked=True)


def exercise_cells(exercise: Exercise, page: Page) -> list[NotebookNode]:
    """The cells of an exercise, in order: to read, to write, to check, and the graded ones."""
    if exercise.manual:
        return [answer_cell(exercise, page)]
    texts = texts_around(exercise)
    *before, check = (_code(id, text, locked=True) for id, text in texts.items())
    cells = [*before, solution_cell(exercise), check]
    return cells + [hidden_cell(exercise, check) for check in exercise.checks]


def solution_cell(exercise: Exercise, text: str | None = None) -> NotebookNode:
    """The reference between nbgrader's solution markers; text: an edited version of it."""
    source = exercise.source.with_markers(exercise.methods, text, exercise.region)
    return _code(exercise.id, source, solution=True)


def answer_cell(exercise: Exercise, page: Page) -> NotebookNode:
    """A cell for an answer in words, graded itself; the instructor's notebook holds the rubric there."""
    statement = page.statement(exercise.label)
    rubric = statement.rubric
    if not rubric:
        raise ExerciseError(
            f"{page.path}, line {statement.line}: a person marks `{exercise.id}` with the rubric of its page; "
            "there is none. Add a :::{rubric} block to the exercise."
        )
    cell = _code(exercise.id, f"{BEGIN}\n{rubric}\n{END}", solution=True, points=exercise.points)
    del cell["execution_count"], cell["outputs"]
    return NotebookNode({**cell, "cell_type": "markdown"})


def hidden_cell(exercise: Exercise, check: GradedCheck) -> NotebookNode:
    """A grade cell: the line between the markers is taken out of what students get."""
    grade_id = exercise.grade_id(check)
    source = "\n".join(
        [
            f"# {grade_id}, points: {_number(check.points)}",
            "### BEGIN HIDDEN TESTS",
            "from grader.exercises.hidden import grade; "
            f'grade("{exercise.unit}", "{grade_id}", globals())',
            "### END HIDDEN TESTS",
        ]
    )
    return _code(grade_id, source, locked=True, points=check.points)


def _number(points: float) -> str:
    return f"{points:g}"


def _markdown(id: str, source: str) -> NotebookNode:
    return NotebookNode(cell_type="markdown", id=id, metadata={}, source=source)


def _code(
    id: str,
    source: str,
    *,
    locked: bool = False,
    solution: bool = False,
    points: float | None = None,
) -> NotebookNode:
    meta: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        meta["points"] = points
    return NotebookNode(
        cell_type="code", id=id, metadata={"nbgrader": meta}, source=source,
        execution_count=None, outputs=[],
    )  # fmt: skip


def write(notebook: NotebookNode) -> str:
    """The notebook as text, as it is committed."""
    text: str = nbformat.writes(notebook, version=4)
    return text.rstrip("\n") + "\n"
