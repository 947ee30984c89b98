"""The proof of the hidden tests: they tell the reference from every small mistake in it."""

from grader.proof.campaign import Item, items, run
from grader.proof.report import by_exercise, write_html, write_json
from grader.proof.run import ExerciseProof, Finding, prove

__all__ = [
    "ExerciseProof",
    "Finding",
    "Item",
    "by_exercise",
    "items",
    "prove",
    "run",
    "write_html",
    "write_json",
]
