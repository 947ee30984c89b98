"""What is best seen as a picture: pictures and filters, confusion, attention, the gates of an LSTM."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from dlkit.errors import ArgumentError, expect
from dlkit.layers import LSTM
from dlkit.plot.figures import SeveralAxes, as_many, without_ticks
from dlkit.typing import Array, Labels


def pictures(ax: Axes, x: Array, columns: int = 8, grey_from: float | None = None) -> Axes:
    """Many small pictures, or filters, side by side: x (N, C, H, W) with C = 1 or 3.

    Pictures of one channel are grey from the smallest to the largest entry of x, or from `grey_from` and
    its opposite: -1 shows filters with zero in the middle. Three channels are colours, clipped to [0, 1].
    columns: pictures in a row.

    >>> from dlkit.plot import figure
    >>> drawing, axes = figure()
    >>> ax = pictures(axes[0, 0], np.zeros((5, 1, 3, 4)), columns=3)
    >>> ax.images[0].get_array().shape  # two rows of three, with a line between
    (7, 14)
    """
    rule = "pictures needs x (N, C, H, W) with N > 0 and C = 1 or 3"
    expect(x.ndim == 4 and len(x) > 0 and x.shape[1] in (1, 3), rule, x=x)
    n, channels, height, width = x.shape
    rows = -(-n // columns)
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1, channels), np.nan)
    for i, picture in enumerate(x):
        top, left = i // columns * (height + 1), i % columns * (width + 1)
        sheet[top : top + height, left : left + width] = picture.transpose(1, 2, 0)
    if channels == 3:
        ax.imshow(np.clip(np.nan_to_num(sheet, nan=1.0), 0, 1))
    else:
        low, high = (x.min(), x.max()) if grey_from is None else sorted((grey_from, -grey_from))
        ax.imshow(sheet[..., 0], cmap="gray", vmin=low, vmax=high)
    ax.axis("off")
    return ax


def confusion_matrix(ax: Axes, matrix: Labels, names: Sequence[str] | None = None) -> Axes:
    """How often class i (row) was called j (column): the matrix of `dlkit.train.confusion_matrix`.

    matrix: counts (classes, classes). names: of the classes; their numbers unless given. No number stands
    where the count is 0.

    >>> from dlkit.plot import figure
    >>> drawing, axes = figure()
    >>> ax = confusion_matrix(axes[0, 0], np.array([[3, 0], [1, 2]]), names=["cat", "dog"])
    >>> [text.get_text() for text in ax.texts]
    ['3', '1', '2']
    """
    square = matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1]
    expect(square, "confusion_matrix needs counts (classes, classes)", matrix=matrix)
    ax.imshow(matrix, cmap="Blues", vmin=0)
    for (i, j), count in np.ndenumerate(matrix):
        if count:
            dark = count > matrix.max() / 2
            ax.text(j, i, str(count), ha="center", va="center", color="white" if dark else "black")
    ticks = range(len(matrix))
    labels = [str(i) for i in ticks] if names is None else list(names)
    ax.set(xticks=ticks, yticks=ticks, xticklabels=labels, yticklabels=labels)
    ax.set(xlabel="predicted", ylabel="true")
    return ax


def attention_map(ax: Axes, weights: Array, queries: Sequence[str], keys: Sequence[str]) -> Axes:
    """Weights of attention (Tq, Tk): how much each query (row) takes from each key (column).

    queries, keys: names of the rows and columns, such as words.

    >>> from dlkit.plot import figure
    >>> drawing, axes = figure()
    >>> ax = attention_map(axes[0, 0], np.eye(2), queries=["le", "chat"], keys=["the", "cat"])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['le', 'chat']
    """
    rule = f"attention_map needs weights ({len(queries)}, {len(keys)}) for so many queries and keys"
    expect(weights.shape == (len(queries), len(keys)), rule, weights=weights)
    ax.imshow(weights, cmap="viridis", vmin=0, vmax=1)
    ax.set(
        xticks=range(len(keys)), xticklabels=keys, yticks=range(len(queries)), yticklabels=queries
    )
    ax.set(xlabel="key", ylabel="query")
    return ax


def lstm_gates(
    axes: SeveralAxes, lstm: LSTM, sample: int = 0, steps: Sequence[str] | None = None
) -> SeveralAxes:
    """Gates of an LSTM over time, after `forward`: five Axes for f, g, i, o and the cell state c.

    Each is a picture with a row for each unit and a column for each time step; gates go from 0 to 1, the
    candidate g from -1 to 1. sample: which one of the batch. steps: names of the time steps, such as the
    words read.

    >>> rng = np.random.default_rng(0)
    >>> lstm = LSTM(Wx=rng.normal(size=(3, 8)), Wh=rng.normal(size=(2, 8)), b=np.zeros(8))
    >>> hs = lstm.forward(rng.normal(size=(5, 4, 3)))
    >>> from dlkit.plot import figure
    >>> drawing, axes = figure(rows=5)
    >>> [ax.get_ylabel() for ax in lstm_gates(axes[:, 0], lstm)]
    ['$f$', '$g$', '$i$', '$o$', '$c$']
    """
    if not hasattr(lstm, "cells"):
        raise ArgumentError(
            "lstm_gates draws what dlkit.layers.LSTM keeps in its cells after forward; this "
            f"{type(lstm).__module__}.{type(lstm).__name__} has none. Call forward of a "
            "dlkit.layers.LSTM with the same weights first?"
        )
    as_many(axes, 5, "lstm_gates")
    ranges = {"f": (0, 1), "g": (-1, 1), "i": (0, 1), "o": (0, 1), "c": (None, None)}
    for ax, (gate, (low, high)) in zip(axes, ranges.items(), strict=True):
        values = np.stack([getattr(cell, gate)[sample] for cell in lstm.cells], axis=1)
        ax.imshow(
            values, aspect="auto", cmap="viridis", vmin=low, vmax=high, interpolation="nearest"
        )
        without_ticks(ax).set(ylabel=f"${gate}$")
    if steps is not None:
        axes[-1].set_xticks(range(len(steps)), steps, rotation=60, ha="right")
    return axes
