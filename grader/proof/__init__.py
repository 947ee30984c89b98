"""The proof of the hidden tests: they tell the reference from every small mistake in it."""

from grader.proof.run import ExerciseProof, Finding, prove

__all__ = ["ExerciseProof", "Finding", "prove"]
