"""Norms of gradients, layer by layer."""

import numpy as np
import pytest

from dlkit.errors import ShapeError
from dlkit.layers import Affine, Sequential, Tanh
from dlkit.train import gradient_norms


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_equals_the_norms_that_layers_hand_back(rng):
    x, W, dout = rng.normal(size=(5, 3)), rng.normal(size=(4, 3, 3)), rng.normal(size=(5, 3))
    layers = [Sequential(Affine(weights, np.zeros(3)), Tanh()) for weights in W]
    z, expected = x, []
    for layer in layers:
        z = layer.forward(z)
    back = dout
    for layer in reversed(layers):
        back = layer.backward(back)
        expected.append(np.linalg.norm(back))
    np.testing.assert_allclose(gradient_norms(x, W, dout), expected[::-1], rtol=1e-12)


def test_small_weights_make_gradients_vanish_and_large_ones_explode(rng):
    x, W = rng.normal(size=(20, 30)), rng.normal(size=(10, 30, 30))
    dout = rng.normal(size=x.shape)
    small, large = (gradient_norms(x, s * W, dout) for s in (0.01, 2.0))
    assert (np.diff(small) > 0).all()
    assert small[0] < 1e-8 * small[-1]
    assert large[0] > 1e3 * large[-1]


def test_weights_of_another_width_are_refused(rng):
    with pytest.raises(ShapeError, match=r"gradient_norms needs x and dout"):
        gradient_norms(rng.normal(size=(5, 3)), rng.normal(size=(4, 2, 2)), rng.normal(size=(5, 3)))
