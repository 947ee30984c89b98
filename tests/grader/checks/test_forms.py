"""Functions sent by name: what they compute, and that both sides of the wall make the same."""

import numpy as np
import pytest

from grader.checks import form
from grader.checks.forms import FORMS
from grader.checks.student import LocalStudent


@pytest.mark.parametrize("name", FORMS)
def test_a_form_computes_what_its_name_says(name):
    c, x = np.array([0.5, -1.0]), np.array([2.0, 3.0])
    names = {"sum": np.sum, "sin": np.sin, "exp": np.exp, "log": np.log, "c": c, "x": x}
    np.testing.assert_allclose(form(name, c)(x), eval(name, names))


def test_a_form_wants_the_whole_argument():
    with pytest.raises(ValueError, match=r"shape \(2,\), the whole x at once; got shape \(\)"):
        form("sum(c * x**2)", [1.0, 2.0])(3.0)


def test_a_student_gets_a_function():
    student = LocalStudent({"twice": lambda f, x: f(f(x))})
    f = student.function("c * x", np.array([2.0]))
    assert student.get("twice")(f, np.array([5.0])).tolist() == [20.0]
