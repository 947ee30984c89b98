"""One submission becomes verdicts: run its cells in isolation, then judge it from outside.

A submission that is stopped (an endless loop, too much memory) keeps what it had earned. The checks that
were left of the exercise that stopped it are blocked; the other exercises are judged in a fresh process.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from grader.checks import (
    Blocked,
    Failed,
    Message,
    SolvedCase,
    Stopped,
    Verdict,
    earned,
    finding,
    judge,
    message,
)
from grader.checks.curve import WATCH, Curve, curve
from grader.checks.judge import StoppedLater, silent
from grader.checks.picture import LABELS, Picture, pictures
from grader.checks.student import MissingName, StudentError
from grader.checks.text import quote
from grader.checks.trial import Tried, tried_ahead
from grader.exercises import Exercise, GradedCheck, Insight, Unit
from grader.resume import Stop
from grader.sandbox import Limits, SandboxUnavailable, Session, Twin, Zygote
from grader.sandbox.outputs import Output, size

Cases = Mapping[str, Sequence[SolvedCase]]
SHOWN = 4  # times what a cell may show: all cells of a submission together
NOT_SHOWN = (
    "[Not kept: the cells of this notebook show too much. Print and draw less. / "
    "このノートブックの出力が多すぎるため、保存していません。表示や図を減らしてください。]\n"
)
SPEAK = "import os as _os; _os.environ['GRADER_LANG'] = {!r}; del _os"
PICTURES = 1.0  # seconds that an exercise's pictures may take
CELL_FILE = re.compile(r"<ipython-input-[^>]*>, ")  # IPython's name of a cell: nobody sees it


@dataclass(frozen=True)
class SourceCell:
    """A code cell to run: its place in the notebook, its grade id if it has one, and its text."""

    index: int
    grade_id: str | None
    source: str


@dataclass
class Graded:
    """What grading found: verdicts and pictures by grade id, outputs by index of the cell, what went wrong."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    pictures: dict[str, Picture | Curve] = field(default_factory=dict)
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    errors: dict[str, str | Message] = field(default_factory=dict)  # by grade id of the cell
    stops: list[Stop] = field(default_factory=list)
    memory: int = 0  # the most that a process of it held, in bytes
    traces: dict[str, list[str]] = field(
        default_factory=dict
    )  # how verdicts came about, where asked for

    def points(self, unit: Unit) -> dict[str, float | None]:
        """Points by grade id; None where a check of ours broke and a person has to look."""
        return {
            exercise.grade_id(check): earned(self.verdicts[exercise.grade_id(check)], check.points)
            for exercise in unit.exercises.values()
            for check in exercise.checks
        }


def limits_of(unit: Unit, **chosen: float | None) -> Limits:
    """The limits of a unit's key, and before them those that were chosen by name and are not None."""
    return Limits.of({**unit.limits, **{n: v for n, v in chosen.items() if v is not None}})


def isolation(
    allow_unsandboxed: bool, packages: Path, twin: Callable[[], Twin] | None = None
) -> Zygote:
    """The best isolation there is. SandboxUnavailable where there is none, unless that is allowed.

    packages: the folder that submissions may import from, of `grader.bundles.stripped`. twin: see `Zygote`.
    """
    try:
        return Zygote(python_path=[packages], twin=twin)
    except SandboxUnavailable:
        if not allow_unsandboxed:
            raise
        return Zygote("none", python_path=[packages])


def hidden_cases(
    unit: Unit, secret: bytes, exercises: Iterable[Exercise] | None = None
) -> dict[str, Sequence[SolvedCase]]:
    """Hidden cases by grade id: of the whole unit, solved once for a class, or of some exercises."""
    return {
        exercise.grade_id(check): exercise.hidden_cases(check, secret, unit.version)
        for exercise in (unit.exercises.values() if exercises is None else exercises)
        for check in exercise.checks
    }


def grade(
    unit: Unit,
    cases: Cases,
    cells: Sequence[SourceCell],
    zygote: Zygote,
    limits: Limits,
    language: str = "en",
    explain: bool = False,
) -> Graded:
    """Grade one submission. cells: its code cells in order, fixed cells restored.

    explain: whether to note how each verdict came about.
    """
    graded = Graded()
    if explain:
        graded.traces = {
            e.grade_id(check): [] for e in unit.exercises.values() for check in e.checks
        }
    with _Runner(zygote, limits, cells, language, graded) as runner:
        for exercise in unit.exercises.values():
            _judge_exercise(exercise, cases, runner, graded)
    return graded


def _judge_exercise(exercise: Exercise, cases: Cases, runner: "_Runner", graded: Graded) -> None:
    """Try all checks of one exercise, then conclude from each what it says.

    The check that stops the submission is blocked, and so are those after it.
    """
    blocked, ahead = runner.exhausted(), list[Tried]()
    try:
        if blocked is None:
            blocked = _absent(exercise, runner, graded)
        if blocked is None:
            checks = [(check.check, cases[exercise.grade_id(check)]) for check in exercise.checks]
            for tried in tried_ahead(checks, runner.session.student, exercise.name):
                ahead.append(tried)
    except Stopped as error:
        blocked = runner.stopped(error, exercise.name)
    except (
        Exception
    ):  # one of the checks is broken: by itself it says so, and the others are judged
        ahead = []
        runner.restart()
    for check, tried in zip_longest(exercise.checks, ahead):
        graded.verdicts[exercise.grade_id(check)] = (
            _judged(exercise, check, cases, tried, runner, graded)
            if tried or blocked is None
            else blocked
        )
    if blocked is None:
        _draw(exercise, runner, graded)


def _judged(
    exercise: Exercise,
    check: GradedCheck,
    cases: Cases,
    ahead: Tried | None,
    runner: "_Runner",
    graded: Graded,
) -> Verdict:
    """The verdict of a check, tried before or now."""
    grade_id = exercise.grade_id(check)
    try:
        with runner.session.limit(runner.limits.check):
            return judge(
                check.check,
                runner.session.student,
                exercise.name,
                cases[grade_id],
                Insight(exercise, check),
                trace=graded.traces[grade_id].append if graded.traces else silent,
                ahead=ahead,
            )
    except StoppedLater as error:
        runner.restart()
        return error.verdict  # the checks that are left lose nothing by it
    except Stopped as error:
        return runner.stopped(error, exercise.name)


def _draw(exercise: Exercise, runner: "_Runner", graded: Graded) -> None:
    """Pictures of what is wrong on the visible case, for the checks that failed; of an experiment its loss."""
    failed = {
        LABELS.get(check.name, check.name): exercise.grade_id(check)
        for check in exercise.checks
        if isinstance(graded.verdicts[exercise.grade_id(check)], Failed)
    }
    draw = PICTURED.get(exercise.kind)
    if not failed or draw is None:
        return
    with suppress(Stopped), runner.session.limit(PICTURES):
        found = draw(runner.session, exercise)
        graded.pictures |= {failed[label]: found[label] for label in failed.keys() & found.keys()}


def _arrays(session: Session, exercise: Exercise) -> Mapping[str, Picture | Curve]:
    """What is wrong, by label."""
    return pictures(session.student, exercise.name, exercise.public_case())


def _losses(session: Session, exercise: Exercise) -> Mapping[str, Picture | Curve]:
    """The loss of a training that did not reach its aim, or not twice."""
    session.run_cell(WATCH)
    shown = curve(session.student, exercise.name, exercise.public_case())
    return {check.name: shown for check in exercise.checks} if shown else {}


PICTURED = {"implement": _arrays, "fix_the_bug": _arrays, "experiment": _losses}


def _absent(exercise: Exercise, runner: "_Runner", graded: Graded) -> Verdict | None:
    """A verdict for all checks where the name does not exist because its cell failed."""
    if exercise.id not in graded.errors:
        return None
    try:
        runner.session.student.get(exercise.name)
    except MissingName:
        error = graded.errors[exercise.id]
        return Failed(finding("cell-failed", name=exercise.name, error=error))
    except Stopped:
        raise
    except StudentError:
        return None
    return None


def stop_text(error: Stopped, where: str | Message) -> Message:
    """Why a submission was stopped, in words."""
    match error.reason:
        case "time":
            return message("Stopped: `{where}` took longer than is allowed. Is there an endless loop?",
                           where=where)  # fmt: skip
        case "memory":
            return message("Stopped: `{where}` asked for more memory than is allowed.", where=where)
        case "exit":
            return message("Stopped: `{where}` ended the whole program.", where=where)
        case _:
            return message(
                "Stopped: `{where}` disturbed the connection to the grader.", where=where
            )


def _said(text: str) -> Output:
    """What we say in the place of a cell's outputs."""
    return {"output_type": "stream", "name": "stderr", "text": text}


class _Runner:
    """Runs the cells of a submission, again in a fresh process if it was stopped.

    All processes of a submission share its total time: that bounds what one that loops everywhere can cost.
    session: that of the last process; once the time is used up it is closed, and raises Stopped when asked.
    """

    session: Session

    def __init__(
        self,
        zygote: Zygote,
        limits: Limits,
        cells: Sequence[SourceCell],
        language: str,
        graded: Graded,
    ) -> None:
        self.limits = limits
        self._zygote = zygote
        self._cells = cells
        self._language = language
        self._graded = graded
        self._skip: set[int] = set()
        self._ends = time.monotonic() + limits.total
        self._running = False

    def __enter__(self) -> "_Runner":
        self._start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._end()

    def exhausted(self) -> Verdict | None:
        """A verdict for whatever is left once the submission has used up its time."""
        if self._running:
            return None
        return Blocked(message("The submission used up its {seconds} seconds; nothing more was tried.",
                               seconds=f"{self.limits.total:g}"))  # fmt: skip

    def stopped(self, error: Stopped, name: str) -> Verdict:
        """Note that the submission was stopped, go on in a fresh process: the verdict of what stopped it."""
        text = stop_text(error, name)
        self._graded.stops.append(Stop(error.reason, text))
        self.restart()
        return Blocked(text)

    def restart(self) -> None:
        """Go on in a fresh process, without the cells that stop it."""
        self._end()
        self._start()

    def _start(self) -> None:
        """Run all cells; a cell that stops the process is left out of the next attempt."""
        while (left := self._ends - time.monotonic()) > 0:
            self.session = self._zygote.session(replace(self.limits, total=left))
            self._running = True
            stopper = self._run_cells(self.session)
            if stopper is None:
                return
            self._end()
            self._skip.add(stopper)

    def _run_cells(self, session: Session) -> int | None:
        with suppress(Stopped):  # whatever stops it stops the first cell too
            session.run_cell(SPEAK.format(self._language))
        cells = [cell for cell in self._cells if cell.index not in self._skip]
        room = SHOWN * (self.limits.output + self.limits.figures)
        results = session.run_cells(cell.source for cell in cells)
        for cell in cells:
            try:
                result = next(results)
            except Stopped as error:
                self._note_stop(cell, error)
                return cell.index
            room -= size(result.outputs)
            self._graded.outputs[cell.index] = result.outputs if room >= 0 else [_said(NOT_SHOWN)]
            if result.error and cell.grade_id:
                self._graded.errors[cell.grade_id] = quote(CELL_FILE.sub("", result.error))
        return None

    def _note_stop(self, cell: SourceCell, error: Stopped) -> None:
        text = stop_text(error, cell.grade_id or message("cell {number}", number=cell.index + 1))
        said = text.render(self._language) + "\n"
        self._graded.outputs[cell.index] = [_said(said)]
        self._graded.stops.append(Stop(error.reason, text))
        if cell.grade_id:
            self._graded.errors[cell.grade_id] = text

    def _end(self) -> None:
        if self._running:
            self._running = False
            self.session.close()
            self._graded.memory = max(self._graded.memory, self.session.memory)
