"""A socket with deadlines: the one place where either side waits for the other."""

import contextlib
import select
import socket
import time
from collections.abc import Iterable

MAX_WAIT = 1e6  # seconds; poll() takes milliseconds as a C int


class Gone(Exception):
    """The other side has closed the connection or died."""


class TimeUp(Exception):
    """The deadline passed."""


class Channel:
    """Sends and fills byte buffers over a stream socket.

    alive: a file descriptor that becomes readable when the other side dies (a pidfd), if there is one.
    deadline: `time.monotonic()` at which waiting ends with TimeUp; None waits for ever.
    """

    def __init__(self, connection: socket.socket, alive: int | None = None) -> None:
        connection.setblocking(False)
        self._socket = connection
        self._alive = alive
        self.deadline: float | None = None

    def send(self, pieces: Iterable[bytes | memoryview]) -> None:
        """Send all pieces."""
        for piece in pieces:
            view = memoryview(piece)
            while view:
                try:
                    view = view[self._socket.send(view) :]
                except BlockingIOError:
                    self._wait(select.POLLOUT)
                except OSError:
                    raise Gone from None

    def fill(self, view: memoryview) -> None:
        """Fill the whole view with what arrives."""
        while view:
            self._wait(select.POLLIN)
            try:
                count = self._socket.recv_into(view)
            except BlockingIOError:
                continue
            except OSError:
                raise Gone from None
            if count == 0:
                raise Gone
            view = view[count:]

    def _wait(self, event: int) -> None:
        poll = select.poll()
        poll.register(self._socket, event)
        if self._alive is not None:
            poll.register(self._alive, select.POLLIN)
        left = MAX_WAIT if self.deadline is None else self.deadline - time.monotonic()
        ready = dict(poll.poll(max(left, 0) * 1000)) if left > 0 else {}
        if not ready:
            raise TimeUp
        if self._socket.fileno() not in ready:
            raise Gone

    def close(self) -> None:
        """Close the socket."""
        with contextlib.suppress(OSError):
            self._socket.close()
