"""Nodes of a computational graph with two inputs: sum, product, matrix product."""

import numpy as np

from dlkit.errors import expect, expect_dout
from dlkit.layers.base import Layer
from dlkit.typing import Array


class Add(Layer):
    r"""Sum :math:`z = x + y` of two arrays of the same shape, or of two numbers.

    Source: Saito, Deep Learning from Scratch (2016), section 5.4.

    >>> Add().forward(np.array([1.0, 2.0]), np.array([10.0, 20.0]))
    array([11., 22.])
    """

    def forward(self, x: Array, y: Array) -> Array:
        """Sum, in the shape of x and y."""
        expect(np.shape(x) == np.shape(y), "Add needs x and y of the same shape", x=x, y=y)
        self.shape = np.shape(x)
        return x + y

    def backward(self, dout: Array) -> tuple[Array, Array]:
        """Gradients with respect to x and to y, each in the shape of dout."""
        expect_dout(self, dout, self.shape)
        return dout, dout


class Multiply(Layer):
    r"""Product :math:`z = x \cdot y`, entry by entry, of arrays of one shape, or of two numbers.

    Source: Saito, Deep Learning from Scratch (2016), section 5.4.

    >>> Multiply().forward(np.array([1.0, 2.0]), np.array([10.0, 20.0]))
    array([10., 40.])
    """

    def forward(self, x: Array, y: Array) -> Array:
        """Product, in the shape of x and y."""
        expect(np.shape(x) == np.shape(y), "Multiply needs x and y of the same shape",
               "For a matrix product use MatMul?", x=x, y=y)  # fmt: skip
        self.x = x
        self.y = y
        return x * y

    def backward(self, dout: Array) -> tuple[Array, Array]:
        """Gradients with respect to x and to y, each in the shape of dout."""
        expect_dout(self, dout, np.shape(self.x))
        dx = dout * self.y
        dy = dout * self.x
        return dx, dy


class MatMul(Layer):
    r"""Matrix product :math:`Y = X W` with one parameter W, shape (D, H).

    After `backward`, `dW` holds the gradient, with the shape of W.

    Source: Saito, Deep Learning from Scratch 2 (2018), section 1.3.

    >>> MatMul(W=np.array([[1.0, 2.0], [3.0, 4.0]])).forward(np.array([[1.0, 1.0]]))
    array([[4., 6.]])
    """

    param_names = ("W",)

    def __init__(self, W: Array) -> None:
        expect(W.ndim == 2, "MatMul needs W (D, H)", W=W)
        self.W = W

    def forward(self, x: Array) -> Array:
        """Product, shape (..., H), for x of shape (..., D)."""
        expect(x.shape[-1:] == self.W.shape[:1], "MatMul needs x.shape[-1] == W.shape[0]",
               "Transpose W?", x=x, W=self.W)  # fmt: skip
        self.x = x
        return x @ self.W

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, shape (..., D), for dout of shape (..., H); sets dW."""
        expect_dout(self, dout, (*self.x.shape[:-1], self.W.shape[1]))
        x = self.x.reshape(-1, self.W.shape[0])
        self.dW = x.T @ dout.reshape(-1, self.W.shape[1])
        return dout @ self.W.T
