"""Checks in the student's notebook: the cases stand in the visible cell, with what is right for them."""

from collections.abc import Mapping
from types import FunctionType
from typing import Any

import numpy as np

from grader.checks.answer import EXPERIMENT_CHECKS, LETTER
from grader.checks.answer import shape as part_shape
from grader.checks.case import SolvedCase
from grader.checks.display import show
from grader.checks.function import FUNCTION_CHECKS
from grader.checks.judge import judge
from grader.checks.layer import FORWARD, REPEAT, UNCHANGED, gradient
from grader.checks.scripted import UNCHANGED as ARGUMENTS_UNCHANGED
from grader.checks.scripted import script_check
from grader.checks.student import LocalStudent
from grader.checks.tasks import experiment_case
from grader.checks.text import message, student_language
from grader.checks.trial import Check
from grader.checks.verdict import Verdict

_cases: dict[str, tuple[list[Check], SolvedCase]] = {}
#: What the last run of each `check` found, by exercise: `hand_in` sums it up.
found: dict[str, list[tuple[Check, Verdict]]] = {}


def public_case(
    exercise: str,
    *,
    inputs: Mapping[str, Any],
    expected: Mapping[str, Any],
    init: Mapping[str, Any] | None = None,
    dout: Any = None,
    tolerance: float | None = None,
) -> None:
    """State a visible case of an exercise: inputs and what is right; for a layer also its arguments and dout.

    expected: "out" for the output, and gradients by name, such as "dx" and "dW". All values are numbers,
    tuples or nested lists of numbers, or forms. tolerance: relative error that the output may have, 1e-8
    by default.
    """
    case = SolvedCase(
        init=_arguments(init or {}),
        inputs=_arrays(inputs) if dout is not None else _arguments(inputs),
        dout=np.asarray(0.0 if dout is None else dout, float)[()],
        expected=_arrays(expected),
        tolerance=tolerance,
    )
    checks = list(FUNCTION_CHECKS.values()) if dout is None else _layer_checks(case)
    _cases[exercise] = checks, case


def public_script(
    exercise: str,
    *,
    inputs: Mapping[str, Any],
    script: str,
    expected: Mapping[str, Any],
    says: Mapping[str, str],
    tolerance: float | None = None,
) -> None:
    """State what is done with a class and looked at: a script, its inputs, and what is seen if all is right.

    expected: by check, the values in the order of the script. says: by check, what it asks for. The script is
    Python as far as `grader.checks.script` says; `see(check, value, ...)` shows a value to a check.
    """
    right = {check: [_seen(value) for value in values] for check, values in expected.items()}
    case = SolvedCase({}, _arguments(inputs), np.zeros(()), right, tolerance, script)
    checks = [script_check(name, sentence) for name, sentence in says.items()]
    _cases[exercise] = [*checks, script_check(ARGUMENTS_UNCHANGED)], case


def _seen(value: Any) -> Any:
    """A value of a script's literal: lists and numbers are arrays; tuples, dictionaries and text stay."""
    if isinstance(value, dict):
        return {key: _seen(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_seen(item) for item in value)
    return value if value is None or isinstance(value, str) else np.asarray(value)


def public_options(exercise: str, options: str) -> None:
    """State the letters between which an exercise asks to choose."""
    _cases[exercise] = [LETTER], _plain({"options": options})


def public_shapes(exercise: str, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """State what an exercise asks to work out by hand: names and shapes, in the order of the answer."""
    zeros = {name: np.zeros(shape) for name, shape in shapes.items()}
    _cases[exercise] = [part_shape(name) for name in shapes], _plain(zeros)


def public_experiment(exercise: str, *, task: str, reach: float) -> None:
    """State what an experiment is tried on: the task, and the share of unseen points to classify right."""
    _cases[exercise] = list(EXPERIMENT_CHECKS.values()), experiment_case(task, 0, 1, reach)


def _plain(expected: Mapping[str, Any]) -> SolvedCase:
    return SolvedCase({}, {}, np.zeros(()), expected)


def check(exercise: str, target: Any) -> None:
    """Check your class or function on the visible case of an exercise, and print what was found.

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
    checks, case = _cases[exercise]
    name = getattr(target, "__name__", exercise)
    student = LocalStudent({**_beside(target), name: target})
    found[exercise] = [(one, judge(one, student, name, [case], public=True)) for one in checks]
    show(found[exercise], language)


def _beside(target: Any) -> dict[str, Any]:
    """The names beside a class, which a script may use as the class itself does."""
    methods = vars(target).values() if isinstance(target, type) else ()
    found = (method.__globals__ for method in methods if isinstance(method, FunctionType))
    return dict(next(found, {}))


def _layer_checks(case: SolvedCase) -> list[Check]:
    gradients = [gradient(label[1:]) for label in case.expected if label != "out"]
    return [FORWARD, *gradients, REPEAT, UNCHANGED]


def _arrays(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.asarray(value) for name, value in values.items()}


def _arguments(values: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments: lists become arrays; numbers, tuples of numbers, and forms stay what they are."""
    return {
        name: np.asarray(value) if isinstance(value, list) else value
        for name, value in values.items()
    }
