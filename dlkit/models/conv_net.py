"""A small convolutional network."""

from collections.abc import Sequence
from typing import Any

from dlkit.layers import Sequential
from dlkit.models.build import Builder


class SimpleConvNet(Sequential):
    """Convolutions of 3 x 3 with ReLU, each followed by max pooling that halves the picture; two affine layers.

    build: see `Builder`. shape: of a picture, (C, H, W). filters: channels after each convolution.
    hidden: units of the hidden affine layer. dropout: rate before each affine layer.

    Source: LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition
    (1998), with today's activation and pooling.

    >>> import numpy as np
    >>> model = SimpleConvNet(Builder(np.random.default_rng(0)), shape=(1, 28, 28))
    >>> model.forward(np.zeros((2, 1, 28, 28)), training=False).shape
    (2, 10)
    """

    def __init__(
        self,
        build: Builder,
        shape: tuple[int, int, int],
        classes: int = 10,
        filters: Sequence[int] = (16, 32),
        hidden: int = 128,
        dropout: float = 0.25,
    ) -> None:
        C, height, width = shape
        of = build.layers
        layers: list[Any] = []
        for F in filters:
            layers += [build.conv2d(C, F, 3, padding=1), of.ReLU(), of.MaxPool2D(2)]
            C, height, width = F, height // 2, width // 2
        super().__init__(
            *layers,
            of.Flatten(),
            of.Dropout(dropout, build.rng),
            build.affine(C * height * width, hidden),
            of.ReLU(),
            of.Dropout(dropout, build.rng),
            build.affine(hidden, classes),
        )
