"""Verdicts as short text."""

from grader.checks.layer import Check
from grader.checks.text import message, translate
from grader.checks.verdict import Blocked, Crashed, Failed, Passed, Verdict


def verdict_word(verdict: Verdict, language: str) -> str:
    """One word for a verdict, in the student's language."""
    words = {
        Passed: message("right"),
        Failed: message("WRONG"),
        Blocked: message("not tried"),
        Crashed: message("grader error"),
    }
    return words[type(verdict)].render(language)


def reason(verdict: Verdict, language: str) -> str:
    """What a verdict has to say beyond its word; empty if nothing."""
    match verdict:
        case Passed(note=None):
            return ""
        case Passed(note=note) if note is not None:
            return note.render(language)
        case Failed(diagnosis=text) | Blocked(by=text):
            return text.render(language)
        case _:
            return translate("The check itself failed; a person will look at it.", language)


def verdict_line(check: Check, verdict: Verdict, language: str) -> str:
    """Verdict, check and reason, in one or two lines of plain text."""
    head = f"{verdict_word(verdict, language):>9}  {check.name}: {check.sentence.render(language)}"
    why = reason(verdict, language)
    return f"{head}\n{'':>11}{why}" if why else head
