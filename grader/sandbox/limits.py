"""What a submission may use: time, memory, output. Everything else about the sandbox is fixed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from grader.errors import SandboxError

MIN_MEMORY = 256 << 20  # below this NumPy itself does not start
EXIT_MEMORY = 75  # exit status of a child that had no memory left to answer


@dataclass(frozen=True)
class Limits:
    """Limits of one submission; seconds of waiting for it, bytes otherwise.

    Only the time counts in which the judge waits for the submission: what the judge computes in between
    costs the student nothing.
    """

    cell: float = 30.0
    """Seconds for one cell."""
    check: float = 10.0
    """Seconds for one call from a check, unless `Session.limit` says otherwise."""
    total: float = 120.0
    """Seconds for the whole submission."""
    memory: int = 1 << 30
    """Address space of the process, Python and NumPy included."""
    output: int = 200_000
    """Characters of text that one cell may print; the rest is cut off with a note."""
    figures: int = 1_000_000
    """Characters of pictures (base64) that one cell may show; further ones are dropped with a note."""
    reply: int = 64 << 20
    """Bytes of arrays that one call may return."""
    files: int = 32 << 20
    """Bytes of files, all together and each, in the private folder of level full."""
    threads: int = 32
    """Threads; new processes are never allowed."""

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Self:
        """Limits by name, as a key gives them; what is not named has its default. SandboxError for others."""
        usual = cls()
        kinds = {field.name: type(getattr(usual, field.name)) for field in fields(cls)}
        if unknown := sorted(values.keys() - kinds.keys()):
            raise SandboxError(
                f"There is no limit {', '.join(unknown)}. Limits are: {', '.join(kinds)}."
            )
        return cls(**{name: kinds[name](value) for name, value in values.items()})

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0:
                raise SandboxError(f"A limit is a positive number; got {field.name} = {value!r}.")
        if self.memory < MIN_MEMORY:
            raise SandboxError(
                f"A submission needs at least {MIN_MEMORY >> 20} MiB of memory to load NumPy; got "
                f"memory = {self.memory} bytes."
            )
