"""The exercise generator: key + dlkit + the book's statements become notebooks."""

from grader.exercises.inherit import inherit
from grader.exercises.insight import Insight
from grader.exercises.keys import load_unit
from grader.exercises.kinds import Formula, Step, Worked
from grader.exercises.model import Exercise, GradedCheck, Misconception
from grader.exercises.unit import Unit

__all__ = [
    "Exercise",
    "Formula",
    "GradedCheck",
    "Insight",
    "Misconception",
    "Step",
    "Unit",
    "Worked",
    "inherit",
    "load_unit",
]
