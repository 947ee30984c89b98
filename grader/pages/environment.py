"""The environment of the templates, and how a page gets onto the disk."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.gradebook.graded import write_atomically
from grader.pages.prose import prose
from grader.pages.words import words

STYLE = Path(__file__).parent / "style.css"


@cache
def environment(package: str, language: str) -> Environment:
    """The templates of a package, in one language; everything that they show is escaped."""
    style = STYLE.read_text(encoding="utf-8")
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package, "."), PackageLoader("grader.pages", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(words(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters["prose"] = lambda text: prose(text, language)
    made.filters["points"] = lambda number: f"{number:.4g}"
    made.globals.update(language=language, style=Markup(style), policy=policy(style))  # noqa: S704  our own file
    return made


def policy(style: str) -> str:
    """The Content-Security-Policy of a page: its own style sheet, and nothing else, from nowhere."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def write_page(path: Path, text: str) -> None:
    """Write a page, whole or not at all."""
    write_atomically(path, text, 0o644)
