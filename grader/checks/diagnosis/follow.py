"""Follow-through: a backward pass that is right for the student's own forward pass, which is wrong.

The gradient of what the student computes is differentiated numerically, where the submission lives; what is
concluded from the numbers is concluded here. An empty layer must not earn anything by being consistent:
its forward pass has to depend on every input and parameter that the right one depends on, and must not
hand its input through.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.evidence import Evidence
from grader.checks.numeric import CENTRAL_STEP, TOLERANCE, forward_program, relative_error
from grader.checks.student import Stopped, Student, StudentError, Value

SHARE = 0.5  # of the points, at most
AGREES = 1e-6  # relative; a central difference is good to about 1e-9 where there is no kink


def follows(
    student: Student, name: str, cases: Sequence[SolvedCase], gradients: Sequence[Evidence | None]
) -> bool:
    """Whether a gradient is that of the student's forward pass on every case, and that pass is not empty.

    gradients: by case, what is wrong with the gradient; None where it is right.
    """
    pairs = list(zip(cases, gradients, strict=True))
    # One direction first: it costs two forward passes and clears nearly every case.
    try:
        return (
            any(e is not None for e in gradients)
            and all(
                _Follower(student, name, case).along_one(e) for case, e in pairs if e is not None
            )
            and all(_Follower(student, name, case).follows(e) for case, e in pairs)
        )
    except Stopped:
        raise
    except StudentError:
        return False


class _Follower:
    """The student's forward pass on one case."""

    def __init__(self, student: Student, name: str, case: SolvedCase) -> None:
        self._student = student
        self._name = name
        self._case = case

    def along_one(self, e: Evidence) -> bool:
        """Whether the gradient agrees with a difference of two forward passes along one direction."""
        case, variable = self._case, e.label[1:]
        start = np.asarray({**case.init, **case.inputs}[variable])
        if not _is_real(e.got) or e.got.shape != start.shape or start.dtype.kind != "f":
            return False
        direction = np.cos(np.arange(start.size) + 1.0).reshape(start.shape)
        plus, minus = (
            self._forward(variable, start + side * CENTRAL_STEP * direction) for side in (1, -1)
        )
        if plus is None or minus is None:
            return False
        slope = float(((plus - minus) * case.dout).sum()) / (2 * CENTRAL_STEP)
        size = float(np.abs(e.got * direction).sum())
        return bool(abs(slope - float((e.got * direction).sum())) <= AGREES * max(size, 1e-300))

    def follows(self, e: Evidence | None) -> bool:
        """Whether all of the gradient agrees, and the forward pass is wrong and not empty."""
        case = self._case
        value = self._forward()
        if value is None:
            return False
        if relative_error(value, case.expected["out"]) < (case.tolerance or TOLERANCE):
            return e is None  # a right forward pass excuses nothing
        for variable in (label[1:] for label in case.expected if label != "out"):
            if not case.expected[f"d{variable}"].any():
                continue
            own = self._gradient(variable)
            if own is None or self._handed_through(own, variable):
                return False
            if e is not None and e.label == f"d{variable}" and relative_error(e.got, own) > AGREES:
                return False
        return True

    def _forward(self, variable: str = "", instead: Array | None = None) -> Array | None:
        """What `forward` returns, with another array in place of one; None where dout does not fit it."""
        case = self._case
        if instead is not None and variable in case.init:
            case = replace(case, init={**case.init, variable: instead})
        elif instead is not None:
            case = replace(case, inputs={**case.inputs, variable: instead})
        program, _, out = forward_program(self._name, case)
        value = self._student.run(program)[out]
        fits = _is_real(value) and value.shape == np.shape(case.dout)
        return value if fits and np.isfinite(value).all() else None

    def _gradient(self, variable: str) -> Array | None:
        """Gradient of sum(dout * forward), numerically; None where the forward pass ignores the array."""
        case = self._case
        program, held, _ = forward_program(self._name, case)
        array = np.asarray({**case.init, **case.inputs}[variable])
        entries = np.arange(array.size)
        plus, minus = (
            self._student.sweep(program, held[variable], entries, side * CENTRAL_STEP)
            for side in (1, -1)
        )
        if not (_is_real(plus) and _is_real(minus) and plus.shape == minus.shape):
            return None
        jacobian = (plus - minus) / (2 * CENTRAL_STEP)
        if jacobian.shape[1] != case.dout.size or not np.abs(jacobian).max(initial=0.0) > AGREES:
            return None
        own: Array = (jacobian @ case.dout.reshape(-1)).reshape(array.shape)
        return own if np.isfinite(own).all() else None

    def _handed_through(self, own: Array, variable: str) -> bool:
        """Whether the gradient is a multiple of dout and the right one is not: the layer does nothing."""
        dout = self._case.dout
        return _multiple(own, dout) and not _multiple(self._case.expected[f"d{variable}"], dout)


def _is_real(value: Value) -> TypeGuard[Array]:
    """Whether it is an array of real numbers: truth values have no difference, and complex ones no slope."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "iuf"


def _multiple(a: Array, dout: Array) -> bool:
    if a.shape != np.shape(dout) or a.ndim == 0:
        return False
    factor = float(np.vdot(dout, a).real) / max(float(np.vdot(dout, dout).real), 1e-300)
    return relative_error(a, factor * dout) < AGREES
