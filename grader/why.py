"""Why a submission got its marks: what is stored of each check, and the check run again, with its values.

For complaints. Nothing is written; what is shown holds hidden inputs, so it is for teachers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.checks import Verdict
from grader.course import Course, fingerprint
from grader.engine import Judge, Task
from grader.errors import CourseError, GradebookError
from grader.exercises import load_unit
from grader.gradebook import score_table
from grader.grading import limits_of
from grader.journal import Adjustment, Journal
from grader.resume import Entry, GradedBefore
from grader.sandbox import Limits


@dataclass(frozen=True)
class Why:
    """One check of one submission. stored: as it was graded; again: as it is judged now; trace: how.

    points, most: as it was graded, and what there was to get. counts: what the gradebook counts, None where
    it has nothing yet. decision: what a person decided about it.
    """

    check: str
    sentence: str
    stored: Verdict
    again: Verdict
    points: float | None
    most: float
    counts: float | None
    trace: Sequence[str]
    decision: Adjustment | None

    @property
    def differs(self) -> bool:
        """Whether judging it again comes to something else."""
        return self.stored != self.again


@dataclass(frozen=True)
class Replay:
    """A submission judged again. changed: what is no longer as it was when it was graded.

    total: what the gradebook counts in all, marks of persons and lateness included; None where it has none.
    """

    stored: Entry
    total: float | None
    changed: tuple[str, ...]
    checks: tuple[Why, ...]


def why(
    course: Course,
    unit_name: str,
    student: str,
    check: str = "",
    *,
    limits: Limits | None = None,
    allow_unsandboxed: bool = False,
) -> Replay:
    """Judge a graded submission again, one of its checks or all, and set it beside what is stored."""
    stored = GradedBefore(course, unit_name).find(student)
    if stored is None:
        raise CourseError(
            f"Only what was graded can be explained; {unit_name} of {student} was not, or not by this "
            f"version. Run: grader grade {unit_name} --student {student}"
        )
    unit = load_unit(course.key(unit_name))
    checks = {e.grade_id(c): (e, c) for e in unit.exercises.values() for c in e.checks}
    if check and check not in checks:
        raise CourseError(
            f"A check is named by its grade id; {unit_name} has no {check!r}. It has: {', '.join(checks)}."
        )
    wanted = [check] if check else [id for id in checks if id in stored.cells]
    roster = course.students()
    language = roster[student].language if student in roster else "en"
    exercises = tuple(dict.fromkeys(checks[id][0].id for id in wanted))
    with Judge(course, unit_name, limits or limits_of(unit), allow_unsandboxed) as judge:
        outcome = judge(Task(student, language, exercises, explain=True))
    if outcome.unreadable or outcome.broken:
        text = outcome.unreadable.render() if outcome.unreadable else outcome.broken
        raise CourseError(f"The submission of {student} cannot be judged again: {text}")
    adjustments = Journal(course).adjustments(unit_name)
    counts, total = _counts(course, unit_name, student)
    return Replay(
        stored,
        total,
        _changed(course, unit.version, stored, outcome.run.files),
        tuple(
            Why(
                id,
                checks[id][1].check.sentence.render(),
                stored.cells[id].verdict,
                outcome.cells[id].verdict,
                stored.cells[id].points,
                checks[id][1].points,
                counts.get(id),
                outcome.traces.get(id, ()),
                adjustments.of(student, id),
            )
            for id in wanted
            if id in stored.cells and id in outcome.cells
        ),
    )


def _counts(
    course: Course, unit: str, student: str
) -> tuple[Mapping[str, float | None], float | None]:
    """What the gradebook counts for each check, and in all."""
    try:
        table = score_table(course, unit)
    except GradebookError:  # it was made anew, and does not know the unit yet
        return {}, None
    if student not in table.scores:
        return {}, None
    return table.scores[student], table.total(student)


def _changed(course: Course, version: str, stored: Entry, files: str) -> tuple[str, ...]:
    secret = fingerprint(course.secret())
    pairs = {
        "the submission": (stored.run.files, files),
        f"the key ({stored.run.key} then, {version} now)": (stored.run.key, version),
        f"the secret ({stored.run.secret} then, {secret} now)": (stored.run.secret, secret),
    }
    return tuple(what for what, (then, now) in pairs.items() if then != now)
