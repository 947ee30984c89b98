"""What a person decides about marks: points by hand, void checks, extensions, the removal of someone's data.

Each decision is checked, written into the journal, and put into the gradebook at once. It survives grading
anew, since every batch of marks is adjusted by the journal.
"""

import shutil
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from grader.course import Course
from grader.errors import CourseError, GradebookError
from grader.gradebook import score_table
from grader.gradebook.adjust import adjust, forget, grade_cells
from grader.journal import Journal, Record
from grader.settings import read_settings

ONLY_DECIDED = "Only what was decided can be taken back"


def override(
    course: Course, unit: str, student: str, check: str, points: float | None, reason: str
) -> Record:
    """Give a student these points for a check; None takes an earlier override back."""
    _known_student(course, student)
    most = _points_of(course, unit, check)
    if points is not None and not 0 <= points <= most:
        raise GradebookError(
            f"Points for {check} lie between 0 and {most:g}; got {points:g}. "
            "For more, use extra credit in formgrader."
        )
    if points is None and Journal(course).adjustments(unit).is_silent(student, check):
        raise CourseError(f"{ONLY_DECIDED}; the journal has nothing on {check} of {student}.")
    if student not in score_table(course, unit).scores:
        raise GradebookError(
            f"Points go to a check of a submission; {student} has none in {unit}. Collect one and grade it: "
            f"grader grade {unit} --student {student}"
        )
    record = Record("override", unit, reason, student=student, check=check, points=points)
    record = Journal(course).add(record)
    adjust(course, unit, [student])
    return record


def void(course: Course, unit: str, check: str, reason: str, withdrawn: bool = False) -> Record:
    """Full points for a check, for everybody; withdrawn: it counts again."""
    _points_of(course, unit, check)
    if withdrawn and not Journal(course).adjustments(unit).is_void(check):
        raise CourseError(
            f"{ONLY_DECIDED}; {check} is not void. Look at it: grader log --unit {unit}"
        )
    record = Record("void", unit, reason, check=check, withdrawn=withdrawn)
    record = Journal(course).add(record)
    adjust(course, unit)
    return record


def extend(course: Course, unit: str, student: str, until: datetime | None, reason: str) -> Record:
    """Let a student hand in until a time (in the course's zone where it has none); None takes it back.

    It may come before anything was handed in, and takes a penalty away that was given already.
    """
    _known_student(course, student)
    settings = read_settings(course)
    due = settings.due(unit)
    if due is None:
        raise CourseError(
            f"An extension needs a due date; {course.root / 'course.toml'} has none for {unit}. "
            f"Add: [units.{unit}] due = 2027-05-17T23:59:00"
        )
    if until is not None:
        until = until if until.tzinfo else until.replace(tzinfo=settings.timezone)
        if until <= due:
            raise CourseError(
                f"An extension ends after the due date, {due.isoformat()}; got {until.isoformat()}."
            )
    elif Journal(course).adjustments(unit).extension(student, due) is None:
        raise CourseError(f"{ONLY_DECIDED}; {student} has no extension in {unit}.")
    text = until.isoformat() if until else ""
    record = Record("extend", unit, reason, student=student, until=text, withdrawn=until is None)
    record = Journal(course).add(record)
    adjust(course, unit, [student])
    return record


def holdings(course: Course, student: str) -> list[Path]:
    """The files and folders with data of a student. CourseError for an id that the course does not know.

    Among them are tables, reports and zips of a whole class: they are written anew when they are next needed.
    """
    if not _knows(course, student):
        raise CourseError(
            f"A student is removed by an id that the course knows; it has no {student!r}."
        )
    made = course.root / "_build"
    of_all = [*made.glob("report/*"), *made.glob("export/*"), *made.glob("feedback/*")]
    return [*_own_files(course, student), *sorted([*of_all, *made.glob("bundles/*.zip")])]


def _own_files(course: Course, student: str) -> list[Path]:
    found = [course.root / folder / student for folder in ("submitted", "autograded", "feedback")]
    hidden = course.root / ".grader"
    found += hidden.glob(f"attempts/*/{student}")
    found += hidden.glob(f"graded/*/{student}.json")
    found.append(course.root / "_build" / "bundles" / student)
    return [path for path in found if path.exists()]


def purge(course: Course, student: str, reason: str) -> str:
    """Remove a student's files, rows and line of the roster; the pseudonym that stays in the journal.

    What makes the student known goes last, so that a run that was broken off can be started again.
    """
    files = holdings(course, student)
    pseudonym = "removed-" + sha256(course.secret() + student.encode()).hexdigest()[:8]
    Journal(course).pseudonymized(student, pseudonym)
    Journal(course).add(Record("purge", "", reason, student=pseudonym))
    forget(course, student)
    for path in reversed(files):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    _strike_from_roster(course, student)
    return pseudonym


def _strike_from_roster(course: Course, student: str) -> None:
    import csv
    import io

    path = course.root / "students.csv"
    if student not in course.students():
        return
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    place = rows[0].index("id")
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(
        row for row in rows if not row or row[place].strip() != student
    )
    draft = path.with_name(".students.csv.new")
    draft.write_text(out.getvalue(), encoding="utf-8")
    draft.replace(path)


def _knows(course: Course, student: str) -> bool:
    return student in course.students() or bool(_own_files(course, student))


def _known_student(course: Course, student: str) -> None:
    if not _knows(course, student):
        raise CourseError(
            f"A decision is about a student of the roster or of submitted/; there is no {student!r}. "
            "Give the id, not the name."
        )


def _points_of(course: Course, unit: str, check: str) -> float:
    cells = grade_cells(course, unit)
    if check not in cells:
        raise GradebookError(
            f"A check is named by its grade id; {unit} has no {check!r}. It has: {', '.join(cells)}."
        )
    return cells[check]
