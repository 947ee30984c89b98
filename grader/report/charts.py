"""Figures of the reports: matplotlib's SVG, fit for a page that allows no inline styles and may be dark."""

import io
import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
BAR = "#3b7ddd"
FONT = re.compile(r"^(?:(?P<weight>\w+) )?(?P<size>[\d.]+)px ")


class Chart:
    """Draws one figure. name: distinguishes the figures of a page; width, height: inches."""

    def __init__(self, name: str, width: float = 6.0, height: float = 3.0) -> None:
        from matplotlib.figure import Figure  # slow to import

        self._name = name
        self._figure = Figure(figsize=(width, height), layout="constrained")
        self.axes: Axes = self._figure.subplots()
        self.axes.spines[["top", "right"]].set_visible(False)

    def svg(self, label: str) -> Markup:
        """The figure. label: what it shows, for whoever does not see it."""
        import matplotlib as mpl

        buffer = io.StringIO()
        with (
            mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": self._name}),
            warnings.catch_warnings(),
        ):
            warnings.filterwarnings(
                "ignore", "Glyph .* missing from font"
            )  # the browser has others
            self._figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
        root = ElementTree.fromstring(buffer.getvalue())  # noqa: S314  our own
        _tidy(root, self._name)
        root.set("role", "img")
        root.set("aria-label", label)
        ElementTree.register_namespace("", SVG[1:-1])
        text = ElementTree.tostring(root, encoding="unicode")
        return Markup(text)  # noqa: S704  every text in it was escaped when it was written as XML


def histogram(
    name: str, values: Sequence[float], x: str, y: str, *, most: float | None = None
) -> Chart:
    """How often values fall into each of up to twenty intervals. most: the largest value there can be."""
    chart = Chart(name)
    top = max([*values, 0.0]) if most is None else most
    chart.axes.hist(
        values, bins=np.linspace(0, top or 1.0, 21).tolist(), color=BAR, edgecolor="none"
    )
    chart.axes.set(xlabel=x, ylabel=y)
    chart.axes.locator_params(axis="y", integer=True)
    return chart


def scatter(name: str, points: Sequence[tuple[float, float, str]], x: str, y: str) -> Chart:
    """Points with their labels."""
    chart = Chart(name, height=3.6)
    for across, up, label in points:
        chart.axes.plot(across, up, "o", color=BAR, markersize=4)
        chart.axes.annotate(
            label, (across, up), xytext=(3, 2), textcoords="offset points", fontsize=7
        )
    chart.axes.axhline(0, color="black", linewidth=0.8)
    chart.axes.set(xlabel=x, ylabel=y, xlim=(-0.03, 1.06), ylim=(-1.05, 1.05))
    return chart


def boxes(name: str, groups: Sequence[tuple[str, Sequence[float]]], y: str) -> Chart:
    """Quartiles and range of each group, side by side."""
    chart = Chart(name)
    line = {"color": "black"}
    chart.axes.boxplot(
        [list(values) for _, values in groups], tick_labels=[label for label, _ in groups], whis=(0, 100),
        patch_artist=True, boxprops={"facecolor": BAR, "edgecolor": "none"},
        medianprops=line, whiskerprops=line, capprops=line,
    )  # fmt: skip
    chart.axes.set(ylabel=y, ylim=(-0.03, 1.03))
    return chart


def _tidy(root: ElementTree.Element, name: str) -> None:
    """Styles become attributes, black the colour of the text, and ids this figure's own."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{SVG}metadata", f"{SVG}style"):
                parent.remove(child)
    for element in root.iter():
        _restyle(element)
        _rename(element, name)
    for key in ("width", "height"):  # the page decides; the proportions stand in viewBox
        root.attrib.pop(key, None)


def _restyle(element: ElementTree.Element) -> None:
    for key, value in _attributes(element.attrib.pop("style", "")):
        element.set(key, value)
    if element.tag == f"{SVG}text":
        element.attrib.setdefault("fill", "currentColor")
    for key in ("stroke", "fill"):
        if element.get(key) in ("#000000", "black"):
            element.set(key, "currentColor")


def _rename(element: ElementTree.Element, name: str) -> None:
    if id := element.get("id"):
        element.set("id", f"{name}-{id}")
    if link := element.attrib.pop(HREF, ""):
        element.set("href", f"#{name}-{link[1:]}")
    if clip := element.get("clip-path", ""):
        element.set("clip-path", clip.replace("url(#", f"url(#{name}-"))


def _attributes(style: str) -> list[tuple[str, str]]:
    """The declarations of a style; the short form of a font, of which no attribute exists, in its parts."""
    found = []
    for declaration in filter(str.strip, style.split(";")):
        key, _, value = declaration.partition(":")
        key, value = key.strip(), value.strip()
        if key == "font" and (font := FONT.match(value)):
            found += [("font-size", font["size"]), ("font-weight", font["weight"] or "normal")]
        else:
            found.append((key, value))
    return found
