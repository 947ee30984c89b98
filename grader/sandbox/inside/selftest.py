"""Tries, in a locked-down process, what must not succeed: a level counts as available if nothing does."""

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path


def breaches(level: str) -> list[str]:
    """What this process can still do although the level forbids it; empty if the lockdown holds."""
    attempts: dict[str, Callable[[], object]] = {
        "start a process": _fork,
        "open a socket": lambda: socket.socket(),
        "read the table of users": lambda: Path("/etc/passwd").read_text(),
        "read about its process": lambda: Path("/proc/self/status").read_text(),
        "write outside": lambda: Path("/var/tmp/probe").write_text(""),  # noqa: S108
        "signal another process": lambda: os.kill(os.getppid(), 0),
    }
    if level == "none":
        return []
    return [name for name, attempt in attempts.items() if _succeeds(attempt)]


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _fork() -> None:
    if os.fork() == 0:
        os.kill(os.getpid(), signal.SIGKILL)
