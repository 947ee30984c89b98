"""Which part of the plane a classifier gives to which class."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from dlkit.errors import expect
from dlkit.typing import Array, Labels


def decision_regions(
    ax: Axes, classify: Callable[[Array], Labels], x: Array, t: Labels, points: int = 200
) -> Axes:
    """Colour the plane around the samples by the class that `classify` gives, and draw the samples.

    classify: a function from points (M, 2) to labels (M,), from 0 on. x: samples (N, 2). t: labels (N,).
    points: of the grid, along each axis.

    >>> x, t = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])
    >>> from dlkit.plot import figure
    >>> drawing, axes = figure()
    >>> ax = decision_regions(axes[0, 0], lambda x: (x.sum(axis=1) > 1).astype(int), x, t)
    >>> ax.collections[1].get_offsets().data
    array([[0., 0.],
           [1., 1.]])
    """
    fits = x.ndim == 2 and x.shape[1] == 2 and len(x) > 0 and t.shape == (len(x),)
    expect(fits, "decision_regions needs samples x (N, 2) with N > 0 and labels t (N,)", x=x, t=t)
    margin = 0.15 * (x.max(axis=0) - x.min(axis=0)).max() + 1e-9
    (left, bottom), (right, top) = x.min(axis=0) - margin, x.max(axis=0) + margin
    columns, rows = np.linspace(left, right, points), np.linspace(bottom, top, points)
    grid = np.stack(np.meshgrid(columns, rows), axis=-1)
    classes = classify(grid.reshape(-1, 2)).reshape(points, points)

    last = max(int(t.max()), int(classes.max()), 1)
    colours = ListedColormap(colormaps["tab10"].colors[: last + 1])  # type: ignore[attr-defined]
    ax.pcolormesh(
        columns, rows, classes, cmap=colours, vmin=0, vmax=last, alpha=0.25, linewidth=0,
        rasterized=True,  # else an SVG holds a path for each point of the grid
    )  # fmt: skip
    dots: dict[str, Any] = {"s": 18, "edgecolors": "white", "linewidths": 0.5}
    ax.scatter(x[:, 0], x[:, 1], c=t, cmap=colours, vmin=0, vmax=last, **dots)
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    return ax
