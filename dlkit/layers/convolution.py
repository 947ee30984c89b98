"""Convolution over one, two or three spatial axes: one class, since the formula is one."""

from math import prod
from typing import ClassVar

import numpy as np

from dlkit.errors import expect, expect_dout
from dlkit.layers.base import Layer
from dlkit.layers.windows import PerAxis, met_by, output_size, pad, per_axis, unpad
from dlkit.typing import Array


class Convolution(Layer):
    r"""Convolution, as deep learning calls the cross-correlation, over the axes after (N, C).

    .. math:: y_{nfo} = b_f + \sum_c \sum_k W_{fck}\, \bar x_{n,c,\,so + dk}

    with output position o, tap k of the kernel, stride s, dilation d, and x padded with p zeros on
    each side; o and k have one component for each spatial axis.

    W: kernels, shape (F, C, K) for one spatial axis, (F, C, KH, KW) for two. b: biases, shape (F,).
    stride, padding, dilation: one number for all spatial axes, or a tuple of one for each.

    A tap of the kernel alone is a matrix (F, C) that maps the channels of every position; the
    convolution is the sum over the taps, and so are both passes here. After `backward`, `dW` and `db`
    hold the gradients.

    Source: Dumoulin and Visin, A Guide to Convolution Arithmetic for Deep Learning (2016).

    >>> difference = Convolution(W=np.array([[[-1.0, 1.0]]]), b=np.zeros(1))
    >>> difference.forward(np.array([[[1.0, 4.0, 9.0]]]))
    array([[[3., 5.]]])
    """

    param_names = ("W", "b")
    spatial_axes: ClassVar[int | None] = None  # any number of them; subclasses fix it

    def __init__(
        self, W: Array, b: Array, stride: PerAxis = 1, padding: PerAxis = 0, dilation: PerAxis = 1
    ) -> None:
        axes = W.ndim - 2 if self.spatial_axes is None else self.spatial_axes
        rule = f"{type(self).__name__} needs W (F, C, and {axes} kernel axes) and b (F,)"
        expect(W.ndim == axes + 2 and axes > 0 and b.shape == W.shape[:1], rule, W=W, b=b)
        self.W = W
        self.b = b
        self.stride = per_axis(stride, axes, "stride", least=1)
        self.padding = per_axis(padding, axes, "padding", least=0)
        self.dilation = per_axis(dilation, axes, "dilation", least=1)

    def forward(self, x: Array) -> Array:
        """Output, shape (N, F, OH, OW), for x of shape (N, C, H, W); likewise for other axes."""
        self.size = self._output_size(x)
        kernel = self.W.shape[2:]
        self.x = pad(x, self.padding)
        y = np.zeros((len(x), len(self.W), *self.size), np.result_type(x, self.W, self.b))
        for tap in np.ndindex(kernel):
            y += (self.W[..., *tap] @ self._met_by(tap)).reshape(y.shape)
        y += self.b.reshape(-1, *(1 for _ in kernel))
        return y

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape, for dout in the shape of y; sets dW and db."""
        shape = (len(self.x), len(self.W), *self.size)
        expect_dout(self, dout, shape)
        columns = dout.reshape(*shape[:2], prod(self.size))
        dx = np.zeros(self.x.shape, np.result_type(dout, self.W))
        self.dW = np.zeros(self.W.shape, np.result_type(dout, self.x))
        for tap in np.ndindex(self.W.shape[2:]):
            window = met_by(tap, self.size, self.stride, self.dilation)
            dx[window] += (self.W[..., *tap].T @ columns).reshape(dx[window].shape)
            self.dW[..., *tap] = (columns @ self._met_by(tap).swapaxes(1, 2)).sum(axis=0)
        self.db = columns.sum(axis=(0, 2))
        return unpad(dx, self.padding)

    def _output_size(self, x: Array) -> tuple[int, ...]:
        """Number of positions along each spatial axis, for an input of the right shape."""
        rule = f"{type(self).__name__} needs x (N, C, ...) with the C and the number of axes of W"
        expect(x.ndim == self.W.ndim and x.shape[1] == self.W.shape[1], rule, x=x, W=self.W)
        kernel = self.W.shape[2:]
        geometry = zip(x.shape[2:], kernel, self.stride, self.padding, self.dilation, strict=True)
        size = tuple(output_size(*axis) for axis in geometry)
        rule = f"The kernel must fit into the input with padding {self.padding} on each side"
        expect(min(size) > 0, rule, "A larger padding, or a smaller dilation?", x=x, W=self.W)
        return size

    def _met_by(self, tap: tuple[int, ...]) -> Array:
        """Entries of x that the tap meets, shape (N, C, positions)."""
        met: Array = self.x[met_by(tap, self.size, self.stride, self.dilation)]
        return met.reshape(*met.shape[:2], prod(self.size))


class Conv1D(Convolution):
    """Convolution over one axis: W (F, C, K), x (N, C, L). See `Convolution`.

    >>> Conv1D(W=np.ones((1, 1, 3)), b=np.zeros(1), padding=1).forward(np.array([[[1.0, 2.0, 4.0]]]))
    array([[[3., 7., 6.]]])
    """

    spatial_axes = 1


class Conv2D(Convolution):
    """Convolution over two axes: W (F, C, KH, KW), x (N, C, H, W). See `Convolution`.

    >>> layer = Conv2D(W=np.ones((1, 1, 2, 2)), b=np.zeros(1), stride=2)
    >>> layer.forward(np.arange(16.0).reshape(1, 1, 4, 4))
    array([[[[10., 18.],
             [42., 50.]]]])
    """

    spatial_axes = 2


class Conv3D(Convolution):
    """Convolution over three axes: W (F, C, KD, KH, KW), x (N, C, D, H, W). See `Convolution`.

    >>> layer = Conv3D(W=np.ones((4, 2, 3, 3, 3)), b=np.zeros(4), padding=1)
    >>> layer.forward(np.ones((5, 2, 6, 8, 8))).shape
    (5, 4, 6, 8, 8)
    """

    spatial_axes = 3
