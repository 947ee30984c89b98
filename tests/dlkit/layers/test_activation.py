"""Activation layers: the same values as the functions, kinks, what is kept for backward."""

import numpy as np
import pytest

from dlkit import functions
from dlkit.layers import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh

kink = np.array([-2.0, -0.0, 0.0, 3.0])


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        (ReLU(), functions.relu),
        (LeakyReLU(), functions.leaky_relu),
        (Sigmoid(), functions.sigmoid),
        (Tanh(), functions.tanh),
        (GELU(), functions.gelu),
        (Softmax(), functions.softmax),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_forward_is_the_function(layer, function, rng):
    x = rng.standard_normal((5, 3))
    np.testing.assert_array_equal(layer.forward(x), function(x))


def test_the_derivative_of_relu_at_zero_is_zero():
    layer = ReLU()
    layer.forward(kink)
    np.testing.assert_array_equal(layer.mask, [True, True, True, False])
    np.testing.assert_array_equal(layer.backward(np.ones(4)), [0.0, 0.0, 0.0, 1.0])


def test_the_derivative_of_leaky_relu_at_zero_is_its_slope():
    layer = LeakyReLU(slope=0.25)
    layer.forward(kink)
    np.testing.assert_array_equal(layer.backward(np.ones(4)), [0.25, 0.25, 0.25, 1.0])


def test_relu_stops_an_infinite_gradient_and_passes_nan():
    layer = ReLU()
    np.testing.assert_array_equal(
        layer.forward(np.array([-np.inf, np.inf, np.nan])), [0.0, np.inf, np.nan]
    )
    np.testing.assert_array_equal(layer.backward(np.array([np.inf, 1.0, 1.0])), [0.0, 1.0, 1.0])


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), Softmax(), GELU()])
def test_saturated_units_pass_no_gradient(layer):
    layer.forward(np.array([-1000.0, 1000.0]))
    dx = layer.backward(np.ones(2))
    expected = [0.0, 1.0] if isinstance(layer, GELU) else [0.0, 0.0]
    np.testing.assert_array_equal(dx, expected)


def test_softmax_does_not_see_a_gradient_that_is_the_same_for_all_classes(rng):
    layer = Softmax()
    layer.forward(rng.standard_normal((5, 3)))
    np.testing.assert_allclose(layer.backward(np.ones((5, 3))), 0.0, atol=1e-15)
