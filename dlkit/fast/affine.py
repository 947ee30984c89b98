"""Affine without a gradient that nobody asks for, and ReLU without a choice for each entry."""

from typing import Any

import numpy as np

from dlkit import layers
from dlkit.errors import expect_dout
from dlkit.typing import Array


class Affine(layers.Affine):
    """`dlkit.layers.Affine` that can leave out the gradient of its input.

    input_gradient: False for the first layer of a network, whose input is data: `backward` then returns
    None and saves one matrix product of two.

    >>> layer = Affine(W=np.eye(2), b=np.ones(2))
    >>> layer.forward(np.array([[1.0, 2.0]]))
    array([[2., 3.]])
    """

    def __init__(self, W: Array, b: Array, input_gradient: bool = True) -> None:
        super().__init__(W, b)
        self.input_gradient = input_gradient

    def backward(self, dout: Array) -> Any:
        """See `dlkit.layers.Affine.backward`; None without `input_gradient`."""
        if self.input_gradient:
            return super().backward(dout)
        expect_dout(self, dout, (*self.x.shape[:-1], self.W.shape[1]))
        rows = dout.reshape(-1, self.W.shape[1])
        self.dW = self.x.reshape(-1, self.W.shape[0]).T @ rows
        self.db = rows.sum(axis=0)
        return None


class ReLU(layers.ReLU):
    """`dlkit.layers.ReLU` by a maximum and a product.

    >>> ReLU().forward(np.array([-1.0, 2.0]))
    array([0., 2.])
    """

    def forward(self, x: Array) -> Array:
        """See `dlkit.layers.ReLU.forward`."""
        if np.iscomplexobj(x):
            return super().forward(x)
        self.mask = x <= 0
        return np.maximum(x, 0)

    def backward(self, dout: Array) -> Array:
        """See `dlkit.layers.ReLU.backward`."""
        expect_dout(self, dout, self.mask.shape)
        return dout * ~self.mask
