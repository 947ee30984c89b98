"""Grade the submissions of a class: load, run and judge each, and record the marks in batches."""

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.checks import (
    Failed,
    Message,
    Passed,
    Verdict,
    earned,
    reason,
    verdict_line,
    verdict_word,
)
from grader.course import Course
from grader.errors import CourseError
from grader.exercises import Exercise, Unit, load_unit
from grader.exercises.release import register
from grader.gradebook import CellMarks, SubmissionMarks, record
from grader.grading import Graded, SourceCell, grade, hidden_cases
from grader.sandbox import Limits, Zygote
from grader.sandbox.zygote import Level
from grader.submission import Notebook, UnreadableSubmission, load, read_timestamp

BATCH = 25  # submissions that one transaction writes


@dataclass(frozen=True)
class Result:
    """What became of one submission: its verdicts, or why it could not be read."""

    student: str
    graded: Graded | None = None
    unreadable: Message | None = None

    def earned(self, exercise: Exercise) -> float:
        """Points of one exercise."""
        if self.graded is None:
            return 0.0
        verdicts = self.graded.verdicts
        return sum(
            earned(verdicts[exercise.grade_id(check)], check.points) or 0.0
            for check in exercise.checks
        )


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
    level: Level | Literal["auto"],
) -> Iterator[Result]:
    """Grade submissions one by one; marks are recorded as they come, in batches.

    What is not yet recorded when the iteration is broken off is graded again next time.
    """
    unit = load_unit(course.key(unit_name))
    fixed = _fixed_cells(course, unit)
    register(course, unit_name)
    cases = hidden_cases(unit, course.secret())
    roster = course.students()
    batch: list[SubmissionMarks] = []
    with Zygote(level=level) as zygote:
        for student in students:
            language = roster[student].language if student in roster else "en"
            folder = course.submitted(student, unit_name)
            try:
                notebook = load(folder / f"{unit_name}.ipynb")
                timestamp = read_timestamp(folder)
            except UnreadableSubmission as error:
                yield Result(student, unreadable=error.message)
                continue
            graded = grade(unit, cases, code_cells(unit, notebook, fixed), zygote, limits, language)
            batch.append(
                SubmissionMarks(
                    student=student,
                    timestamp=timestamp,
                    notebook=notebook,
                    cells=cell_marks(unit, graded, language),
                    outputs=graded.outputs,
                )
            )
            if len(batch) == BATCH:
                record(course, unit_name, batch)
                batch = []
            yield Result(student, graded)
    if batch:
        record(course, unit_name, batch)


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
    """What did not pass, as Markdown; text that came from the submission is escaped."""

    def line(name: str, verdict: Verdict) -> str:
        text = html.escape(reason(verdict, language), quote=False)
        return f"- **{name}** ({verdict_word(verdict, language)}): {text}"

    verdicts = (
        (check.name, graded.verdicts[exercise.grade_id(check)]) for check in exercise.checks
    )
    lines = [line(name, v) for name, v in verdicts if not isinstance(v, Passed) or v.note]
    return "\n".join(lines) or None


def remark(result: Result, unit: Unit, language: str) -> str:
    """The most telling thing about a result, for the class's table."""
    if result.unreadable is not None:
        return result.unreadable.render(language)
    if result.graded is None:
        return ""
    if result.graded.stopped:
        return result.graded.stopped[0].render(language)
    for exercise in unit.exercises.values():
        for check in exercise.checks:
            verdict = result.graded.verdicts[exercise.grade_id(check)]
            if isinstance(verdict, Failed):
                return f"{exercise.grade_id(check)}: {reason(verdict, language)}"
    return ""
