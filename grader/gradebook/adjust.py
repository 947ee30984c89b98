"""What people decided, put into the gradebook: dates and extensions, points by hand, void checks.

Everything comes from `course.toml` and the journal, so that it can be put in again at any time: after each
batch of marks, and at once when somebody decides something.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import text

from grader import journal
from grader import settings as course_toml
from grader.course import Course
from grader.errors import GradebookError
from grader.journal import Adjustments, Journal
from grader.settings import read_settings
from grader.stock import open_gradebook, settings


def adjust(course: Course, unit: str, students: Iterable[str] | None = None) -> None:
    """Put dates, points and penalties of a unit's submissions in, those of some students or of all."""
    with open_gradebook(course) as gradebook:
        try:
            assignment = gradebook.find_assignment(unit)
        except MissingEntry:  # nothing was graded yet; it will be put in then
            return
        _adjust(gradebook, course, assignment, None if students is None else set(students))
        gradebook.db.commit()


def has_decisions(course: Course) -> bool:
    """Whether there is anything to put in: dates, or a journal."""
    return any((course.root / name).exists() for name in (journal.FILE, course_toml.FILE))


def grade_cells(course: Course, unit: str) -> dict[str, float]:
    """The grade cells of a registered unit, with their points."""
    with open_gradebook(course) as gradebook:
        try:
            notebook = gradebook.find_notebook(unit, unit)
        except MissingEntry:
            raise GradebookError(
                f"The gradebook must know a unit before its marks can change; it does not know {unit}. "
                f"Grade it first: grader grade {unit}"
            ) from None
        return {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}


def _adjust(
    gradebook: Gradebook, course: Course, assignment: Assignment, students: set[str] | None
) -> None:
    unit = assignment.name
    adjustments = Journal(course).adjustments(unit)
    due = read_settings(course).due(unit)
    if due:
        assignment.duedate = due.astimezone(UTC).replace(tzinfo=None)
    late = AssignLatePenalties(config=settings(course))
    late.init_plugin()
    for submission in assignment.submissions:
        if students is not None and submission.student_id not in students:
            continue
        submission.extension = _extension(adjustments, submission, assignment.duedate)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                _decide(adjustments, submission.student_id, grade)
            gradebook.db.flush()
            penalty = None
            if submission.total_seconds_late > 0:
                penalty = late.plugin_inst.late_submission_penalty(
                    submission.student_id, notebook.score, submission.total_seconds_late
                )
            notebook.late_submission_penalty = (
                None if penalty is None else min(max(penalty, 0.0), notebook.score)
            )


def _extension(
    adjustments: Adjustments, submission: SubmittedAssignment, due: datetime | None
) -> timedelta | None:
    """The journal's extension; one that was entered in nbgrader stays where the journal has none."""
    if due and adjustments.extends(submission.student_id):
        return adjustments.extension(submission.student_id, due.replace(tzinfo=UTC))
    current: timedelta | None = submission.extension
    return current


def _decide(adjustments: Adjustments, student: str, grade: Any) -> None:
    """Points of one cell as the journal has them; a person's marks from formgrader stay otherwise."""
    if adjustments.is_silent(student, grade.name):
        return
    found = adjustments.of(student, grade.name)
    if found is None:  # taken back
        grade.manual_score = None
        grade.needs_manual_grade = grade.auto_score is None
        return
    grade.manual_score = grade.max_score if found.points is None else found.points
    grade.needs_manual_grade = False


def forget(course: Course, student: str) -> None:
    """Remove a student with all submissions, marks and comments from the gradebook."""
    with open_gradebook(course) as gradebook:
        if gradebook.db.get_bind().dialect.name == "sqlite":  # not every SQLite erases by itself
            gradebook.db.execute(text("PRAGMA secure_delete = ON"))
        try:
            gradebook.remove_student(student)
        except MissingEntry:
            return
