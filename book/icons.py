"""The icons that pages use, cut out of the theme's font: 3 kB of 156.

`unicode-range` makes browsers take these from the small font and load the large one for any other icon, so a
missing entry costs time only; a test measures what a first visit loads.
"""

from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset

FONTS = (
    Path(pydata_sphinx_theme.__file__).parent
    / "theme/pydata_sphinx_theme/static/vendor/fontawesome"
)
USED = {
    "bars": 0xF0C9, "magnifying-glass": 0xF002, "list": 0xF03A, "display": 0xE163, "download": 0xF019,
    "language": 0xF1AB, "pen-to-square": 0xF044, "file-pdf": 0xF1C1, "file-lines": 0xF15C, "pen": 0xF304,
    "circle-half-stroke": 0xF042, "sun": 0xF185, "moon": 0xF186, "angle-left": 0xF104, "angle-right": 0xF105,
    "angle-up": 0xF106, "chevron-down": 0xF078, "chevron-right": 0xF054, "chevron-left": 0xF053,
    "arrow-up": 0xF062, "arrow-right": 0xF061, "lightbulb": 0xF0EB, "info": 0xF05A, "warning": 0xF071,
    "bolt": 0xF0E7, "exclamation": 0xF06A, "bookmark": 0xF02E, "caret-down": 0xF0D7,
    "caret-right": 0xF0DA, "xmark": 0xF00D, "link": 0xF0C1, "house": 0xF015, "check": 0xF00C,
}  # fmt: skip


def write_icons(folder: Path) -> None:
    """Write icons.woff and icons.css, unless they are there."""
    codes = ", ".join(f"U+{code:X}" for code in sorted(USED.values()))
    css = (
        '@font-face { font-family: "Font Awesome 6 Free"; font-weight: 900; font-display: block;\n'
        f'  src: url("icons.woff") format("woff"); unicode-range: {codes}; }}\n'
    )
    target = folder / "icons.css"
    if target.exists() and target.read_text() == css:
        return
    options = subset.Options(flavor="woff")
    font = subset.load_font(str(next(FONTS.rglob("fa-solid-900.ttf"))), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=USED.values())
    subsetter.subset(font)
    folder.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(folder / "icons.woff"), options)
    target.write_text(css)
