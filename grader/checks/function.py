"""Checks of a function. The docstring of each is the sentence that the student reads beside the verdict."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.diagnosis import diagnose
from grader.checks.finding import finding
from grader.checks.forms import Form
from grader.checks.live import PLAIN_KINDS
from grader.checks.numeric import TOLERANCE, relative_error
from grader.checks.program import Found, Program, Ref
from grader.checks.student import Student, Value
from grader.checks.text import Message, message
from grader.checks.trial import Check, Trial
from grader.checks.verdict import Blocked, Failed, Passed, Verdict


def value(name: str, case: SolvedCase) -> Trial:
    """It returns the right values."""
    program = Program()
    returned = _call(program, name, case.inputs).read()
    return Trial((program,), lambda found: compare_value(name, found[returned], case))


def repeat(name: str, case: SolvedCase) -> Trial:
    """What it returns depends on its arguments alone, not on an earlier call."""
    other = {
        label: given / 2 if _is_float(given) else given for label, given in case.inputs.items()
    }
    program = Program()
    first = _call(program, name, case.inputs).read()
    _call(program, name, other)
    again = _call(program, name, case.inputs).read()

    def conclude(found: Found) -> Verdict:
        if not isinstance(compare_value(name, found[first], case), Passed):
            return Blocked(message("The values of a first call are not right yet."))
        if isinstance(compare_value(name, found[again], case), Passed):
            return Passed()
        return Failed(finding("keeps-earlier-call"))

    return Trial((program,), conclude)


def unchanged(name: str, case: SolvedCase) -> Trial:
    """It does not change the arrays that it is given."""
    program = Program()
    arrays = {n: given for n, given in case.inputs.items() if isinstance(given, np.ndarray)}
    held = {label: program.hold(given) for label, given in arrays.items()}
    returned = _call(program, name, {**case.inputs, **held}).read()
    after = {label: ref.value() for label, ref in held.items()}

    def conclude(found: Found) -> Verdict:
        got = found[returned]
        for label, before in arrays.items():
            if not np.array_equal(found[after[label]], before):
                return Failed(finding("changed-in-place", label=label))
        if not isinstance(compare_value(name, got, case), Passed):
            return Blocked(message("The values are not right yet."))
        return Passed()

    return Trial((program,), conclude)


VALUE = Check("value", Message(value.__doc__ or ""), value)
REPEAT = Check("repeat", Message(repeat.__doc__ or ""), repeat)
UNCHANGED = Check("unchanged", Message(unchanged.__doc__ or ""), unchanged)
FUNCTION_CHECKS = {check.name: check for check in (VALUE, REPEAT, UNCHANGED)}


def function_call(student: Student, name: str, case: SolvedCase) -> Value:
    """What the function returns for a case, whatever it is worth. MissingName where the name is none."""
    program = Program()
    returned = _call(program, name, case.inputs).read()
    return student.run(program)[returned]


def _call(program: Program, name: str, inputs: Mapping[str, Value]) -> Ref:
    """A call of the function; a form among its arguments is made where the submission lives."""
    return program.call(name, *(
        program.function(given.name, given.c) if isinstance(given, Form) else given
        for given in inputs.values()
    ))  # fmt: skip


def compare_value(
    label: str, got: Value, case: SolvedCase, tolerance: float = TOLERANCE
) -> Verdict:
    """Compare what a function returned with what is right, and say how it differs."""
    want: Array = np.asarray(case.expected["out"])
    tolerance = case.tolerance or tolerance
    if isinstance(got, tuple) and (numbers := _listed(got)).shape == want.shape:
        got = numbers
    if isinstance(got, np.ndarray) and got.shape == want.shape:
        if got.dtype.kind == "b" and want.dtype.kind != "b":
            return Failed(finding("truth-values", label=label))
        if got.dtype.kind in "fc" and got.dtype.itemsize < want.dtype.itemsize:
            return Failed(finding("dtype-fixed", label=label, got=got.dtype, want=want.dtype))
        if relative_error(got, want) < tolerance:
            return Passed()
    return Failed(diagnose(label, got, want, tolerance=tolerance))


def _listed(got: tuple[Value, ...]) -> Array:
    """The array that a list of numbers stands for; an empty one where it is no such list.

    A function's list counts, since its values are right or wrong as an array's are. A layer's does not: the
    next layer asks it for its shape.
    """
    try:
        array = np.array(got)
    except ValueError:  # rows of different lengths
        return np.empty(0)
    return array if array.dtype.kind in PLAIN_KINDS else np.empty(0)


def _is_float(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def solve_function(function: Any, case: Any) -> SolvedCase:
    """What is right for a case of a function: what the reference returns."""
    given = [v.copy() if isinstance(v, np.ndarray) else v for v in case.inputs.values()]
    out = np.asarray(function(*given))
    return SolvedCase({}, case.inputs, np.zeros(()), {"out": out}, case.tolerance)
