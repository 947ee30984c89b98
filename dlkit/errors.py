"""Errors of dlkit: each states the rule, the values received, and what to do next.

DlkitError
├── ShapeError (also a ValueError)     shapes that do not fit together
├── ArgumentError (also a ValueError)  a value outside its range
└── MissingDataError                   a data set whose carrier package is not installed
"""

from typing import Any

import numpy as np


class DlkitError(Exception):
    """Base of every error that dlkit raises on purpose."""


class ShapeError(DlkitError, ValueError):
    """Shapes that do not fit together."""


class ArgumentError(DlkitError, ValueError):
    """A value outside its range, such as a label beyond the number of classes."""


class MissingDataError(DlkitError):
    """A data set whose carrier package is not installed."""


def expect(condition: bool, rule: str, hint: str = "", **arrays: Any) -> None:
    """Raise `ShapeError` unless the condition holds.

    The message states the rule, the shape of each array given by name, and the hint.

    >>> expect(3 == 2, "Affine needs x.shape[-1] == W.shape[0]", "Transpose W?",
    ...        x=np.zeros((5, 3)), W=np.zeros((2, 3)))
    Traceback (most recent call last):
    dlkit.errors.ShapeError: Affine needs x.shape[-1] == W.shape[0]; got x (5, 3), W (2, 3). Transpose W?
    """
    if not condition:
        got = ", ".join(f"{name} {np.shape(array)}" for name, array in arrays.items())
        raise ShapeError(f"{rule}; got {got}.{' ' + hint if hint else ''}")


def expect_dout(layer: object, dout: Any, shape: tuple[int, ...]) -> None:
    """Raise `ShapeError` unless what `backward` of a layer received has the shape of the output.

    >>> expect_dout(layer="x", dout=np.zeros((3, 2)), shape=(2, 3))
    Traceback (most recent call last):
    dlkit.errors.ShapeError: str.backward needs dout in the shape of the output, (2, 3); got dout (3, 2).
    """
    rule = f"{type(layer).__name__}.backward needs dout in the shape of the output, {tuple(shape)}"
    expect(np.shape(dout) == tuple(shape), rule, dout=dout)
