"""Prove an exercise: right code passes, and everything else that we can think of does not.

The code that is run here is the project's own, edited; so it runs in this process, a bound on time aside.
"""

import signal
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

from grader.checks import Crashed, LocalStudent, Passed, SolvedCase, Verdict, judge
from grader.exercises import Exercise, Unit
from grader.proof.mutants import Mutant, mutants

SECONDS = 10.0  # for one mutant: a mistake can make a loop endless


class TookTooLong(BaseException):
    """A mutant that does not end. No Exception: the code under test must not catch it."""


@dataclass(frozen=True)
class Finding:
    """A gap in the proof. rule: what does not hold; detail: where; diff: old and new text, if any."""

    rule: str
    detail: str
    old: str = ""
    new: str = ""


@dataclass
class ExerciseProof:
    """What was tried on an exercise, and what did not hold."""

    unit: str
    exercise: str
    mutants: int = 0
    killed: dict[str, str] = field(default_factory=dict)  # mutant id → the check that fails first
    equivalent: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def prove(unit: Unit, exercise: Exercise, secret: bytes) -> ExerciseProof:
    """Try the reference, the stub, the misconceptions and all mutants on the hidden checks."""
    proof = ExerciseProof(unit.name, exercise.id)
    trial = _Trial(unit, exercise, secret)
    _prove_reference(trial, proof)
    _prove_worthless(trial, proof)
    _prove_misconceptions(trial, proof)
    _prove_mutants(trial, proof)
    return proof


class _Trial:
    """Runs the hidden checks of an exercise on a source text."""

    def __init__(self, unit: Unit, exercise: Exercise, secret: bytes) -> None:
        self.exercise = exercise
        self.cases: dict[str, Sequence[SolvedCase]] = {
            check.name: exercise.hidden_cases(check, secret, unit.version)
            for check in exercise.checks
        }

    def verdicts(self, text: str) -> Iterator[tuple[str, Verdict]]:
        """Verdicts check by check, as they are asked for."""
        student = LocalStudent(self._run(text))
        for check in self.exercise.checks:
            verdict = self._bounded(
                lambda check=check: judge(
                    check.check, student, self.exercise.name, self.cases[check.name]
                )
            )
            yield check.name, verdict

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

    def _run(self, text: str) -> dict[str, Any]:
        names = self._bounded(lambda: self.exercise.source.names(text))
        return {self.exercise.name: names[self.exercise.name]}

    @staticmethod
    def _bounded(run: Any) -> Any:
        with _alarm(SECONDS), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return run()


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _prove_reference(trial: _Trial, proof: ExerciseProof) -> None:
    for name, verdict in trial.verdicts(trial.exercise.source.text):
        if verdict != Passed():
            proof.findings.append(Finding("the reference passes every check", f"{name}: {verdict}"))


def _prove_worthless(trial: _Trial, proof: ExerciseProof) -> None:
    """The stub, and code that knows the visible case by heart, earn nothing."""
    exercise = trial.exercise
    for rule, text in (
        ("the stub passes no check", exercise.stub),
        ("the visible answers pass no check", exercise.parrot()),
    ):
        if not text:
            continue
        passed = [name for name, verdict in trial.verdicts(text) if isinstance(verdict, Passed)]
        if passed:
            proof.findings.append(Finding(rule, ", ".join(passed)))


def _prove_misconceptions(trial: _Trial, proof: ExerciseProof) -> None:
    """Each misconception fails exactly the checks that the key says."""
    exercise = trial.exercise
    for wrong in exercise.misconceptions:
        text = exercise.source.text.replace(wrong.old, wrong.new)
        failed = {name for name, verdict in trial.verdicts(text) if not isinstance(verdict, Passed)}
        if failed != set(wrong.fails):
            said = f"fails {', '.join(sorted(failed)) or 'nothing'}; the key says {', '.join(wrong.fails)}"
            proof.findings.append(
                Finding(
                    f"misconception {wrong.id} fails what the key says", said, wrong.old, wrong.new
                )
            )


def _prove_mutants(trial: _Trial, proof: ExerciseProof) -> None:
    exercise = trial.exercise
    if not exercise.mutable:
        return
    lines = exercise.source.student_lines(exercise.methods, exercise.region)
    every = mutants(exercise.source.text, exercise.methods, lines)
    proof.mutants = len(every)
    for mutant in every:
        check = trial.first_failure(mutant.text)
        reason = exercise.equivalents.get(mutant.id)
        if check is not None:
            proof.killed[mutant.id] = check
            if reason is not None:
                proof.findings.append(_told_apart(mutant, check))
        elif reason is not None:
            proof.equivalent[mutant.id] = reason
        else:
            proof.findings.append(
                Finding("every mutant fails a check", mutant.id, mutant.old, mutant.new)
            )
    for id in exercise.equivalents.keys() - {mutant.id for mutant in every}:
        proof.findings.append(Finding("an equivalent mutant exists", id))


def _told_apart(mutant: Mutant, check: str) -> Finding:
    return Finding(
        "a mutant listed as equivalent passes every check",
        f"{mutant.id} fails {check}",
        mutant.old,
        mutant.new,
    )
