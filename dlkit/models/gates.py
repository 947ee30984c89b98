"""Logic gates as neurons: a weighted sum, a bias, a step. The weights are chosen by hand.

Source: McCulloch and Pitts, A Logical Calculus of the Ideas Immanent in Nervous Activity (1943).
"""

import numpy as np
import numpy.typing as npt

from dlkit.typing import Array


def neuron(x: npt.ArrayLike, w: npt.ArrayLike, b: float) -> Array:
    """Output 1 where w · x + b > 0, else 0, shape (...), for inputs x (..., D) and weights w (D,).

    >>> neuron([[1, 0], [0, 1]], w=[2.0, -1.0], b=-0.5)
    array([1, 0])
    """
    return np.where(np.asarray(x) @ np.asarray(w) + b > 0, 1, 0)


def AND(x: npt.ArrayLike) -> Array:  # noqa: N802  gates are written in capitals
    """1 where both inputs of x (..., 2) are 1.

    >>> AND([[0, 0], [0, 1], [1, 0], [1, 1]])
    array([0, 0, 0, 1])
    """
    return neuron(x, w=[0.5, 0.5], b=-0.75)


def NAND(x: npt.ArrayLike) -> Array:  # noqa: N802
    """0 where both inputs of x (..., 2) are 1: AND with all signs turned.

    >>> NAND([[0, 0], [0, 1], [1, 0], [1, 1]])
    array([1, 1, 1, 0])
    """
    return neuron(x, w=[-0.5, -0.5], b=0.75)


def OR(x: npt.ArrayLike) -> Array:  # noqa: N802
    """1 where at least one input of x (..., 2) is 1.

    >>> OR([[0, 0], [0, 1], [1, 0], [1, 1]])
    array([0, 1, 1, 1])
    """
    return neuron(x, w=[0.5, 0.5], b=-0.25)


def XOR(x: npt.ArrayLike) -> Array:  # noqa: N802
    """1 where exactly one input of x (..., 2) is 1: two layers of neurons, since one line cannot do it.

    >>> XOR([[0, 0], [0, 1], [1, 0], [1, 1]])
    array([0, 1, 1, 0])
    """
    hidden = np.stack([NAND(x), OR(x)], axis=-1)
    return AND(hidden)
