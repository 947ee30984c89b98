"""What the gradebook knows of an assignment: its cells, their points, and the text of the locked ones."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry, SolutionCell, TaskCell
from nbgrader.preprocessors import ClearHiddenTests
from traitlets.config import Config

from grader.errors import GradebookError
from grader.gradebook.marks import SubmissionMarks
from grader.stock import base_cells


@dataclass(frozen=True)
class SourceCell:
    """A cell of the assignment that nbgrader knows by its grade_id."""

    name: str
    type: str
    #: What students were given: hidden tests are left out.
    source: str
    locked: bool
    metadata: dict[str, Any]
    #: Row in the database of the cell as a graded cell, if it is one, and its points.
    grade_row: str | None
    max_score: float
    #: Row in the database of the cell as one that takes a comment, if it is one.
    comment_row: str | None


@dataclass(frozen=True)
class Sheet:
    """The cells of an assignment by grade_id, in the order of its notebook."""

    assignment: str
    notebook: str
    kernelspec: Mapping[str, Any]
    cells: Mapping[str, SourceCell]

    def check(self, marks: SubmissionMarks) -> None:
        """Raise GradebookError unless the marks are for exactly this assignment."""
        where = f"Marks of {marks.student}"
        if unknown := marks.cells.keys() - self.cells.keys():
            raise GradebookError(
                f"{where} are for cells that the gradebook does not know: {', '.join(sorted(unknown))}. "
                "Register the assignment again."
            )
        for name, cell in self.cells.items():
            mark = marks.cells.get(name)
            if cell.grade_row and mark is None:
                raise GradebookError(f"{where} need a mark for every grade cell; {name} has none.")
            points = mark.points if mark else None
            if points is not None and not (cell.grade_row and 0 <= points <= cell.max_score):
                raise GradebookError(
                    f"{where} for {name} lie between 0 and {cell.max_score:g}; got {points}."
                )


def read_sheet(gradebook: Gradebook, unit: str, config: Config) -> Sheet:
    """The sheet of a registered assignment."""
    try:
        notebook = gradebook.find_notebook(unit, unit)
    except MissingEntry:
        raise GradebookError(
            f"The gradebook must know an assignment before it takes marks; it does not know {unit}. "
            f"Grade it first: grader grade {unit}"
        ) from None
    found = base_cells(gradebook, notebook)
    graded = {cell.name: cell for cell in found if not isinstance(cell, SolutionCell)}
    tasks = {cell.name: cell.id for cell in found if isinstance(cell, TaskCell)}
    solutions = {cell.name: cell.id for cell in found if isinstance(cell, SolutionCell)}
    clear = ClearHiddenTests(config=config)
    cells = {}
    for row in notebook.source_cells:
        grade = graded.get(row.name)
        nbgrader = {
            "schema_version": 3,
            "grade_id": row.name,
            "cell_type": row.cell_type,
            "grade": grade is not None and row.name not in tasks,
            "solution": row.name in solutions,
            "task": row.name in tasks,
            "locked": row.locked,
            "checksum": row.checksum,
        }
        if grade is not None:
            nbgrader["points"] = grade.max_score
        metadata = {"deletable": False, "nbgrader": nbgrader}
        if row.locked:
            metadata["editable"] = False
        node = NotebookNode(cell_type=row.cell_type, source=row.source, metadata=metadata)
        cells[row.name] = SourceCell(
            name=row.name,
            type=row.cell_type,
            source=clear.preprocess_cell(node, {}, 0)[0].source,
            locked=row.locked,
            metadata=metadata,
            grade_row=grade.id if grade else None,
            max_score=grade.max_score if grade else 0.0,
            comment_row=solutions.get(row.name) or tasks.get(row.name),
        )
    return Sheet(
        notebook.assignment.id, notebook.id, json.loads(notebook.kernelspec or "{}"), cells
    )
