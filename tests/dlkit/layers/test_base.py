"""The base of all layers: what optimizers reach, and what a layer may call by the same names."""

import numpy as np
import pytest

from dlkit.layers import Affine, Sequential
from dlkit.layers.base import Layer


class OfTheTextbook(Layer):
    """An affine layer that keeps its parameters and gradients in lists."""

    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]


def test_parameters_are_those_that_the_layer_has_now():
    layer = Affine(np.eye(2), np.zeros(2))
    layer.W = np.ones((2, 2))
    assert layer.params["W"] is layer.W
    assert Sequential(layer).params["0.W"] is layer.W


def test_a_layer_may_have_params_and_grads_of_its_own():
    W = np.eye(2)
    assert OfTheTextbook(W, np.zeros(2)).params[0] is W


def test_there_are_no_gradients_before_the_first_backward():
    with pytest.raises(AttributeError, match="dW"):
        _ = Affine(np.eye(2), np.zeros(2)).grads
