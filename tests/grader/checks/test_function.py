"""Checks of a function: each fails for its own reason."""

import numpy as np
import pytest

from grader.checks import FUNCTION_CHECKS, Case, LocalStudent, Passed, form, judge
from grader.checks.function import solve_function
from grader.checks.show import reason

X = np.array([[1.0, -2.0, 3.0], [0.5, 0.25, -1.0]])


def relu(x):
    return np.where(x > 0, x, 0.0)


def verdict(check, function, case=None, reference=relu):
    solved = solve_function(reference, case or Case(inputs={"x": X}))
    return judge(FUNCTION_CHECKS[check], LocalStudent({"f": function}), "f", [solved])


def why(check, function, case=None, reference=relu):
    return reason(verdict(check, function, case, reference), "en")


@pytest.mark.parametrize("check", FUNCTION_CHECKS)
def test_a_right_function_passes(check):
    assert verdict(check, lambda x: np.maximum(0, x)) == Passed()


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x: -relu(x), "`f` has the wrong sign."),
        (lambda x: 2 * relu(x), "`f` is 2 times the right one, in every entry."),
        (lambda x: relu(x).T, "`f` is the transpose of the right one."),
        (lambda x: None, "`f` is None. Is a `return` missing?"),
        (lambda x: np.float32(relu(x)), "`f` is of dtype float32 where the input is float64"),
        (lambda x: 1 / 0, "Something is divided by 0."),
        (lambda x: [].pop(), "Your code raised IndexError: pop from empty list"),
    ],
)  # fmt: skip
def test_wrong_values_are_told_apart(function, text):
    assert text in why("value", function)
    assert not isinstance(verdict("unchanged", function), Passed)
    assert not isinstance(verdict("repeat", function), Passed)


def test_truth_values_are_no_numbers():
    ones = Case(inputs={"x": np.array([-1.0, 1.0])})
    text = why("value", lambda x: x > 0, ones, lambda x: np.where(x > 0, 1, 0))
    assert text == "`f` returns truth values; numbers are expected."


def test_an_argument_changed_in_place():
    def in_place(x):
        x[x < 0] = 0.0
        return x

    assert verdict("value", in_place) == Passed()
    assert why("unchanged", in_place).startswith("`x` was changed in place.")


def test_state_between_calls():
    earlier = []

    def mean_so_far(x):
        earlier.append(relu(x))
        return sum(earlier) / len(earlier)

    assert "an earlier call" in why("repeat", mean_so_far)


def test_a_function_of_a_function():
    case = Case(inputs={"f": form("sum(c * x**2)", [1.0, 2.0]), "x": np.array([3.0, 1.0]), "k": 2})
    for check in FUNCTION_CHECKS:
        assert verdict(check, lambda f, x, k: k * f(x), case, lambda f, x, k: k * f(x)) == Passed()
        assert verdict(check, lambda f, x, k: f(x), case, lambda f, x, k: k * f(x)) != Passed()


@pytest.mark.parametrize("value", [None, "relu", np.ones(2)])
def test_a_name_that_is_no_function(value):
    assert why("value", value).startswith("There is no `f` in the notebook.")
