"""The judge's hold on a child of the warm process: end it, wait for it, learn how it died."""

import contextlib
import os
import re
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path

PID = re.compile(rb"^Pid:\s*(\d+)$", re.MULTILINE)
PEAK = re.compile(rb"^VmHWM:\s*(\d+) kB$", re.MULTILINE)


class Process:
    """A child process.

    pid: its number, as the warm process sees it. pidfd: a descriptor of it, None where the system has none.
    group: whether the pid means the same here, so that its process group can be killed as well.
    reap: asks the warm process, whose child it is, for the wait status once it is dead. leave: lets the
    warm process wait for it when it next has time. peak: once it is killed, the most memory that it held, in
    bytes; 0 where the system does not tell, or it had died before.
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
        self.peak = 0

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
        self.peak = self._memory()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.pidfd is not None:
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            else:
                os.kill(self.pid, signal.SIGKILL)
            if self._group:
                os.killpg(self.pid, signal.SIGKILL)

    def _memory(self) -> int:
        """The kernel's record of its largest resident set; its number here stands with its descriptor."""
        try:
            here = PID.search(Path(f"/proc/self/fdinfo/{self.pidfd}").read_bytes())
            status = Path(f"/proc/{int(here[1])}/status").read_bytes() if here else b""
        except OSError:
            return 0
        found = PEAK.search(status)
        return int(found[1]) << 10 if found else 0

    def _close(self) -> None:
        if self.pidfd is not None:
            os.close(self.pidfd)
            self.pidfd = None
