"""Activation functions: values from their definitions, no overflow, dtypes, shapes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlkit import functions
from dlkit.functions import (
    gelu,
    identity,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    softmax,
    step,
    tanh,
)
from dlkit.gradcheck import complex_step_gradient

smooth = [
    identity,
    sigmoid,
    tanh,
    gelu,
    softmax,
    log_softmax,
]
elementwise = [
    identity,
    sigmoid,
    tanh,
    gelu,
    relu,
    leaky_relu,
]
every = [*elementwise, softmax, log_softmax]
named = {"ids": lambda f: f.__name__}

moderate = hnp.arrays(
    np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-30, 30)
)


@pytest.mark.parametrize(
    ("f", "definition"),
    [
        (sigmoid, lambda x: 1 / (1 + math.exp(-x))),
        (tanh, lambda x: (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x))),
        (relu, lambda x: max(0.0, x)),
        (leaky_relu, lambda x: x if x > 0 else 0.01 * x),
        (step, lambda x: 1 if x > 0 else 0),
        (identity, lambda x: x),
    ],
)
@given(x=moderate)
def test_values_follow_from_the_definition(f, definition, x):
    expected = np.vectorize(definition, otypes=[float])(x)
    np.testing.assert_allclose(f(x), expected, rtol=1e-13, atol=1e-15)


@given(x=moderate)
def test_gelu_is_close_to_x_times_the_normal_distribution(x):
    exact = np.vectorize(lambda v: v * 0.5 * (1 + math.erf(v / math.sqrt(2))), otypes=[float])(x)
    np.testing.assert_allclose(gelu(x), exact, atol=1e-3)


@pytest.mark.parametrize(
    "f",
    [sigmoid, tanh, softmax, log_softmax, gelu],
    **named,
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows_at_1000(f, dtype):
    y = f(np.array([-1000.0, 0.0, 1000.0], dtype))
    assert np.isfinite(y).all()
    assert y.dtype == dtype


def test_sigmoid_keeps_its_digits_where_it_is_tiny():
    np.testing.assert_allclose(sigmoid(np.array([-40.0])), [math.exp(-40.0)], rtol=1e-15)


def test_log_softmax_is_exact_where_softmax_is_zero():
    assert softmax(np.array([0.0, -1000.0]))[1] == 0.0
    assert log_softmax(np.array([0.0, -1000.0]))[1] == -1000.0


@given(x=moderate, shift=st.floats(-500, 500), data=st.data())
def test_softmax_sums_to_one_along_its_axis_and_ignores_a_shift(x, shift, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    y = softmax(x, axis=axis)
    np.testing.assert_allclose(y.sum(axis=axis), 1.0)
    np.testing.assert_allclose(softmax(x + shift, axis=axis), y, rtol=1e-9)
    np.testing.assert_allclose(np.exp(log_softmax(x, axis=axis)), y, rtol=1e-12)


@pytest.mark.parametrize("f", smooth, **named)
def test_complex_steps_pass_through_smooth_functions(f, rng):
    x, w = rng.standard_normal((2, 4)), rng.standard_normal((2, 4))
    h = 1e-6
    gradient = complex_step_gradient(lambda z: (w * f(z)).sum(), x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h
        numerical = ((w * f(x + e)).sum() - (w * f(x - e)).sum()) / (2 * h)
        assert gradient[i] == pytest.approx(numerical, abs=1e-8)


@pytest.mark.parametrize("f", [relu, leaky_relu], **named)
def test_complex_steps_pass_through_kinks_by_the_real_part(f):
    y = f(np.array([-2.0 + 1e-20j, 0.0 + 1e-20j, 3.0 + 1e-20j]))
    slope = {"relu": 0.0, "leaky_relu": 0.01}[f.__name__]
    np.testing.assert_allclose(y.imag, [slope * 1e-20, slope * 1e-20, 1e-20])


@pytest.mark.parametrize("f", every, **named)
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_])
def test_integers_become_float64(f, dtype):
    x = np.array([[1, 0], [3, 5]], dtype)
    y = f(x)
    assert y.dtype == np.float64
    np.testing.assert_allclose(y, f(x.astype(np.float64)))


@pytest.mark.parametrize("f", every, **named)
def test_the_argument_is_not_modified_and_the_shape_kept(f):
    x = np.linspace(-2, 2, 6).reshape(2, 3)
    before = x.copy()
    assert f(x).shape == x.shape
    np.testing.assert_array_equal(x, before)
    assert f(x[:0]).shape == (0, 3)


@pytest.mark.parametrize("f", elementwise, **named)
def test_a_number_gives_a_number(f):
    assert float(f(0.5)) == float(f(np.array([0.5]))[0])


@pytest.mark.parametrize("f", elementwise, **named)
def test_nan_stays_nan(f):
    assert np.isnan(f(np.array([np.nan])))[0]


def test_every_public_name_exists_once():
    assert sorted(set(functions.__all__)) == sorted(functions.__all__)
    assert all(callable(getattr(functions, name)) for name in functions.__all__)
