"""Verdicts as marks: points and a line for each grade cell, a comment for each answer."""

import html
import re
from collections.abc import Mapping, Sequence

from grader.checks import Message, Verdict, earned, reason, verdict_line, verdict_word
from grader.exercises import Exercise, Unit
from grader.gradebook import CellMarks

MARKUP = re.compile(r"[\\*_\[\]$#|~!]")


def cell_marks(
    unit: Unit, verdicts: Mapping[str, Verdict], language: str, notes: Sequence[Message] = ()
) -> dict[str, CellMarks]:
    """Marks of the grade cells, with the verdict as text, and comments for the solution cells.

    notes: what there is to say about the submission as a whole; it stands above the first comment.
    """
    marks = {}
    said = [f"- {_markdown(note.render(language))}" for note in notes]
    for exercise in unit.exercises.values():
        for check in exercise.checks:
            grade_id = exercise.grade_id(check)
            verdict = verdicts[grade_id]
            marks[grade_id] = CellMarks(
                points=earned(verdict, check.points),
                output=verdict_line(check.check, verdict, language) + "\n",
            )
        lines = [*said, *_comment(exercise, verdicts, language)]
        said = []
        marks[exercise.id] = CellMarks(comment="\n".join(lines) or None)
    return marks


def _comment(exercise: Exercise, verdicts: Mapping[str, Verdict], language: str) -> list[str]:
    """What did not pass, as Markdown: an item for each reason, with the checks that share it."""
    items: dict[tuple[str, str], list[str]] = {}
    for check in exercise.checks:
        verdict = verdicts[exercise.grade_id(check)]
        if why := reason(verdict, language):
            items.setdefault((verdict_word(verdict, language), why), []).append(check.name)
    return [
        f"- {_headed(', '.join(names), word)}: {_markdown(why)}"
        for (word, why), names in items.items()
    ]


def _headed(names: str, word: str) -> str:
    """The checks' names before the word of their verdict; what a person marks has no check with a name."""
    return f"**{names}** ({word})" if names else word


def _markdown(text: str) -> str:
    """Markdown that reads as the text: code stays code, all else that Markdown or HTML would read is escaped.

    >>> _markdown("`dW` is wrong: <b>, __init__() and *x*")
    '`dW` is wrong: &lt;b&gt;, &#95;&#95;init&#95;&#95;() and &#42;x&#42;'
    """
    # Backticks stand in our own sentences only, in pairs: what a submission said has none (`quote`).
    parts = text.split("`")
    parts[::2] = [
        MARKUP.sub(lambda m: f"&#{ord(m[0])};", html.escape(p, False)) for p in parts[::2]
    ]
    return "`".join(parts)
