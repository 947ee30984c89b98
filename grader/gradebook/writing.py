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
from sqlalchemy import insert, select, update

from grader.course import Course
from grader.course import Student as RosterStudent
from grader.errors import GradebookError
from grader.gradebook.adjust import adjust, has_decisions
from grader.gradebook.graded import graded_notebook, write_graded
from grader.gradebook.marks import CellMarks, SubmissionMarks
from grader.gradebook.sheet import Sheet, read_sheet
from grader.stock import open_gradebook, settings

#: nbgrader's plugin: student, score, seconds late → penalty, or None.
LatePenalty: TypeAlias = Callable[[str, float, float], float | None]


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
        for id, each in batch.items():
            language = roster[id].language if id in roster else "en"
            document = graded_notebook(sheet, each, language)
            write_graded(course.autograded(id, unit), unit, document, each.timestamp, mode)
        gradebook.db.commit()
    if has_decisions(course):
        adjust(course, unit, batch)


def _enter_students(
    db: Any, roster: Mapping[str, RosterStudent], batch: Mapping[str, SubmissionMarks]
) -> None:
    """Enter the whole roster, so that exports list who submitted nothing, and whoever else submitted."""
    students = _Rows(db, Student, ["id"])
    for id in {**roster, **batch}:
        names = ("first_name", "last_name", "email", "lms_user_id") if id in roster else ()
        students.put(id, **{name: getattr(roster[id], name) or None for name in names})
    students.write(db)


def _enter_submissions(
    db: Any, sheet: Sheet, batch: Mapping[str, SubmissionMarks], late_penalty: LatePenalty
) -> None:
    """Enter submissions, grades and comments."""
    due = db.scalar(select(Assignment.duedate).where(Assignment.id == sheet.assignment))
    submissions = _Rows(db, SubmittedAssignment, ["student_id", "assignment_id"],
                        SubmittedAssignment.assignment_id == sheet.assignment,
                        SubmittedAssignment.student_id.in_(batch))  # fmt: skip
    notebooks = _Rows(db, SubmittedNotebook, ["assignment_id", "notebook_id"],
                      SubmittedNotebook.notebook_id == sheet.notebook,
                      SubmittedNotebook.assignment_id.in_(submissions.ids()))  # fmt: skip
    grades = _Rows(db, Grade, ["notebook_id", "cell_id"], Grade.notebook_id.in_(notebooks.ids()))
    comments = _Rows(
        db, Comment, ["notebook_id", "cell_id"], Comment.notebook_id.in_(notebooks.ids())
    )

    for id, marks in batch.items():
        submission = submissions.put(id, sheet.assignment, timestamp=marks.timestamp)
        notebook = notebooks.put(submission["id"], sheet.notebook)
        score = 0.0
        for name, cell in sheet.cells.items():
            mark = marks.cells.get(name, CellMarks())
            if cell.grade_row:
                grade = grades.put(notebook["id"], cell.grade_row, auto_score=mark.points)
                by_hand = mark.points is None or grade.get("manual_score") is not None
                grades.put(notebook["id"], cell.grade_row, needs_manual_grade=by_hand)
                score += _score(grade)
            if cell.comment_row:
                comments.put(notebook["id"], cell.comment_row, auto_comment=_storable(mark.comment))
        late = _seconds_late(marks.timestamp, due, submission.get("extension"))
        penalty = late_penalty(id, score, late) if late > 0 else None
        if penalty is not None:
            penalty = min(max(penalty, 0.0), score)
        notebooks.put(submission["id"], sheet.notebook, late_submission_penalty=penalty)

    for rows in (submissions, notebooks, grades, comments):
        rows.write(db)


class _Rows:
    """Rows of a table, by the values of some columns: found by one query, written by two statements."""

    def __init__(self, db: Any, table: Any, key: list[str], *conditions: Any) -> None:
        self._table = table
        self._key = key
        # The columns alone: nbgrader's classes would compute scores, by a subquery a row.
        found = map(dict, db.execute(select(table.__table__).where(*conditions)).mappings())
        self._found = {tuple(row[name] for name in key): row for row in found}
        self._put: dict[tuple[str, ...], dict[str, Any]] = {}
        self._set: set[str] = set()

    def ids(self) -> list[str]:
        """The ids of the rows that were found."""
        return [row["id"] for row in self._found.values()]

    def put(self, *key: str, **values: Any) -> dict[str, Any]:
        """Set values of a row, of a new one where there is none; the row."""
        row = self._put.get(key)
        if row is None:
            found = self._found.get(key)
            row = dict(found or {"id": new_uuid(), **dict(zip(self._key, key, strict=True))})
            self._put[key] = row
        row.update(values)
        self._set.update(values)
        return row

    def write(self, db: Any) -> None:
        """Write what is new or has changed; of rows that were there, only the columns that were set.

        So a score that a person enters in formgrader meanwhile is not overwritten.
        """
        new = [row for key, row in self._put.items() if key not in self._found]
        changed = [
            {name: row[name] for name in ("id", *self._set)}
            for key, row in self._put.items()
            if self._found.get(key, row) != row
        ]
        if new:
            db.execute(insert(self._table), new)
        if changed:
            db.execute(update(self._table), changed)


def _score(grade: Mapping[str, Any]) -> float:
    """The score that nbgrader computes from a grade: a person's goes before ours."""
    manual = grade.get("manual_score")
    given = grade["auto_score"] if manual is None else manual
    return 0.0 if given is None else given + (grade.get("extra_credit") or 0.0)


def _seconds_late(
    timestamp: datetime | None, due: datetime | None, extension: timedelta | None
) -> float:
    if timestamp is None or due is None:
        return 0.0
    return max(0.0, (timestamp - due - (extension or timedelta())).total_seconds())


def _storable(text: str | None) -> str | None:
    """The text without what a database refuses: halves of surrogate pairs, and the NUL character."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd") if text else None
