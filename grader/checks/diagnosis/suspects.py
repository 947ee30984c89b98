"""The misconceptions that a key knows: a submission that does what one of them does has it.

They are edits of the reference, the project's own code; so they run here, in the judge's process.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.checks.student import Student
from grader.checks.text import Message
from grader.checks.verdict import Failed, Passed, Verdict


@dataclass(frozen=True)
class Suspect:
    """A misconception of a key, such as "key:affine/dW-transposed".

    student: the code that has it. says: its own text, if it has one; section: where the book speaks of it.
    """

    id: str
    student: Student
    says: Message | None = None
    section: str = ""


def same(mine: Sequence[Verdict], theirs: Iterable[Verdict]) -> bool:
    """Whether two submissions are wrong in the same way, case by case, as far as it has to be looked at."""
    return all(_alike(a, b) for a, b in zip(mine, theirs, strict=False))


def _alike(mine: Verdict, theirs: Verdict) -> bool:
    if isinstance(mine, Passed) or isinstance(theirs, Passed):
        return isinstance(mine, Passed) and isinstance(theirs, Passed)
    if not isinstance(mine, Failed) or not isinstance(theirs, Failed):
        return False
    one, other = mine.diagnosis.evidence, theirs.diagnosis.evidence
    if one is None or other is None:
        return one is other and mine.diagnosis == theirs.diagnosis
    return one.label == other.label and _close(one.got, other.got, one.tolerance)


def _close(a: object, b: object, tolerance: float) -> bool:
    """Whether two values are the same: arrays up to rounding, NaN in the same places."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(_close(x, y, tolerance) for x, y in zip(a, b, strict=True))
    if not isinstance(a, np.ndarray) or not isinstance(b, np.ndarray):
        return type(a) is type(b) and (a is None or a == b)
    if a.shape != b.shape:
        return False
    with np.errstate(all="ignore"):
        finite = np.abs(b[np.isfinite(b)])
        scale = float(finite.max(initial=0.0))
        return bool(np.allclose(a, b, rtol=0.0, atol=tolerance * scale, equal_nan=True))
