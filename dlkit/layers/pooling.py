"""Pooling: the largest, or the mean, of the entries in a window, in each channel by itself."""

from math import prod
from typing import Any, ClassVar

import numpy as np

from dlkit.errors import ArgumentError, expect, expect_dout
from dlkit.functions import as_float
from dlkit.layers.base import Layer
from dlkit.layers.windows import PerAxis, met_by, output_size, pad, per_axis, unpad
from dlkit.typing import Array


class Pooling(Layer):
    """Base of the pooling layers: the window and its positions.

    size: of the window, a tuple of one number for each spatial axis; where the class fixes how many
    there are, one number for all of them too. stride: the size unless given, so that windows do not
    overlap. padding: less than the size.
    """

    spatial_axes: ClassVar[int | None] = None  # as many as size has; subclasses fix it

    def __init__(self, size: PerAxis, stride: PerAxis | None = None, padding: PerAxis = 0) -> None:
        axes = self.spatial_axes or np.size(size)
        self.size = per_axis(size, axes, "size", least=1)
        self.stride = per_axis(size if stride is None else stride, axes, "stride", least=1)
        self.padding = per_axis(padding, axes, "padding", least=0)
        if any(p >= k for p, k in zip(self.padding, self.size, strict=True)):
            rule = f"padding is less than the size {self.size}, or windows would hold padding alone"
            raise ArgumentError(f"{rule}; got {self.padding}.")

    def _padded(self, x: Array, value: float) -> Array:
        """Input with padding of that value; keeps its shape and the number of positions."""
        axes = len(self.size)
        rule = f"{type(self).__name__} needs x (N, C, ...) with {axes} spatial axes"
        expect(x.ndim == 2 + axes, rule, x=x)
        geometry = zip(x.shape[2:], self.size, self.stride, self.padding, strict=True)
        self.positions = tuple(output_size(*axis) for axis in geometry)
        rule = f"The window {self.size} must fit into the input with padding {self.padding}"
        expect(min(self.positions) > 0, rule, x=x)
        padded = pad(as_float(x), self.padding, value)
        self.shape = padded.shape
        return padded

    def _met_by(self, tap: tuple[int, ...]) -> Any:
        """Index of the entries of the padded input that one tap of the window meets."""
        return met_by(tap, self.positions, self.stride, dilation=(1,) * len(self.size))


class MaxPool(Pooling):
    """Largest entry of each window; of equal ones the first, row by row, gets the gradient.

    Padding is minus infinity: it never wins.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.3.

    >>> MaxPool((2,)).forward(np.array([[[1.0, 3.0, 5.0, 4.0]]]))
    array([[[3., 5.]]])
    """

    def forward(self, x: Array) -> Array:
        """Output, shape (N, C, OH, OW), for x of shape (N, C, H, W); likewise for one axis."""
        padded = self._padded(x, -np.inf)
        taps = np.stack([padded[self._met_by(tap)] for tap in np.ndindex(self.size)])
        self.winner = taps.real.argmax(axis=0)
        y: Array = np.take_along_axis(taps, self.winner[np.newaxis], axis=0)[0]
        return y

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape, for dout in the shape of the output."""
        expect_dout(self, dout, self.winner.shape)
        dx = np.zeros(self.shape, np.result_type(dout, 0.0))
        for k, tap in enumerate(np.ndindex(self.size)):
            dx[self._met_by(tap)] += np.where(self.winner == k, dout, 0.0)
        return unpad(dx, self.padding)


class AvgPool(Pooling):
    """Mean of each window; padding is zeros, and they count in the mean.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.3.

    >>> AvgPool((2,)).forward(np.array([[[1.0, 3.0, 5.0, 4.0]]]))
    array([[[2. , 4.5]]])
    """

    def forward(self, x: Array) -> Array:
        """Output, shape (N, C, OH, OW), for x of shape (N, C, H, W); likewise for one axis."""
        padded = self._padded(x, 0.0)
        taps = np.stack([padded[self._met_by(tap)] for tap in np.ndindex(self.size)])
        y: Array = taps.sum(axis=0) / len(taps)
        return y

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape, for dout in the shape of the output."""
        expect_dout(self, dout, (*self.shape[:2], *self.positions))
        dx = np.zeros(self.shape, np.result_type(dout, 0.0))
        for tap in np.ndindex(self.size):
            dx[self._met_by(tap)] += dout / prod(self.size)
        return unpad(dx, self.padding)


class MaxPool1D(MaxPool):
    """`MaxPool` over one axis, x (N, C, L).

    >>> MaxPool1D(2).forward(np.array([[[1.0, 3.0, 5.0, 4.0]]]))
    array([[[3., 5.]]])
    """

    spatial_axes = 1


class MaxPool2D(MaxPool):
    """`MaxPool` over two axes, x (N, C, H, W).

    >>> MaxPool2D(2).forward(np.array([[[[0.0, 1.0, 2.0, 3.0], [2.0, 3.0, 4.0, 5.0]]]]))
    array([[[[3., 5.]]]])
    """

    spatial_axes = 2


class AvgPool1D(AvgPool):
    """`AvgPool` over one axis, x (N, C, L).

    >>> AvgPool1D(2).forward(np.array([[[1.0, 3.0, 5.0, 4.0]]]))
    array([[[2. , 4.5]]])
    """

    spatial_axes = 1


class AvgPool2D(AvgPool):
    """`AvgPool` over two axes, x (N, C, H, W).

    >>> AvgPool2D(2).forward(np.array([[[[0.0, 1.0, 2.0, 3.0], [2.0, 3.0, 4.0, 5.0]]]]))
    array([[[[1.5, 3.5]]]])
    """

    spatial_axes = 2
