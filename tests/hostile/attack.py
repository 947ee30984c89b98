"""What an attack in a cell comes to."""

import ctypes
import os
import secrets
from typing import Any

from grader.checks.student import Stopped
from grader.sandbox import Limits, Zygote

#: Stands for what a submission must never see: hidden tests, references, the course's secret.
MARK = f"hidden-{secrets.token_hex(16)}"

#: How Python says that something is not allowed, or not there. Level full has no such file at all.
REFUSED = ("PermissionError", "FileNotFoundError", "OSError: [Errno 1]")

PRELUDE = "import ctypes, errno, gc, mmap, os, re, signal, socket, struct, subprocess, sys, threading, time\n"
SYSCALL = """
libc = ctypes.CDLL(None, use_errno=True)
def syscall(number, *arguments):
    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(number), *passed)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
"""


def said(zygote: Zygote, source: str, **limits: Any) -> str:
    """Run a cell in a process of its own: what it printed, or the error that ended it."""
    with zygote.session(Limits(**limits)) as session:
        try:
            result = session.run_cell(PRELUDE + source)
        except Stopped as stopped:
            return f"stopped: {stopped.reason}: {stopped.detail}"
        shown = "".join(output.get("text", "") for output in result.outputs)
        return result.error or shown.strip()


def let_others_trace() -> None:
    """Where Yama restricts ptrace, allow it for this process: what refuses must be ours, not Yama."""
    PR_SET_PTRACER = 0x59616D61
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(2**64 - 1), 0, 0, 0)


def is_root() -> bool:
    return os.getuid() == 0
