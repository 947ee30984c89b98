"""The warm process as the judge holds it: asked for children, ended."""

import socket
import time
from typing import Any

from grader.errors import SandboxError
from grader.sandbox import control
from grader.sandbox.channel import Channel, Gone, TimeUp
from grader.sandbox.limits import Limits
from grader.sandbox.process import Process
from grader.sandbox.start import REPLY_SECONDS, Start, StartFailed
from grader.sandbox.wire import FrameError, read_frame

START_SECONDS = 60.0
#: The limits that a child keeps itself; the judge keeps the others.
INSIDE = ("memory", "files", "threads", "output", "figures", "reply")


class WarmProcess:
    """A running warm process, or its twin of that number. StartFailed if it does not come up."""

    def __init__(self, start: Start, twin: int = 0, *, same_pids: bool) -> None:
        self._same_pids = same_pids
        self._dead: list[int] = []  # killed, and of no more interest
        self._start, self._twin = start, twin
        self._judge = start.judges[twin]
        self._judge.settimeout(START_SECONDS)
        try:
            control.receive(self._judge)
        except (control.Closed, TimeoutError):
            raise StartFailed(start.last_words()) from None

    def close(self) -> None:
        """End it and its children, and with the warm process its twins."""
        self._judge.close()
        if not self._twin:
            self._start.close()

    def fork(self, limits: Limits, *, probe: bool = False) -> tuple[Process, Channel]:
        """A child for one submission, locked down. StartFailed if it could not be.

        probe: let it also try what must not succeed.
        """
        request = {"limits": {name: getattr(limits, name) for name in INSIDE}, "probe": probe}
        reply, (connection, *pidfds) = self._ask(request)
        pidfd = pidfds[0] if pidfds else None
        process = Process(reply["pid"], pidfd, self._same_pids, self._reap, self._leave)
        channel = Channel(socket.socket(fileno=connection), pidfd)
        channel.deadline = time.monotonic() + REPLY_SECONDS
        try:
            hello, _ = read_frame(channel.fill, 1 << 16, 0)  # written before any foreign code runs
        except (Gone, TimeUp, FrameError):
            hello = {"failed": "the child did not answer"}
        if "failed" in hello or hello["breaches"]:
            process.end()
            channel.close()
            why = hello.get("failed") or f"a child could still {', '.join(hello['breaches'])}"
            raise StartFailed(why)
        return process, channel

    def _ask(self, message: dict[str, Any]) -> tuple[Any, list[int]]:
        self._judge.settimeout(REPLY_SECONDS)
        try:
            control.send(self._judge, {**message, "dead": self._dead})
            self._dead = []
            return control.receive(self._judge)
        except (control.Closed, TimeoutError):
            raise SandboxError(
                f"The warm process of the sandbox no longer answers: {self._start.last_words()}"
            ) from None

    def _reap(self, pid: int) -> int:
        status: int = self._ask({"reap": pid})[0]["status"]
        return status

    def _leave(self, pid: int) -> None:
        self._dead.append(pid)
