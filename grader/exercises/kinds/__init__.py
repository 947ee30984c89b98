"""The kinds of exercise, one a file."""

from grader.exercises.kinds.implement import Implement

__all__ = ["Implement"]
