"""Convolution as matrix products on long contiguous runs.

The rows of a padded image are laid one after the other. A tap (i, j) of the kernel then meets, for output
position o of that line, entry ``o + i * Wp + j``, Wp the width with padding: a shift. So the columns that
im2col gathers are copies of contiguous runs, one image at a time into one small buffer that stays in the
cache, and there is no column matrix of the whole batch. Positions that straddle two rows are computed too
and thrown away: K - 1 in every row.

The gradient of the input is again such a convolution: of dout, with the kernel turned by 180 degrees.

Where it multiplies less, `dlkit.fast.winograd` takes the place of all this.

Source of im2col: Chellapilla, Puri and Simard, High Performance Convolutional Neural Networks for Document
Processing (2006).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlkit import layers
from dlkit.errors import expect_dout
from dlkit.fast import winograd
from dlkit.layers.windows import PerAxis
from dlkit.typing import Array


class Conv2D(layers.Conv2D):
    """`dlkit.layers.Conv2D`, several times faster where stride and dilation are 1.

    Other strides and dilations, and paddings of the kernel's size or more, are computed as there.
    input_gradient: False for the first layer of a network: `backward` then returns None.

    >>> layer = Conv2D(W=np.ones((1, 1, 2, 2)), b=np.zeros(1))
    >>> layer.forward(np.arange(9.0).reshape(1, 1, 3, 3))
    array([[[[ 8., 12.],
             [20., 24.]]]])
    """

    def __init__(
        self,
        W: Array,
        b: Array,
        stride: PerAxis = 1,
        padding: PerAxis = 0,
        dilation: PerAxis = 1,
        input_gradient: bool = True,
    ) -> None:
        super().__init__(W, b, stride, padding, dilation)
        self.input_gradient = input_gradient
        fits = all(p < k for p, k in zip(self.padding, W.shape[2:], strict=True))
        self._is_plain = fits and {*self.stride, *self.dilation} == {1}

    def forward(self, x: Array) -> Array:
        """See `dlkit.layers.Conv2D.forward`."""
        if not self._is_plain:
            return super().forward(x)
        self.size = self._output_size(x)
        self.x = x
        dtype = np.result_type(x, self.W, self.b)
        pays = winograd.pays(x.shape, self.W.shape, self.size)
        self._by_winograd = pays and np.issubdtype(dtype, np.inexact)
        if self._by_winograd:
            out, self._bands = winograd.forward(x, self.W, self.b, self.padding, dtype)
            return out
        return correlate(x, self.W, self.padding, dtype) + self.b[:, np.newaxis, np.newaxis]

    def backward(self, dout: Array) -> Any:
        """See `dlkit.layers.Conv2D.backward`; None without `input_gradient`."""
        if not self._is_plain:
            return super().backward(dout)
        expect_dout(self, dout, (len(self.x), len(self.W), *self.size))
        self.db = dout.sum(axis=(0, 2, 3))
        if self._by_winograd:
            self.dW, dx = winograd.backward(
                self.x, self.W, dout, self.padding, self.input_gradient, self._bands
            )
            return dx
        self.dW = weight_gradient(self.x, dout, self.W.shape, self.padding)
        if not self.input_gradient:
            return None
        turned = self.W[:, :, ::-1, ::-1].swapaxes(0, 1)
        around = [k - 1 - p for k, p in zip(self.W.shape[2:], self.padding, strict=True)]
        return correlate(dout, turned, around, np.result_type(dout, self.W))


def correlate(x: Array, W: Array, padding: Any, dtype: Any) -> Array:
    """Cross-correlation, shape (N, F, OH, OW), of x (N, C, H, W) with kernels (F, C, KH, KW)."""
    F, _, KH, KW = W.shape
    N, _, H, width = x.shape
    OH, OW = H + 2 * padding[0] - KH + 1, width + 2 * padding[1] - KW + 1
    lines = np.empty((N, F, OH, width + 2 * padding[1]), dtype)
    weights = np.ascontiguousarray(W.reshape(F, -1), dtype)
    for columns, line in zip(runs(x, (KH, KW), padding, dtype), lines, strict=True):
        np.dot(weights, columns, out=line.reshape(F, -1))
    return lines[..., :OW]


def weight_gradient(x: Array, dout: Array, shape: tuple[int, ...], padding: Any) -> Array:
    """Gradient with respect to the kernels, in their shape (F, C, KH, KW)."""
    dtype = np.result_type(x, dout)
    N, F, OH, OW = dout.shape
    lines = np.zeros((N, F, OH, x.shape[3] + 2 * padding[1]), dtype)  # 0 where a run straddles rows
    lines[..., :OW] = dout
    dW = np.zeros((F, int(np.prod(shape[1:]))), dtype)
    for columns, line in zip(runs(x, shape[2:], padding, dtype), lines, strict=True):
        dW += line.reshape(F, -1) @ columns.T
    return dW.reshape(shape)


def runs(x: Array, kernel: Any, padding: Any, dtype: Any) -> Iterator[Array]:
    """For each image, what every tap meets at every position: (C KH KW, OH Wp), in one buffer for all."""
    N, C, H, width = x.shape
    (KH, KW), (ph, pw) = kernel, padding
    Hp, Wp = H + 2 * ph, width + 2 * pw
    length = (Hp - KH + 1) * Wp
    image = np.zeros((C, Hp * Wp + KW - 1), dtype)  # the last tap's run ends beyond the last row
    inside = image[:, : Hp * Wp].reshape(C, Hp, Wp)[:, ph : ph + H, pw : pw + width]
    channel, step = image.strides
    taps = as_strided(image, (C, KH, KW, length), (channel, Wp * step, step, step))
    columns = np.empty((C, KH, KW, length), dtype)
    for n in range(N):
        inside[...] = x[n]
        np.copyto(columns, taps)
        yield columns.reshape(C * KH * KW, length)
