"""What a picture shows better than a sentence: which entries of an array are wrong, on the visible case.

The visible case stands in the notebook with what is right for it, so both values may be shown. Hidden cases are
never drawn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.function import function_call
from grader.checks.layer import Pass, gradients, not_one_each
from grader.checks.numeric import TOLERANCE, relative_error
from grader.checks.program import Program
from grader.checks.student import Stopped, Student, StudentError, Value

MAX_ENTRIES = 80
MAX_COLUMNS = 12
LABELS = {"forward": "out", "value": "out"}  # the others are gradients, named as their checks are


@dataclass(frozen=True)
class Picture:
    """An array of the visible case as a table of rows: what came, and what is right."""

    label: str
    got: tuple[tuple[float, ...], ...]
    want: tuple[tuple[float, ...], ...]


def pictures(student: Student, name: str, case: SolvedCase) -> Mapping[str, Picture]:
    """The arrays of the case that are of the right shape and wrong somewhere, by label, as "out" and "dW".

    A submission that raises gets no picture. Raises Stopped if it was killed.
    """
    found: dict[str, Picture] = {}
    if not all(isinstance(given, np.ndarray) for given in case.inputs.values()):
        return found
    try:
        for label, got in _arrays(student, name, case):
            want = case.expected[label]
            if _can_be_drawn(got, want) and not relative_error(got, want) < TOLERANCE:
                found[label] = Picture(label, _rows(got), _rows(want))
    except Stopped:
        raise
    except StudentError:
        pass  # what it raised is the diagnosis already
    return found


def _arrays(student: Student, name: str, case: SolvedCase) -> Iterator[tuple[str, Any]]:
    """What the submission computes, one array after another: what raises leaves the earlier ones."""
    if set(case.expected) == {"out"}:
        yield "out", function_call(student, name, case)
        return
    program = Program()
    once = Pass(program.call(name, *case.init.values()), case)
    once.read_gradients()
    found = student.run(program)
    yield "out", found[once.out]
    returned = found[once.returned]
    for variable in gradients(case):
        if variable not in case.inputs or not not_one_each(returned, case):
            yield f"d{variable}", once.gradient(found, variable)


def _can_be_drawn(got: Value, want: Array) -> bool:
    return (
        isinstance(got, np.ndarray)
        and got.shape == want.shape
        and got.dtype.kind in "biuf"
        and 1 < want.size <= MAX_ENTRIES
        and want.shape[-1] <= MAX_COLUMNS
    )


def _rows(array: Array) -> tuple[tuple[float, ...], ...]:
    """Rows along the last axis, as floats of Python."""
    return tuple(map(tuple, array.reshape(-1, array.shape[-1]).astype(float).tolist()))
