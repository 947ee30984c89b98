"""A figure and its Axes."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray


def figure(
    rows: int = 1, columns: int = 1, width: float = 4.0, height: float = 3.2, **options: Any
) -> tuple[Figure, NDArray[Any]]:
    """Figure with rows x columns of Axes, an array (rows, columns), each of that size in inches.

    options: of `matplotlib.figure.Figure.subplots`, such as sharey.

    >>> drawing, axes = figure(rows=2, columns=3)
    >>> axes.shape
    (2, 3)
    """
    drawing = Figure(figsize=(columns * width, rows * height), layout="constrained")
    return drawing, drawing.subplots(rows, columns, squeeze=False, **options)


def without_ticks(ax: Axes) -> Axes:
    """Take the marks off both axes."""
    ax.set(xticks=[], yticks=[])
    return ax
