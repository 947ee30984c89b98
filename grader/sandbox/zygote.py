"""Isolation at the best level there is: a warm process, and a session for each submission."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from grader.errors import SandboxError
from grader.sandbox.closing import Closing
from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.limits import Limits
from grader.sandbox.plan import Level
from grader.sandbox.session import Session
from grader.sandbox.start import Packages, Start, StartFailed, Twin, ways
from grader.sandbox.warm import WarmProcess

UNSANDBOXED = (
    "`--allow-unsandboxed` grades without isolation: for submissions that you would run yourself."
)


class Zygote(Closing):
    """A warm process with NumPy, IPython and matplotlib loaded; each session is a fork of it.

    level: "full", "landlock", "none", or "auto" for the better of the first two that works here;
    afterwards the attribute `level` says which it is.
    python_path: folders whose packages a submission may import, beside those of the interpreter. Each is
    shown to it whole, and imported only after the fork; the project's own dlkit and grader are then nowhere
    to be found. None shows these two: for submissions that nothing has to be hidden from.

    twin: gives a warm process of the same folders that has been started already, and the number of its twin
    to be used (`Twins.take`). Where that does not come up, this one starts its own.

    One thread uses it at a time. SandboxUnavailable if the level cannot be had, SandboxError if a folder
    does not exist.
    """

    def __init__(
        self,
        level: Level | Literal["auto"] = "auto",
        python_path: Sequence[Path | str] | None = None,
        twin: Callable[[], Twin] | None = None,
    ) -> None:
        packages = None if python_path is None else [Path(entry) for entry in python_path]
        for folder in packages or ():
            if not folder.is_dir():
                raise SandboxError(
                    f"A submission imports packages from folders that exist; got {folder}."
                )
        if twin:
            with suppress(StartFailed):
                self._warm, self.level = _probed(*twin()), "full"
                return
        wanted: list[Level] = ["full", "landlock"] if level == "auto" else [level]
        reasons = []
        for self.level in wanted:
            try:
                self._warm = _start(self.level, packages)
            except StartFailed as reason:
                reasons.append(f"Level {self.level}: {reason}")
            else:
                return
        raise SandboxUnavailable(
            f"Submissions cannot be isolated here. {' '.join(reasons)} {UNSANDBOXED}"
        )

    def session(self, limits: Limits | None = None) -> Session:
        """Fork a child for one submission."""
        limits = limits or Limits()
        try:
            process, channel = self._warm.fork(limits)
        except StartFailed as reason:
            raise SandboxError(f"No child could be made for a submission: {reason}") from None
        return Session(process, channel, limits)

    def close(self) -> None:
        """End the warm process and every session."""
        self._warm.close()


def _start(level: Level, packages: Packages) -> WarmProcess:
    """Start the warm process at a level, and see that a child of it is locked down."""
    reason = StartFailed("nothing to start it with.")
    for way in ways(level, packages):
        start = Start(way)
        try:
            return _probed(start, same_pids=level != "full")
        except StartFailed as failed:
            reason = failed
            start.close()
    raise reason


def _probed(start: Start, twin: int = 0, *, same_pids: bool = False) -> WarmProcess:
    """The warm process, once it is up and a child of it was seen to be locked down; else StartFailed."""
    warm = WarmProcess(start, twin, same_pids=same_pids)
    process, channel = warm.fork(Limits(), probe=True)
    process.end()
    channel.close()
    return warm
