"""The picture of an array that is wrong: its entries on the visible case, the wrong ones marked."""

from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from grader.checks.numeric import TOLERANCE
from grader.checks.picture import Picture
from grader.pages import words

WIDTH, MARGIN = 66, 2  # of a column, around all
LOW, HIGH = 22, 38  # heights of a row that is right, and of one with a wrong entry
CELL = Markup(
    '<rect class="cell{off}" x="{x}" y="{y}" width="{w}" height="{h}" fill-opacity="{shade}"/>'
)
TEXT = Markup('<text class="{kind}" x="{x}" y="{y}">{text}</text>')
FRAME = Markup(
    '<svg class="grid" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{label}">'
    "{body}</svg>"
)


def grid(picture: Picture, language: str) -> Markup:
    """The picture as SVG: the larger an entry's error, the darker it is.

    A wrong entry is framed and holds two numbers, what came and, below it, what is right.
    """
    got, want = np.array(picture.got), np.array(picture.want)
    with np.errstate(all="ignore"):
        error = np.nan_to_num(np.abs(got - want), nan=np.inf) / max(np.abs(want).max(), 1e-300)
    off, shades = error > TOLERANCE, np.minimum(1.0, 0.35 + 0.65 * error)
    heights = [HIGH if row.any() else LOW for row in off]
    body = Markup()
    y = MARGIN
    for i, tall in enumerate(heights):
        for j in range(got.shape[1]):
            x = MARGIN + j * WIDTH
            body += _cell(got[i, j], want[i, j], bool(off[i, j]), shades[i, j], (x, y, tall))
        y += tall
    width = got.shape[1] * WIDTH + 2 * MARGIN
    spoken = _spoken(picture.label, off, language)
    return FRAME.format(w=width, h=y + MARGIN, body=body, label=spoken)


def _cell(got: float, want: float, off: bool, shade: float, place: tuple[int, int, int]) -> Markup:
    x, y, tall = place
    middle = x + WIDTH // 2
    shown = CELL.format(off=" off" if off else "", x=x, y=y, w=WIDTH, h=tall, shade=f"{shade:.2f}")
    shown += TEXT.format(kind="got", x=middle, y=y + 15, text=("✗ " if off else "") + _short(got))
    if off:
        shown += TEXT.format(kind="want", x=middle, y=y + 31, text=_short(want))
    return shown


def _short(number: float) -> str:
    return f"{number:.3g}".replace("-", "\N{MINUS SIGN}")


def _spoken(label: str, off: npt.NDArray[Any], language: str) -> str:
    """What the picture shows, for whoever does not see it."""
    _ = words(language).gettext
    places = ", ".join(f"({i + 1}, {j + 1})" for i, j in np.argwhere(off)[:12])
    more = ", …" if np.count_nonzero(off) > 12 else ""
    return _(
        "%(label)s on the example of the notebook, by row and column: wrong entries %(places)s"
    ) % {
        "label": label,
        "places": places + more,
    }
