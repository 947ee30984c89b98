"""Marks in the form that a platform takes back.

A platform's own table is filled where there is one, so that its headings, ids and order stay. What a
spreadsheet would take for a formula is neutralized; nothing is written for a student without marks.
"""

import csv
import html
import io
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Course, Student
from grader.errors import GradebookError, SubmissionError
from grader.gradebook import ScoreTable
from grader.platforms.claims import Roster
from grader.platforms.moodle import Worksheet
from grader.platforms.sheet import MARK, Sheet
from grader.sanitize import csv_cell

LATE = {"en": "late: -{}", "ja": "遅れによる減点: -{}"}


@dataclass
class Exported:
    """What was written: the file's bytes, the ids in it, and what there is to say."""

    content: bytes
    students: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def moodle(course: Course, table: ScoreTable, worksheet: Worksheet) -> Exported:
    """Moodle's worksheet with grades, scaled to its maximum, and comments with the points by exercise."""
    roster = Roster(course.students())
    total = sum(table.max_scores.values())
    exported = Exported(b"")
    for row in worksheet.rows():
        student = roster.by_row(row)
        who = row.email or row.name or row.participant
        if student is None:
            exported.notes.append(f"{who}: nobody on the roster, or more than one")
        elif student not in table.scores:
            exported.notes.append(f"{student}: no submission was graded")
        elif waiting := _waiting(table, student):
            exported.notes.append(f"{student}: {waiting} waits for a person; left as it was")
        elif worksheet.is_locked(row):
            exported.notes.append(f"{student}: Moodle has locked the grade; left as it was")
        else:
            maximum = worksheet.maximum(row)
            points = table.total(student)
            grade = points if maximum is None else points * maximum / total
            worksheet.fill(row, f"{grade:.2f}", csv_cell(_comment(course, table, student)))
            exported.students.append(student)
    exported.content = worksheet.text()
    return exported


def canvas(course: Course, table: ScoreTable, gradebook: Path, assignment: str) -> Exported:
    """Canvas's gradebook with one assignment's column filled; the other rows and columns stay."""
    sheet = Sheet(gradebook, "Canvas's gradebook", "Export it again: Grades, Export.")
    header = sheet.header
    if "ID" not in header:
        raise SubmissionError(
            f"{gradebook}, line 1: Canvas's gradebook has a column ID; the columns are {', '.join(header)}. "
            "Export it again: Grades, Export."
        )
    column = _assignment_column(gradebook, header, assignment)
    roster, exported = Roster(course.students()), Exported(b"")
    for number in range(1, len(sheet)):
        named = defaultdict(str, zip(header, sheet.row(number), strict=False))
        if not named["ID"].strip():  # the row of points possible
            continue
        student = (
            roster.by_user(named["ID"])
            or roster.by_id(named["SIS User ID"])
            or roster.by_id(named["SIS Login ID"])
            or roster.by_email(named["SIS Login ID"])
        )
        if student is None or student not in table.scores:
            exported.notes.append(f"{named['Student']} ({named['ID']}): no graded submission")
        elif waiting := _waiting(table, student):
            exported.notes.append(f"{student}: {waiting} waits for a person; left as it was")
        else:
            sheet.fill(number, column, f"{table.total(student):.2f}")
            exported.students.append(student)
    exported.content = sheet.content()
    return exported


def plain(course: Course, table: ScoreTable) -> Exported:
    """A table of one row a student of the roster, and of whoever else has marks; empty where there are none."""
    students: Mapping[str, Student] = course.students()
    ids = [*students, *(id for id in table.scores if id not in students)]
    rows = [
        ["id", "first_name", "last_name", "email", "points", "penalty", "max_points", "waiting"]
    ]
    for id in ids:
        who = students.get(id, Student(id))
        given = id in table.scores
        rows.append([
            *map(csv_cell, (id, who.first_name, who.last_name, who.email)),
            f"{table.total(id):.2f}" if given else "",
            f"{table.penalties[id]:.2f}" if given else "",
            f"{sum(table.max_scores.values()):g}",
            _waiting(table, id) if given else "",
        ])  # fmt: skip
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return Exported(MARK + out.getvalue().encode(), ids)  # the mark lets spreadsheets read Japanese


def _waiting(table: ScoreTable, student: str) -> str:
    """The cells of a student that a person has still to mark."""
    return ", ".join(cell for cell, score in table.scores[student].items() if score is None)


def _comment(course: Course, table: ScoreTable, student: str) -> str:
    """Points in all and by exercise, as the HTML that Moodle's comments are, in the student's language."""
    by_exercise: dict[str, tuple[float, float]] = {}
    for cell, most in table.max_scores.items():
        exercise = cell.rpartition("-")[0] or cell
        got, of = by_exercise.get(exercise, (0.0, 0.0))
        by_exercise[exercise] = got + (table.scores[student][cell] or 0.0), of + most
    parts = [f"{html.escape(name)}: {got:g}/{of:g}" for name, (got, of) in by_exercise.items()]
    penalty = table.penalties[student]
    language = course.students().get(student, Student(student)).language
    late = [LATE[language].format(f"{penalty:g}")] if penalty else []
    total = f"{table.total(student):g}/{sum(table.max_scores.values()):g}"
    return "; ".join([total, *parts, *late])


def _assignment_column(path: Path, header: list[str], assignment: str) -> int:
    names = [re.sub(r" \(\d+\)$", "", name) for name in header]
    found = [n for n, name in enumerate(names) if assignment in (name, header[n])]
    if len(found) == 1:
        return found[0]
    problem = "several columns are" if found else "no column is"
    choices = [name for name in header if re.search(r" \(\d+\)$", name)]
    raise GradebookError(
        f"{path}: the assignment has one column; {problem} called {assignment!r}. Name it by --assignment: "
        f"{', '.join(choices) or 'the export has no assignment yet, make it in Canvas first'}."
    )
