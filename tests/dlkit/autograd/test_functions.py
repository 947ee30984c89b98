"""Every function: first and second derivatives against complex steps, over shapes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlkit.autograd import Variable, cos, exp, log, relu, sigmoid, sin, sum_to, tanh
from dlkit.autograd.functions import BroadcastTo
from dlkit.gradcheck import complex_step_gradient

shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


def check(f, *data):
    """First and second derivatives of f agree with complex steps, for random weights."""
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal(np.shape(x)) for x in data]

    def values(*data):
        return f(*map(Variable, data)).data

    gy = rng.standard_normal(values(*data).shape)

    def slopes(*data):
        variables = [Variable(x) for x in data]
        f(*variables).backward(gy, create_graph=True)
        return variables

    def along(*data):  # one number made of the first derivatives
        pairs = zip(weights, slopes(*data), strict=True)
        return sum((w * x.grad.data).sum() for w, x in pairs)

    variables = slopes(*data)
    first = [x.grad for x in variables]
    for x in variables:
        x.cleargrad()
    total = sum((w * g).sum() for w, g in zip(weights, first, strict=True))
    if total.creator is not None:
        total.backward()

    for i, x in enumerate(data):

        def replace(z, i=i):
            return [*data[:i], z, *data[i + 1 :]]

        numerical = complex_step_gradient(lambda z: (gy * values(*replace(z))).sum(), x)
        np.testing.assert_allclose(first[i].data, numerical, rtol=1e-9, atol=1e-11)
        numerical = complex_step_gradient(lambda z: along(*replace(z)), x)
        second = 0.0 if variables[i].grad is None else variables[i].grad.data
        np.testing.assert_allclose(second + np.zeros(np.shape(x)), numerical, rtol=1e-9, atol=1e-11)


FUNCTIONS = {
    "exp": exp,
    "log": lambda x: log(x * x + 0.5),
    "sin": sin,
    "cos": cos,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "relu": lambda x: relu(x) * x,
    "negative": lambda x: -(x * x),
    "square": lambda x: x**2,
    "cube": lambda x: x**3,
    "root": lambda x: (x * x + 0.5) ** 0.5,
    "reciprocal": lambda x: (x * x + 0.5) ** -1,
    "power 1": lambda x: x**1,
    "power 0": lambda x: x**0 * x**2,
    "constant numerator": lambda x: 2.0 / (x * x + 0.5),
    "sum": lambda x: x.sum() ** 2,
    "transpose": lambda x: x.T**2,
}


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
@given(shape=shapes)
def test_of_one_operand(f, shape):
    check(f, np.random.default_rng(1).standard_normal(shape))


BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (b * b + 0.5),
    "mixed": lambda a, b: sin(a * b) + a**2 - b,
}


@pytest.mark.parametrize("f", BINARY.values(), ids=BINARY)
@given(shapes=hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, min_side=0, max_side=3))
def test_of_two_operands_that_broadcast(f, shapes):
    rng = np.random.default_rng(2)
    check(f, *(rng.standard_normal(shape) for shape in shapes.input_shapes))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((2, 3), (3, 4)),
        ((1, 1), (1, 1)),
        ((0, 3), (3, 2)),
        ((5, 2, 3), (5, 3, 4)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((4, 1, 2, 3), (5, 3, 2)),
    ],
)
def test_matmul(a, b):
    rng = np.random.default_rng(3)
    check(lambda a, b: (a @ b) ** 2, rng.standard_normal(a), rng.standard_normal(b))


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (2, 0), (0, 1, 2), ()])
@pytest.mark.parametrize("keepdims", [False, True])
def test_sum_over_axes(axis, keepdims):
    x = np.random.default_rng(4).standard_normal((2, 3, 4))
    expected = x.sum(axis=axis, keepdims=keepdims)
    np.testing.assert_array_equal(Variable(x).sum(axis, keepdims).data, expected)
    check(lambda x: x.sum(axis, keepdims) ** 2 * 0.5, x)


@pytest.mark.parametrize("axes", [(), (0, 1, 2), (1, 2, 0), (2, 0, 1), (-1, 0, 1)])
def test_transpose(axes):
    x = np.random.default_rng(5).standard_normal((2, 3, 4))
    np.testing.assert_array_equal(Variable(x).transpose(*axes).data, x.transpose(*axes))
    check(lambda x: x.transpose(*axes) ** 2, x)


def test_transposes_of_matrices():
    x = np.random.default_rng(6).standard_normal((2, 3, 4))
    np.testing.assert_array_equal(Variable(x).mT.data, x.mT)
    np.testing.assert_array_equal(Variable(x).T.data, x.T)


@pytest.mark.parametrize("shape", [(24,), (4, 6), (6, -1), (1, 24, 1)])
def test_reshape(shape):
    x = np.random.default_rng(7).standard_normal((2, 3, 4))
    np.testing.assert_array_equal(Variable(x).reshape(*shape).data, x.reshape(shape))
    check(lambda x: x.reshape(*shape) ** 2, x)


INDICES = {
    "number": 1,
    "from the end": -1,
    "slice": slice(0, 2),
    "step": (slice(None, None, -2), slice(1, None)),
    "new axis": (None, ..., 0),
    "array": np.array([0, 2]),
    "repeated": np.array([2, 0, 2, 2]),
    "pairs": (np.array([0, 1, 0]), np.array([3, 2, 3])),
    "mask": np.arange(12).reshape(3, 4) % 3 == 0,
    "entry": (1, 2),
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_get_item(index):
    x = np.random.default_rng(8).standard_normal((3, 4))
    np.testing.assert_array_equal(Variable(x)[index].data, x[index])
    check(lambda x: x[index] ** 2, x)


@given(shapes=hnp.mutually_broadcastable_shapes(num_shapes=1, max_dims=3, min_side=0, max_side=3))
def test_sum_to_is_the_adjoint_of_broadcasting(shapes):
    """<broadcast(a), b> = <a, sum_to(b)> for all a and b."""
    rng = np.random.default_rng(9)
    (shape,), result = shapes.input_shapes, shapes.result_shape
    result = (2, *result)
    a, b = rng.standard_normal(shape), rng.standard_normal(result)
    left = (np.broadcast_to(a, result) * b).sum()
    np.testing.assert_allclose(left, (a * sum_to(Variable(b), shape).data).sum(), atol=1e-12)
    check(lambda a: BroadcastTo(result)(a) ** 2, a)
    check(lambda b: sum_to(b, shape) ** 2, b)


@given(x=st.floats(-1e3, 1e3))
def test_sigmoid_and_its_slope_do_not_overflow(x):
    v = Variable(x)
    y = sigmoid(v)
    y.backward()
    assert 0.0 <= y.data <= 1.0
    assert 0.0 <= v.grad.data <= 0.25


def test_relu_at_zero_has_slope_zero():
    x = Variable([-1.0, 0.0, 2.0])
    relu(x).sum().backward()
    np.testing.assert_array_equal(x.grad.data, [0.0, 0.0, 1.0])
