"""A notebook tried on its owner's machine: its public checks, or (learning alone) the hidden ones, too.

The code is the owner's own, so it runs in this process, without isolation and without a gradebook.
"""

import contextlib
import importlib
import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.bundles import stripped
from grader.checks import (
    Check,
    Failed,
    LocalStudent,
    Verdict,
    earned,
    finding,
    judge,
    message,
    public,
)
from grader.checks.hand_in import summary
from grader.checks.show import verdict_lines
from grader.checks.text import quote
from grader.course import PUBLIC_SECRET, Course
from grader.errors import SubmissionError
from grader.exercises import Exercise, Insight, Unit, load_unit
from grader.exercises.variants import TAG
from grader.submission import UnreadableSubmission, load


@dataclass(frozen=True)
class Tried:
    """A notebook after its cells have run. errors: what cells raised, by the cell's id or number."""

    unit: Unit
    names: dict[str, Any]
    errors: dict[str, str]


def try_notebook(course: Course, unit_name: str, file: Path) -> Tried:
    """Run the code cells of a notebook in order, with the unit's package in the place of the whole dlkit."""
    unit = load_unit(course.key(unit_name))
    graded = {e.grade_id(check) for e in unit.exercises.values() for check in e.checks}
    cells = [
        (cell.grade_id or str(number), cell.source)
        for number, cell in enumerate(load(file).cells, 1)
        if cell.type == "code" and cell.grade_id not in graded
    ]
    public.found.clear()
    with _package(stripped(course, unit_name)):
        return _run(unit, cells)


def require_base_variant(course: Course, unit_name: str, file: Path) -> None:
    """Raise UnreadableSubmission unless a notebook is that of the unit which everybody gets.

    What would be right in a student's own variant, the secret of that student's course alone can tell.
    """
    unit, cells = load_unit(course.key(unit_name)), load(file).cells
    answer = re.compile(rf"^(?:class|def) (?:{'|'.join(unit.names)})\b", re.MULTILINE)
    if any(cell.grade_id for cell in cells):
        if (other := unit_of(course, file)) != unit_name:
            raise UnreadableSubmission(
                message("{file} is a notebook of {other}, not of {unit}. Say the name of that unit, or use the "
                        "other notebook.", file=quote(file.name), other=other, unit=unit_name))  # fmt: skip
    elif not any(answer.search(cell.source) for cell in cells):  # names decide, as in grading
        raise UnreadableSubmission(
            message("This is no notebook of {unit}: none of its cells is there, and nothing of what it asks "
                    "for. Use the notebook of this unit.", unit=unit_name))  # fmt: skip
    if any(TAG.search(cell.source) for cell in cells if cell.grade_id not in unit.exercises):
        raise UnreadableSubmission(
            message("{file} holds a variant of its owner's, whose hidden checks the course alone has. Use "
                    "`grader check`, or the notebook that everybody gets.", file=quote(file.name)))  # fmt: skip


def unit_of(course: Course, file: Path) -> str:
    """The unit with most of a notebook's cells: it belongs to that. UnreadableSubmission if none has any."""
    ids = {cell.grade_id for cell in load(file).cells}
    units = {name: load_unit(course.key(name)) for name in course.unit_names()}
    shared = {name: len(ids & set(unit.exercises)) for name, unit in units.items()}
    best = max(shared, key=lambda name: shared[name], default="")
    if not best or not shared[best]:
        raise UnreadableSubmission(
            message("A notebook of a unit has the cells of its exercises; {file} has none of those of {units}. "
                    "Check the notebook that you were given.",
                    file=quote(file.name), units=", ".join(units) or "-"))  # fmt: skip
    return best


@contextlib.contextmanager
def _package(folder: Path) -> Iterator[None]:
    """Import dlkit from that folder meanwhile; the modules of the whole one come back afterwards."""
    whole = {name: sys.modules.pop(name) for name in _dlkit()}
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in _dlkit():
            del sys.modules[name]
        sys.modules.update(whole)


def _dlkit() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] == "dlkit"]


def _run(unit: Unit, cells: Sequence[tuple[str, str]]) -> Tried:
    """Run cells as a notebook does, silently."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config({"HistoryManager": {"enabled": False}})
    errors = {}
    ours = sys.modules["__main__"]
    try:
        shell = InteractiveShell.instance(config=config)  # its cells are `__main__` from now on
        shell.reset(new_session=True)
        for name, source in cells:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
                _nobody_looks_at_figures(),
            ):
                result = shell.run_cell(source)
            if error := result.error_before_exec or result.error_in_exec:
                errors[name] = f"{type(error).__name__}: {quote(str(error))}"
    finally:
        sys.modules["__main__"] = ours
    return Tried(unit, dict(shell.user_ns), errors)


@contextlib.contextmanager
def _nobody_looks_at_figures() -> Iterator[None]:
    """Matplotlib, where a cell imports it, draws without a window; processes started later are as before."""
    chosen = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = "Agg"
    try:
        yield
    finally:
        if chosen is None:
            del os.environ["MPLBACKEND"]
        else:
            os.environ["MPLBACKEND"] = chosen


def public_report(tried: Tried, language: str) -> Iterator[str]:
    """What `grader check` prints: errors of cells, every public check, and what is open."""
    yield from _error_lines(tried, language)
    for name, verdicts in public.found.items():
        yield f"{name}\n{verdict_lines(verdicts, language)}"
    checked = [e.id for e in tried.unit.exercises.values() if e.public_cell()]
    student = str(tried.names.get("student_id", ""))
    for line in summary(tried.unit.name, student, checked, public.found):
        yield line.render(language)


def hidden_report(tried: Tried, language: str) -> Iterator[str]:
    """What `grader self` prints: errors of cells, points, and a verdict with its reason for each check."""
    yield from _error_lines(tried, language)
    total = 0.0
    for exercise in tried.unit.exercises.values():
        if exercise.manual:
            continue
        verdicts = _judge(tried, exercise)
        points = sum(
            earned(verdict, check.points) or 0.0
            for check, (_, verdict) in zip(exercise.checks, verdicts, strict=True)
        )
        total += points
        yield f"{exercise.id}: {points:g} / {exercise.points:g}\n{verdict_lines(verdicts, language)}"
    most = sum(e.points for e in tried.unit.exercises.values() if not e.manual)
    yield message(
        "In all: {points} of {most} points", points=f"{total:g}", most=f"{most:g}"
    ).render(language)


def _judge(tried: Tried, exercise: Exercise) -> list[tuple[Check, Verdict]]:
    if exercise.id in tried.errors and exercise.name not in tried.names:
        error = tried.errors[exercise.id]
        failed = Failed(finding("cell-failed", name=exercise.name, error=error))
        return [(each.check, failed) for each in exercise.checks]
    student = LocalStudent(tried.names)
    found: list[tuple[Check, Verdict]] = []
    for each in exercise.checks:
        cases = exercise.hidden_cases(each, PUBLIC_SECRET, tried.unit.version)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            key = Insight(exercise, each)
            found.append((each.check, judge(each.check, student, exercise.name, cases, key)))
    return found


def _error_lines(tried: Tried, language: str) -> Iterator[str]:
    for cell, error in tried.errors.items():
        yield message("Cell {cell} failed: {error}", cell=cell, error=error).render(language)


def solution(unit: Unit, exercise_id: str) -> str:
    """The right answer to one exercise, for a learner who has tried. SubmissionError if there is none."""
    exercise = unit.exercises.get(exercise_id)
    if exercise is None or exercise.manual:
        known = ", ".join(e.id for e in unit.exercises.values() if not e.manual)
        raise SubmissionError(
            f"{unit.name} has no solution of {exercise_id!r}. There are: {known}."
        )
    return exercise.source.text
