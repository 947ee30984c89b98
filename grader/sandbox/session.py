"""One submission on the other side of the wall: run its cells, then let checks see it."""

import os
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar

from grader.checks.student import Stopped
from grader.sandbox.channel import Channel, Gone, TimeUp
from grader.sandbox.closing import Closing
from grader.sandbox.limits import EXIT_MEMORY, Limits
from grader.sandbox.outputs import Output, read_outputs
from grader.sandbox.process import Process
from grader.sandbox.remote import RemoteStudent, Request
from grader.sandbox.values import text
from grader.sandbox.wire import Array, FrameError, frame, read_frame

T = TypeVar("T")

MAX_ERROR = 2000
AHEAD = 1 << 16  # bytes of requests that a submission has at once: less than a socket holds
GRACE = 0.2  # seconds for a process that closed its connection to finish dying


@dataclass(frozen=True)
class CellResult:
    """What one cell did: whether it ended without an error, and its outputs in nbformat's form."""

    ok: bool
    outputs: list[Output]
    error: str | None


@dataclass(frozen=True)
class _Framed(Generic[T]):
    """A request as it is sent, with its number."""

    number: int
    request: Request[T]
    pieces: Sequence[bytes | memoryview]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(map(len, self.pieces))


class Budget:
    """Seconds of waiting for the submission that may still be spent."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.left = seconds


class Session(Closing):
    """A child process for one submission. Use it as a context manager: it always ends the child.

    Once the submission is stopped (a limit, its own exit, a reply that breaks the rules), every further
    call raises `Stopped` with the same reason.
    """

    def __init__(self, process: Process, channel: Channel, limits: Limits) -> None:
        self.limits = limits
        self.student = RemoteStudent(self)
        self._process = process
        self._channel = channel
        self._budgets = [Budget(limits.total)]
        self._stopped: tuple[str, str] | None = None
        self._serial = 0
        # Escapes make a character of text up to six bytes of JSON.
        self._max_header = 6 * (limits.output + limits.figures) + (1 << 20)

    def close(self) -> None:
        """Kill the child, whatever it is doing; it runs no further."""
        self._stopped = self._stopped or ("exit", "the session is closed")
        self._process.leave()
        self._channel.close()

    @property
    def memory(self) -> int:
        """The most memory that the child held, in bytes, once it is killed; 0 where that is not known."""
        return self._process.peak

    def run_cell(self, source: str) -> CellResult:
        """Run one code cell as a notebook would. Raises Stopped if the submission did not survive it."""
        return next(self.run_cells([source]))

    def run_cells(self, sources: Iterable[str]) -> Iterator[CellResult]:
        """Run code cells one after another. Raises Stopped at the one that the submission did not survive."""
        requests = [Request({"op": "cell", "source": s}, (), self._read_cell) for s in sources]
        return self.exchanges(requests, self.limits.cell)

    def _read_cell(self, reply: Any, arrays: Sequence[Array]) -> CellResult:
        match reply:
            case {"cell": {"ok": bool(ok), "error": error, "outputs": outputs}} if not arrays:
                return CellResult(
                    ok=ok,
                    outputs=read_outputs(outputs, self.limits.output + self.limits.figures),
                    error=None if error is None else text(error, MAX_ERROR),
                )
        raise FrameError("a reply that is not the result of a cell")

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Let all calls inside wait for the submission for so long together, at most."""
        self._budgets.append(Budget(seconds))
        try:
            yield
        finally:
            self._budgets.pop()

    def exchange(self, request: Request[T]) -> T:
        """Send one request, wait for its reply, and read it; see `exchanges`."""
        return next(self.exchanges([request]))

    def exchanges(
        self, requests: Sequence[Request[T]], seconds: float | None = None
    ) -> Iterator[T]:
        """Send requests, and read their replies as they come. FrameError in `read` stops the submission.

        The submission has the next requests while it works on the first: it never waits for us. Take all
        replies before the next request is made. seconds: how long each may take; without it what `limit`
        says, else the limit of a check.
        """
        for group in self._groups(requests):
            with self._waiting(seconds):
                self._channel.send([piece for framed in group for piece in framed.pieces])
            for framed in group:
                with self._waiting(seconds):
                    reply, received = read_frame(
                        self._channel.fill, self._max_header, self.limits.reply
                    )
                    if type(reply) is not dict or reply.get("id") != framed.number:
                        raise FrameError("a reply to another request")
                    found = framed.request.read(reply, received)
                yield found

    def _groups(self, requests: Sequence[Request[T]]) -> Iterator[list["_Framed[T]"]]:
        """Requests that are sent together, each group only when it is its turn.

        A group fits into the socket: else we could wait for the submission to take the next request, and it
        for us to take its reply.
        """
        group: list[_Framed[T]] = []
        size = 0
        for request in requests:
            self._serial += 1
            message = {**request.message, "id": self._serial, "drop": self.student.forgotten()}
            framed = _Framed(self._serial, request, frame(message, request.arrays))
            if group and size + framed.size > AHEAD:
                yield group
                group, size = [], 0
            group.append(framed)
            size += framed.size
        if group:
            yield group

    @contextmanager
    def _waiting(self, seconds: float | None) -> Iterator[None]:
        """Wait for the submission within the limits; whatever goes wrong there stops it."""
        if self._stopped:
            raise Stopped(*self._stopped)
        if seconds is None and len(self._budgets) == 1:
            seconds = self.limits.check
        budgets = [*self._budgets, *([] if seconds is None else [Budget(seconds)])]
        tightest = min(budgets, key=lambda budget: budget.left)
        started = time.monotonic()
        self._channel.deadline = started + tightest.left
        try:
            yield
        except TimeUp:
            self._stop("time", f"{tightest.seconds:g} s")
        except Gone:
            self._stop(*self._cause_of_death())
        except FrameError as error:
            self._stop("protocol", str(error))
        finally:
            spent = time.monotonic() - started
            for budget in budgets:
                budget.left -= spent

    def _stop(self, reason: str, detail: str) -> NoReturn:
        self._process.end()
        self._stopped = (reason, detail)
        raise Stopped(reason, detail) from None

    def _cause_of_death(self) -> tuple[str, str]:
        if not self._process.wait(GRACE):
            return "exit", "the connection was closed"
        status = self._process.end()
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGKILL:  # nobody else kills: the kernel had no memory left
                return "memory", "killed by the kernel"
            return "exit", signal.Signals(number).name
        code = os.waitstatus_to_exitcode(status)
        if code == EXIT_MEMORY:
            return "memory", ""
        return "exit", f"exit status {code}"
