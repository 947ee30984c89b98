"""VGG16, the whole architecture."""

from collections.abc import Iterator
from typing import Any

from dlkit.errors import ArgumentError
from dlkit.layers import Sequential
from dlkit.models.build import Builder
from dlkit.typing import Array

# How many convolutions each block has, and of how many channels.
BLOCKS = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))


class VGG16(Sequential):
    """VGG16: 13 convolutions of 3 x 3 in five blocks, each ended by max pooling, then 3 affine layers.

    Input: pictures (N, 3, 224, 224); output: scores (N, classes). 138,357,544 parameters for 1,000
    classes, 553 MB in float32; 124 million of them belong to the affine layers.

    build: see `Builder`; use float32. size: of the square pictures; smaller ones, a multiple of 32, make
    a smaller first affine layer.

    No weights come with dlkit. Weights from elsewhere are loaded with `dlkit.train.load` from an .npz file
    whose names are ``params/conv1_1.W``, ``params/conv1_1.b``, …, ``params/fc8.b``, in the shapes that
    `table` lists. From PyTorch, kernels are taken as they are, and the weights of affine layers are
    transposed.

    Source: Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition
    (2015), table 1, configuration D.

    >>> import numpy as np
    >>> model = VGG16(Builder(np.random.default_rng(0), np.float32), classes=10, size=32)
    >>> model.table()[1]
    ('conv1_2', (64, 64, 3, 3), 36928)
    """

    def __init__(self, build: Builder, classes: int = 1000, size: int = 224) -> None:
        shrinking = 2 ** len(BLOCKS)
        if size < shrinking or size % shrinking:
            raise ArgumentError(
                f"VGG16 halves the picture {len(BLOCKS)} times and needs a size divisible by {shrinking}; "
                f"got {size}."
            )
        of = build.layers
        named: dict[str, Any] = {}
        C = 3
        for block, (convolutions, F) in enumerate(BLOCKS, start=1):
            for i in range(1, convolutions + 1):
                named[f"conv{block}_{i}"] = build.conv2d(C, F, 3, padding=1)
                named[f"relu{block}_{i}"] = of.ReLU()
                C = F
            named[f"pool{block}"] = of.MaxPool2D(2)
        named["flatten"] = of.Flatten()
        D, H = C * (size // shrinking) ** 2, 4096
        for i in (6, 7):
            named[f"fc{i}"] = build.affine(D, H)
            named[f"relu{i}"] = of.ReLU()
            named[f"drop{i}"] = of.Dropout(0.5, build.rng)
            D = H
        named["fc8"] = build.affine(D, classes)
        super().__init__(*named.values())
        self.named = named

    @property
    def parts(self) -> dict[str, Any]:
        """Layers by the names of the paper's table."""
        return self.named

    def activations(self, x: Array) -> Iterator[tuple[str, Array]]:
        """Name and output of each layer, outside training, for pictures x (N, 3, size, size)."""
        for name, layer in self.named.items():
            x = Sequential(layer).forward(x, training=False)
            yield name, x

    def table(self) -> list[tuple[str, tuple[int, ...], int]]:
        """Rows of layers that have parameters: name, shape of W, number of parameters with the biases."""
        weighted = {name: layer for name, layer in self.named.items() if layer.params}
        return [
            (name, layer.W.shape, layer.W.size + layer.b.size) for name, layer in weighted.items()
        ]
