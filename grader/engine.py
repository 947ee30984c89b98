"""Grade the submissions of a class: load, run and judge each, and record the marks in batches."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dlkit import __version__
from grader.checks import (
    Message,
    Passed,
    earned,
    reason,
    verdict_line,
    verdict_word,
)
from grader.course import Course, fingerprint
from grader.errors import CourseError
from grader.exercises import Exercise, Unit, load_unit
from grader.exercises.release import register
from grader.gradebook import CellMarks, SubmissionMarks, record
from grader.grading import Graded, SourceCell, grade, hidden_cases, isolation
from grader.resume import Entry, GradedBefore, stamp
from grader.sandbox import Limits
from grader.submission import Notebook, UnreadableSubmission, load, read_timestamp

MARKUP = re.compile(r"[\\*_\[\]$#|~!]")
BATCH = 25  # submissions that one transaction writes


@dataclass(frozen=True)
class Result:
    """What became of one submission.

    level: how it was isolated. points: by grade id; None asks for a person. remark: the most telling thing
    about it. graded: its verdicts, None if it could not be read or was graded in an earlier run.
    """

    student: str
    level: str
    points: Mapping[str, float | None]
    remark: str
    graded: Graded | None = None
    unreadable: Message | None = None

    def earned(self, exercise: Exercise) -> float:
        """Points of one exercise."""
        return sum(self.points.get(exercise.grade_id(check)) or 0.0 for check in exercise.checks)


def submissions(course: Course, unit: str, students: Sequence[str] = ()) -> list[str]:
    """Students who submitted the unit, in order; those named must be among them."""
    found = sorted(
        path.parent.name
        for path in (course.root / "submitted").glob(f"*/{unit}")
        if path.is_dir() and not path.parent.name.startswith(".")
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
    return list(students) or found


def grade_unit(
    course: Course,
    unit_name: str,
    students: Iterable[str],
    *,
    limits: Limits,
    allow_unsandboxed: bool = False,
    force: bool = False,
) -> Iterator[Result]:
    """Grade submissions one by one; marks are recorded as they come, in batches.

    What was graded before and did not change since is not graded again, unless force says so. A run can be
    broken off at any moment: what was not recorded is graded next time.
    """
    unit = load_unit(course.key(unit_name))
    fixed = _fixed_cells(course, unit)
    register(course, unit_name)
    cases = hidden_cases(unit, course.secret())
    roster = course.students()
    graded_before = GradedBefore(course, unit_name)
    depends = (__version__, unit.version, fingerprint(course.secret()), repr(limits))
    batch = _Batch(course, unit_name, graded_before)
    with isolation(allow_unsandboxed) as zygote:
        try:
            for student in students:
                language = roster[student].language if student in roster else "en"
                folder = course.submitted(student, unit_name)
                mark = stamp(folder, *depends, zygote.level, language)
                if not force and (entry := graded_before.find(student, mark)):
                    yield Result(student, entry.level, entry.points, entry.remark)
                    continue
                try:
                    notebook = load(folder / f"{unit_name}.ipynb")
                    timestamp = read_timestamp(folder)
                except UnreadableSubmission as error:
                    text = error.message
                    yield Result(student, zygote.level, {}, text.render(), unreadable=text)
                    continue
                cells = code_cells(unit, notebook, fixed)
                graded = grade(unit, cases, cells, zygote, limits, language)
                points, remark = graded.points(unit), most_telling(graded, unit)
                marks = cell_marks(unit, graded, language)
                batch.add(
                    SubmissionMarks(student, timestamp, notebook, marks, graded.outputs),
                    Entry(mark, zygote.level, points, remark),
                )
                yield Result(student, zygote.level, points, remark, graded)
        finally:
            batch.record()


class _Batch:
    """Marks that wait to be recorded, and the entries that say afterwards that they are."""

    def __init__(self, course: Course, unit: str, graded_before: GradedBefore) -> None:
        self._course, self._unit, self._graded_before = course, unit, graded_before
        self._marks: list[SubmissionMarks] = []
        self._entries: dict[str, Entry] = {}

    def add(self, marks: SubmissionMarks, entry: Entry) -> None:
        """Add a submission's marks; a full batch is recorded."""
        self._marks.append(marks)
        self._entries[marks.student] = entry
        if len(self._marks) == BATCH:
            self.record()

    def record(self) -> None:
        """Write the marks into the gradebook, then note that they are there."""
        if self._marks:
            record(self._course, self._unit, self._marks)
            self._graded_before.add(self._entries)
        self._marks, self._entries = [], {}


def _fixed_cells(course: Course, unit: Unit) -> dict[str, str]:
    """Text of the cells that a student must not change, by grade id, as they were handed out."""
    handed_out = course.student_notebook(unit.name)
    if not handed_out.is_file():
        raise CourseError(f"There is no {handed_out}. Run: grader generate {unit.name}")
    return {
        cell.grade_id: cell.source
        for cell in load(handed_out).cells
        if cell.grade_id and cell.grade_id not in unit.exercises
    }


def code_cells(unit: Unit, notebook: Notebook, fixed: dict[str, str]) -> list[SourceCell]:
    """The code cells to run, in order: fixed ones restored, grade cells left out, imports first."""
    graded = {e.grade_id(check) for e in unit.exercises.values() for check in e.checks}
    cells = [
        SourceCell(index, cell.grade_id, fixed.get(cell.grade_id or "", cell.source))
        for index, cell in enumerate(notebook.cells)
        if cell.type == "code" and cell.grade_id not in graded
    ]
    if "setup" in fixed and all(cell.grade_id != "setup" for cell in cells):
        cells.insert(0, SourceCell(-1, "setup", fixed["setup"]))
    return cells


def cell_marks(unit: Unit, graded: Graded, language: str) -> dict[str, CellMarks]:
    """Marks of the grade cells, with the verdict as text, and comments for the solution cells."""
    marks = {}
    for exercise in unit.exercises.values():
        for check in exercise.checks:
            grade_id = exercise.grade_id(check)
            verdict = graded.verdicts[grade_id]
            marks[grade_id] = CellMarks(
                points=earned(verdict, check.points),
                output=verdict_line(check.check, verdict, language) + "\n",
            )
        marks[exercise.id] = CellMarks(comment=_comment(exercise, graded, language))
    return marks


def _comment(exercise: Exercise, graded: Graded, language: str) -> str | None:
    """What did not pass, as Markdown: an item for each reason, with the checks that share it."""
    items: dict[tuple[str, str], list[str]] = {}
    for check in exercise.checks:
        verdict = graded.verdicts[exercise.grade_id(check)]
        if why := reason(verdict, language):
            items.setdefault((verdict_word(verdict, language), why), []).append(check.name)
    lines = [
        f"- **{', '.join(names)}** ({word}): {_markdown(why)}"
        for (word, why), names in items.items()
    ]
    return "\n".join(lines) or None


def _markdown(text: str) -> str:
    """Markdown that reads as the text: code stays code, all else that Markdown or HTML would read is escaped.

    >>> _markdown("`dW` is wrong: <b>, __init__() and *x*")
    '`dW` is wrong: &lt;b&gt;, &#95;&#95;init&#95;&#95;() and &#42;x&#42;'
    """
    # Backticks stand in our own sentences only, in pairs: what a submission said has none (`quote`).
    parts = text.split("`")
    parts[::2] = [
        MARKUP.sub(lambda m: f"&#{ord(m[0])};", html.escape(p, False)) for p in parts[::2]
    ]
    return "`".join(parts)


def most_telling(graded: Graded, unit: Unit) -> str:
    """The most telling thing about a submission, for the class's table; empty if all is well."""
    if graded.stopped:
        return graded.stopped[0].render()
    for exercise in unit.exercises.values():
        for check in exercise.checks:
            grade_id = exercise.grade_id(check)
            verdict = graded.verdicts[grade_id]
            if not isinstance(verdict, Passed):
                return f"{grade_id}: {reason(verdict, 'en')}"
    return ""
