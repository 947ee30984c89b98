"""A run: workers judge, this process alone writes, a batch of marks in one short transaction."""

import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

from grader.attempts import brought_back
from grader.bundles import stripped
from grader.checks import Message
from grader.course import Course
from grader.engine.judge import Judge, Outcome, Task
from grader.engine.marks import cell_marks
from grader.engine.plan import Plan, confirmed, load_nbgrader, plan
from grader.engine.pool import AHEAD, Pool
from grader.errors import CourseError
from grader.exercises import Exercise, Unit, load_unit
from grader.gradebook import SubmissionMarks
from grader.grading import hidden_cases
from grader.resume import CellEntry, Entry, GradedBefore
from grader.sandbox import Limits, Twins
from grader.sandbox.start import cores

BATCH = 50  # submissions that one transaction writes
SOON = 10.0  # seconds after which fewer are written: what a killed run has worked for nothing


@dataclass(frozen=True)
class Result:
    """What became of one submission.

    before, now: what an earlier run and this one found; `now` is None where there is no mark, for the
    reason `problem`. new: whether it was graded in this run. broken: whether the fault is ours. lower: what
    this run found for what had been graded before, or for a new attempt, and did not write since it is less;
    `now` is then what was kept, of which no check has more points than the key gives it.
    """

    student: str
    before: Entry | None
    now: Entry | None
    new: bool = True
    problem: Message | None = None
    broken: str = ""
    seconds: float = 0.0
    lower: Entry | None = None

    @property
    def level(self) -> str:
        """How the submission was isolated; empty where it did not run."""
        return self.now.level if self.now else ""

    @property
    def cells(self) -> Mapping[str, CellEntry]:
        """What was found for each cell, by grade id."""
        return self.now.cells if self.now else {}

    def earned(self, exercise: Exercise) -> float:
        """Points of one exercise."""
        found = (self.cells.get(exercise.grade_id(check)) for check in exercise.checks)
        return sum(cell.points or 0.0 for cell in found if cell)

    @property
    def remark(self) -> str:
        """The most telling thing about it, in English; empty if all is well."""
        if self.broken:
            return f"not graded, the grader broke: {self.broken.strip().splitlines()[-1]}"
        if self.problem:
            return f"not graded: {self.problem.render()}"
        if self.lower and self.now and self.lower.run.files != self.now.run.files:
            return (
                f"an earlier attempt counts, with {self.now.points:g} points: this one has "
                f"{self.lower.points:g}, lateness not counted"
            )
        if self.lower and self.now:
            return (
                f"kept {self.now.points:g} points{f' ({self._capped})' if self._capped else ''}, "
                f"grading anew would give {self.lower.points:g}: --allow-lower writes them"
            )
        if self.new and self._capped:
            return self._capped
        if self.now and (remark := next(self.now.remarks, "")):
            return remark
        return next((f"{id}: {cell.reason}" for id, cell in self.cells.items() if cell.reason), "")

    @property
    def _capped(self) -> str:
        """What to say where a submission that is the same has fewer points than it had; else empty."""
        before, now = self.before, self.now
        if before and now and before.run.files == now.run.files and before.points > now.points:
            return f"{before.points:g} before, and the key gives less for it now"
        return ""


def grade_unit(
    course: Course,
    unit_name: str,
    students: Iterable[str],
    *,
    limits: Limits,
    workers: int = 0,
    exercises: Sequence[str] = (),
    allow_unsandboxed: bool = False,
    force: bool = False,
    write: bool = True,
    allow_lower: bool = False,
    twins: Twins | None = None,
) -> Generator[Result, None, None]:
    """Grade submissions, and record their marks in batches as they come.

    What was graded before and did not change since is not graded again, unless `force` says so. A run can be
    killed at any moment: what was not recorded is graded next time. workers: 0 for as many as there are
    cores. exercises: judge these alone, and keep what an earlier run found for the others. write: record.
    allow_lower: also write marks that are lower than before although nothing else was handed in.
    twins: the warm process of the unit where it has been started already; it ends with the run.

    Workers begin at once, before anything is iterated over.
    """
    unit = load_unit(course.key(unit_name))
    if unknown := [id for id in exercises if id not in unit.exercises]:
        raise CourseError(
            f"{unit_name} has no exercise {', '.join(unknown)}. There are: {', '.join(unit.exercises)}."
        )
    plans = plan(
        course, unit_name, students, limits=limits, allow_unsandboxed=allow_unsandboxed,
        force=force, confirm=False,
    )  # fmt: skip
    if not any(each.why for each in plans):  # no worker would have anything to do meanwhile
        plans = confirmed(course, unit_name, plans)
    count = min(workers or cores(), sum(bool(each.why) for each in plans))
    if not count:
        return (Result(each.student, each.before, each.before, new=False) for each in plans)
    with ExitStack() as stack:
        twins = stack.enter_context(twins or Twins(count, [stripped(course, unit_name)]))
        cases = hidden_cases(unit, course.secret())

        def judge(number: int) -> Judge:
            twin = partial(twins.take, number)
            return Judge(course, unit_name, limits, allow_unsandboxed, cases, twin)

        pool: Pool[Task, Outcome] = stack.enter_context(Pool(judge, count, _lost))
        twins.given()
        pool.add(_task(each, unit, exercises) for each in plans if each.why)
        workers_end = stack.pop_all()
    return _run(course, unit, plans, exercises, pool, workers_end, write, allow_lower or not write)


def _can_keep(each: Plan, unit: Unit) -> bool:
    """Whether an earlier run judged the same checks."""
    return each.before is not None and each.before.run.key == unit.version


def _task(each: Plan, unit: Unit, exercises: Sequence[str]) -> Task:
    return Task(each.student, each.language, tuple(exercises) if _can_keep(each, unit) else ())


def _lost(task: Task) -> Outcome:
    return Outcome(task.student, "", broken="its worker died twice, perhaps for lack of memory")


def _run(
    course: Course,
    unit: Unit,
    changed: Sequence[Plan],
    exercises: Sequence[str],
    pool: Pool[Task, Outcome],
    workers_end: ExitStack,
    write: bool,
    allow_lower: bool,
) -> Generator[Result, None, None]:
    graded_before = GradedBefore(course, unit.name)
    with workers_end, graded_before.only_one_run():
        load_nbgrader()  # the workers have begun by now
        from grader.exercises.release import register, require_current

        begun = {each.student for each in changed if each.why}
        plans = {each.student: each for each in confirmed(course, unit.name, changed)}
        todo = [each for each in plans.values() if each.why]
        pool.add(_task(each, unit, exercises) for each in todo if each.student not in begun)
        for each in plans.values():
            if not each.why:
                yield Result(each.student, each.before, each.before, new=False)
        if write:
            require_current(course, unit)
            register(course, unit.name)
        batch = _Batch(course, unit.name, graded_before)
        try:
            for number, outcome in enumerate(pool.results()):
                if len(todo) - number == AHEAD * pool.count:  # the workers have all they will have
                    batch.record()
                planned = plans[outcome.student]
                now = entry(outcome, planned)
                if (
                    write
                    and now
                    and brought_back(course, unit.name, outcome.student, planned.before, now)
                ):
                    yield Result(outcome.student, planned.before, planned.before, lower=now)
                    continue
                kept = None if allow_lower or not now else _kept(planned.before, now, unit)
                if kept and now and kept.points > now.points:
                    if planned.before and outcome.marks and kept.cells != planned.before.cells:
                        batch.add(_whole(outcome.marks, unit, kept, planned.language), kept)
                    yield Result(outcome.student, planned.before, kept, lower=now)
                    continue
                if write and now and outcome.marks:
                    batch.add(_whole(outcome.marks, unit, now, planned.language), now)
                yield Result(outcome.student, planned.before, now,
                             problem=outcome.unreadable, broken=outcome.broken,
                             seconds=outcome.run.seconds)  # fmt: skip
        finally:
            batch.record()


def _kept(before: Entry | None, now: Entry, unit: Unit) -> Entry | None:
    """What stays of the earlier marks of what a student did not change, under the key as it is now.

    No check has more than the key gives it, or a mark would exceed its maximum in the gradebook and in every
    export; of a check that is new it is what this run found. The stamp is the old one: it is judged again
    whenever it is asked for. None where there is nothing to keep.
    """
    if before is None or before.run.files != now.run.files:
        return None
    if before.points <= now.points and before.cells.keys() == now.cells.keys():
        return None  # it would not be more, whatever the key gives
    most = unit.worth
    cells = {name: before.cells.get(name, found) for name, found in now.cells.items()}
    return replace(before, cells={
        name: replace(cell, points=None if cell.points is None else min(cell.points, most[name]))
        for name, cell in cells.items()
    })  # fmt: skip


def entry(outcome: Outcome, planned: Plan) -> Entry | None:
    """What this run found; of exercises that it did not judge, what an earlier one found."""
    if outcome.marks is None:
        return None
    stamp, cells = planned.stamp, dict(outcome.cells)
    before = planned.before
    if before and before.run.key == outcome.run.key and before.cells.keys() - cells.keys():
        # With the old stamp, so that the next whole run judges the others as well, if something changed.
        stamp, cells = before.stamp, {**before.cells, **cells}
    return Entry(stamp, outcome.level, cells, outcome.run)


def _whole(marks: SubmissionMarks, unit: Unit, now: Entry, language: str) -> SubmissionMarks:
    """The marks with those that were kept."""
    there = {name: cell.points for name, cell in marks.cells.items()}
    if {name: cell.points for name, cell in now.cells.items()}.items() <= there.items():
        return marks
    verdicts = {name: cell.verdict for name, cell in now.cells.items()}
    cells = cell_marks(unit, verdicts, language, now.run.notes)
    kept = {name: replace(cells[name], points=cell.points) for name, cell in now.cells.items()}
    return replace(marks, cells={**cells, **kept})


class _Batch:
    """Marks that wait to be recorded, and the entries that say afterwards that they are."""

    def __init__(self, course: Course, unit: str, graded_before: GradedBefore) -> None:
        self._course, self._unit, self._graded_before = course, unit, graded_before
        self._marks: list[SubmissionMarks] = []
        self._entries: dict[str, Entry] = {}
        self._began = time.monotonic()

    def add(self, marks: SubmissionMarks, now: Entry) -> None:
        """Add a submission's marks; a batch is recorded when it is full or old."""
        self._marks.append(marks)
        self._entries[marks.student] = now
        if len(self._marks) == BATCH or time.monotonic() - self._began > SOON:
            self.record()

    def record(self) -> None:
        """Write the marks into the gradebook, then note that they are there."""
        from grader.gradebook import record

        if self._marks:
            record(self._course, self._unit, self._marks)
            self._graded_before.add(self._entries)
        self._marks, self._entries = [], {}
        self._began = time.monotonic()
