"""The judge's hold on a child of the warm process: end it, wait for it, learn how it died."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable


class Process:
    """A child process.

    pid: its number, as the warm process sees it. pidfd: a descriptor of it, None where the system has none.
    group: whether the pid means the same here, so that its process group can be killed as well.
    reap: asks the warm process, whose child it is, for the wait status once it is dead. leave: lets the
    warm process wait for it when it next has time.
    """

    def __init__(
        self,
        pid: int,
        pidfd: int | None,
        group: bool,
        reap: Callable[[int], int],
        leave: Callable[[int], None],
    ) -> None:
        self.pid = pid
        self.pidfd = pidfd
        self._group = group
        self._reap = reap
        self._leave = leave
        self._status: int | None = None
        self._left = False

    def wait(self, seconds: float) -> bool:
        """Whether the process ends by itself within so many seconds."""
        if self.pidfd is None:
            time.sleep(seconds)
            return True
        poll = select.poll()
        poll.register(self.pidfd, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def end(self) -> int:
        """Kill the process unless it is dead, and return its wait status, as of os.wait()."""
        if self._status is None:
            try:
                self._kill()
                self._status = self._reap(self.pid)  # until now the pid belongs to nobody else
            finally:
                self._close()
        return self._status

    def leave(self) -> None:
        """Kill the process unless it is dead; what it died of is of no interest."""
        if self._status is None and not self._left:
            self._left = True
            self._kill()
            self._leave(self.pid)
            self._close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.pidfd is not None:
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            else:
                os.kill(self.pid, signal.SIGKILL)
            if self._group:
                os.killpg(self.pid, signal.SIGKILL)

    def _close(self) -> None:
        if self.pidfd is not None:
            os.close(self.pidfd)
            self.pidfd = None
