"""A script shows the same of a class in another process."""

import inspect

import pytest

from grader.checks import Passed, judge
from grader.checks.scripted import script_check, solve_script
from tests.grader.checks import test_properties, test_script

CLASSES = [
    (test_script.Momentum, test_script.CASE, ["first-step", "two-steps", "velocity", "unchanged"]),
    (test_properties.Dropout, test_properties.CASE, ["scaled", "mask", "anew", "unchanged"]),
]


@pytest.mark.parametrize(("cls", "case", "checks"), CLASSES)
def test_the_right_class_passes_in_another_process(cls, case, checks, session):
    assert session.run_cell(f"import numpy as np\n{inspect.getsource(cls)}").ok
    solved = solve_script({cls.__name__: cls}, case)
    for check in checks:
        assert judge(script_check(check), session.student, cls.__name__, [solved]) == Passed()


def test_a_wrong_class_is_told_the_same(session):
    wrong = inspect.getsource(test_script.Momentum).replace("+ grads[name]", "- grads[name]")
    assert session.run_cell(wrong).ok
    solved = solve_script({"Momentum": test_script.Momentum}, test_script.CASE)
    for check in ("first-step", "velocity"):
        found = judge(script_check(check), session.student, "Momentum", [solved])
        names: dict[str, object] = {}
        exec(wrong, names)
        local = test_script.verdict(check, names["Momentum"])
        assert found == local != Passed()
