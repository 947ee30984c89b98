"""Every trainable model, small, in float64, with an input."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlkit import models
from dlkit.models import Builder


@dataclass(frozen=True)
class Case:
    """A model, its input, and the shape of its output."""

    name: str
    model: Any
    x: np.ndarray
    shape: tuple[int, ...]

    def __str__(self) -> str:
        return self.name


def cases(dtype=np.float64, twins=None) -> list[Case]:
    """Models with weights of that dtype, and inputs; twins: see `Builder`."""
    rng = np.random.default_rng(5)
    build = Builder(rng, dtype, twins)

    def r(*shape):
        return rng.standard_normal(shape).astype(dtype)

    ids = np.array([[2, 3, 1, 0, 0], [4, 2, 5, 3, 1], [1, 0, 0, 0, 0]])
    layers = build.layers
    return [
        Case("MLP", models.MLP([4, 6, 5, 3], build), r(5, 4), (5, 3)),
        Case("MLP with all", models.MLP([4, 6, 3], build, layers.Tanh, batch_norm=True, dropout=0.3),
             r(5, 4), (5, 3)),
        Case("SimpleConvNet", models.SimpleConvNet(build, (2, 8, 12), 3, (3, 4), hidden=5),
             r(3, 2, 8, 12), (3, 3)),
        Case("ResNet", models.ResNet(build, (2, 4, 6), 3, widths=(3, 4), blocks=2), r(3, 2, 4, 6), (3, 3)),
        Case("ResNet, plain", models.ResNet(build, (2, 4, 6), 3, widths=(3, 4), blocks=1, shortcuts=False),
             r(3, 2, 4, 6), (3, 3)),
        Case("SRCNN", models.SRCNN(build, 2, filters=(3, 4), kernels=(5, 1, 3)), r(2, 2, 6, 7), (2, 2, 6, 7)),
        Case("SRGenerator", models.SRGenerator(build, 2, r=4, width=3, blocks=1), r(2, 2, 3, 2), (2, 2, 12, 8)),
        Case("SRDiscriminator", models.SRDiscriminator(build, (2, 4, 8), width=2, doublings=2, hidden=5),
             r(3, 2, 4, 8), (3, 1)),
        Case("SentimentLSTM", models.SentimentLSTM(build, V=6, D=4, H=3), ids, (3, 1)),
        Case("SentimentConv1D", models.SentimentConv1D(build, V=6, T=5, D=4, F=3, kernel=2), ids, (3, 1)),
        Case("CharRNN", models.CharRNN(build, V=6, D=4, H=3), ids, (3, 5, 6)),
        Case("Transformer", models.Transformer(build, V=6, D=8, heads=2, blocks=2), ids, (3, 5, 6)),
        Case("mlp_generator", models.mlp_generator(build, Z=3, H=4, D=5), r(4, 3), (4, 5)),
        Case("mlp_discriminator", models.mlp_discriminator(build, D=5, H=4), r(4, 5), (4, 1)),
    ]  # fmt: skip
