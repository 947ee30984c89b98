"""Which system calls a submission may make: a list of allowed ones, everything else fails with EPERM.

The filter is a program of classic BPF (man 2 seccomp) that the kernel runs at each system call. It sees
the number of the call and its six arguments as integers, not what they point to.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from grader.sandbox.inside import linux
from grader.sandbox.inside.syscalls import NUMBERS, UNJUDGED

_SYS_SECCOMP = 317
_SET_MODE_FILTER = 1
_AUDIT_ARCH_X86_64 = 0xC000_003E

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW = 0x7FFF_0000
_REFUSE = 0x0005_0000 | errno.EPERM
_UNKNOWN = 0x0005_0000 | errno.ENOSYS
_DONE = 0x0005_0000  # error 0: the call says that it succeeded, and nothing was done
_KILL = 0x8000_0000

_ARCHITECTURE, _NUMBER = 4, 0  # offsets in struct seccomp_data
_LOW = range(16, 64, 8)  # of the lower halves of the arguments; the higher ones stand behind them

_CLONE_THREAD = 0x0001_0000
_CLONE_NAMESPACES = 0x7E02_0080
# dup, flags, pipe size; no owner, and no locks: on a file that all may read, submissions would meet
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032)
_IOCTL = (
    0x5401,
    0x5413,
    0x541B,
    0x5421,
    0x5450,
    0x5451,
)  # isatty, size, FIONREAD, FIONBIO, close-on-exec
_PRCTL = (15, 16, 0x53564D41)  # name of a thread, name of a memory area


class _Instruction(NamedTuple):
    code: int
    if_true: int  # instructions to skip
    if_false: int
    value: int


def _returns(action: int) -> _Instruction:
    return _Instruction(_RETURN, 0, 0, action)


def _load(offset: int) -> _Instruction:
    return _Instruction(_LOAD, 0, 0, offset)


def _low(argument: int) -> _Instruction:
    """Load the lower half of an argument, all that the kernel looks at where it takes an int."""
    return _load(_LOW[argument])


def _one_of(argument: int, values: tuple[int, ...]) -> list[_Instruction]:
    """Allow the call if an argument is one of these values."""
    tests = [i for value in values for i in (_Instruction(_EQUAL, 0, 1, value), _returns(_ALLOW))]
    return [_low(argument), *tests, _returns(_REFUSE)]


def _zero(*offsets: int, then: int = _ALLOW, otherwise: int = _REFUSE) -> list[_Instruction]:
    """Allow the call if what stands there is 0, and refuse it otherwise, or what is said instead."""
    tests = [
        i
        for offset in offsets
        for i in (_load(offset), _Instruction(_EQUAL, 1, 0, 0), _returns(otherwise))
    ]
    return [*tests, _returns(then)]


def _thread_only() -> list[_Instruction]:
    """Allow clone() if it makes a thread, neither a process nor a namespace."""
    return [
        _low(0),
        _Instruction(_ANY_BIT, 0, 1, _CLONE_NAMESPACES),
        _returns(_REFUSE),
        _Instruction(_ANY_BIT, 1, 0, _CLONE_THREAD),
        _returns(_REFUSE),
        _returns(_ALLOW),
    ]


def _without(argument: int, bits: int) -> list[_Instruction]:
    """Allow the call unless an argument has one of these bits."""
    return [_low(argument), _Instruction(_ANY_BIT, 0, 1, bits), _returns(_REFUSE), _returns(_ALLOW)]


def program(pid: int, *, threads: bool, private: bool, truncates: bool) -> bytes:
    """The filter for a process.

    pid: its number. threads: whether it may make any. private: whether all files that it could change
    are its own. truncates: whether Landlock, or a read-only mount, judges O_TRUNC; if not, it is refused.
    """
    only_itself = _one_of(0, (pid,))
    rules = {"kill": only_itself, "tgkill": only_itself}
    return (
        _same_for_all(threads, private, truncates)
        + _assembled(rules)
        + _packed([_returns(_REFUSE)])
    )


@cache
def _same_for_all(threads: bool, private: bool, truncates: bool) -> bytes:
    """The part of the filter that the warm process can prepare for its children."""
    opening = (
        {} if truncates else {"open": _without(1, os.O_TRUNC), "openat": _without(2, os.O_TRUNC)}
    )
    refused = {} if private else {name: [_returns(_REFUSE)] for name in UNJUDGED}
    rules = {
        "clone": _thread_only() if threads else [_returns(_REFUSE)],
        "clone3": [_returns(_UNKNOWN)],  # its flags are behind a pointer; libc falls back to clone
        "fcntl": _one_of(1, _FCNTL),
        "ioctl": _one_of(1, _IOCTL),
        "prctl": _one_of(0, _PRCTL),
        # To read limits, not to set them; and its own, as its own processors.
        "prlimit64": _zero(_LOW[0], _LOW[2], _LOW[2] + 4),
        "sched_getaffinity": _zero(_LOW[0]),
        # Without flags: urgent data takes a way of its own through the kernel.
        "sendto": _zero(_LOW[3]),
        "recvfrom": _zero(_LOW[3]),
        # Whoever may write to a device may set its date, and /dev/null is everybody's; but shutil.copy2
        # fails where it cannot be set. Without a date it is `touch` that calls, and makes the file if refused.
        "utimensat": _zero(_LOW[2], _LOW[2] + 4, then=_REFUSE, otherwise=_DONE),
    }
    right_architecture = [
        _load(_ARCHITECTURE),
        _Instruction(_EQUAL, 1, 0, _AUDIT_ARCH_X86_64),
        _returns(_KILL),
        _load(_NUMBER),
    ]
    allowed = {name: [_returns(_ALLOW)] for name in NUMBERS if name not in ("kill", "tgkill")}
    return _packed(right_architecture) + _assembled(allowed | rules | opening | refused)


def _assembled(rules: dict[str, list[_Instruction]]) -> bytes:
    """For each system call: unless it is this one, skip its rule."""
    tests = (
        (_Instruction(_EQUAL, 0, len(rule), NUMBERS[name]), *rule) for name, rule in rules.items()
    )
    return b"".join(map(_packed, tests))


def _packed(instructions: Iterable[_Instruction]) -> bytes:
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)


def restrict(code: bytes) -> None:
    """Install a filter in this process, for good. OSError where it cannot be."""
    if platform.machine() != "x86_64":
        raise OSError(
            errno.ENOSYS, f"the list of system calls is for x86-64, not {platform.machine()}"
        )
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = struct.pack("@HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.syscall(
        "seccomp", _SYS_SECCOMP, _SET_MODE_FILTER, 0, ctypes.create_string_buffer(filter_)
    )
