"""What the judge may ask of an answer key, besides the hidden cases. In a student's notebook there is none."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from grader.checks.case import Array, SolvedCase
from grader.checks.diagnosis.slips import Slip
from grader.checks.diagnosis.suspects import Suspect
from grader.checks.student import Student


class Key(Protocol):
    """What is known about an exercise."""

    @property
    def follow_through(self) -> bool:
        """Whether a backward pass that follows from a wrong forward pass earns a share of the points."""
        ...

    @property
    def others(self) -> Collection[str]:
        """The names that other exercises ask for: where this one's is missing, none of them is meant."""
        ...

    def reference(self) -> Student:
        """The right answer as code."""
        ...

    def suspects(self) -> Sequence[Suspect]:
        """The misconceptions that the key names, as code that has them."""
        ...

    def slips(self, label: str, own: Mapping[str, Array]) -> Iterable[Slip]:
        """What wrong formulas give for a number that is worked out by hand; for anything else nothing.

        own: other numbers of the submission that are wrong, and may have gone into it.
        """
        ...

    def again(self, case: SolvedCase) -> SolvedCase | None:
        """A case with changed arguments, solved anew; None where the reference cannot take it."""
        ...

    def small_cases(self) -> Iterator[SolvedCase]:
        """Public cases, the smallest first: none of them is a hidden one."""
        ...

    def probes(self, kind: str) -> Sequence[SolvedCase]:
        """Public cases of that kind (`grader.checks.diagnosis.when`), or "plain"; none where there are none."""
        ...
