"""What the judge asks of an answer key to say what is wrong: misconceptions as code, and public cases."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import numpy as np

from grader.checks import Draw, LocalStudent, SolvedCase, seed
from grader.checks.case import Array, Case
from grader.checks.diagnosis import Suspect
from grader.checks.diagnosis.slips import Slip
from grader.exercises.model import CaseFunction, Exercise, GradedCheck
from grader.exercises.source import Source

#: Sizes of public cases, the smallest first; an exercise that needs larger ones gets larger ones.
SMALL = ((1, 1, 1, 1, 1), (2, 1, 1, 1, 1), (1, 2, 2, 2, 2), (2, 3, 2, 3, 2), (3, 2, 4, 2, 3))
#: Sizes of probes: several of each, so that nothing passes by chance.
PROBES = {
    "plain": ((3, 2, 4, 5, 6), (4, 3, 2, 6, 5)),
    "batch-of-one": ((1, 2, 3, 4, 5), (1, 4, 2, 3, 6), (1, 3, 5, 2, 4)),
    "square": ((3, 3, 3, 3, 3), (2, 2, 2, 2, 2), (4, 4, 4, 4, 4)),
    "positive": ((3, 2, 4, 5, 6), (4, 3, 2, 6, 5), (2, 5, 3, 4, 6)),
}


class ShapedDraw(Draw):
    """Public draws of stated sizes. positive: whether all numbers are."""

    def __init__(self, name: str, sizes: Sequence[int], positive: bool = False) -> None:
        super().__init__(seed(b"public", name), public=True)
        self._sizes = sizes
        self._positive = positive

    def __call__(self, *shape: int) -> Array:
        """See `Draw`."""
        drawn = super().__call__(*shape)
        return np.abs(drawn) if self._positive else drawn

    def nonzero(self, *shape: int) -> Array:
        """See `Draw`."""
        drawn = super().nonzero(*shape)
        return np.abs(drawn) if self._positive else drawn

    def sizes(self, count: int, low: int = 2, high: int = 6) -> tuple[int, ...]:
        """The stated sizes; where the exercise asks for at least 3, or more, it gets them."""
        return tuple(max(n, low if low > 2 else 1) for n in self._sizes[:count])


@dataclass(frozen=True)
class Insight:
    """A check of an exercise as `grader.checks.diagnosis.key.Key` sees it."""

    exercise: Exercise
    check: GradedCheck

    @property
    def follow_through(self) -> bool:
        """Whether the exercise allows it."""
        return self.exercise.follow_through

    @property
    def others(self) -> Collection[str]:
        """What the other exercises of its unit ask for."""
        return self.exercise.others

    def reference(self) -> LocalStudent:
        """The right answer as code."""
        return _running(self.exercise.source, self.exercise.source.text)

    def suspects(self) -> Sequence[Suspect]:
        """The misconceptions of the key, where the same code gives the same numbers whenever it runs."""
        exercise = self.exercise
        if not exercise.deterministic:
            return ()
        return [
            Suspect(
                f"key:{exercise.id}/{wrong.id}",
                _running(exercise.source, exercise.source.text.replace(wrong.old, wrong.new)),
                *exercise.explanations.get(wrong.id, ()),
            )
            for wrong in exercise.possible_misconceptions()
        ]

    def slips(self, label: str, own: Mapping[str, Array]) -> Iterable[Slip]:
        """What wrong formulas give, where the exercise has formulas of numbers."""
        return self.exercise.slips(label, own)

    def again(self, case: SolvedCase) -> SolvedCase | None:
        """A case with changed arguments, solved anew; None where the reference cannot take it."""
        place = (self.exercise.source, _mark(case))
        if place not in _again:
            if len(_again) > MOST:
                _again.clear()
            _again[place] = None
            given = Case(case.init, case.inputs, case.dout, True, case.tolerance, case.script)
            with suppress(Exception), np.errstate(all="ignore"):
                solved = self.exercise.solved(given, Draw(seed(b"public", "again"), public=True))
                _again[place] = solved
        return _again[place]

    def small_cases(self) -> Iterator[SolvedCase]:
        """Public cases; none where there are no inputs, so that a case is the answer."""
        for number, sizes in enumerate(SMALL):
            if case := self._public(ShapedDraw(f"small {number}", sizes), f"small {number}"):
                yield case

    def probes(self, kind: str) -> Sequence[SolvedCase]:
        """Public cases of that kind."""
        cases = []
        for number, sizes in enumerate(PROBES[kind]):
            name = f"{kind} {number}"
            cases.append(self._public(ShapedDraw(name, sizes, kind == "positive"), name))
        return [case for case in cases if case is not None]

    def _public(self, draw: Draw, name: str) -> SolvedCase | None:
        exercise = self.exercise
        place = (exercise.source, self.check.cases, name)
        if place not in _public_cases:
            _public_cases[place] = None
            with suppress(Exception):  # the exercise needs other sizes than these
                case = exercise.solved(self.check.cases(draw), draw)
                _public_cases[place] = case if case.inputs and exercise.deterministic else None
        return _public_cases[place]


#: Public cases by source, function of cases and name: a class of students shares them.
_public_cases: dict[tuple[Source, CaseFunction, str], SolvedCase | None] = {}


#: Cases solved anew, by source and arguments: a class of students shares these, too.
_again: dict[tuple[Source, bytes], SolvedCase | None] = {}
MOST = 2000  # of them are kept


def _mark(case: SolvedCase) -> bytes:
    """What tells one case from another: a digest of its arguments."""
    digest = sha256(case.script.encode())
    for name, value in (*case.init.items(), *case.inputs.items(), ("dout", case.dout)):
        array = np.asarray(value)
        content = repr(value).encode() if array.dtype == object else array.tobytes()
        digest.update(f"{name} {array.dtype} {array.shape} ".encode() + content)
    return digest.digest()


@lru_cache(maxsize=1024)
def _running(source: Source, text: str) -> LocalStudent:
    """A submission that consists of this text."""
    return LocalStudent(source.names(text))
