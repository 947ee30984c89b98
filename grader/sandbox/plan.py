"""What the judge decides about the lockdown of submissions when it starts the warm process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["full", "landlock", "none"]

BOX = "/student"  # at level full a private mount, the only place to write
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


@dataclass(frozen=True)
class Plan:
    """How a child is locked down.

    readable: files and folders, all existing, that a submission may read. listable: folders of which it
    may read the names of what is in them. users: the first and the number of user ids that nobody has,
    where the judge is root; else empty.
    """

    level: Level
    readable: Sequence[str]
    listable: Sequence[str]
    users: Sequence[int]
