"""The multilayer perceptron."""

from collections.abc import Sequence
from typing import Any

from dlkit.errors import ArgumentError
from dlkit.layers import Sequential
from dlkit.models.build import Builder


class MLP(Sequential):
    """Multilayer perceptron: affine layers with an activation between them; the output is scores.

    sizes: the widths, from the inputs over the hidden layers to the classes, such as [64, 100, 10]. build:
    see `Builder`. activation: a class from `dlkit.layers`; ReLU by default. batch_norm: normalize before
    each activation. dropout: rate of the dropout after each activation; 0 for none.

    Source: Rumelhart, Hinton and Williams, Learning Representations by Back-propagating Errors (1986).

    >>> import numpy as np
    >>> model = MLP([2, 5, 3], Builder(np.random.default_rng(0)))
    >>> {name: W.shape for name, W in model.params.items()}
    {'0.W': (2, 5), '0.b': (5,), '2.W': (5, 3), '2.b': (3,)}
    """

    def __init__(
        self,
        sizes: Sequence[int],
        build: Builder,
        activation: Any = None,
        batch_norm: bool = False,
        dropout: float = 0.0,
    ) -> None:
        if len(sizes) < 2:
            raise ArgumentError(
                f"MLP needs at least two sizes, of the inputs and of the outputs; got {list(sizes)}."
            )
        *hidden, classes = sizes[1:]
        layers: list[Any] = []
        for D, H in zip(sizes, hidden, strict=False):
            layers.append(build.affine(D, H))
            if batch_norm:
                layers.append(build.batch_norm(H))
            layers.append((activation or build.layers.ReLU)())
            if dropout:
                layers.append(build.layers.Dropout(dropout, build.rng))
        super().__init__(*layers, build.affine(sizes[-2], classes))
