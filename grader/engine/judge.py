"""What a worker does: load a submission, run it in isolation, judge it, and put its marks into words."""

import contextlib
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from grader.bundles import stripped
from grader.checks import Message
from grader.course import Course, fingerprint
from grader.engine.answers import cells_to_run
from grader.engine.flags import flags
from grader.engine.marks import cell_marks
from grader.errors import CourseError, SandboxError
from grader.exercises import Unit, load_unit
from grader.exercises.fixed import fixed_cells as variant_cells
from grader.exercises.variants import recognize
from grader.gradebook import SubmissionMarks
from grader.grading import Cases, grade, hidden_cases, isolation
from grader.resume import CellEntry, Circumstances, stamp
from grader.sandbox import Limits, Twin, Zygote
from grader.sandbox.closing import Closing
from grader.settings import read_settings
from grader.submission import UnreadableSubmission, find, load, read_timestamp, require_name


@dataclass(frozen=True)
class Task:
    """A submission to judge. exercises: those to judge, all where it is empty.

    explain: whether to note how each verdict came about, hidden values included.
    """

    student: str
    language: str = "en"
    exercises: tuple[str, ...] = ()
    explain: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was found: marks, or why there are none.

    level: how it was isolated. cells: what is kept of each grade cell, by grade id. unreadable: what is wrong
    with the submission's file. broken: what went wrong at our side. traces: how verdicts came about.
    """

    student: str
    level: str
    marks: SubmissionMarks | None = None
    cells: Mapping[str, CellEntry] = field(default_factory=dict)
    run: Circumstances = field(default_factory=Circumstances)
    unreadable: Message | None = None
    broken: str = ""
    traces: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Judge(Closing):
    """Judges submissions of one unit, one after another, each in a fork of one warm process.

    cases: the hidden cases, where they have been worked out already. twin: see `Zygote`. Use it as a context
    manager.
    """

    def __init__(
        self,
        course: Course,
        unit: str,
        limits: Limits,
        allow_unsandboxed: bool = False,
        cases: Cases | None = None,
        twin: Callable[[], Twin] | None = None,
    ) -> None:
        self.unit = load_unit(course.key(unit))
        self._course = course
        self._limits = limits
        self._allow_unsandboxed = allow_unsandboxed
        self._secret, self._roster = course.secret(), course.students()
        self._pool = read_settings(course).pool(unit)
        self._cases = cases or hidden_cases(self.unit, self._secret)
        self._fixed = fixed_cells(course, self.unit)
        self._packages = stripped(course, unit)
        self._zygote = isolation(allow_unsandboxed, self._packages, twin)

    def close(self) -> None:
        """End the warm process and whatever it runs."""
        self._zygote.close()

    def __call__(self, task: Task) -> Outcome:
        """Judge one submission. Whatever breaks at our side costs this submission its mark, and no other."""
        for attempt in (1, 2):
            try:
                return self._judge(task)
            except UnreadableSubmission as error:
                return Outcome(task.student, self._zygote.level, unreadable=error.message)
            except SandboxError as error:  # somebody killed the warm process
                if attempt == 2:
                    return Outcome(task.student, self._zygote.level, broken=str(error))
                self._zygote = self._new_zygote()
            except Exception:
                return Outcome(task.student, self._zygote.level, broken=traceback.format_exc())
        raise AssertionError("the second attempt returns")

    def _judge(self, task: Task) -> Outcome:
        started = time.perf_counter()
        require_name(task.student)
        folder = self._course.submitted(task.student, self.unit.name)
        path, notes = find(folder, self.unit.name)
        notebook, timestamp = load(path), read_timestamp(folder)
        texts = {cell.grade_id: cell.source for cell in notebook.cells if cell.grade_id}
        whole = recognize(self.unit, texts, self._secret, task.student, self._roster, self._pool)
        fixed = {**self._fixed, **variant_cells(whole.unit)} if whole.own else self._fixed
        cells, odd = cells_to_run(whole.unit, notebook, fixed)
        unit = chosen(whole.unit, task.exercises)
        cases = {**self._cases, **hidden_cases(whole.unit, self._secret, whole.own)}
        graded = grade(unit, cases, cells, self._zygote, self._limits, task.language, task.explain)
        notes += odd
        own = [cell for cell in cells if cell.grade_id not in fixed]
        run = Circumstances(
            key=self.unit.version,
            secret=fingerprint(self._secret),
            files=stamp(folder),
            submitted=timestamp.isoformat() if timestamp else "",
            notes=tuple(notes),
            stops=tuple(graded.stops),
            flags=tuple(flags(whole, own, graded.stops)),
            seconds=time.perf_counter() - started,
            memory=graded.memory,
        )
        kept = {
            id: CellEntry(points, graded.verdicts[id], graded.pictures.get(id))
            for id, points in graded.points(unit).items()
        }
        marks = cell_marks(unit, graded.verdicts, task.language, notes)
        level = self._zygote.level
        return Outcome(
            task.student,
            level,
            SubmissionMarks(task.student, timestamp, notebook, marks, graded.outputs, level),
            kept,
            run,
            traces=graded.traces,
        )

    def _new_zygote(self) -> Zygote:
        with contextlib.suppress(SandboxError):
            self._zygote.close()
        return isolation(self._allow_unsandboxed, self._packages)


def fixed_cells(course: Course, unit: Unit) -> dict[str, str]:
    """Text of the cells that a student must not change, by grade id, as they were handed out."""
    handed_out = course.student_notebook(unit.name)
    if not handed_out.is_file():
        raise CourseError(f"There is no {handed_out}. Run: grader generate {unit.name}")
    return {
        cell.grade_id: cell.source
        for cell in load(handed_out).cells
        if cell.grade_id and cell.grade_id not in unit.exercises
    }


def chosen(unit: Unit, exercises: tuple[str, ...]) -> Unit:
    """The unit with some of its exercises alone; the whole one where none is named."""
    if not exercises:
        return unit
    part = Unit(unit.name)
    part.exercises = {id: unit.exercises[id] for id in unit.exercises if id in exercises}
    part.version = unit.version
    return part
