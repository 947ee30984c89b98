"""What is wrong, from the relation between the array that came and the one that is right.

A check says that a value is wrong (`diagnose`); the judge, which sees the check fail on every case, says
why (`describe`). Neither shows a value that would have been right: a diagnosis names shapes, relations and
ratios.
"""

from grader.checks.case import Array
from grader.checks.diagnosis.describe import describe, first_look
from grader.checks.diagnosis.raised import explain_error
from grader.checks.diagnosis.suspects import Suspect, same
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding
from grader.checks.numeric import TOLERANCE
from grader.checks.student import Value

__all__ = ["Suspect", "describe", "diagnose", "explain_error", "same"]


def diagnose(
    label: str,
    got: Value,
    want: Array,
    batch: int = 1,
    dout: Array | None = None,
    tolerance: float = TOLERANCE,
) -> Finding:
    """Say that an array differs from the right one, and keep the evidence for whoever asks why.

    label: what the array is, such as "dW". batch: the number of samples N, for factors of N and 1/N.
    dout: what `backward` was given, for a gradient. tolerance: relative error that counts as right.
    """
    return first_look(Evidence(label, got, want, batch, dout, tolerance))
