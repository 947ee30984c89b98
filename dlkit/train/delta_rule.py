"""Mini-batch gradient descent in its smallest form: one linear unit, its loop written out."""

from dlkit.errors import ArgumentError, expect
from dlkit.typing import Array


def sgd_epoch(x: Array, t: Array, w: Array, lr: float = 0.1, size: int = 1) -> Array:
    r"""Weights of the linear unit :math:`y = x \cdot w` after one epoch of SGD, shape (D,).

    x: samples (N, D), taken in this order. t: targets (N,). w: weights before, shape (D,). lr: learning
    rate. size: samples in a batch; the last batch holds the rest. The loss of a batch is half its mean
    squared error. No argument is changed.

    Source: Widrow and Hoff, Adaptive Switching Circuits (1960), where size is 1.

    >>> import numpy as np
    >>> x, t = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([4.0, 8.0])
    >>> sgd_epoch(x, t, np.zeros(2), lr=0.25)
    array([1., 2.])
    >>> sgd_epoch(x, t, np.zeros(2), lr=0.25, size=2)
    array([0.5, 1. ])
    """
    fits = x.ndim == 2 and t.shape == x.shape[:1] and w.shape == x.shape[1:]
    expect(fits, "sgd_epoch needs x (N, D), t (N,) and w (D,)", x=x, t=t, w=w)
    if size < 1:
        raise ArgumentError(f"sgd_epoch needs a size of at least 1; got {size}.")
    for start in range(0, len(x), size):
        batch, target = x[start : start + size], t[start : start + size]
        error = batch @ w - target
        w = w - lr * (batch.T @ error) / len(batch)
    return w
