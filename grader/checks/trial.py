"""A check: what it does with a submission on a case, as programs, and what it concludes from what they read.

The two are apart so that the programs of all cases go to a submission in one trip, and so that they are written
and packed once for a class of students.
"""

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeAlias
from weakref import WeakKeyDictionary

from grader.checks.case import SolvedCase
from grader.checks.program import Found, Program
from grader.checks.student import Student, StudentError
from grader.checks.text import Message
from grader.checks.verdict import Verdict

Conclusion: TypeAlias = Callable[[], Verdict]

MOST = 1024  # trials that are kept: those of a unit are some hundreds


class Unready(Exception):
    """A check could not be tried, since `forward` raised: `cause` says what."""

    def __init__(self, cause: StudentError) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True)
class Trial:
    """A check on one case. It is used for many submissions: a program hands over the same values each time.

    programs: run one after another. conclude: the verdict, from what each of them read; it may raise the
    submission's StudentError, or Unready.
    """

    programs: tuple[Program, ...]
    conclude: Callable[..., Verdict]


@dataclass(frozen=True, eq=False)
class Check:
    """A check by name: what it says to the student, and how the object of a name is tried on a case."""

    name: str
    sentence: Message
    trial: Callable[[str, SolvedCase], Trial]


def tried(
    check: Check, student: Student, name: str, cases: Sequence[SolvedCase]
) -> Iterator[Conclusion]:
    """For each case what gives its verdict. Raises Stopped if the submission was killed meanwhile."""
    trials = _trials(check, name, cases)
    known = _known.setdefault(student, {})
    return _concluding(trials, known, iter(student.run_all(_to_run(trials, set(known)))))


@dataclass(frozen=True)
class Tried:
    """A check that was tried on its cases: what gives the verdicts, and the seconds that it took."""

    conclusions: Sequence[Conclusion]
    seconds: float


def tried_ahead(
    checks: Sequence[tuple[Check, Sequence[SolvedCase]]], student: Student, name: str
) -> Iterator[Tried]:
    """Try checks one after another; the submission has all of them at once, so that it never waits.

    Raises Stopped at the check that killed it. Do nothing else with it until all are taken.
    """
    all_trials = [_trials(check, name, cases) for check, cases in checks]
    known = _known.setdefault(student, {})
    asked = set(known)
    batches = [_to_run(trials, asked) for trials in all_trials]
    began = time.monotonic()
    for trials, found in zip(all_trials, student.run_each(batches), strict=True):
        conclusions = list(_concluding(trials, known, iter(found)))
        yield Tried(conclusions, time.monotonic() - began)
        began = time.monotonic()


def _trials(check: Check, name: str, cases: Sequence[SolvedCase]) -> list[Trial]:
    return [_trial(check, name, case) for case in cases]


def _to_run(trials: Sequence[Trial], asked: set[Hashable]) -> list[Program]:
    """The programs of the trials, without those that run once and were asked for before; these are noted."""
    programs = []
    for program in (program for trial in trials for program in trial.programs):
        if program.once in asked:
            continue
        programs.append(program)
        if program.once is not None:
            asked.add(program.once)
    return programs


def _concluding(
    trials: Sequence[Trial], known: dict[Hashable, Found], running: Iterator[Found]
) -> Iterator[Conclusion]:
    """For each trial what gives its verdict. running: what the programs read that are not known."""
    for trial in trials:
        found = []
        for program in trial.programs:
            if program.once is None:
                found.append(next(running))
                continue
            if program.once not in known:
                known[program.once] = next(running)
            found.append(known[program.once])
        yield partial(trial.conclude, *found)


#: What the programs read that run once only, for each submission.
_known: WeakKeyDictionary[Student, dict[Hashable, Found]] = WeakKeyDictionary()


@lru_cache(MOST)
def _trial(check: Check, name: str, case: SolvedCase) -> Trial:
    return check.trial(name, case)
