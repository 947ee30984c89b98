"""Pictures on the visible case: an array that is wrong, the wrong entries marked; the loss of a training."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from grader.checks.curve import Curve
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
    '<svg class="{kind}" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{label}">'
    "{body}</svg>"
)
CURVE = (480, 150)  # width and height of the plot of a loss, within its margins
LEFT, BOTTOM = 72, 30
LINE = Markup('<polyline points="{points}"/>')
AXES = Markup('<path d="M{left} {top} V{bottom} H{right}"/>')


@dataclass(frozen=True)
class Figure:
    """A picture as SVG, and what stands below it."""

    svg: Markup
    caption: str


def figure(picture: Picture | Curve, language: str) -> Figure:
    """The picture of a grade cell."""
    _ = words(language).gettext
    if isinstance(picture, Curve):
        return Figure(
            line(picture, language),
            _("The loss while your code trains on the data of the notebook."),
        )
    caption = _(
        "On the example in the notebook. A framed entry with ✗ is wrong: above what came, below what is right."
    )
    return Figure(grid(picture, language), caption)


def line(curve: Curve, language: str) -> Markup:
    """The loss over the steps of a training, as SVG; the vertical axis begins at 0."""
    _ = words(language).gettext
    (width, height), last = CURVE, len(curve.losses) - 1
    top = max(max(curve.losses), 1e-300)
    low = min(0.0, min(curve.losses))

    def place(step: int, loss: float) -> str:
        across = LEFT + width * step / last
        return f"{across:.1f},{MARGIN + 8 + height * (top - loss) / (top - low):.1f}"

    floor = MARGIN + 8 + height
    body = AXES.format(left=LEFT, top=MARGIN + 8, bottom=floor, right=LEFT + width)
    body += LINE.format(points=" ".join(place(*at) for at in enumerate(curve.losses)))
    for kind, x, y, text in (
        ("tick", LEFT - 6, MARGIN + 12, _short(top)),
        ("tick", LEFT - 6, floor, _short(low)),
        ("start", LEFT, floor + 18, "1"),
        ("tick", LEFT + width, floor + 18, str(curve.count)),
        ("middle", LEFT + width // 2, floor + 18, _("step")),
    ):
        body += TEXT.format(kind=kind, x=x, y=y, text=text)
    spoken = _(
        "Loss over %(count)s steps of training: %(first)s at first, %(last)s at last, %(least)s at least"
    ) % {
        "count": curve.count,
        "first": _short(curve.losses[0]),
        "last": _short(curve.losses[-1]),
        "least": _short(min(curve.losses)),
    }
    return FRAME.format(
        kind="curve", w=LEFT + width + 12, h=floor + BOTTOM, body=body, label=spoken
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
    return FRAME.format(kind="grid", w=width, h=y + MARGIN, body=body, label=spoken)


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
