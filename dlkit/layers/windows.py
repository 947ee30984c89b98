"""Geometry of a window that slides over the spatial axes of an input (N, C, ...).

A window has taps: a kernel of 3 x 3 has nine. At output position o, tap k of an axis meets entry
``stride * o + dilation * k`` of the padded input.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from dlkit.errors import ArgumentError
from dlkit.typing import Array

PerAxis: TypeAlias = int | Sequence[int]  # one number for all spatial axes, or one for each


def per_axis(value: PerAxis, axes: int, name: str, least: int) -> tuple[int, ...]:
    """Return one whole number, at least `least`, for each spatial axis; arrays of numbers do as well.

    >>> per_axis(2, axes=3, name="stride", least=1)
    (2, 2, 2)
    >>> per_axis(np.array([2, 1]), axes=2, name="stride", least=1)
    (2, 1)
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    numbers = tuple(value) if isinstance(value, Sequence) else (value,) * axes
    whole = all(isinstance(n, int | np.integer) and n >= least for n in numbers)
    if len(numbers) != axes or not whole:
        expected = f"a whole number of at least {least}, or a tuple of {axes} of them"
        raise ArgumentError(f"{name} is {expected}; got {value!r}.")
    return tuple(int(n) for n in numbers)


def output_size(n: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    r"""Return the number of positions, :math:`\lfloor (n + 2p - d(k - 1) - 1) / s \rfloor + 1`.

    It is 0 or less where the window does not fit into the padded input.

    Source: Dumoulin and Visin, A Guide to Convolution Arithmetic for Deep Learning (2016), section 5.1.

    >>> output_size(28, kernel=3, stride=2, padding=1)
    14
    """
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def pad(x: Array, padding: Sequence[int], value: float = 0.0) -> Array:
    """Return x with `padding[i]` entries of that value before and after spatial axis i."""
    return np.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)], constant_values=value)


def unpad(x: Array, padding: Sequence[int]) -> Array:
    """Return x without the entries that `pad` added."""
    inner = [slice(p, n - p) for p, n in zip(padding, x.shape[2:], strict=True)]
    return x[:, :, *inner]


def met_by(
    tap: Sequence[int], size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> Any:
    """Index of the entries of the padded input that one tap meets, over `size` output positions.

    >>> np.arange(10)[met_by(tap=(1,), size=(3,), stride=(3,), dilation=(2,))]
    array([2, 5, 8])
    """
    axes = zip(tap, size, stride, dilation, strict=True)
    return (..., *(slice(d * k, d * k + s * n, s) for k, n, s, d in axes))
