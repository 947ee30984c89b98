"""The embedding: a vector for each word, learned."""

import numpy as np

from dlkit.errors import ArgumentError, expect
from dlkit.layers.base import Layer
from dlkit.typing import Array, Labels


class Embedding(Layer):
    """Embedding: takes the rows of W that the ids name, :math:`y_n = W_{id_n}`.

    It equals the product of one-hot rows with W, without the multiplications by zero.

    W: a vector for each of V ids, shape (V, D). Its dtype is that of the output.

    Source: Bengio, Ducharme, Vincent and Jauvin, A Neural Probabilistic Language Model (2003).

    >>> layer = Embedding(W=np.array([[0.0, 0.1], [1.0, 1.1], [2.0, 2.1]]))
    >>> layer.forward(np.array([2, 0, 2]))
    array([[2. , 2.1],
           [0. , 0.1],
           [2. , 2.1]])
    """

    param_names = ("W",)

    def __init__(self, W: Array) -> None:
        expect(W.ndim == 2, "Embedding needs W (V, D)", W=W)
        self.W = W

    def forward(self, ids: Labels) -> Array:
        """Vectors, shape (..., D), of the ids, integers from 0 to V - 1 in any shape."""
        check_ids(ids, len(self.W))
        self.ids = ids
        return self.W[ids]

    def backward(self, dout: Array) -> None:
        """Set dW, shape (V, D), for dout of shape (..., D); ids have no gradient, so return None."""
        rule = "Embedding.backward needs dout in the shape of the output, ids.shape + (D,)"
        expect(dout.shape == (*self.ids.shape, self.W.shape[1]), rule, dout=dout, ids=self.ids)
        self.dW = np.zeros_like(self.W)
        np.add.at(self.dW, self.ids, dout)  # unlike dW[ids] += dout, adds up the ids that repeat


def check_ids(ids: Labels, V: int) -> None:
    """Raise `ArgumentError` unless ids is an array of integers from 0 to V - 1."""
    if not np.issubdtype(ids.dtype, np.integer):
        raise ArgumentError(
            f"Embedding needs ids that are integers; got {ids.dtype}. Convert with ids.astype(int)?"
        )
    outside = ids[(ids < 0) | (ids >= V)]
    if outside.size:
        raise ArgumentError(
            f"Embedding needs ids from 0 to V - 1 = {V - 1}; got {outside[0]}. "
            "Was W made for a smaller vocabulary?"
        )
