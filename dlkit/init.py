r"""Initial weights: random arrays whose size keeps signals neither vanishing nor exploding.

Every function takes the shape and a generator, and returns float64 (``.astype(np.float32)`` for
float32). Weights with two axes are those of `Affine`, (inputs, outputs); with more, kernels (F, C,
...), where an output sees C times the taps of the kernel, and an input is seen by F times as many.
"""

from collections.abc import Sequence
from math import prod, sqrt

import numpy as np

from dlkit.errors import ArgumentError
from dlkit.typing import Array

__all__ = ["fans", "he", "normal", "orthogonal", "xavier"]


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Numbers of inputs that an output sees, and of outputs that see an input: fan-in and fan-out.

    >>> fans((784, 50)), fans((16, 3, 5, 5))
    ((784, 50), (75, 400))
    """
    if len(shape) < 2:
        raise ArgumentError(f"Weights have at least two axes; got shape {tuple(shape)}.")
    if len(shape) == 2:
        return shape[0], shape[1]
    return shape[1] * prod(shape[2:]), shape[0] * prod(shape[2:])


def normal(shape: Sequence[int], rng: np.random.Generator, std: float = 0.01) -> Array:
    """Normal distribution of mean 0 and the given standard deviation.

    >>> float(normal((1000, 500), np.random.default_rng(0)).std().round(3))
    0.01
    """
    return std * rng.standard_normal(tuple(shape))


def xavier(shape: Sequence[int], rng: np.random.Generator) -> Array:
    r"""Normal distribution of variance :math:`2 / (n_\mathrm{in} + n_\mathrm{out})`, for sigmoid and tanh.

    The form :math:`1 / n_\mathrm{in}`, which keeps the forward pass alone in balance, is also met.

    Source: Glorot and Bengio, Understanding the Difficulty of Training Deep Feedforward Neural
    Networks (2010), equation 12.

    >>> float(xavier((1000, 500), np.random.default_rng(0)).std().round(3))
    0.037
    """
    return normal(shape, rng, std=sqrt(2.0 / sum(fans(shape))))


def he(shape: Sequence[int], rng: np.random.Generator) -> Array:
    r"""Normal distribution of variance :math:`2 / n_\mathrm{in}`, for ReLU, which lets half of it pass.

    Source: He, Zhang, Ren and Sun, Delving Deep into Rectifiers (2015), equation 10.

    >>> float(he((1000, 500), np.random.default_rng(0)).std().round(3))
    0.045
    """
    return normal(shape, rng, std=sqrt(2.0 / fans(shape)[0]))


def orthogonal(shape: Sequence[int], rng: np.random.Generator) -> Array:
    """Random matrix with orthonormal columns, or rows where these are fewer.

    Of more than two axes, all but the first are taken as one.

    Source: Saxe, McClelland and Ganguli, Exact Solutions to the Nonlinear Dynamics of Learning in
    Deep Linear Neural Networks (2014).

    >>> W = orthogonal((5, 3), np.random.default_rng(0))
    >>> bool(np.allclose(W.T @ W, np.eye(3)))
    True
    """
    fans(shape)  # at least two axes
    rows, columns = shape[0], prod(shape[1:])
    q, r = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))  # without the signs q would not be uniformly distributed
    return (q if rows >= columns else q.T).reshape(shape)
