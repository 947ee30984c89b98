"""Which submissions a run grades, and why."""

import gc
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from dlkit import __version__
from grader.course import Course, fingerprint
from grader.errors import CourseError
from grader.exercises import Unit, load_unit
from grader.resume import Entry, GradedBefore, stamp
from grader.sandbox import Limits
from grader.settings import read_settings


@dataclass(frozen=True)
class Plan:
    """One submission: what an earlier run found, the stamp of it as it is now, and why it is graded.

    why: empty where nothing has changed since.
    """

    student: str
    language: str
    stamp: str
    before: Entry | None
    why: str


def submissions(course: Course, unit: str, students: Sequence[str] = ()) -> list[str]:
    """Students who submitted the unit, in order; those named must be among them."""
    found = sorted(
        student.name
        for student in (course.root / "submitted").glob("[!.]*")
        if os.path.lexists(student / unit)  # what is no folder is not graded, and that is said
    )
    if missing := [name for name in students if name not in found]:
        raise CourseError(
            f"{', '.join(missing)}: no submission of {unit}. Submissions are looked for in "
            f"{course.root / 'submitted'}/<student>/{unit}/."
        )
    if not found:
        raise CourseError(
            f"No submission of {unit}: {course.root / 'submitted'} has no <student>/{unit}/ folder."
        )
    return list(dict.fromkeys(students)) or found


def without_full_marks(course: Course, unit_name: str, students: Iterable[str]) -> list[str]:
    """Those of the students whom an earlier run did not give full marks, or who were not graded."""
    unit = load_unit(course.key(unit_name))
    graded_before = GradedBefore(course, unit_name)
    return [
        student
        for student in students
        if (before := graded_before.find(student)) is None or not _has_full_marks(unit, before)
    ]


def _has_full_marks(unit: Unit, before: Entry) -> bool:
    """Whether every check that we judge has its points; what a person marks is not for us to grade again."""
    earned = {name: cell.points or 0.0 for name, cell in before.cells.items()}
    return all(
        earned.get(exercise.grade_id(check), 0.0) >= check.points
        for exercise in unit.exercises.values()
        if not exercise.manual
        for check in exercise.checks
    )


def plan(
    course: Course,
    unit_name: str,
    students: Iterable[str],
    *,
    limits: Limits,
    allow_unsandboxed: bool = False,
    force: bool = False,
    confirm: bool = True,
) -> list[Plan]:
    """What to do about each submission. Nothing is run and nothing written.

    confirm: see `confirmed`. It looks into the gradebook, for which nbgrader has to be loaded.
    """
    unit = load_unit(course.key(unit_name))
    depends = [__version__, unit.version, fingerprint(course.secret()), repr(limits)]
    if pool := read_settings(course).pool(unit_name):
        depends.append(f"pool {pool}")
    graded_before = GradedBefore(course, unit_name)
    roster = course.students()
    found = []
    for student in students:
        before = graded_before.find(student)
        language = roster[student].language if student in roster else "en"
        now = stamp(course.submitted(student, unit_name), *depends, language)
        why = ""
        if before is None:
            why = "not graded yet"
        elif before.stamp != now:
            why = "the submission, the key or the grader changed"
        elif before.level == "none" and not allow_unsandboxed:
            why = "it was graded without isolation"
        elif force:
            why = "asked for"
        found.append(Plan(student, language, now, before, why))
    return confirmed(course, unit_name, found) if confirm else found


def confirmed(course: Course, unit_name: str, plans: Sequence[Plan]) -> list[Plan]:
    """The plans; what has not changed is graded again where the gradebook does not have its marks."""
    if all(each.why for each in plans):
        return list(plans)
    load_nbgrader()
    from grader.gradebook import auto_scores

    scores = auto_scores(course, unit_name)
    return [
        replace(each, why="the gradebook does not have these marks")
        if each.before and not each.why and not _has(scores.get(each.student, {}), each.before)
        else each
        for each in plans
    ]


def load_nbgrader() -> None:
    """Import nbgrader, but not a part of jsonschema that nobody here needs and that takes longer than all else.

    jsonschema does without rfc3987_syntax, which builds its grammar when it is imported, where it is missing.
    """
    if "nbgrader.api" in sys.modules:
        return
    name = "rfc3987_syntax"
    hidden = name not in sys.modules
    if hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    gc.disable()  # nearly all that is loaded stays
    try:
        import_module("nbgrader.api")
    finally:
        if hidden:
            del sys.modules[name]
        gc.freeze()  # no collection looks through it again, the last one of the process included
        gc.enable()


def _has(scores: Mapping[str, float | None], before: Entry) -> bool:
    """Whether the gradebook's scores of a student are those of the earlier run."""
    graded = scores.keys() & before.cells.keys()
    return bool(graded) and all(scores[name] == before.cells[name].points for name in graded)
