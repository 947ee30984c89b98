"""Data sets that are computed: the truth behind them is known."""

import numpy as np

from dlkit.errors import ArgumentError
from dlkit.typing import Array, Labels

_GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "XOR": (0, 1, 1, 0)}


def logic_gate(name: str) -> tuple[Array, Labels]:
    """Truth table of AND, OR, NAND or XOR: inputs x (4, 2), outputs t (4,).

    >>> x, t = logic_gate("AND")
    >>> x[3], t
    (array([1., 1.]), array([0, 0, 0, 1]))
    """
    if name not in _GATES:
        raise ArgumentError(f"logic_gate knows {', '.join(_GATES)}; got {name!r}.")
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
    return x, np.array(_GATES[name])


def spirals(
    rng: np.random.Generator, per_class: int = 100, classes: int = 3, noise: float = 0.2
) -> tuple[Array, Labels]:
    r"""Spirals, one a class, that no straight line separates: x (N, 2), t (N,), sorted by class.

    The points of a class have radii r from 0 to 1 at the angles :math:`2\pi k / K + 4 r` for class k of
    K, plus normal noise of that standard deviation.

    Source: Saito, Deep Learning from Scratch 2 (2018), section 1.5, whose angle for class k is 4k + 4r.

    >>> x, t = spirals(np.random.default_rng(0), per_class=50)
    >>> x.shape, np.bincount(t)
    ((150, 2), array([50, 50, 50]))
    """
    t = np.repeat(np.arange(classes), per_class)
    r = np.tile(np.linspace(0.0, 1.0, per_class, endpoint=False), classes)
    angle = 2 * np.pi * t / classes + 4 * r + noise * rng.standard_normal(len(t))
    return np.stack([r * np.sin(angle), r * np.cos(angle)], axis=1), t


def moons(
    rng: np.random.Generator, per_class: int = 100, noise: float = 0.1
) -> tuple[Array, Labels]:
    """Two half circles that reach into each other: x (N, 2), t (N,), sorted by class.

    Class 0 is the upper half of the circle around (0, 0), class 1 the lower half of that around
    (1, 0.5), both of radius 1, plus normal noise of that standard deviation.

    >>> x, t = moons(np.random.default_rng(0), per_class=2, noise=0.0)
    >>> x.round(1)
    array([[ 1. ,  0. ],
           [-1. ,  0. ],
           [ 0. ,  0.5],
           [ 2. ,  0.5]])
    """
    angle = np.linspace(0.0, np.pi, per_class)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.concatenate([upper, np.array([1.0, 0.5]) - upper])
    t = np.repeat([0, 1], per_class)
    return x + noise * rng.standard_normal(x.shape), t


def noisy_cubic(rng: np.random.Generator, n: int = 20, noise: float = 0.3) -> tuple[Array, Array]:
    """Points near the cubic t = x³ - x: x (n, 1), evenly from -1.5 to 1.5, and t (n, 1) with normal noise.

    >>> x, t = noisy_cubic(np.random.default_rng(0), n=3, noise=0.0)
    >>> t.ravel()
    array([-1.875,  0.   ,  1.875])
    """
    x = np.linspace(-1.5, 1.5, n)[:, np.newaxis]
    return x, x**3 - x + noise * rng.standard_normal(x.shape)
