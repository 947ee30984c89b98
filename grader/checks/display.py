"""What `check` shows: small HTML in a notebook, colour in a terminal, plain text everywhere else.

The words are the same in all three. IPython is asked only if it is running already.
"""

import html
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

from grader.checks.show import reason, verdict_lines, verdict_word
from grader.checks.trial import Check
from grader.checks.verdict import Failed, Passed, Verdict

Found = Sequence[tuple[Check, Verdict]]

ANSI = {"good": "\x1b[1;32m", "bad": "\x1b[1;31m", "other": "\x1b[1;33m"}
#: Sign, and a colour that is read on white as on black; the word beside it says the same.
SIGNS = {"good": ("✓", "#1a7f37"), "bad": ("✗", "#d1242f"), "other": ("–", "#9a6700")}


class Shown:
    """What was found, in the forms that a notebook can choose from."""

    def __init__(self, found: Found, language: str) -> None:
        self._found = found
        self._language = language

    def __repr__(self) -> str:
        return verdict_lines(self._found, self._language)

    def _repr_html_(self) -> str:
        return as_html(self._found, self._language)


def show(found: Found, language: str) -> None:
    """Show what was found, in the best way that there is here."""
    display = _notebook()
    if display is not None:
        display(Shown(found, language))
    else:
        print(verdict_lines(found, language, _painted if _colours() else None))


def _notebook() -> Callable[[object], Any] | None:
    """The function that displays an object in a notebook; None where there is no notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if getattr(shell, "kernel", None) is None:
        return None
    display: Callable[[object], Any] | None = getattr(
        sys.modules.get("IPython.display"), "display", None
    )
    return display


def _colours() -> bool:
    """Whether the output is a terminal that knows colours, and nobody minds (no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
    return not plain and sys.stdout.isatty()


def _painted(word: str, verdict: Verdict) -> str:
    return f"{ANSI[_kind(verdict)]}{word}\x1b[0m"


def _kind(verdict: Verdict) -> str:
    match verdict:
        case Passed():
            return "good"
        case Failed(share=share) if not share:
            return "bad"
        case _:
            return "other"


def as_html(found: Found, language: str) -> str:
    """A list of the checks; whatever a submission said in it is escaped."""
    items = []
    for check, verdict in found:
        sign, colour = SIGNS[_kind(verdict)]
        word = html.escape(verdict_word(verdict, language))
        why = reason(verdict, language)
        items.append(
            f'<li style="margin:.2em 0"><b style="color:{colour}"><span aria-hidden="true">{sign}</span> '
            f"{word}</b> <b>{html.escape(check.name)}</b>: {_text(check.sentence.render(language))}"
            + (f'<div style="margin:0 0 .3em 1.4em">{_text(why)}</div>' if why else "")
            + "</li>"
        )
    return f'<ul lang="{language}" style="list-style:none;padding:0;margin:0">{"".join(items)}</ul>'


def _text(text: str) -> str:
    """Text of ours as HTML: what stands between backticks is code, all the rest is escaped.

    >>> _text("`dW` is <b>")
    '<code>dW</code> is &lt;b&gt;'
    """
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text))
