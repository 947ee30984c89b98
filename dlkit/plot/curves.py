"""Curves of training, the surface that optimizers walk on, distributions of activations."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from dlkit.errors import ArgumentError, expect
from dlkit.plot.figures import SeveralAxes, as_many
from dlkit.typing import Array


def learning_curves(
    ax: Axes, history: Mapping[str, Sequence[float]], names: Sequence[str] = ("loss", "val_loss")
) -> Axes:
    """Numbers of a history, the result of `Trainer.fit`, against the epoch.

    names: which of them; those that the history lacks are left out. Those of validation are dashed.

    >>> from dlkit.plot import figure
    >>> drawing, axes = figure()
    >>> ax = learning_curves(axes[0, 0], {"loss": [2.0, 1.0], "val_loss": [2.0, 1.5]})
    >>> [line.get_label() for line in ax.lines]
    ['loss', 'val_loss']
    """
    known = [name for name in names if name in history]
    if not known:
        raise ArgumentError(
            f"learning_curves needs names that the history has: {', '.join(history)}; got {tuple(names)}."
        )
    for name in known:
        style = "--" if name.startswith("val_") else "-"
        ax.plot(range(1, len(history[name]) + 1), history[name], style, label=name)
    ax.set(xlabel="epoch")
    ax.legend(frameon=False)
    return ax


def loss_surface(
    ax: Axes,
    loss: Callable[[Any, Any], Any],
    paths: Mapping[str, Array],
    x: tuple[float, float],
    y: tuple[float, float],
    levels: int = 30,
) -> Axes:
    """Contours of a loss of two parameters, with the paths of optimizers on it.

    loss: from two arrays of one shape to the losses in that shape. paths: by name, the points (steps, 2)
    that an optimizer went through. x, y: the range of each parameter. levels: how many contours; they are
    denser where the loss is small.

    >>> from dlkit.plot import figure
    >>> drawing, axes = figure()
    >>> path = np.array([[1.0, 1.0], [0.5, 0.2], [0.2, 0.0]])
    >>> ax = loss_surface(axes[0, 0], lambda a, b: a**2 + 4 * b**2, {"SGD": path}, x=(-2, 2), y=(-2, 2))
    >>> ax.lines[0].get_xydata().shape
    (3, 2)
    """
    for name, path in paths.items():
        expect(
            path.ndim == 2 and path.shape[1] == 2,
            f"The path {name} needs points (steps, 2)",
            path=path,
        )
    columns, rows = np.linspace(*x, 200), np.linspace(*y, 200)
    values = loss(*np.meshgrid(columns, rows))
    heights = values.min() + (values.max() - values.min()) * np.linspace(0, 1, levels) ** 2
    ax.contour(columns, rows, values, levels=heights, colors="0.7", linewidths=0.7)
    for name, path in paths.items():
        ax.plot(*path.T, "o-", markersize=2.5, linewidth=1.2, label=name)
    ax.set(xlim=x, ylim=y, xlabel="$w_1$", ylabel="$w_2$")
    if paths:
        ax.legend(frameon=False)
    return ax


def activation_histograms(
    axes: SeveralAxes, activations: Mapping[str, Array], bins: int = 40
) -> SeveralAxes:
    """Histogram of the outputs of each layer, one in each of the Axes, titled by the layer's name.

    axes: as many as activations. The title also gives the standard deviation, which tells whether signals
    vanish or explode.

    >>> from dlkit.plot import figure
    >>> drawing, axes = figure(columns=2)
    >>> outputs = {"layer 1": np.array([-1.0, 1.0]), "layer 2": np.array([-0.1, 0.1])}
    >>> [ax.get_title() for ax in activation_histograms(axes[0], outputs)]
    ['layer 1  σ = 1', 'layer 2  σ = 0.1']
    """
    as_many(axes, len(activations), "activation_histograms")
    for ax, (name, values) in zip(axes, activations.items(), strict=True):
        ax.hist(values.ravel(), bins=bins, color="C0")
        ax.set(title=f"{name}  σ = {values.std():.2g}", yticks=[])
    return axes
