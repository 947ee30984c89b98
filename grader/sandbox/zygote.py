"""The judge's side of the warm process: start it at the best level there is, open sessions, end it."""

import contextlib
import dataclasses
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from grader.errors import SandboxError
from grader.sandbox import control, layout
from grader.sandbox.channel import Channel, Gone, TimeUp
from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.limits import Limits
from grader.sandbox.process import Process
from grader.sandbox.session import Session
from grader.sandbox.wire import FrameError, read_frame

Level = Literal["full", "landlock", "none"]

START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from grader.sandbox.inside.main import main; main(sys.argv[2])"
)
START_SECONDS = 60.0
REPLY_SECONDS = 30.0


class Zygote:
    """A warm process with NumPy, IPython and matplotlib loaded; each session is a fork of it.

    level: "full", "landlock", "none", or "auto" for the best of the first two that works here.
    python_path: folders whose packages a submission may import, each shown to it whole; None for the
    project's own dlkit and checks.

    One thread uses it at a time. SandboxUnavailable if the level cannot be had.
    """

    def __init__(
        self,
        level: Level | Literal["auto"] = "auto",
        python_path: Sequence[Path | str] | None = None,
    ) -> None:
        self._python_path = None if python_path is None else [Path(entry) for entry in python_path]
        self._cleanup = contextlib.ExitStack()
        if level != "none":
            raise SandboxUnavailable(
                "Isolation is not built in yet; grade with --allow-unsandboxed, and only what you trust."
            )
        self.level: Level = "none"
        self._start()

    def _start(self) -> None:
        places = layout.shown(self._python_path)
        stage = self._cleanup.enter_context(layout.linked(places))
        ours, theirs = socket.socketpair()
        self._log = self._cleanup.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  closed with the rest
        settings = json.dumps(
            {
                "control": theirs.fileno(),
                "packages": layout.package_folders(str(stage), self._python_path),
            }
        )
        environment = {
            "HOME": str(stage),
            "IPYTHONDIR": str(stage),
            "LANG": "C.UTF-8",
            "MPLCONFIGDIR": str(stage),
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONHASHSEED": "0",
        }
        self._popen = subprocess.Popen(
            [sys.executable, "-s", "-P", "-B", "-c", START, f"{stage}/runtime", settings],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=environment,
            cwd=stage,
        )
        theirs.close()
        ours.settimeout(START_SECONDS)
        self._control = ours
        try:
            control.receive(ours)
        except (control.Closed, TimeoutError):
            self._popen.wait()
            self._log.seek(0)
            raise SandboxError(self._log.read().decode()) from None

    def session(self, limits: Limits | None = None) -> Session:
        """Fork a child for one submission."""
        limits = limits or Limits()
        ours, theirs = socket.socketpair()
        with theirs:
            reply, pidfds = self._ask({"limits": dataclasses.asdict(limits)}, [theirs.fileno()])
        pidfd = pidfds[0] if pidfds else None
        process = Process(reply["pid"], pidfd, self.level != "full", self._reap)
        channel = Channel(ours, pidfd)
        channel.deadline = time.monotonic() + REPLY_SECONDS
        try:
            hello, _ = read_frame(channel.fill, 1 << 16, 0)
        except (Gone, TimeUp, FrameError):
            hello = {"failed": "no answer"}
        if "failed" in hello:
            process.end()
            raise SandboxError(hello["failed"])
        return Session(process, channel, limits)

    def _ask(self, message: Any, descriptors: Sequence[int] = ()) -> tuple[Any, list[int]]:
        self._control.settimeout(REPLY_SECONDS)
        try:
            control.send(self._control, message, descriptors)
            return control.receive(self._control)
        except (control.Closed, TimeoutError):
            raise SandboxError("the warm process of the sandbox no longer answers") from None

    def _reap(self, pid: int) -> int:
        status: int = self._ask({"reap": pid})[0]["status"]
        return status

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
        self._control.close()
        self._popen.kill()
        self._popen.wait()
        self._cleanup.close()
