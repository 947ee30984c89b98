"""Checks in the student's notebook: the cases stand in the visible cell, with what is right for them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.checks.case import SolvedCase
from grader.checks.judge import judge
from grader.checks.layer import FORWARD, REPEAT, UNCHANGED, Check, gradient
from grader.checks.show import verdict_lines
from grader.checks.student import LocalStudent
from grader.checks.text import message, student_language

_cases: dict[str, SolvedCase] = {}


def public_case(
    exercise: str,
    *,
    init: Mapping[str, Any],
    inputs: Mapping[str, Any],
    dout: Any,
    expected: Mapping[str, Any],
    tolerance: float | None = None,
) -> None:
    """State a visible case of an exercise: constructor arguments, inputs, dout, and what is right.

    expected: "out" for the output, and gradients by name, such as "dx" and "dW". All values are numbers or
    nested lists of numbers. tolerance: relative error that the output may have, 1e-8 by default.
    """
    _cases[exercise] = SolvedCase(
        init=_arrays(init),
        inputs=_arrays(inputs),
        dout=np.asarray(dout, float)[()],
        expected=_arrays(expected),
        tolerance=tolerance,
    )


def check(exercise: str, target: Any) -> None:
    """Check your class on the visible case of an exercise, and print what was found.

    exercise: its name, as in ``check("affine", Affine)``. The hidden tests ask the same questions on other
    inputs.
    """
    language = student_language()
    if exercise not in _cases:
        known = ", ".join(_cases) or "-"
        text = message("No exercise `{exercise}` here (there is: {known}). Run the cells above first.",
                       exercise=exercise, known=known)  # fmt: skip
        print(text.render(language))
        return
    case = _cases[exercise]
    name = target.__name__ if isinstance(target, type) else exercise
    student = LocalStudent({name: target})
    checks = _checks_of(case)
    print(verdict_lines([(one, judge(one, student, name, [case])) for one in checks], language))


def _checks_of(case: SolvedCase) -> list[Check]:
    gradients = [gradient(label[1:]) for label in case.expected if label != "out"]
    return [FORWARD, *gradients, REPEAT, UNCHANGED]


def _arrays(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.asarray(value) for name, value in values.items()}
