"""The affine layer, also called the fully connected or dense layer."""

from dlkit.errors import expect
from dlkit.layers.base import Layer
from dlkit.typing import Array


class Affine(Layer):
    r"""Affine transformation :math:`y = x W + b` along the last axis of x.

    W: weights, shape (D, H). b: biases, shape (H,).

    After `backward`, `dW` and `db` hold the gradients, with the shapes of W and b. Arrays keep the dtype
    that NumPy's promotion gives for x and W: float32 stays float32.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.

    >>> import numpy as np
    >>> layer = Affine(W=np.array([[1.0, 2.0], [3.0, 4.0]]), b=np.array([0.5, -0.5]))
    >>> layer.forward(np.array([[1.0, 1.0]]))
    array([[4.5, 5.5]])
    """

    param_names = ("W", "b")

    def __init__(self, W: Array, b: Array) -> None:
        self.W = W
        self.b = b

    def forward(self, x: Array) -> Array:
        """Output of the layer, shape (..., H), for inputs x of shape (..., D)."""
        expect(x.shape[-1:] == self.W.shape[:1], "Affine needs x.shape[-1] == W.shape[0]",
               "Transpose W?", x=x, W=self.W)  # fmt: skip
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, shape (..., D), for dout of shape (..., H); sets dW and db."""
        expect(dout.shape == (*self.x.shape[:-1], self.W.shape[1]),
               "Affine.backward needs dout in the shape of the output",
               dout=dout, x=self.x, W=self.W)  # fmt: skip
        x = self.x.reshape(-1, self.W.shape[0])
        rows = dout.reshape(-1, self.W.shape[1])
        self.dW = x.T @ rows
        self.db = rows.sum(axis=0)
        return dout @ self.W.T
