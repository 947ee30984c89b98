"""The filter of system calls, decided by an interpreter of classic BPF in the kernel's place."""

import errno
import os
import struct

import pytest

from grader.sandbox.inside.seccomp import program
from grader.sandbox.inside.syscalls import NUMBERS, UNJUDGED

X86_64, I386 = 0xC000_003E, 0x4000_0003
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
PID = 4321


def decide(code: bytes, number: int, *arguments: int, architecture: int = X86_64) -> str | int:
    """What the filter answers: "allow", "kill", or the errno that the call fails with."""
    padded = [a % 2**64 for a in (*arguments, 0, 0, 0, 0, 0, 0)][:6]
    data = struct.pack("=IIQ6Q", number, architecture, 0, *padded)
    instructions = list(struct.iter_unpack("=HBBI", code))
    accumulator = at = 0
    while True:
        operation, if_true, if_false, value = instructions[at]
        at += 1
        if operation == LOAD:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif operation == EQUAL:
            at += if_true if accumulator == value else if_false
        elif operation == ANY_BIT:
            at += if_true if accumulator & value else if_false
        else:
            assert operation == RETURN
            known = {0x7FFF_0000: "allow", 0x8000_0000: "kill", 0x0005_0000: "nothing, well"}
            return known.get(value, value & 0xFFFF)


@pytest.fixture(scope="module")
def full() -> bytes:
    return program(PID, threads=True, private=True, truncates=True)


@pytest.fixture(scope="module")
def bare() -> bytes:
    """No threads, foreign files in reach, and a Landlock that does not judge O_TRUNC."""
    return program(PID, threads=False, private=False, truncates=False)


# Numbers from the kernel's table, written here once more so that a slip in ours shows.
FORBIDDEN = {
    "socket": 41, "connect": 42, "bind": 49, "socketpair": 53, "sendmsg": 46, "recvmsg": 47,
    "fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "wait4": 61,
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "pidfd_getfd": 438,
    "tkill": 200, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "pidfd_send_signal": 424,
    "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
    "open_by_handle_at": 304, "openat2": 437, "mknod": 133, "mknodat": 259, "link": 86, "symlink": 88,
    "chown": 92, "setxattr": 188, "io_uring_setup": 425, "bpf": 321, "perf_event_open": 298,
    "userfaultfd": 323, "keyctl": 250, "add_key": 248, "memfd_create": 319, "memfd_secret": 447,
    "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240, "inotify_init1": 294, "sync": 162,
    "setuid": 105, "setresuid": 117, "setgroups": 116, "capset": 126, "setrlimit": 160,
    "sched_setaffinity": 203, "setpriority": 141, "personality": 135, "seccomp": 317,
    "utime": 132, "utimes": 235, "futimesat": 261,
    "landlock_restrict_self": 446, "reboot": 169, "init_module": 175, "settimeofday": 164,
}  # fmt: skip


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_a_submission_does_not_need_is_refused(full: bytes, name: str) -> None:
    assert name not in NUMBERS
    assert decide(full, FORBIDDEN[name]) == errno.EPERM


@pytest.mark.parametrize("number", [449, 462, 1000, 0x4000_0000 | NUMBERS["read"], 2**32 - 1])
def test_calls_that_are_newer_or_of_another_abi_are_refused(full: bytes, number: int) -> None:
    assert decide(full, number) == errno.EPERM


def test_another_architecture_is_killed(full: bytes) -> None:
    assert decide(full, NUMBERS["read"], architecture=I386) == "kill"


@pytest.mark.parametrize(
    "name", ["read", "write", "mmap", "futex", "newfstatat", "openat", "exit_group"]
)
def test_what_python_lives_on_is_allowed(full: bytes, bare: bytes, name: str) -> None:
    assert decide(full, NUMBERS[name]) == "allow"
    assert decide(bare, NUMBERS[name]) == "allow"


THREAD = 0x3D0F00  # the flags of pthread_create
FORK = 0x01200011  # the flags of fork()
SPAWN = 0x4111  # CLONE_VFORK | CLONE_VM, as posix_spawn


def test_clone_makes_threads_and_nothing_else(full: bytes, bare: bytes) -> None:
    clone = NUMBERS["clone"]
    assert decide(full, clone, THREAD) == "allow"
    assert decide(bare, clone, THREAD) == errno.EPERM
    for flags in (FORK, SPAWN, 0, THREAD | 0x1000_0000, THREAD | 0x2000_0000, THREAD | 0x80):
        assert decide(full, clone, flags) == errno.EPERM
    assert decide(full, NUMBERS["clone3"]) == errno.ENOSYS


@pytest.mark.parametrize("name", ["kill", "tgkill"])
def test_signals_go_to_oneself_only(full: bytes, name: str) -> None:
    assert decide(full, NUMBERS[name], PID, 9) == "allow"
    for other in (0, 1, -1, -PID, PID + 1):
        assert decide(full, NUMBERS[name], other, 9) == errno.EPERM


F_SETOWN, F_SETSIG, F_SETOWN_EX, F_ADD_SEALS, F_NOTIFY = 8, 10, 15, 1033, 1026
TIOCSTI, FIOSETOWN, SIOCSPGRP, FIONREAD = 0x5412, 0x8901, 0x8902, 0x541B


def test_a_descriptor_cannot_be_made_to_signal_others(full: bytes) -> None:
    for command in (F_SETOWN, F_SETSIG, F_SETOWN_EX, F_ADD_SEALS, F_NOTIFY):
        assert decide(full, NUMBERS["fcntl"], 3, command) == errno.EPERM
    for request in (TIOCSTI, FIOSETOWN, SIOCSPGRP):
        assert decide(full, NUMBERS["ioctl"], 3, request) == errno.EPERM
    assert decide(full, NUMBERS["fcntl"], 3, 2, 1) == "allow"
    assert decide(full, NUMBERS["ioctl"], 3, FIONREAD) == "allow"


def test_limits_can_be_read_and_not_set(full: bytes) -> None:
    assert decide(full, NUMBERS["prlimit64"], 0, 9, 0, 0x7000) == "allow"
    for pointer in (0x7000, 0x7000_0000_0000):
        assert decide(full, NUMBERS["prlimit64"], 0, 9, pointer, 0) == errno.EPERM


def test_a_date_is_never_set_and_copying_does_not_fail_for_it(full: bytes, bare: bytes) -> None:
    for filter_ in (full, bare):
        for times in (0x7000, 0x7000_0000_0000):
            assert decide(filter_, 280, 3, 0x7000, times) == "nothing, well"
        # Of Path.touch, which makes the file where this is refused.
        assert decide(filter_, 280, 3, 0x7000, 0) == errno.EPERM


@pytest.mark.parametrize("option", [1, 4, 8, 22, 36, 38, 59])
def test_attributes_of_the_process_stay(full: bytes, option: int) -> None:
    assert decide(full, NUMBERS["prctl"], option, 1) == errno.EPERM


@pytest.mark.parametrize("name", UNJUDGED)
def test_what_landlock_does_not_judge_is_refused_among_foreign_files(
    full: bytes, bare: bytes, name: str
) -> None:
    assert decide(full, NUMBERS[name]) == "allow"
    assert decide(bare, NUMBERS[name]) == errno.EPERM


def test_truncating_by_opening_is_refused_where_landlock_does_not_judge_it(
    full: bytes, bare: bytes
) -> None:
    for name, before in (("open", (0,)), ("openat", (0, 0))):
        assert decide(full, NUMBERS[name], *before, os.O_TRUNC) == "allow"
        assert decide(bare, NUMBERS[name], *before, os.O_RDONLY | os.O_TRUNC) == errno.EPERM
        assert decide(bare, NUMBERS[name], *before, os.O_RDONLY) == "allow"


def test_the_filter_is_short_enough_for_the_kernel(full: bytes, bare: bytes) -> None:
    assert max(len(full), len(bare)) // 8 <= 4096
