"""Prove an exercise: right code passes, and everything else that we can think of does not.

The code that is run here is the project's own, edited; so it runs in this process, a bound on time aside.
"""

import difflib
import signal
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any

import numpy as np

from grader.checks import Crashed, Failed, LocalStudent, Passed, SolvedCase, Verdict, earned, judge
from grader.checks.function import function_call
from grader.checks.script import Script
from grader.checks.student import StudentError
from grader.exercises import Exercise, Unit
from grader.exercises.source import Source
from grader.proof.mutants import Mutant, mutants

SECONDS = 10.0  # of processor time for one mutant: a mistake can make a loop endless
BOUND = 60.0  # seconds of processor time for everything that is tried on one variant


class TookTooLong(BaseException):
    """A mutant that does not end. No Exception: the code under test must not catch it."""


@dataclass(frozen=True)
class Finding:
    """A gap in the proof. rule: what does not hold; detail: where; diff: the edit that shows it, if any."""

    rule: str
    detail: str
    diff: str = ""


@dataclass
class ExerciseProof:
    """What was tried on one variant of an exercise, and what did not hold. variant: 0 is the base variant."""

    unit: str
    exercise: str
    variant: int = 0
    summary: str = ""
    mutants: int = 0
    killed: dict[str, str] = field(default_factory=dict)  # mutant id → the check that fails first
    equivalent: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def prove(
    unit: Unit, exercise: Exercise, secret: bytes, variant: int = 0, with_mutants: bool = True
) -> ExerciseProof:
    """Try the reference, the stub, the misconceptions and all mutants on the hidden checks of one variant."""
    started = time.process_time()
    proof = ExerciseProof(unit.name, exercise.id, variant, exercise.summary())
    trial = _Trial(unit, exercise, secret)
    try:
        _prove_reference(trial, proof)
        _prove_worthless(trial, proof)
        failed = _prove_misconceptions(trial, proof)
        if with_mutants:
            wrong = _prove_mutants(trial, proof) if exercise.mutable else []
            _prove_checks(trial, proof, failed, wrong)
    except TookTooLong:  # not of a mutant, which may be endless
        said = f"the reference or a misconception needs more than {SECONDS:g} s for one check"
        proof.findings.append(Finding("what is tried comes to an end", said))
    proof.seconds = round(time.process_time() - started, 2)
    if proof.seconds > BOUND:
        proof.findings.append(
            Finding(
                "a variant is tried in a bounded time", f"{proof.seconds} s; {BOUND} s are allowed"
            )
        )
    return proof


class _Trial:
    """Runs the hidden checks of an exercise on a source text."""

    def __init__(self, unit: Unit, exercise: Exercise, secret: bytes) -> None:
        self.exercise = exercise
        self.cases: dict[str, Sequence[SolvedCase]] = {
            check.name: exercise.hidden_cases(check, secret, unit.version)
            for check in exercise.checks
        }

    def verdicts(
        self, text: str, only: str | None = None, explain: bool = False
    ) -> Iterator[tuple[str, Verdict]]:
        """Verdicts check by check, as they are asked for; only: of this one alone.

        explain: whether points may follow through, for which the judge has to look for what is wrong.
        """
        student = LocalStudent(self._run(text))
        for check in self.exercise.checks:
            if only not in (None, check.name):
                continue
            verdict = self._bounded(
                lambda check=check: judge(
                    check.check,
                    student,
                    self.exercise.name,
                    self.cases[check.name],
                    explain=explain,
                )
            )
            yield check.name, verdict

    def behaviour(self, text: str) -> str:
        """All that comes back from two rounds of calls on every hidden case, as text."""
        exercise = self.exercise
        student = _Listening(self._run(text))
        for check in exercise.checks:
            for case in self.cases[check.name]:
                self._bounded(lambda case=case: self._call(student, case))
        return "\n".join(student.heard)

    def _call(self, student: "_Listening", case: SolvedCase) -> None:
        try:
            self._rounds(student, case)
        except StudentError as error:
            student.note(str(error))

    def _rounds(self, student: "_Listening", case: SolvedCase) -> None:
        if case.script:
            script = Script(case, case.expected)
            found = student.run(script.program)
            for seen in script.seen:
                student.note(tuple(seen.found(found)))
            return
        if not self.exercise.source.is_class:
            student.note(function_call(student, self.exercise.name, case))
            return
        layer = student.get(self.exercise.name)(*case.init.values())
        for _ in range(2):
            dout = case.dout.copy()
            student.note(layer.get("forward")(*case.inputs.values()))
            held = student.hold(dout)
            student.note(layer.get("backward")(held))
            student.note(held.value())
            for name in case.init:
                with suppress(StudentError):
                    student.note(layer.get(f"d{name}"))

    def first_failure(self, text: str) -> str | None:
        """The first check that does not pass; None if all pass; "time" if it takes too long."""
        try:
            for name, verdict in self.verdicts(text):
                if isinstance(verdict, Crashed):
                    raise RuntimeError(f"{self.exercise.id}-{name}: {verdict.error}")
                if not isinstance(verdict, Passed):
                    return name
        except TookTooLong:
            return "time"
        return None

    def fails(self, name: str, text: str) -> bool:
        """Whether a check finds something wrong, and is not blocked alone."""
        try:
            return isinstance(dict(self.verdicts(text, name))[name], Failed)
        except TookTooLong:
            return False

    def _run(self, text: str) -> dict[str, Any]:
        names: dict[str, Any] = self._bounded(lambda: self.exercise.source.names(text))
        return names

    @staticmethod
    def _bounded(run: Any) -> Any:
        with _alarm(SECONDS), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return run()


class _Listening(LocalStudent):
    """A student whose returned values are written down."""

    def __init__(self, names: dict[str, Any]) -> None:
        super().__init__(names)
        self.heard: list[str] = []

    def note(self, value: Any) -> None:
        """Write a value down, to ten digits."""
        if isinstance(value, tuple):
            for item in value:
                self.note(item)
        elif isinstance(value, np.ndarray):
            self.heard.append(np.array2string(value, precision=10, threshold=100_000))
        else:
            self.heard.append(repr(value))


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, ring)  # processor time: others may use the machine, too
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _prove_reference(trial: _Trial, proof: ExerciseProof) -> None:
    for name, verdict in trial.verdicts(trial.exercise.source.text):
        if verdict != Passed():
            proof.findings.append(Finding("the reference passes every check", f"{name}: {verdict}"))


def _prove_worthless(trial: _Trial, proof: ExerciseProof) -> None:
    """The stub, and code that knows the visible case by heart, earn nothing."""
    exercise = trial.exercise
    for rule, text in (
        ("the stub earns nothing", exercise.stub),
        ("the visible answers earn nothing", exercise.parrot()),
    ):
        if not text:
            continue
        earning = [n for n, verdict in trial.verdicts(text, explain=True) if earned(verdict, 1.0)]
        if earning:
            proof.findings.append(Finding(rule, ", ".join(earning)))


def _prove_misconceptions(trial: _Trial, proof: ExerciseProof) -> set[str]:
    """Each misconception fails exactly the checks that the key says, and does what no other one does.

    Returns the checks that find something wrong with one, and are not blocked alone.
    """
    convinced: set[str] = set()
    exercise = trial.exercise
    seen: dict[str, str] = {}
    for wrong in exercise.possible_misconceptions():
        text = exercise.source.text.replace(wrong.old, wrong.new)
        verdicts = dict(trial.verdicts(text))
        failed = {name for name, verdict in verdicts.items() if not isinstance(verdict, Passed)}
        convinced |= {name for name, verdict in verdicts.items() if isinstance(verdict, Failed)}
        if failed != set(wrong.fails):
            said = f"fails {', '.join(sorted(failed)) or 'nothing'}; the key says {', '.join(wrong.fails)}"
            rule = f"misconception {wrong.id} fails what the key says"
            proof.findings.append(Finding(rule, said, _diff(exercise.source.text, text)))
        if not exercise.deterministic:
            continue
        does = trial.behaviour(text)
        if does in seen:
            rule = "misconceptions differ from each other on some case"
            said = f"{wrong.id} does the same as {seen[does]}"
            proof.findings.append(Finding(rule, said, _diff(exercise.source.text, text)))
        seen.setdefault(does, wrong.id)
    return convinced


def _prove_checks(
    trial: _Trial, proof: ExerciseProof, failed: set[str], wrong: Sequence[str]
) -> None:
    """Each check finds something wrong with a misconception or a mutant; else it is not worth its points.

    failed: those that have. wrong: texts on which the others are tried.
    """
    for check in trial.exercise.checks:
        if check.name in failed or any(trial.fails(check.name, text) for text in wrong):
            continue
        own = check.cases.__code__
        shared = check.cases is trial.exercise.cases
        where = trial.exercise.place if shared else f"{own.co_filename}, line {own.co_firstlineno}"
        proof.findings.append(
            Finding(
                "every check fails for some wrong answer",
                f"{where}: `{check.name}` fails for no misconception "
                "and no mutant. Draw inputs at which answers go wrong, name the misconception that it is "
                "for, or drop it.",
            )
        )


def _prove_mutants(trial: _Trial, proof: ExerciseProof) -> list[str]:
    """Every mutant fails a check, or is stated to be equivalent. Returns their texts."""
    exercise = trial.exercise
    every = _mutants(exercise, exercise.source)
    equivalent = exercise.possible_equivalents()
    proof.mutants = len(every)
    passed = ", ".join(check.name for check in exercise.checks)
    for mutant in every:
        check = trial.first_failure(mutant.text)
        reason = equivalent.get(mutant.id)
        diff = _diff(exercise.source.text, mutant.text)
        if check is not None:
            proof.killed[mutant.id] = check
            if reason is not None:
                rule = "a mutant listed as equivalent passes every check"
                proof.findings.append(Finding(rule, f"{mutant.id} fails {check}", diff))
        elif reason is not None:
            proof.equivalent[mutant.id] = reason
        else:
            said = f"{mutant.id} passes {passed}"
            proof.findings.append(Finding("every mutant fails a check", said, diff))
    missing = exercise.equivalents.keys() - {mutant.id for mutant in every}
    for text in exercise.texts() if missing else []:  # another version may have it
        missing -= {m.id for m in _mutants(exercise, replace(exercise.source, text=text))}
    for id in missing:
        proof.findings.append(Finding("an equivalent mutant exists", id))
    return [mutant.text for mutant in every]


def _mutants(exercise: Exercise, source: Source) -> list[Mutant]:
    """The mutants of what a student writes in one version of the reference."""
    lines = source.student_lines(exercise.methods, exercise.region)
    return mutants(source.text, exercise.methods, lines)


def _diff(text: str, changed: str) -> str:
    lines = difflib.unified_diff(text.split("\n"), changed.split("\n"), n=1, lineterm="")
    return "\n".join(list(lines)[2:])
