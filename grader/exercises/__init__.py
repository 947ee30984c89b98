"""The exercise generator: key + dlkit + the book's statements become notebooks."""

from grader.exercises.keys import load_unit
from grader.exercises.model import Exercise, GradedCheck, Misconception
from grader.exercises.unit import Unit

__all__ = ["Exercise", "GradedCheck", "Misconception", "Unit", "load_unit"]
