"""The cells to run: an answer counts wherever it stands, and what was odd about a notebook is said.

Names decide: a class may stand in any cell, split, merged or moved. What a student must not change is run
as it was handed out. The public checks are for the student's eyes: grading asks all of it anew, so they do
not run.
"""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from grader.checks import Message, message
from grader.exercises import Unit
from grader.grading import SourceCell
from grader.submission import Cell, Notebook, UnreadableSubmission

SETUP = "setup"
HAND_IN = "hand-in"
#: Characters of text that may be code, all together: some take minutes to parse, and memory a thousandfold.
MAX_PARSED = 20_000
HEAD = re.compile(r"^(?:class|def)[ \t]+(\w+)", re.MULTILINE)


def cells_to_run(
    unit: Unit, notebook: Notebook, fixed: Mapping[str, str]
) -> tuple[list[SourceCell], list[Message]]:
    """The code cells to run, in order, and what there is to say about the notebook.

    fixed: text by grade id of the cells that a student must not change. Raises UnreadableSubmission where
    the notebook does not belong to the unit.
    """
    graded = {e.grade_id(check) for e in unit.exercises.values() for check in e.checks}
    notebook = replace(notebook, cells=tuple(map(_without_fence, notebook.cells)))
    strays = _answers_in_text(unit, notebook)
    _require_ours(unit, notebook, {*unit.exercises, *graded, *fixed}, strays)
    left_out = {*graded, HAND_IN, *(f"{id}-public" for id in unit.exercises)}
    merged = _merged_answers(unit, notebook, left_out | fixed.keys())
    cells = []
    for index, cell in enumerate(notebook.cells):
        answers = cell.grade_id in unit.exercises or index in strays
        if (cell.type == "code" or answers) and cell.grade_id not in left_out:
            text = fixed.get(cell.grade_id or "", cell.source)
            cells.append(SourceCell(index, cell.grade_id, text))
        if index in merged:
            cells.append(SourceCell(index, None, cell.source))
    if SETUP in fixed and (not cells or cells[0].grade_id != SETUP):
        cells.insert(0, SourceCell(-1, SETUP, fixed[SETUP]))
    return cells, list(_remarks(unit, notebook, {*fixed, *graded}, strays))


def _remarks(
    unit: Unit, notebook: Notebook, handed_out: set[str], strays: set[int]
) -> Iterable[Message]:
    """What is odd about a notebook that is graded all the same."""
    count = Counter(cell.grade_id for cell in notebook.cells if cell.grade_id)
    if twice := [id for id in unit.exercises if count[id] > 1]:
        yield message("Several cells are copies of {cells}: all ran, and the last definition counts.",
                      cells=", ".join(twice))  # fmt: skip
    if gone := [id for id in unit.exercises if not count[id]]:
        yield message("The cells {cells} are missing or lost their identity: answers were looked for by "
                      "name in all code cells, and in text cells that hold nothing but code.",
                      cells=", ".join(gone))  # fmt: skip
    retyped = {
        index
        for index, cell in enumerate(notebook.cells)
        if cell.type != "code" and cell.grade_id in unit.exercises.keys() - handed_out
    }
    if as_code := sorted(retyped | strays):
        yield message("Answers in cells that are no code cells ran as code: {cells}.",
                      cells=", ".join(str(index + 1) for index in as_code))  # fmt: skip
    if count.keys() - handed_out - set(unit.exercises):
        yield message("The notebook is of another release of the assignment: some of its cells are not "
                      "in this one.")  # fmt: skip


def _require_ours(unit: Unit, notebook: Notebook, ours: set[str], strays: set[int]) -> None:
    """Raise UnreadableSubmission unless the notebook is one of the unit.

    Units share some ids and names (`train`). So where most cells with an id are none of ours, a name or two in
    common is chance; an older release has most of the names.
    """
    ids = {cell.grade_id for cell in notebook.cells if cell.grade_id} - {SETUP, HAND_IN}
    known = ids & ours
    if strays or (known and 2 * len(known) >= len(ids)):
        return
    names = unit.names
    code = (cell for cell in notebook.cells if cell.type == "code")
    defined = set[str]().union(*(_defines(cell, names) for cell in code))
    if not defined and not known:
        raise UnreadableSubmission(
            message("This is no notebook of {unit}: none of its cells is there, and nothing of what it asks "
                    "for. Use the notebook of this unit.", unit=unit.name))  # fmt: skip
    if ids and 2 * len(defined) < len(names):
        raise UnreadableSubmission(
            message("This is no notebook of {unit}: most of its cells are of another assignment. Use the "
                    "notebook of this unit.", unit=unit.name))  # fmt: skip


def _without_fence(cell: Cell) -> Cell:
    """A text cell that is one fenced block of code as that code, as an answer may stand in Markdown."""
    lines = [] if cell.type == "code" else cell.source.strip().split("\n")
    if len(lines) > 1 and lines[0].startswith("```") and lines[-1].rstrip() == "```":
        return replace(cell, source="\n".join(lines[1:-1]))
    return cell


def _answers_in_text(unit: Unit, notebook: Notebook) -> set[int]:
    """Indices of cells without identity, not of code, that define a required name that no code cell defines."""
    names = unit.names
    texts = {
        index: found
        for index, cell in enumerate(notebook.cells)
        if cell.type != "code" and cell.grade_id is None and (found := _defines(cell, names))
    }
    if sum(len(notebook.cells[index].source) for index in texts) > MAX_PARSED:
        return set()
    texts = {index: texts[index] for index in texts if _is_python(notebook.cells[index].source)}
    if texts:
        for cell in notebook.cells:
            if cell.type == "code" or cell.grade_id in unit.exercises:
                names -= _defines(cell, names)
    return {index for index, found in texts.items() if found & names}


def _merged_answers(unit: Unit, notebook: Notebook, ours: set[str]) -> set[int]:
    """Indices of code cells of ours that define a required name which no other code cell defines.

    So it is where an answer was merged with the cell above it: the new cell has the identity of the upper one.
    """
    names = unit.names
    for cell in notebook.cells:
        if cell.grade_id not in ours:
            names -= _defines(cell, names)
    return {
        index
        for index, cell in enumerate(notebook.cells)
        if names and cell.type == "code" and cell.grade_id in ours and _defines(cell, names)
    }


def _defines(cell: Cell, names: set[str]) -> set[str]:
    """Those of the names that a line of the cell begins to define; it need not be Python as a whole."""
    return names.intersection(HEAD.findall(cell.source))


def _is_python(text: str) -> bool:
    """Whether a text holds nothing but code."""
    try:
        with warnings.catch_warnings(action="ignore"):  # they are for when it runs
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
