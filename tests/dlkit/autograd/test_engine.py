"""The walk through the graph: order, sums, memory, depth, and what a wrong Function is told."""

import gc
import weakref

import numpy as np
import pytest

from dlkit.autograd import Function, Variable, cos, exp, no_grad, sin, tanh
from dlkit.errors import ArgumentError, ShapeError
from dlkit.layers import Affine, LSTMCell


def gradient(f, *data):
    """Gradients of f, a number, with respect to its arguments."""
    variables = [Variable(x) for x in data]
    f(*variables).backward()
    return [x.grad.data for x in variables]


def test_a_variable_used_twice_gets_both_gradients():
    assert gradient(lambda x: x + x, 3.0) == [2.0]
    assert gradient(lambda x: x * x, 3.0) == [6.0]
    assert gradient(lambda a, b: a * b + a, 3.0, 4.0) == [5.0, 3.0]


def test_paths_of_different_length_are_complete_before_they_are_passed_on():
    def f(x):
        a = x**2
        long = exp(sin(cos(a) * 1.0) * 1.0)
        return a * long + a

    x = 0.7
    s, c = np.sin(x * x), np.cos(x * x)
    e = np.exp(np.sin(c))
    expected = 2 * x * (e + 1 - x * x * e * np.cos(c) * s)
    np.testing.assert_allclose(gradient(f, x), [expected], rtol=1e-14)


def test_doubling_fifty_times_takes_fifty_steps():
    """2**50 paths: a walk path by path would never end."""
    x = Variable(1.0)
    y = x
    for _ in range(50):
        y = y + y
    y.backward()
    assert x.grad.data == 2.0**50


def test_gradients_of_several_results_add_up_until_cleared():
    x = Variable(3.0)
    (x * 2).backward()
    (x * 5).backward()
    assert x.grad.data == 7.0
    x.cleargrad()
    assert x.grad is None
    (x * 5).backward()
    assert x.grad.data == 5.0


def test_a_second_backward_through_the_same_graph_adds_the_same_again():
    x = Variable([1.0, 2.0])
    y = (x**3).sum()
    y.backward()
    first = x.grad.data.copy()
    y.backward()
    np.testing.assert_array_equal(x.grad.data, 2 * first)


def test_only_variables_made_from_data_keep_a_gradient():
    x = Variable(3.0)
    a = x * 2
    y = a * a
    y.backward()
    assert x.grad.data == 24.0
    assert a.grad is None
    assert y.grad is None
    x = Variable(3.0)
    x.backward()
    assert x.grad.data == 1.0


def test_gradients_have_memory_of_their_own():
    a, b = Variable(np.ones(2)), Variable(np.ones(2))
    gy = np.ones(2)
    (a + b).backward(gy)
    a.grad.data *= 10.0
    np.testing.assert_array_equal(b.grad.data, [1.0, 1.0])
    np.testing.assert_array_equal(gy, [1.0, 1.0])
    x = Variable(np.ones(2))
    x.sum().backward()
    x.grad.data *= 10.0  # not a read-only view either


def test_data_are_left_as_they_are():
    rng = np.random.default_rng(0)
    data = [rng.standard_normal((3, 4)), rng.standard_normal((4, 2)), rng.standard_normal(2)]
    copies = [x.copy() for x in data]
    x, W, b = (Variable(d) for d in data)
    y = tanh(x @ W + b)[[0, 0, 1]].sum(axis=0)
    y.backward(np.ones(2), create_graph=True)
    for array, copy in zip(data, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
def test_dtypes_stay(dtype):
    x, W, b = (Variable(np.full(shape, 0.5, dtype)) for shape in [(2, 3), (3, 4), (4,)])
    y = (2 * tanh(x @ W + b) ** 2 / 3 - 1)[:, 1:].sum(axis=0).reshape(3, 1)
    assert y.data.dtype == dtype
    y.sum().backward(create_graph=True)
    first = x.grad
    assert {v.grad.data.dtype for v in (x, W, b)} == {np.dtype(dtype)}
    x.cleargrad()
    (first * first).sum().backward()
    assert x.grad.data.dtype == dtype


def test_integers_become_floats():
    assert Variable([1, 2]).data.dtype == np.float64
    assert Variable(True).data.dtype == np.float64


def test_numbers_and_arrays_are_constants():
    x = Variable([1.0, 2.0])
    c = np.array([3.0, 4.0])
    for y in (x * c, c * x, np.float64(3.0) * x, 3 * x, x * [3.0, 4.0]):
        assert isinstance(y, Variable)
        assert y.creator is not None
    for y, value, slope in [
        (c + x, [4.0, 6.0], [1.0, 1.0]),
        (c - x, [2.0, 2.0], [-1.0, -1.0]),
        (c / x, [3.0, 2.0], [-3.0, -1.0]),
        (c.reshape(1, 2) @ x.reshape(2, 1), [[11.0]], [3.0, 4.0]),
    ]:
        x.cleargrad()
        y.backward(np.ones(y.shape))
        np.testing.assert_array_equal(y.data, value)
        np.testing.assert_array_equal(x.grad.data, slope)


def test_a_function_applied_to_constants_draws_no_graph():
    assert sin(np.array([1.0])).creator is None


def test_without_a_graph():
    x = Variable(3.0)
    with no_grad():
        assert (x * 2).creator is None
        with no_grad():
            pass
        assert (x * 2).creator is None
    assert (x * 2).creator is not None
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert (x * 2).creator is not None


def test_a_gradient_has_a_graph_only_if_asked_for():
    x = Variable(3.0)
    y = x**2
    y.backward()
    assert x.grad.creator is None
    x.cleargrad()
    with no_grad():
        y.backward(create_graph=True)
    assert x.grad.creator is not None


def test_derivatives_of_the_sine_up_to_the_eighth():
    x = Variable(np.linspace(-3.0, 3.0, 7))
    y = sin(x)
    for n in range(1, 9):
        x.cleargrad()
        y.backward(np.ones(7), create_graph=True)
        y = x.grad
        np.testing.assert_allclose(y.data, np.sin(x.data + n * np.pi / 2), atol=1e-12)


def test_derivatives_of_a_power_at_zero():
    x = Variable(0.0)
    y = x**4
    for expected in (0.0, 0.0, 0.0, 24.0, 0.0):
        x.cleargrad()
        y.backward(create_graph=True)
        y = x.grad
        assert y.data == expected


def test_hessian_of_rosenbrock():
    x = Variable([1.5, -0.5])
    y = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
    y.backward(create_graph=True)
    slope = x.grad
    rows = []
    for i in range(2):
        x.cleargrad()
        slope[i].backward()
        rows.append(x.grad.data)
    a, b = x.data
    expected = [[1200 * a**2 - 400 * b + 2, -400 * a], [-400 * a, 200.0]]
    np.testing.assert_allclose(rows, expected, rtol=1e-13)


def test_it_agrees_with_a_layer():
    rng = np.random.default_rng(1)
    x, W, b, dout = (rng.standard_normal(shape) for shape in [(5, 3), (3, 4), (4,), (5, 4)])
    layer = Affine(W, b)
    layer.forward(x)
    dx = layer.backward(dout)
    vx, vW, vb = Variable(x), Variable(W), Variable(b)
    (vx @ vW + vb).backward(dout)
    for variable, expected in ((vx, dx), (vW, layer.dW), (vb, layer.db)):
        np.testing.assert_allclose(variable.grad.data, expected, rtol=1e-12)


def test_it_agrees_with_a_lstm_cell():
    def sigmoid(u):
        return 1 / (1 + exp(-u))

    rng = np.random.default_rng(2)
    H = 4
    shapes = [(5, 3), (5, H), (5, H), (3, 4 * H), (H, 4 * H), (4 * H,)]
    data = [rng.standard_normal(shape) for shape in shapes]
    dh, dc = rng.standard_normal((2, 5, H))
    cell = LSTMCell(*data[3:])
    cell.forward(*data[:3])
    expected = [*cell.backward(dh, dc), cell.dWx, cell.dWh, cell.db]

    x, h_prev, c_prev, Wx, Wh, b = variables = [Variable(d) for d in data]
    a = x @ Wx + h_prev @ Wh + b
    f, g, i, o = (a[:, k * H : (k + 1) * H] for k in range(4))
    c = sigmoid(f) * c_prev + tanh(g) * sigmoid(i)
    h = sigmoid(o) * tanh(c)
    ((h * dh).sum() + (c * dc).sum()).backward()
    for variable, gradient in zip(variables, expected, strict=True):
        np.testing.assert_allclose(variable.grad.data, gradient, rtol=1e-10, atol=1e-12)


def test_it_trains_a_network_on_xor():
    rng = np.random.default_rng(0)
    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1.0], [1.0], [0.0]])
    params = [Variable(rng.standard_normal(shape)) for shape in [(2, 8), (8,), (8, 1), (1,)]]
    W1, b1, W2, b2 = params
    for _ in range(500):
        y = tanh(x @ W1 + b1) @ W2 + b2
        loss = ((y - t) ** 2).sum()
        for p in params:
            p.cleargrad()
        loss.backward()
        for p in params:
            p.data = p.data - 0.05 * p.grad.data
    assert loss.data < 1e-3


@pytest.mark.parametrize("create_graph", [False, True])
def test_ten_thousand_functions_deep(create_graph):
    x = Variable(0.5)
    y = x
    for _ in range(5_000):
        y = 0.999 * sin(y)
    assert y.generation == 10_000
    y.backward(create_graph=create_graph)
    assert 0.0 < x.grad.data < 1.0


def test_a_deep_graph_is_freed_without_recursion():
    x = Variable(0.5)
    y = x
    for _ in range(100_000):
        y = y + 1.0
    alive = weakref.ref(y)
    del y
    assert alive() is None


def test_a_deep_graph_in_a_cycle_is_freed_by_the_collector():
    y = Variable(0.5)
    for _ in range(10_000):
        y = y + 1.0
    y.itself = y
    alive = weakref.ref(y)
    del y
    gc.collect()
    assert alive() is None


def test_the_graph_vanishes_with_its_result():
    """No reference points forward, so that no collector is needed."""
    x = Variable(0.5)
    gc.disable()
    try:
        a = sin(x)
        y = a * a
        y.backward()
        alive = weakref.ref(a)
        del a, y
        assert alive() is None
    finally:
        gc.enable()


def test_one_function_can_be_used_twice():
    class Square(Function):
        def forward(self, x):
            return x**2

        def backward(self, gy):
            (x,) = self.inputs
            return gy * 2 * x

    square = Square()
    assert gradient(lambda x: square(square(x)), 3.0) == [4 * 3.0**3]


def test_backward_of_more_than_one_number():
    x = Variable([1.0, 2.0])
    with pytest.raises(ShapeError) as error:
        (x * 2).backward()
    assert str(error.value) == (
        "backward without gy needs a single number; got variable (2,). Sum it first, or give gy?"
    )
    with pytest.raises(ShapeError) as error:
        (x * 2).backward(np.ones(3))
    assert str(error.value) == "gy needs the shape of the result; got gy (3,), result (2,)."
    y = Variable([[3.0]])
    (y * y).backward()
    np.testing.assert_array_equal(y.grad.data, [[6.0]])


class Wrong(Function):
    """Adds two inputs, with a backward to be given."""

    def __init__(self, backward):
        self.backward = lambda gy: backward(self, gy)

    def forward(self, a, b):
        return a + b


@pytest.mark.parametrize(
    ("backward", "kind", "message"),
    [
        (
            lambda self, gy: gy,
            ArgumentError,
            "Wrong.backward needs to return one gradient for each input; got 1 for 2. "
            "Return a tuple in the order of forward?",
        ),
        (
            lambda self, gy: (gy.data, gy),
            ArgumentError,
            "Wrong.backward needs to return Variables; got ndarray. "
            "Calculate with gy and self.inputs instead of their data?",
        ),
        (
            lambda self, gy: (gy, gy),
            ShapeError,
            "Wrong.backward needs to return gradients in the shapes of the inputs; "
            "got gradient (3, 2), input (2,). Undo broadcasting by sum_to?",
        ),
    ],
)
def test_a_wrong_backward_is_told_what_is_wrong(backward, kind, message):
    y = Wrong(backward)(Variable(np.ones((3, 2))), Variable(np.ones(2)))
    with pytest.raises(kind) as error:
        y.backward(np.ones((3, 2)))
    assert str(error.value) == message


def test_the_exponent_is_a_constant():
    x = Variable(2.0)
    for exponent, name in ((x, "Variable"), (np.ones(2), "ndarray")):
        with pytest.raises(ArgumentError) as error:
            x**exponent
        assert str(error.value) == f"x**c needs a number c; got {name}. Write exp(c * log(x))?"


def test_a_product_of_vectors():
    with pytest.raises(ShapeError) as error:
        Variable(np.ones((2, 3))) @ Variable(np.ones(3))
    assert str(error.value) == (
        "a @ b needs matrices with a.shape[-1] == b.shape[-2]; got a (2, 3), b (3,). "
        "Reshape a vector to one row or one column?"
    )


def test_repr():
    assert repr(Variable([1.0, 2.0])) == "Variable([1. 2.])"
