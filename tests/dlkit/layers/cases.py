"""Layers with inputs of odd shapes: every size differs from every other where it may."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlkit import layers


@dataclass(frozen=True)
class Case:
    """A layer, its inputs, and what it promises.

    independent: each sample of the batch has an output of its own, whatever the others are.
    """

    name: str
    layer: Any
    inputs: tuple[np.ndarray, ...]
    independent: bool = True

    def __str__(self) -> str:
        return self.name


def cases(seed: int = 0) -> list[Case]:
    """Every layer of the families tested together, with float64 weights and inputs."""
    r = np.random.default_rng(seed).standard_normal
    x = r((5, 3))
    body = layers.Sequential(
        layers.Affine(r((3, 4)), r(4)), layers.Tanh(), layers.Affine(r((4, 3)), r(3))
    )
    return [
        Case("Add", layers.Add(), (x, r((5, 3)))),
        Case("Multiply", layers.Multiply(), (x, r((5, 3)))),
        Case("MatMul", layers.MatMul(r((3, 4))), (x,)),
        Case("MatMul over time", layers.MatMul(r((3, 4))), (r((2, 5, 3)),)),
        Case("Affine", layers.Affine(r((3, 4)), r(4)), (x,)),
        Case("Affine over time", layers.Affine(r((3, 4)), r(4)), (r((2, 5, 3)),)),
        Case("ReLU", layers.ReLU(), (x,)),
        Case("LeakyReLU", layers.LeakyReLU(slope=0.1), (x,)),
        Case("Sigmoid", layers.Sigmoid(), (x,)),
        Case("Tanh", layers.Tanh(), (x,)),
        Case("GELU", layers.GELU(), (x,)),
        Case("Softmax", layers.Softmax(), (x,)),
        Case("Softmax along axis 1 of 3", layers.Softmax(axis=1), (r((2, 5, 3)),)),
        Case(
            "SoftmaxWithLoss, labels",
            layers.SoftmaxWithLoss(),
            (x, np.array([2, 0, 1, 2, 0])),
            False,
        ),
        Case(
            "SoftmaxWithLoss, one-hot",
            layers.SoftmaxWithLoss(),
            (x, np.eye(3)[[2, 0, 1, 2, 0]]),
            False,
        ),
        Case(
            "SigmoidWithLoss", layers.SigmoidWithLoss(), (x, (r((5, 3)) > 0).astype(float)), False
        ),
        Case(
            "SigmoidWithLoss, one score",
            layers.SigmoidWithLoss(),
            (r(5), np.array([0, 1, 1, 0, 1])),
            False,
        ),
        Case("MeanSquaredError", layers.MeanSquaredError(), (x, r((5, 3))), False),
        Case("BatchNorm, features", layers.BatchNorm(r(3), r(3)), (x,), False),
        Case("BatchNorm, pictures", layers.BatchNorm(r(3), r(3)), (r((2, 3, 4, 5)),), False),
        Case("LayerNorm", layers.LayerNorm(r(4), r(4)), (r((2, 3, 4)),)),
        Case(
            "Dropout", layers.Dropout(rate=0.3, rng=np.random.default_rng(1)), (r((5, 7)),), False
        ),
        Case("Conv1D", layers.Conv1D(r((4, 3, 2)), r(4), stride=3, padding=1), (r((2, 3, 8)),)),
        Case(
            "Conv2D",
            layers.Conv2D(r((4, 3, 3, 2)), r(4), stride=(2, 3), padding=(1, 0), dilation=(2, 1)),
            (r((2, 3, 7, 9)),),
        ),
        Case("Conv3D", layers.Conv3D(r((3, 2, 1, 3, 2)), r(3), padding=1), (r((2, 2, 2, 4, 3)),)),
        Case("MaxPool1D", layers.MaxPool1D(3, stride=2, padding=1), (r((2, 3, 8)),)),
        Case(
            "MaxPool2D", layers.MaxPool2D((3, 2), stride=(2, 1), padding=(1, 0)), (r((2, 3, 6, 5)),)
        ),
        Case("AvgPool1D", layers.AvgPool1D(3, stride=2, padding=1), (r((2, 3, 8)),)),
        Case(
            "AvgPool2D", layers.AvgPool2D((3, 2), stride=(2, 1), padding=(1, 0)), (r((2, 3, 6, 5)),)
        ),
        Case("Flatten", layers.Flatten(), (r((2, 3, 4, 5)),)),
        Case("PixelShuffle", layers.PixelShuffle(2), (r((2, 12, 3, 4)),)),
        Case(
            "Sequential",
            layers.Sequential(layers.Affine(r((3, 4)), r(4)), layers.ReLU(), layers.Flatten()),
            (x,),
        ),
        Case("Residual", layers.Residual(body), (x,)),
        Case(
            "Residual with shortcut",
            layers.Residual(layers.MatMul(r((3, 2))), layers.Affine(r((3, 2)), r(2))),
            (x,),
        ),
    ]
