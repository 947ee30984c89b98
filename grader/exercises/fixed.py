"""Text of the cells that a student must not change: what the notebook shows, and what grading restores.

No notebook library is loaded here: each worker of a grading run needs these texts at once.
"""

import re

import grader
from grader.exercises.model import Exercise
from grader.exercises.source import merge_imports
from grader.exercises.unit import Unit

SETUP = "setup"


def fixed_cells(unit: Unit) -> dict[str, str]:
    """Text by grade id of all fixed cells, besides the graded ones."""
    cells = {SETUP: setup_text(unit)}
    for exercise in unit.exercises.values():
        cells |= {} if exercise.manual else texts_around(exercise)
    return cells


def setup_text(unit: Unit) -> str:
    """Imports: NumPy, what the references take from dlkit, and the public check."""
    own = {exercise.name for exercise in unit.exercises.values()}
    needed = [line for exercise in unit.exercises.values() for line in exercise.imports()]
    standard = [
        "import numpy as np",
        *needed,
        "from grader import check",
        *(f"from grader import {name}" for name in _used(unit)),
    ]
    return "\n".join(merge_imports(standard, own))


def texts_around(exercise: Exercise) -> dict[str, str]:
    """The cell to read, if there is one, and the one to check with, which is tagged in a variant."""
    tag = f"# variant {exercise.tag}\n" if exercise.tag else ""
    texts = {
        f"{exercise.id}-given": exercise.read_only_cell(),
        f"{exercise.id}-public": tag + exercise.public_cell(),
    }
    return {id: text for id, text in texts.items() if text}


def _used(unit: Unit) -> list[str]:
    """Names of the public part of the judge that the visible checks use, besides `check`."""
    text = "\n".join(exercise.public_cell() for exercise in unit.exercises.values())
    return [name for name in grader.__all__ if re.search(rf"\b{name}\(", text)]
