"""The exercise generator: key + dlkit + the book's statements become notebooks."""

from grader.exercises.keys import load_unit
from grader.exercises.kinds import Formula, Step, Worked
from grader.exercises.model import Exercise, GradedCheck, Misconception
from grader.exercises.unit import Unit

__all__ = [
    "Exercise",
    "Formula",
    "GradedCheck",
    "Misconception",
    "Step",
    "Unit",
    "Worked",
    "load_unit",
]
