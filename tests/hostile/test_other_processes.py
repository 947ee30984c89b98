"""Looking into other processes, and sending them signals: the judge, the warm process, everybody."""

import ctypes
import subprocess
import sys
import time

import pytest

from tests.hostile.attack import MARK, REFUSED, SYSCALL, let_others_trace, said

LOOKING = {
    "environ": "print(open(f'/proc/{judge}/environ').read())",
    "cmdline": "print(open(f'/proc/{judge}/cmdline').read())",
    "maps": "print(open(f'/proc/{judge}/maps').read())",
    "memory": "print(open(f'/proc/{judge}/mem', 'rb'))",
    "files": "print(os.listdir(f'/proc/{judge}/fd'))",
    "program": "print(os.readlink(f'/proc/{judge}/exe'))",
    "folder": "print(os.listdir(f'/proc/{judge}/cwd/'))",
    "a list of all": "print([open(f'/proc/{n}/stat').read() for n in os.listdir('/proc') if n == str(judge)])",
}


@pytest.mark.parametrize("way", LOOKING)
def test_nothing_is_seen_of_the_judge(way, confined, judge):
    assert said(confined, f"judge = {judge}\n{LOOKING[way]}").startswith(REFUSED)


@pytest.mark.parametrize("way", LOOKING)
def test_undefended_it_is_seen(way, unconfined, judge):
    let_others_trace()
    assert "Error" not in said(unconfined, f"judge = {judge}\n{LOOKING[way]}")


READ = f"""{SYSCALL}
PROCESS_VM_READV, length = 310, {len(MARK)}
buffer = ctypes.create_string_buffer(length)
local = ctypes.create_string_buffer(struct.pack('QQ', ctypes.addressof(buffer), length))
remote = ctypes.create_string_buffer(struct.pack('QQ', address, length))
syscall(PROCESS_VM_READV, judge, local, 1, remote, 1, 0)
print(buffer.raw.decode())
"""


@pytest.fixture
def place(judge):
    """Where in the judge's memory the secret stands."""
    text = ctypes.create_string_buffer(MARK.encode())
    yield f"judge, address = {judge}, {ctypes.addressof(text)}\n"
    assert text.value == MARK.encode()


def test_the_judges_memory_cannot_be_read(confined, place):
    assert said(confined, place + READ).startswith("PermissionError")


def test_undefended_the_judges_memory_is_read(unconfined, place):
    let_others_trace()
    assert said(unconfined, place + READ) == MARK


@pytest.fixture
def victim():
    """A process of the judge's user."""
    code = "import ctypes, time; ctypes.CDLL(None).prctl(0x59616d61, -1, 0, 0, 0); print(1, flush=True)"
    command = [sys.executable, "-c", f"{code}; time.sleep(60)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.kill()


TOUCHING = {
    "tracing it": "PTRACE_SEIZE = 0x4206; syscall(101, PTRACE_SEIZE, victim, 0, 0)",
    "a descriptor of it": "syscall(434, victim, 0)",
    "taking its files": "syscall(438, syscall(434, victim, 0), 0, 0)",
    "asking whether it is there": "os.kill(victim, 0)",
    "its priority": "os.setpriority(os.PRIO_PROCESS, victim, 19)",
    "its processors": "os.sched_setaffinity(victim, {0})",
    "its limits": "import resource; resource.prlimit(victim, resource.RLIMIT_NOFILE, (64, 64))",
    "comparing with it": "syscall(312, os.getpid(), victim, 0, 0, 0)",
    "reading its priority": "os.getpriority(os.PRIO_PROCESS, victim)",
    "reading its processors": "os.sched_getaffinity(victim)",
    "reading its limits": "import resource; resource.prlimit(victim, resource.RLIMIT_NOFILE)",
    "its session": "os.getsid(victim)",
    "advising it": "syscall(440, syscall(434, victim, 0), ctypes.create_string_buffer(16), 1, 21, 0)",
    "ending it softly": "syscall(448, syscall(434, victim, 0), 0)",
}
UNTRIED = ("advising it", "ending it softly")  # without isolation: not of every kernel


@pytest.mark.parametrize("way", TOUCHING)
def test_another_process_is_not_touched_by(way, confined, victim):
    told = said(confined, f"{SYSCALL}victim = {victim.pid}\n{TOUCHING[way]}\nprint('done')")
    assert told.startswith(("PermissionError", "ProcessLookupError", "OSError: [Errno 3]"))


@pytest.mark.parametrize("way", [way for way in TOUCHING if way not in UNTRIED])
def test_undefended_it_is_touched_by(way, unconfined, victim):
    told = said(unconfined, f"{SYSCALL}victim = {victim.pid}\n{TOUCHING[way]}\nprint('done')")
    assert told == "done"


KILLING = {
    "kill": "os.kill(victim, signal.SIGKILL)",
    "its group": "os.kill(-victim, signal.SIGKILL)",
    "tkill": "syscall(200, victim, 9)",
    "tgkill": "syscall(234, victim, victim, 9)",
    "queue": "syscall(129, victim, 9, ctypes.create_string_buffer(struct.pack('iii', 9, 0, -1), 128))",
    "pidfd": "signal.pidfd_send_signal(os.pidfd_open(victim), signal.SIGKILL)",
    "ownership of a file": "import fcntl; fcntl.fcntl(3, fcntl.F_SETOWN, victim)",
}


@pytest.mark.parametrize("way", KILLING)
def test_another_process_is_not_killed_by(way, confined, victim):
    told = said(confined, f"{SYSCALL}victim = {victim.pid}\n{KILLING[way]}\nprint('done')")
    assert told.startswith(("PermissionError", "ProcessLookupError"))
    time.sleep(0.02)
    assert victim.poll() is None


@pytest.mark.parametrize("way", ["kill", "tkill", "tgkill", "queue", "pidfd"])
def test_undefended_it_is_killed_by(way, unconfined, victim):
    said(unconfined, f"{SYSCALL}victim = {victim.pid}\n{KILLING[way]}")
    assert victim.wait(10) == -9


# Never tried without isolation.
EVERYBODY = {
    "everybody": "os.kill(-1, signal.SIGKILL)",
    "our group": "os.killpg(0, signal.SIGKILL)",
    "the first process": "os.kill(1, signal.SIGKILL)",
    "its parent": "os.kill(os.getppid(), signal.SIGKILL)",
}


@pytest.mark.parametrize("whom", EVERYBODY)
def test_nobody_is_killed(whom, confined):
    """At level full the submission itself is process number 1, which signals of its own do not reach."""
    told = said(confined, f"{EVERYBODY[whom]}\nprint('alive', os.getpid())")
    assert told.startswith("PermissionError") or told == "alive 1"
    assert said(confined, "print('the next one')") == "the next one"


def test_two_submissions_do_not_see_each_other(confined):
    with confined.session() as other:
        number = other.run_cell("import os; print(os.getpid(), os.getppid())").outputs[0]["text"]
        for pid in number.split():
            told = said(confined, f"os.kill({pid}, 9)\nprint('me', os.getpid())")
            assert told == "me 1" or told.startswith(("PermissionError", "stopped"))
        assert other.run_cell("1").ok


HOLD = """import fcntl, numpy
fcntl.lockf(os.open(numpy.__file__, os.O_RDONLY), fcntl.LOCK_SH, 7, 1234)
fcntl.flock(os.open(numpy.__file__, os.O_RDONLY), fcntl.LOCK_EX)
"""
ASK = """import fcntl, numpy
asked = struct.pack('hhqqi', fcntl.F_WRLCK, 0, 0, 0, 0)
told = fcntl.fcntl(os.open(numpy.__file__, os.O_RDONLY), fcntl.F_GETLK, asked)
print(struct.unpack('hhqqi', told)[2:4])
"""


def test_two_submissions_do_not_meet_at_a_lock(confined):
    """On a file that both may read; its place and length would carry sixteen bytes."""
    with confined.session() as other:
        other.run_cell(f"import os\n{HOLD}")
        assert said(confined, ASK).startswith("PermissionError")


def test_undefended_they_meet_at_a_lock(unconfined):
    with unconfined.session() as other:
        assert not other.run_cell(f"import os\n{HOLD}").error
        assert said(unconfined, ASK) == "(1234, 7)"
