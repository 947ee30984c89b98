"""The forward pass of a network with three layers of weights, written out."""

import numpy as np

from dlkit.typing import Array

__all__ = ["three_layer_forward"]


def three_layer_forward(
    x: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array
) -> Array:
    r"""Scores of a network with two hidden layers, shape (N, C), for inputs x of shape (N, D).

    The hidden layers have the activation tanh, the output layer has none. W1 (D, H1), W2 (H1, H2),
    W3 (H2, C); each bias has the width of its layer.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.4.

    >>> one, zero = np.ones((2, 2)), np.zeros(2)
    >>> three_layer_forward(np.zeros((3, 2)), one, zero, one, zero, one, zero + 1.0)
    array([[1., 1.],
           [1., 1.],
           [1., 1.]])
    """
    z1 = np.tanh(x @ W1 + b1)
    z2 = np.tanh(z1 @ W2 + b2)
    scores: Array = z2 @ W3 + b3
    return scores
