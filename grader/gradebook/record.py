"""Write marks into nbgrader's gradebook: a whole batch in one transaction, each notebook with its marks."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select
from sqlalchemy.orm import load_only

from grader.course import Course
from grader.course import Student as RosterStudent
from grader.errors import GradebookError
from grader.gradebook.graded import graded_notebook, write_graded
from grader.gradebook.marks import SubmissionMarks
from grader.gradebook.sheet import Sheet, read_sheet
from grader.stock import open_gradebook, settings

#: nbgrader's plugin: student, score, seconds late → penalty, or None.
LatePenalty: TypeAlias = Callable[[str, float, float], float | None]
Found: TypeAlias = dict[tuple[str, ...], Any]


def record(course: Course, unit: str, marks: Iterable[SubmissionMarks]) -> None:
    """Write a batch of marks: the rows in one transaction, then the graded notebooks, then the commit.

    What was there is replaced, except what a person gave: manual scores, extra credit and manual comments
    stay, and a cell with a manual score asks for a second look, as in nbgrader. Killed at any moment, the
    gradebook holds all of the batch or none of it, every notebook is whole, and no mark stands without
    its notebook.
    """
    batch: dict[str, SubmissionMarks] = {}
    for each in marks:
        if each.student in batch:
            raise GradebookError(
                f"A batch holds one submission a student; {each.student} is there twice."
            )
        batch[each.student] = each
    roster = course.students()
    config = settings(course)
    late = AssignLatePenalties(config=config)
    late.init_plugin()
    mode = 0o664 if CourseDirectory(config=config).groupshared else 0o444
    with open_gradebook(course) as gradebook:
        sheet = read_sheet(gradebook, unit, config)
        for each in batch.values():
            sheet.check(each)
        _enter_students(gradebook.db, roster, batch)
        _enter_submissions(gradebook.db, sheet, batch, late.plugin_inst.late_submission_penalty)
        gradebook.db.flush()
        for id, each in batch.items():
            language = roster[id].language if id in roster else "en"
            document = graded_notebook(sheet, each, language)
            write_graded(course.autograded(id, unit), unit, document, each.timestamp, mode)
        gradebook.db.commit()


def _enter_students(
    db: Any, roster: Mapping[str, RosterStudent], batch: Mapping[str, SubmissionMarks]
) -> None:
    """Enter the whole roster, so that exports list who submitted nothing, and whoever else submitted."""
    rows = _find(db, Student, ["id"])
    for id in {**roster, **batch}:
        row = _found_or_new(db, Student, rows, id=id)
        if id in roster:
            for name in ("first_name", "last_name", "email", "lms_user_id"):
                setattr(row, name, getattr(roster[id], name) or None)


def _enter_submissions(
    db: Any, sheet: Sheet, batch: Mapping[str, SubmissionMarks], late_penalty: LatePenalty
) -> None:
    """Enter submissions, grades and comments; each table is searched by one query."""
    due = db.get(Assignment, sheet.assignment).duedate
    submissions = _find(db, SubmittedAssignment, ["student_id", "assignment_id"],
                        SubmittedAssignment.assignment_id == sheet.assignment,
                        SubmittedAssignment.student_id.in_(batch))  # fmt: skip
    entered = [row.id for row in submissions.values()]
    notebooks = _find(db, SubmittedNotebook, ["assignment_id", "notebook_id"],
                      SubmittedNotebook.notebook_id == sheet.notebook,
                      SubmittedNotebook.assignment_id.in_(entered))  # fmt: skip
    of_batch = [row.id for row in notebooks.values()]
    grades = _find(db, Grade, ["notebook_id", "cell_id"], Grade.notebook_id.in_(of_batch))
    comments = _find(db, Comment, ["notebook_id", "cell_id"], Comment.notebook_id.in_(of_batch))

    for id, marks in batch.items():
        submission = _found_or_new(db, SubmittedAssignment, submissions,
                                   student_id=id, assignment_id=sheet.assignment)  # fmt: skip
        submission.timestamp = marks.timestamp
        notebook = _found_or_new(db, SubmittedNotebook, notebooks,
                                 assignment_id=submission.id, notebook_id=sheet.notebook)  # fmt: skip
        score = 0.0
        for name, cell in sheet.cells.items():
            mark = marks.cells.get(name)
            if cell.grade_row and mark:
                grade = _found_or_new(
                    db, Grade, grades, notebook_id=notebook.id, cell_id=cell.grade_row
                )
                grade.auto_score = mark.points
                grade.needs_manual_grade = mark.points is None or grade.manual_score is not None
                score += _score(grade)
            if cell.comment_row:
                comment = _found_or_new(db, Comment, comments,
                                        notebook_id=notebook.id, cell_id=cell.comment_row)  # fmt: skip
                comment.auto_comment = _storable(mark.comment) if mark and mark.comment else None
        late = _seconds_late(marks.timestamp, due, submission.extension)
        penalty = late_penalty(id, score, late) if late > 0 else None
        notebook.late_submission_penalty = (
            None if penalty is None else min(max(penalty, 0.0), score)
        )


def _find(db: Any, table: Any, key: list[str], *conditions: Any) -> Found:
    """The rows that meet the conditions, by their values of the key's columns."""
    # nbgrader's classes compute scores by a subquery a row; `load_only` reads the plain columns.
    columns = [getattr(table, column.key) for column in table.__table__.columns]
    rows = db.scalars(select(table).where(*conditions).options(load_only(*columns)))
    return {tuple(getattr(row, name) for name in key): row for row in rows}


def _found_or_new(db: Any, table: Any, found: Found, **key: str) -> Any:
    row = found.get(tuple(key.values()))
    if row is None:
        row = found[tuple(key.values())] = table(**{"id": new_uuid(), **key})
        db.add(row)
    return row


def _score(grade: Any) -> float:
    """The score that nbgrader computes from a grade: a person's goes before ours."""
    given = grade.auto_score if grade.manual_score is None else grade.manual_score
    return (given or 0.0) + ((grade.extra_credit or 0.0) if given is not None else 0.0)


def _seconds_late(
    timestamp: datetime | None, due: datetime | None, extension: timedelta | None
) -> float:
    if timestamp is None or due is None:
        return 0.0
    return max(0.0, (timestamp - due - (extension or timedelta())).total_seconds())


def _storable(text: str) -> str:
    """The text without what a database refuses: halves of surrogate pairs, and the NUL character."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
