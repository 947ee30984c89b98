"""Examples of what was misunderstood that come from the answer key, and from no student's code."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

import numpy as np

from grader.checks import Failed, LocalStudent, Message, judge
from grader.course import PUBLIC_SECRET
from grader.exercises import Exercise, Insight, Unit
from grader.exercises.model import Misconception


@dataclass(frozen=True)
class Example:
    """One example. text: what the student was told. code: the wrong lines, of the key. student: whose it is."""

    text: Message
    shown: Message | None = None
    code: str = ""
    student: str = ""


def of_the_key(unit: Unit) -> Mapping[tuple[str, str], Example]:
    """By exercise and id of the finding: the first misconception of the key that is told so."""
    found: dict[tuple[str, str], Example] = {}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for exercise in unit.exercises.values():
            for misconception in exercise.possible_misconceptions():
                for id, example in _told(exercise, misconception, unit.version):
                    found.setdefault((exercise.id, id), example)
    return found


def _told(
    exercise: Exercise, misconception: Misconception, version: str
) -> list[tuple[str, Example]]:
    text = exercise.source.text.replace(misconception.old, misconception.new)
    student = LocalStudent(exercise.source.names(text))
    told = []
    for check in exercise.checks:
        if check.name in misconception.fails:
            cases = exercise.hidden_cases(check, PUBLIC_SECRET, version)
            key = Insight(exercise, check)
            verdict = judge(check.check, student, exercise.name, cases, key)
            if isinstance(verdict, Failed):
                found = verdict.diagnosis
                told.append((found.id, Example(found.text, found.example, _changed(misconception))))
    return told


def _changed(misconception: Misconception) -> str:
    """The wrong lines alone."""
    right = {line.strip() for line in misconception.old.splitlines()}
    wrong = [line for line in misconception.new.splitlines() if line.strip() not in right]
    return dedent("\n".join(wrong))


def blanked(text: Message) -> Message:
    """The sentence with its gaps blank: what stood in them may come from a student's code."""
    return Message(text.text, {n: "" if n == "where" else "…" for n in text.values})
