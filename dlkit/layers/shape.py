"""Layers that only move entries to other places."""

from math import prod

from dlkit.errors import ArgumentError, expect, expect_dout
from dlkit.layers.base import Layer
from dlkit.typing import Array


class Flatten(Layer):
    """All axes after the first in one: x (N, ...) becomes (N, D).

    >>> import numpy as np
    >>> Flatten().forward(np.zeros((5, 3, 2, 2))).shape
    (5, 12)
    """

    def forward(self, x: Array) -> Array:
        """Output of shape (N, D), D the product of the sizes of the other axes."""
        expect(x.ndim > 0, "Flatten needs x (N, ...)", x=x)
        self.shape = x.shape
        return x.reshape(len(x), prod(x.shape[1:]))

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape, for dout of shape (N, D)."""
        expect_dout(self, dout, (self.shape[0], prod(self.shape[1:])))
        return dout.reshape(self.shape)


class PixelShuffle(Layer):
    r"""Channels to pixels: x (N, C r², H, W) becomes y (N, C, rH, rW), a picture r times larger.

    .. math:: y_{n,\,c,\,rh + i,\,rw + j} = x_{n,\,cr^2 + ir + j,\,h,\,w}

    Source: Shi et al., Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
    Convolutional Neural Network (2016).

    >>> import numpy as np
    >>> PixelShuffle(2).forward(np.arange(4.0).reshape(1, 4, 1, 1))
    array([[[[0., 1.],
             [2., 3.]]]])
    """

    def __init__(self, r: int) -> None:
        if r < 1:
            raise ArgumentError(f"PixelShuffle needs a factor r of at least 1; got {r}.")
        self.r = r

    def forward(self, x: Array) -> Array:
        """Output, shape (N, C, rH, rW), for x of shape (N, C r², H, W)."""
        r = self.r
        rule = f"PixelShuffle needs x (N, C, H, W) with a multiple of r² = {r * r} channels"
        expect(x.ndim == 4 and x.shape[1] % r**2 == 0, rule, x=x)
        n, c, h, w = x.shape[0], x.shape[1] // r**2, x.shape[2], x.shape[3]
        self.shape = (n, c, r * h, r * w)
        return x.reshape(n, c, r, r, h, w).transpose(0, 1, 4, 2, 5, 3).reshape(self.shape)

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, shape (N, C r², H, W), for dout of shape (N, C, rH, rW)."""
        r, (n, c, rh, rw) = self.r, self.shape
        expect_dout(self, dout, self.shape)
        blocks = dout.reshape(n, c, rh // r, r, rw // r, r).transpose(0, 1, 3, 5, 2, 4)
        return blocks.reshape(n, c * r * r, rh // r, rw // r)
