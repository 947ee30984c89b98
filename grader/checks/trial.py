"""A check: what it does with a submission on a case, as programs, and what it concludes from what they read.

The two are apart so that the programs of all cases go to a submission in one trip, and so that they are written
and packed once for a class of students.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from grader.checks.case import SolvedCase
from grader.checks.program import Found, Program
from grader.checks.student import Student, StudentError
from grader.checks.text import Message
from grader.checks.verdict import Verdict

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
) -> Iterator[Callable[[], Verdict]]:
    """For each case what gives its verdict. Raises Stopped if the submission was killed meanwhile."""
    trials = [_trial(check, name, case) for case in cases]
    known = _known.setdefault(student, {})
    programs = [program for trial in trials for program in trial.programs]
    running = iter(student.run_all([program for program in programs if program.once not in known]))
    for trial in trials:
        found = []
        for program in trial.programs:
            if program.once in known:
                found.append(known[program.once])
                continue
            found.append(next(running))
            if program.once is not None:
                known[program.once] = found[-1]
        yield lambda trial=trial, found=found: trial.conclude(*found)  # type: ignore[misc]


#: What the programs read that run once only, for each submission.
_known: WeakKeyDictionary[Student, dict[Hashable, Found]] = WeakKeyDictionary()


@lru_cache(MOST)
def _trial(check: Check, name: str, case: SolvedCase) -> Trial:
    return check.trial(name, case)
