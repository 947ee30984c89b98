"""What a student handed in before: where it is kept, and which attempt counts where the best one does.

`submitted/<student>/<unit>` holds the attempt that counts, `.grader/attempts/<unit>/<student>/<number>` all
others, in the order in which they were put there. So a new key, feedback and `grader why` see what counts.
"""

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from grader.course import Course
from grader.errors import SubmissionError
from grader.journal import Journal
from grader.resume import Entry, GradedBefore, stamp
from grader.settings import read_settings


def others(course: Course, unit: str, student: str) -> list[Path]:
    """The folders of a student's other attempts."""
    return sorted((course.root / ".grader" / "attempts" / unit / student).glob("[0-9]*"))


def require_graded(course: Course, unit: str, students: Iterable[str]) -> None:
    """SubmissionError where the best attempt counts, and one is about to be put aside that was not graded."""
    if read_settings(course).attempts != "best":
        return
    graded = GradedBefore(course, unit)
    waiting = [
        student for student in students
        if (before := graded.find(student)) is None
        or before.run.files != stamp(course.submitted(student, unit))
    ]  # fmt: skip
    if waiting:
        raise SubmissionError(
            "Where the best attempt counts (course.toml, marks.attempts), each is graded before the next is "
            f"collected; of {', '.join(waiting)} one is not. Run: grader grade {unit}, then collect again."
        )


def put_aside(course: Course, unit: str, student: str) -> None:
    """Move what is in `submitted/` to the other attempts."""
    _move(course.submitted(student, unit), course, unit, student)


def brought_back(course: Course, unit: str, student: str, before: Entry | None, now: Entry) -> bool:
    """Whether an earlier attempt has more points, lateness included, and counts: `submitted/` has it again."""
    if before is None or before.run.files == now.run.files:
        return False
    if read_settings(course).attempts != "best":
        return False
    if _net(course, unit, student, before) <= _net(course, unit, student, now):
        return False
    for folder in others(course, unit, student):
        if stamp(folder) == before.run.files:
            aside = folder.with_name(f".{folder.name}")
            folder.rename(aside)
            _move(course.submitted(student, unit), course, unit, student)
            aside.rename(course.submitted(student, unit))
            return True
    return False


def _net(course: Course, unit: str, student: str, entry: Entry) -> float:
    """Points less what lateness costs; without a table [late] nothing."""
    settings = read_settings(course)
    due = settings.due(unit)
    if not (due and settings.late and entry.run.submitted):
        return entry.points
    extension = Journal(course).adjustments(unit).extension(student, due)
    submitted = datetime.fromisoformat(entry.run.submitted)
    submitted = submitted if submitted.tzinfo else submitted.replace(tzinfo=UTC)
    late = (submitted - due).total_seconds() - (extension.total_seconds() if extension else 0.0)
    return entry.points - (settings.late.penalty(entry.points, late) if late > 0 else 0.0)


def _move(folder: Path, course: Course, unit: str, student: str) -> None:
    attempts = course.root / ".grader" / "attempts" / unit / student
    attempts.mkdir(parents=True, exist_ok=True)
    last = max((int(path.name.lstrip(".")) for path in attempts.iterdir()), default=0)
    shutil.move(folder, attempts / f"{last + 1:03}")
