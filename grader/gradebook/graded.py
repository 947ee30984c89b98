"""The graded notebook, which formgrader and `nbgrader generate_feedback` show.

The student's cells with our outputs; what nbgrader locks is as it was given out, deleted cells are back,
and nbgrader's metadata is the gradebook's, whatever the submission says of itself. Hidden tests stay out:
feedback shows the whole notebook.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.checks.text import message
from grader.gradebook.marks import CellMarks, SubmissionMarks
from grader.gradebook.sheet import Sheet, SourceCell
from grader.sanitize import harmless
from grader.submission import Cell

_ADDED_BACK = message("This cell was missing from the submission and has been added back.")


def graded_notebook(sheet: Sheet, marks: SubmissionMarks, language: str) -> dict[str, Any]:
    """The graded notebook in nbformat 4.5."""
    submitted = marks.notebook.cells
    # Of cells that share a grade_id the last one counts, as in nbgrader.
    place = {
        cell.grade_id: index for index, cell in enumerate(submitted) if cell.grade_id in sheet.cells
    }
    named: list[tuple[str | None, dict[str, Any]]] = []
    for index, cell in enumerate(submitted):
        name = cell.grade_id if place.get(cell.grade_id) == index else None
        source = sheet.cells[name] if name else None
        named.append((name, _cell(cell, source, marks, index)))
    previous = None
    for name, source in sheet.cells.items():
        if name not in place:
            after = [other for other, _ in named].index(previous) + 1 if previous else 0
            named.insert(after, (name, _added_back(source, marks.cells.get(name), language)))
        previous = name
    metadata: dict[str, Any] = {
        "kernelspec": sheet.kernelspec,
        "language_info": {"name": "python"},
    }
    if marks.level:
        metadata["grader"] = {"isolation": marks.level}
    return {
        "cells": [{**cell, "id": f"cell-{number}"} for number, (_, cell) in enumerate(named)],
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(
    cell: Cell, source: SourceCell | None, marks: SubmissionMarks, index: int
) -> dict[str, Any]:
    mark = marks.cells.get(source.name) if source else None
    outputs = [*harmless(marks.outputs.get(index, ())), *_text_output(mark)]
    return _node(
        type=source.type if source else cell.type,
        text=source.source if source and source.locked else cell.source,
        metadata=source.metadata if source else {},
        outputs=outputs,
        attachments=cell.attachments,
    )


def _added_back(source: SourceCell, mark: CellMarks | None, language: str) -> dict[str, Any]:
    note = _ADDED_BACK.render(language)
    text = f"# {note}\n{source.source}" if source.type == "code" else f"{note}\n\n{source.source}"
    return _node(source.type, text, source.metadata, outputs=_text_output(mark))


def _node(
    type: str, text: str, metadata: dict[str, Any], outputs: list[Any], attachments: Any = None
) -> dict[str, Any]:
    node = {"cell_type": type, "source": text, "metadata": metadata}
    if type == "code":
        return {**node, "outputs": outputs, "execution_count": None}
    return {**node, "attachments": attachments} if attachments else node


def _text_output(mark: CellMarks | None) -> list[dict[str, Any]]:
    if mark is None or not mark.output:
        return []
    return [{"output_type": "stream", "name": "stdout", "text": mark.output}]


def write_atomically(path: Path, text: str, mode: int) -> None:
    """Write a text file so that whoever reads it, or is killed, finds the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    # A submission can hold half a surrogate pair, which no UTF-8 file can.
    draft.write_bytes(text.encode("utf-8", "replace"))
    draft.chmod(mode)
    draft.replace(path)


def write_graded(
    folder: Path, unit: str, document: dict[str, Any], timestamp: datetime | None, mode: int
) -> None:
    """Write the graded notebook, and its timestamp beside it, with nbgrader's permissions."""
    text = json.dumps(document, ensure_ascii=False) + "\n"  # indenting would take most of the time
    write_atomically(folder / f"{unit}.ipynb", text, mode)
    if timestamp is None:
        (folder / "timestamp.txt").unlink(missing_ok=True)
    else:
        write_atomically(folder / "timestamp.txt", f"{timestamp} UTC\n", mode)
