"""Residual networks: blocks with a shortcut around them."""

from collections.abc import Sequence
from typing import Any

from dlkit.errors import ArgumentError
from dlkit.layers import Sequential
from dlkit.models.build import Builder


class ResNet(Sequential):
    """Residual network: stages of blocks; each stage after the first halves the picture.

    A block is convolution, batch normalization, ReLU, convolution, batch normalization, plus its input,
    then ReLU. Where a block changes the shape, its shortcut is a convolution of 1 x 1 with batch
    normalization.

    build: see `Builder`. shape: of a picture, (C, H, W), H and W divisible by 2 for each halving. widths:
    channels of each stage. blocks: in each stage. shortcuts: False leaves them out, for comparison: a
    "plain" network of the same depth.

    The number of layers with weights on the longest path is 2 · blocks · stages + 2.

    Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition (2016), section 4.2.

    >>> import numpy as np
    >>> model = ResNet(Builder(np.random.default_rng(0)), shape=(1, 8, 8), widths=(4, 8), blocks=1)
    >>> model.forward(np.zeros((2, 1, 8, 8)), training=False).shape
    (2, 10)
    """

    def __init__(
        self,
        build: Builder,
        shape: tuple[int, int, int],
        classes: int = 10,
        widths: Sequence[int] = (16, 32, 64),
        blocks: int = 3,
        shortcuts: bool = True,
    ) -> None:
        channels, height, width = shape
        halvings = 2 ** (len(widths) - 1)
        if height % halvings or width % halvings:
            raise ArgumentError(
                f"ResNet with {len(widths)} widths needs H and W divisible by {halvings}; got "
                f"{height} x {width}. Pad the pictures, or give fewer widths?"
            )
        of = build.layers
        F = widths[0]
        layers: list[Any] = [
            build.conv2d(channels, F, 3, padding=1),
            build.batch_norm(F),
            of.ReLU(),
        ]
        for stage, H in enumerate(widths):
            for i in range(blocks):
                stride = 2 if stage > 0 and i == 0 else 1
                layers += [block(build, F, H, stride, shortcuts), of.ReLU()]
                F = H
        mean = of.AvgPool2D((height // halvings, width // halvings))
        super().__init__(*layers, mean, of.Flatten(), build.affine(F, classes))


def block(build: Builder, C: int, F: int, stride: int, shortcut: bool = True) -> Any:
    """Two convolutions from C to F channels, with a shortcut around them unless told otherwise.

    >>> import numpy as np
    >>> layer = block(Builder(np.random.default_rng(0)), C=2, F=4, stride=2)
    >>> layer.forward(np.zeros((3, 2, 8, 8)), training=False).shape
    (3, 4, 4, 4)
    """
    of = build.layers
    body = Sequential(
        build.conv2d(C, F, 3, stride=stride, padding=1),
        build.batch_norm(F),
        of.ReLU(),
        build.conv2d(F, F, 3, padding=1),
        build.batch_norm(F),
    )
    if not shortcut:
        return body
    if stride == 1 and C == F:
        return of.Residual(body)
    return of.Residual(body, Sequential(build.conv2d(C, F, 1, stride=stride), build.batch_norm(F)))
