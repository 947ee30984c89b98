"""The engine for numbers: its derivatives are those of the engine for arrays."""

import math

import pytest

from dlkit.autograd import Variable, exp
from dlkit.autograd.scalar import Scalar


def programs():
    """Functions of two numbers that both engines can run, the operators being the same."""
    return {
        "shared": lambda x, y, e: x * x + x * y + x,
        "constants": lambda x, y, e: 2.0 * x + (y + 3.0) * 0.5 + (1.0 + x) * y,
        "exponential": lambda x, y, e: e(x * y) * x + e(e(y * 0.1)),
        "unequal paths": lambda x, y, e: x * e(x * (x + y)) + (x * x) * y,
    }


@pytest.mark.parametrize("name", programs())
def test_first_and_second_derivatives_are_those_of_the_engine_for_arrays(name):
    f = programs()[name]
    x, y = Scalar(0.7), Scalar(-0.4)
    value = f(x, y, lambda z: z.exp())
    u, v = Variable(0.7), Variable(-0.4)
    other = f(u, v, exp)
    assert value.data == pytest.approx(float(other.data))

    value.backward()
    other.backward(create_graph=True)
    slopes, others = (x.grad, y.grad), (u.grad, v.grad)
    assert [s.data for s in slopes] == pytest.approx([float(s.data) for s in others])
    for number in (x, y):
        number.cleargrad()
    for variable in (u, v):
        variable.cleargrad()
    slopes[0].backward()
    others[0].backward()
    expected = [0.0 if z.grad is None else float(z.grad.data) for z in (u, v)]
    assert [0.0 if z.grad is None else z.grad.data for z in (x, y)] == pytest.approx(expected)


def test_each_number_is_visited_once_however_many_paths_there_are():
    x = Scalar(1.0)
    y = x
    for _ in range(60):  # 2**60 paths
        y = y + y
    y.backward()
    assert x.grad.data == 2.0**60


def test_a_long_computation_needs_no_deep_recursion():
    x = Scalar(1.0)
    y = x
    for _ in range(5000):
        y = y * 1.0
    y.backward()
    assert x.grad.data == 1.0


def test_inputs_come_before_what_uses_them():
    x, y = Scalar(2.0), Scalar(3.0)
    z = (x * y).exp() * (x + y) + x
    order = z.history()
    assert len(set(order)) == len(order)
    assert order[-1] is z
    for place, number in enumerate(order):
        assert all(order.index(each) < place for each in number.inputs)


def test_derivatives_of_two_results_add_up_until_cleared():
    x = Scalar(2.0)
    (x * x).backward()
    (3.0 * x).backward()
    assert x.grad.data == 7.0
    x.cleargrad()
    x.exp().backward()
    assert x.grad.data == math.exp(2.0)


def test_it_shows_its_number():
    assert repr(Scalar(2.0)) == "Scalar(2.0)"
