"""A figure and its Axes."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.errors import ArgumentError

#: Several Axes: a row or a column of what `figure` returns, or a list.
SeveralAxes: TypeAlias = Sequence[Axes] | NDArray[Any]


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


def credit(drawing: Figure, text: str) -> Figure:
    """Write under a figure whose pictures it shows, such as ``SOURCES["pictures"].credit``.

    >>> drawing, axes = figure()
    >>> credit(drawing, "Photograph: A. Nonymous, CC BY 2.0").get_supxlabel()
    'Photograph: A. Nonymous, CC BY 2.0'
    """
    drawing.supxlabel(text, fontsize="xx-small", color="0.4")
    return drawing


def without_ticks(ax: Axes) -> Axes:
    """Take the marks off both axes."""
    ax.set(xticks=[], yticks=[])
    return ax


def as_many(axes: SeveralAxes, n: int, name: str) -> None:
    """Raise `ArgumentError` unless there are n Axes."""
    if len(axes) != n:
        raise ArgumentError(
            f"{name} draws into {n} Axes here; got {len(axes)}. "
            f"Make them with figure(columns={n}) and give its row axes[0]?"
        )
