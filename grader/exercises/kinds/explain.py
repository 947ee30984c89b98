"""`explain`: free text, marked by a person in formgrader with the rubric of the page."""

from dataclasses import dataclass

import numpy as np

from grader.checks import BY_HAND, Case, Check, Draw, SolvedCase
from grader.exercises.model import Exercise, GradedCheck


@dataclass
class Explain(Exercise):
    """A Markdown cell; its grade id is that of the exercise."""

    kind = "explain"
    manual = True
    mutable = False

    def grade_id(self, check: GradedCheck) -> str:
        """The cell that is written is the one that is marked."""
        return self.id

    def known_check(self, name: str) -> Check:
        """A person."""
        return BY_HAND

    def solved(self, case: Case, draw: Draw) -> SolvedCase:
        """Nothing can be worked out."""
        return SolvedCase({}, {}, np.zeros(()), {})

    def public_cell(self) -> str:
        """There is no visible check."""
        return ""
