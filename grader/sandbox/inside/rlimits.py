"""Limits that the kernel keeps for one process, and that it cannot raise again."""

import contextlib
import resource

from grader.sandbox.limits import Limits

OPEN_FILES = 64
STACK = 8 << 20


def set_rlimits(limits: Limits) -> None:
    """Limit address space, file size, open files and threads; no core dumps, no locked memory."""
    values = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: limits.files,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: limits.threads,
        resource.RLIMIT_STACK: STACK,
    }
    for name, value in values.items():
        with contextlib.suppress(
            ValueError, OSError
        ):  # a stricter limit is in force, or none known
            resource.setrlimit(name, (value, value))
