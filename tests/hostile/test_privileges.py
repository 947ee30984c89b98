"""Getting more rights: users, capabilities, namespaces, mounts, limits, other instruction sets."""

import pytest

from tests.hostile.attack import SYSCALL, is_root, said

GETTING = {
    "root": "os.setuid(0)",
    "another user": "os.setresuid(1, 1, 1)",
    "groups": "os.setgroups([0])",
    "capabilities": "syscall(126, struct.pack('Ii', 0x20080522, 0), struct.pack('6I', *[2**32 - 1] * 6))",
    "a user namespace": "syscall(272, 0x10000000)",
    "a mount namespace": "syscall(272, 0x00020000)",
    "the namespaces of another": "syscall(308, 0, 0)",
    "a mount": "1 / (libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0)",
    "unmounting": "syscall(166, b'/', 2)",
    "another root": "os.chroot('/')",
    "a device": "os.mknod(os.environ['HOME'] + '/device', 0o20666, os.makedev(1, 1))",
    "more open files": "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (100_000, 100_000))",
    "more threads": "import resource as r; r.setrlimit(r.RLIMIT_NPROC, (9999, 9999))",
    "being looked at": "1 / (libc.prctl(4, 1, 0, 0, 0) == 0)",
    "surviving": "1 / (libc.prctl(1, 0, 0, 0, 0) == 0)",
    "a name for the machine": "socket.sethostname('x')",
    "the kernel's log": "syscall(103, 3, ctypes.create_string_buffer(10), 10)",
    "measuring the kernel": "syscall(298, ctypes.create_string_buffer(128), 0, -1, -1, 0)",
    "a program in the kernel": "syscall(321, 5, ctypes.create_string_buffer(128), 128)",
    "faults of its own": "syscall(323, 0)",
    "another filter": "syscall(317, 1, 0, ctypes.create_string_buffer(16))",
    "real time": "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
    "a better place": "os.nice(-5)",
    "every processor": "os.sched_setaffinity(0, range(64))",
    "files by handle": "syscall(304, -100, ctypes.create_string_buffer(128), 0)",
    "keyboard": "__import__('fcntl').ioctl(0, 0x5412, b'x')",
    "ports of the machine": "syscall(172, 3)",
    "a mount, the newer way": "syscall(428, -100, b'/', 1)",
    "a file system to mount": "syscall(430, b'tmpfs', 0)",
    "word of other files": "syscall(300, 0, 0)",
    "secret memory": "syscall(447, 0)",
    "another personality": "syscall(135, 0x0040000)",
    "a table of segments": "syscall(154, 0, ctypes.create_string_buffer(16), 16)",
    "rules of its own": "syscall(444, ctypes.create_string_buffer(24), 24, 0)",
}


@pytest.mark.parametrize("what", GETTING)
def test_no_submission_gets(what, confined):
    told = said(confined, f"{SYSCALL}{GETTING[what]}\nprint('got it')")
    assert told.startswith(
        ("PermissionError", "ZeroDivisionError", "ValueError: not allowed to raise")
    )


HARMLESS = {
    "a limit": "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (60, 60))",
    "a process group": "os.setpriority(os.PRIO_PROCESS, 0, 1)",
    "a processor": "os.sched_setaffinity(0, {0})",
    "being looked at": "1 / (libc.prctl(4, 1, 0, 0, 0) == 0)",
    "surviving": "1 / (libc.prctl(1, 0, 0, 0, 0) == 0)",
    **({"groups": "os.setgroups([0])", "a mount namespace": "syscall(272, 0x00020000)",
        "another root": "os.chroot('/')", "another user": "os.setresuid(1, 1, 1)",
        "a better place": "os.nice(-1)"} if is_root() else {}),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMLESS)
def test_undefended_it_gets(what, unconfined):
    assert said(unconfined, f"{SYSCALL}{HARMLESS[what]}\nprint('got it')") == "got it"


def test_a_submission_is_nobody(confined):
    """As root each has a user id of its own, which owns nothing; else the judge's, without capabilities."""
    told = said(confined, "print(os.getuid(), os.geteuid(), os.getgid(), os.getgroups())")
    uid, euid, gid, *_ = told.split()
    assert uid == euid
    if is_root():
        assert int(uid) >= 16384
        assert gid == uid
        assert told.endswith("[]")


def test_two_submissions_are_not_the_same_user_where_there_are_users_to_spare(confined):
    users = {said(confined, "print(os.getuid())") for _ in range(4)}
    assert (len(users) > 1) == is_root()


MACHINE_CODE = """
memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
memory.write(bytes.fromhex(code))
run = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
print(run())
"""
# mov eax, 20 (getpid of i386); int 0x80; ret · mov eax, 39 (getpid); syscall; ret
I386, X86_64 = "b814000000cd80c3", "b8270000000f05c3"


def test_system_calls_of_another_instruction_set_end_the_submission(confined):
    """Their numbers mean other calls, which a list of numbers would let through."""
    assert int(said(confined, f"code = {X86_64!r}{MACHINE_CODE}")) > 0
    assert said(confined, f"code = {I386!r}{MACHINE_CODE}").startswith("stopped: exit: SIG")


def test_calls_of_the_x32_kind_are_refused(confined):
    told = said(confined, f"{SYSCALL}syscall(0x40000000 | 41, 2, 1, 0)\nprint('made')")
    assert told.startswith(("PermissionError", "OSError"))


LIBRARY = """
import _ctypes, shutil
copy = os.environ['HOME'] + '/library.so'
shutil.copyfile(_ctypes.__file__, copy)
ctypes.CDLL(copy)
print('loaded')
"""


def test_a_library_of_its_own_cannot_be_loaded(confined):
    """The private folder of level full takes no programs; level landlock has none."""
    told = said(confined, LIBRARY)
    assert (
        "failed to map" in told if confined.level == "full" else told.startswith("PermissionError")
    )


def test_undefended_it_is_loaded(unconfined):
    assert said(unconfined, LIBRARY) == "loaded"
