"""A socket with deadlines: the one place where either side waits for the other."""

import contextlib
import select
import socket
import time
from collections.abc import Sequence

MAX_WAIT = 1e6  # seconds; poll() takes milliseconds as a C int
CHUNK = 1 << 16  # bytes that are read at once, or joined to be sent at once


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
        self._chunk = memoryview(bytearray(CHUNK))
        self._unread = self._chunk[:0]
        self.deadline: float | None = None

    def send(self, pieces: Sequence[bytes | memoryview]) -> None:
        """Send all pieces."""
        if sum(map(len, pieces)) <= CHUNK:  # a system call costs more than the copy
            pieces = [b"".join(pieces)]
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
            if not self._unread:
                large = len(view) >= CHUNK
                count = self._receive(view if large else self._chunk)
                if large:
                    view = view[count:]
                    continue
                self._unread = self._chunk[:count]
            taken = self._unread[: len(view)]
            view[: len(taken)] = taken
            view, self._unread = view[len(taken) :], self._unread[len(taken) :]

    def _receive(self, view: memoryview) -> int:
        """Wait until something arrives, and read it: the number of bytes."""
        while True:
            self._wait(select.POLLIN)
            try:
                count = self._socket.recv_into(view)
            except BlockingIOError:
                continue
            except OSError:
                raise Gone from None
            if count == 0:
                raise Gone
            return count

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
