"""Judge plain Python files for one exercise, with its hidden checks: for authors and for bulk trials.

A file stands for the exercise's cell of a notebook: what the reference imports runs before
it, and nothing after it.
"""

import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

from grader.bundles import stripped
from grader.checks import Blocked, Crashed, Failed, Passed, earned, reason
from grader.checks.show import verdict_lines
from grader.course import Course
from grader.errors import ExerciseError, SubmissionError
from grader.exercises import Exercise, Unit, load_unit
from grader.exercises.source import merge_imports
from grader.exercises.variants import drawn_for
from grader.grading import Graded, SourceCell, grade, hidden_cases, isolation
from grader.sandbox import Limits
from grader.settings import read_settings

WORDS = {Passed: "passed", Failed: "failed", Blocked: "blocked", Crashed: "crashed"}


@dataclass(frozen=True)
class Judged:
    """Verdicts on one file. level: how it was isolated. unit: the unit, with this exercise alone."""

    file: Path
    level: str
    unit: Unit
    graded: Graded

    @property
    def exercise(self) -> Exercise:
        """The exercise that it was judged for."""
        (exercise,) = self.unit.exercises.values()
        return exercise

    @property
    def points(self) -> float:
        """Points of all checks; a check of ours that broke counts as none."""
        return sum(p or 0.0 for p in self.graded.points(self.unit).values())

    @property
    def crashed(self) -> bool:
        """Whether a check itself broke, so that the points say nothing."""
        return any(isinstance(v, Crashed) for v in self.graded.verdicts.values())


def judge_files(
    course: Course,
    unit_name: str,
    exercise_id: str,
    files: Iterable[Path],
    *,
    student: str = "",
    allow_unsandboxed: bool = False,
    explain: bool = False,
) -> Iterator[Judged]:
    """Judge files one by one, each in an isolated process of its own; one warm process serves all.

    student: id of a student, whose variant of the exercise is judged; the base variant by default.
    explain: whether to note how each verdict came about, hidden values included.
    Raises ExerciseError if there is no such exercise, SubmissionError if a file is no text.
    """
    whole = load_unit(course.key(unit_name))
    secret = course.secret()
    unit = _only(whole, exercise_id)
    if student:
        pool = read_settings(course).pool(unit_name)
        unit = unit.variant(secret, drawn_for(unit_name, student, pool))
    cases = hidden_cases(unit, secret)
    imports = SourceCell(0, "setup", _before(whole, unit.exercises[exercise_id]))
    texts = [
        (file, _text(file)) for file in files
    ]  # an unreadable one is told before any is judged
    with isolation(allow_unsandboxed, stripped(course, unit_name)) as zygote:
        for file, text in texts:
            cells = [imports, SourceCell(1, exercise_id, text)]
            graded = grade(unit, cases, cells, zygote, Limits(), explain=explain)
            yield Judged(file, zygote.level, unit, graded)


def _only(whole: Unit, exercise_id: str) -> Unit:
    """The unit as if it had this exercise alone."""
    if exercise_id not in whole.exercises:
        raise ExerciseError(
            f"{whole.name} has no exercise {exercise_id!r}. There are: {', '.join(whole.exercises)}."
        )
    unit = Unit(whole.name)
    unit.exercises = {exercise_id: whole.exercises[exercise_id]}
    unit.version = whole.version
    return unit


def _before(whole: Unit, exercise: Exercise) -> str:
    """What runs before the file: the imports of the reference, and the right answers that it builds upon.

    A network that an exercise trains is made of layers that other exercises of the unit ask for.
    """
    others = {e.name: e for e in whole.exercises.values() if e.id != exercise.id}
    lines = ["import numpy as np"]
    needed: dict[str, Exercise] = {}
    wait = [exercise]
    if exercise.kind == "experiment":  # built upon whatever else the unit asks for
        needed = {name: e for name, e in others.items() if e.owns}
        wait += needed.values()
    while wait:
        imports = wait.pop().imports()
        lines += imports
        for name in {line.rpartition(" ")[2] for line in imports} & others.keys() - needed.keys():
            needed[name] = others[name]
            wait.append(others[name])
    answers = [each.source.text for each in needed.values()]
    return "\n\n".join(["\n".join(merge_imports(lines, needed)), *answers])


def _text(file: Path) -> str:
    """The text of a Python file, in the encoding that it declares, else UTF-8."""
    try:
        with tokenize.open(file) as stream:
            return stream.read()
    except (SyntaxError, UnicodeDecodeError) as error:
        raise SubmissionError(
            f"{file} is not UTF-8, nor in an encoding that it declares ({error}). Save it as UTF-8."
        ) from None


def as_text(judged: Judged, language: str) -> str:
    """What was found, for people: a heading with the points, and a line or two for each check."""
    exercise, verdicts = judged.exercise, judged.graded.verdicts
    found = [(each.check, verdicts[exercise.grade_id(each)]) for each in exercise.checks]
    lines = [
        f"{judged.file}: {judged.points:g} / {exercise.points:g}",
        verdict_lines(found, language),
    ]
    lines += [v.error for v in verdicts.values() if isinstance(v, Crashed)]
    for each in exercise.checks:
        if trace := judged.graded.traces.get(exercise.grade_id(each)):
            lines += [f"\n{each.name}, in detail:", indent("\n".join(trace), "    ")]
    return "\n".join(lines)


def as_json(judged: Judged) -> dict[str, Any]:
    """What was found, for programs."""
    exercise = judged.exercise
    checks: list[dict[str, Any]] = []
    for each in exercise.checks:
        verdict = judged.graded.verdicts[exercise.grade_id(each)]
        checks.append(
            {
                "check": each.name,
                "verdict": WORDS[type(verdict)],
                "points": earned(verdict, each.points),
                "max": each.points,
                "reason": verdict.error if isinstance(verdict, Crashed) else reason(verdict, "en"),
                "diagnosis": verdict.diagnosis.id if isinstance(verdict, Failed) else None,
            }
        )
        if trace := judged.graded.traces.get(exercise.grade_id(each)):
            checks[-1]["trace"] = trace
    return {
        "file": str(judged.file),
        "unit": exercise.unit,
        "exercise": exercise.id,
        "level": judged.level,
        "points": judged.points,
        "max": exercise.points,
        "checks": checks,
    }
