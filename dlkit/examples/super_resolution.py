"""What the two examples on super-resolution share: photographs of which the lower half trains and the
upper half tests, and bicubic interpolation, which both models start from."""

import numpy as np

from dlkit import plot
from dlkit.data import luminance, patches, pictures, resize
from dlkit.errors import expect_dout
from dlkit.layers import Layer, Residual
from dlkit.typing import Array


class Enlarge(Layer):
    """Bicubic interpolation as a layer: pictures (N, C, H, W) become larger by the factor.

    >>> Enlarge(2).forward(np.ones((1, 1, 2, 3))).shape
    (1, 1, 4, 6)
    """

    def __init__(self, factor: int) -> None:
        self.factor = factor

    def forward(self, x: Array) -> Array:
        """Output of shape (N, C, factor H, factor W)."""
        self.shape = x.shape
        return enlarge(x, self.factor)

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x: interpolation is linear, so the transposed matrices do it."""
        n, c, height, width = self.shape
        expect_dout(self, dout, (n, c, self.factor * height, self.factor * width))
        rows = resize(np.eye(height, dtype=dout.dtype), self.factor * height, height)
        columns = resize(np.eye(width, dtype=dout.dtype), self.factor * width, width)
        return rows.T @ dout @ columns


def from_bicubic(model: Layer, shortcut: Layer | None = None) -> Residual:
    """Let a model learn only what bicubic interpolation lacks, which takes far fewer steps.

    The output is that of the model plus that of the shortcut. The weights of the last convolution are
    made small, so that training begins with hardly more than the interpolation.

    Source: Kim, Lee and Lee, Accurate Image Super-Resolution Using Very Deep Convolutional Networks (2016).
    """
    last = [name for name in model.params if name.endswith("W")][-1]
    model.params[last][...] *= 0.01
    return Residual(model, shortcut)


def photographs(grey: bool) -> dict[str, tuple[Array, Array]]:
    """Lower and upper part of each photograph, (C, 219, 640) and (C, 208, 640), float32."""
    found = {}
    for name, picture in pictures(np.float32).items():
        coloured = luminance(picture) if grey else picture
        found[name] = (coloured[:, 208:], coloured[:, :208])
    return found


def training_patches(parts: dict[str, tuple[Array, Array]], size: int, stride: int) -> Array:
    """Patches (N, C, size, size) of the lower parts of all photographs."""
    return np.concatenate([patches(lower, size, stride) for lower, _ in parts.values()])


def shrink(x: Array, factor: int) -> Array:
    """Pictures smaller by that factor, (..., H / factor, W / factor)."""
    return resize(x, x.shape[-2] // factor, x.shape[-1] // factor)


def enlarge(x: Array, factor: int) -> Array:
    """Pictures larger by that factor, by bicubic interpolation alone."""
    return resize(x, x.shape[-2] * factor, x.shape[-1] * factor)


def draw(axes: Array, shown: dict[str, Array], size: int = 96) -> None:
    """Draw the middle of each picture, larger, under its title."""
    for ax, (title, picture) in zip(axes, shown.items(), strict=True):
        top, left = (picture.shape[1] - size) // 2, (picture.shape[2] - size) // 2
        middle = picture[np.newaxis, :, top : top + size, left : left + size]
        coloured = np.broadcast_to(middle, (1, 3, size, size))  # grey too: one scale for all
        plot.pictures(ax, coloured, columns=1).set_title(title)
