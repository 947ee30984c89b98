"""What a check concludes. A verdict is never a bool, and a crash of ours is never a zero."""

from dataclasses import dataclass
from typing import TypeAlias

from grader.checks.finding import Finding
from grader.checks.text import Message


@dataclass(frozen=True)
class Passed:
    """The submission does what the check asks; a note may add something worth knowing."""

    note: Finding | None = None


@dataclass(frozen=True)
class Failed:
    """The submission does something else; the diagnosis says what.

    share: of the points that it earns all the same, as a backward pass does that follows from a wrong forward.
    """

    diagnosis: Finding
    share: float = 0.0


@dataclass(frozen=True)
class Blocked:
    """The check could not be tried: another one failed first, or the submission was stopped."""

    by: Message


@dataclass(frozen=True)
class Awaiting:
    """A person has to mark it; the note says so."""

    note: Message


@dataclass(frozen=True)
class Crashed:
    """The check itself broke: our mistake. It gives no mark at all, and asks for a person."""

    error: str


Verdict: TypeAlias = Passed | Failed | Blocked | Awaiting | Crashed


def earned(verdict: Verdict, points: float) -> float | None:
    """Points of a verdict: all, a share, none, or None, which asks for a person.

    >>> earned(Passed(), 2.0)
    2.0
    """
    match verdict:
        case Passed():
            return points
        case Failed(share=share):
            return share * points
        case Crashed() | Awaiting():
            return None
        case _:
            return 0.0
