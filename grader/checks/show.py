"""Verdicts as short text."""

from collections.abc import Callable, Iterable
from itertools import groupby
from unicodedata import east_asian_width

from grader.checks.text import message, translate
from grader.checks.trial import Check
from grader.checks.verdict import Awaiting, Blocked, Crashed, Failed, Passed, Verdict

WORD = 12  # columns of the verdict's word
WORDS = {
    Passed: message("right"),
    Failed: message("WRONG"),
    Blocked: message("not tried"),
    Awaiting: message("by hand"),
    Crashed: message("grader error"),
}


def verdict_word(verdict: Verdict, language: str) -> str:
    """One word for a verdict, in the student's language."""
    if isinstance(verdict, Failed) and verdict.share:
        return message("in part").render(language)
    return WORDS[type(verdict)].render(language)


def reason(verdict: Verdict, language: str) -> str:
    """What a verdict has to say beyond its word; empty if nothing."""
    match verdict:
        case Passed(note=None):
            return ""
        case Passed(note=note) if note is not None:
            return note.render(language)
        case Failed(diagnosis=found):
            return found.render(language)
        case Blocked(by=text) | Awaiting(note=text):
            return text.render(language)
        case _:
            return translate("The check itself failed; a person will look at it.", language)


def verdict_line(check: Check, verdict: Verdict, language: str) -> str:
    """Verdict, check and reason, in one or two lines of plain text."""
    return verdict_lines([(check, verdict)], language)


def verdict_lines(
    found: Iterable[tuple[Check, Verdict]],
    language: str,
    paint: Callable[[str, Verdict], str] | None = None,
) -> str:
    """Verdicts in plain text, a line each; a reason that several in a row share stands once, below them.

    paint: puts colour into a verdict's word.
    """
    lines = []
    for why, group in groupby(found, key=lambda pair: reason(pair[1], language)):
        for check, verdict in group:
            word = _right(verdict_word(verdict, language))
            word = paint(word, verdict) if paint else word
            lines.append(f"{word}  {check.name}: {check.sentence.render(language)}")
        if why:
            lines.append(f"{'':{WORD + 2}}{why}")
    return "\n".join(lines)


def _right(word: str) -> str:
    """The word at the right of its column; Japanese characters are two columns wide."""
    width = sum(2 if east_asian_width(c) in "WF" else 1 for c in word)
    return " " * (WORD - width) + word
