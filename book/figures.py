"""What the figures of the book share: a style, and the drawing of graphs.

A label is a symbol where it can be: then one picture serves both languages, and the cell runs once.
A page whose figures need words begins with `word = figures.use("ja")` (or "en") and labels with
`word("loss", "損失")`.
"""

import math
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib_inline.backend_inline import set_matplotlib_formats

INK, FORWARD, BACKWARD = "#222222", "#0072b2", "#d55e00"
JAPANESE_FONTS = ["Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic", "Hiragino Sans", "Yu Gothic"]


def use(language: str = "en") -> Callable[[str, str], str]:
    """Set the style of all figures; the function returned picks the word of the language.

    Without a Japanese font it picks the empty string: a figure without words beats one with boxes.
    """
    plt.style.use(Path(__file__).with_name("figures.mplstyle"))
    set_matplotlib_formats("svg", metadata={"Date": None})
    if language == "en":
        return lambda en, ja: en
    installed = {font.name for font in font_manager.fontManager.ttflist}
    font = next((font for font in JAPANESE_FONTS if font in installed), None)
    if font is None:
        return lambda en, ja: ""
    plt.rcParams["font.family"] = [font]
    return lambda en, ja: ja


def canvas(width: float, height: float) -> Axes:
    """Axes without axes, one unit an inch."""
    _, ax = plt.subplots(figsize=(width, height))
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return ax


def node(ax: Axes, x: float, y: float, label: str, radius: float = 0.32) -> None:
    """A circle with a label; no circle for radius 0."""
    if radius:
        ax.add_patch(plt.Circle((x, y), radius, fill=False, color=INK, linewidth=1.4))
    ax.text(x, y, label, ha="center", va="center_baseline", fontsize=15)


def arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], forward: str = "", backward: str = "",
    *, gaps: tuple[float, float] = (0.34, 0.34),
) -> None:  # fmt: skip
    """An arrow from node to node, less a gap at each; a value above it, a derivative below."""
    style = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.2, "mutation_scale": 12,
             "shrinkA": 72 * gaps[0], "shrinkB": 72 * gaps[1]}  # fmt: skip
    ax.annotate("", end, start, arrowprops=style)
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    away = (-(y1 - y0) / length * 0.22, (x1 - x0) / length * 0.22)  # at a right angle, upwards
    middle = ((x0 + x1 + gaps[0] - gaps[1]) / 2, (y0 + y1) / 2)
    centred = {"ha": "center", "va": "center", "fontsize": 14}
    ax.text(middle[0] + away[0], middle[1] + away[1], forward, color=FORWARD, **centred)
    ax.text(middle[0] - away[0], middle[1] - away[1], backward, color=BACKWARD, **centred)
