"""Making processes: programs, forks, daemons, bombs of processes and of threads."""

import os
import signal

import pytest

from tests.hostile.attack import SYSCALL, is_root, said

STARTING = {
    "fork": "os.fork() or os._exit(0)",
    "vfork": "syscall(58) or syscall(60, 0)",
    "clone": "syscall(56, 17, 0, 0, 0, 0) or os._exit(0)",
    "clone3": "syscall(435, struct.pack('8Q', 0, 0, 0, 0, 17, 0, 0, 0), 64) or os._exit(0)",
    "a program": "subprocess.run(['true'], check=True)",
    "a shell": "1 / (os.system('true') == 0)",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "a pipe": "os.popen('echo x').read() or 1 / 0",
    "a terminal": "__import__('pty').fork()[0] or os._exit(0)",
    "multiprocessing": "import multiprocessing as m; m.get_context('fork').Process(target=len).start()",
    "becoming a program": "os.execv('/bin/true', ['true'])",
}


@pytest.mark.parametrize("way", STARTING)
def test_no_process_is_made_by(way, confined):
    told = said(confined, f"{SYSCALL}{STARTING[way]}\nprint('made')")
    assert told.startswith(("PermissionError", "OSError", "ZeroDivisionError"))


@pytest.mark.parametrize("way", [way for way in STARTING if way not in ("vfork", "a terminal")])
def test_undefended_one_is_made_by(way, unconfined):
    """vfork() by ctypes would share its stack."""
    told = said(unconfined, f"{SYSCALL}{STARTING[way]}\nprint('made')")
    assert told == ("stopped: exit: exit status 0" if way == "becoming a program" else "made")


@pytest.mark.parametrize(
    "command", ["!true", "x = !true", "%%bash\ntrue", "%sx true", "%%script true\nx"]
)
def test_shell_commands_of_notebooks_do_not_run(command, confined):
    with confined.session() as session:
        assert "Shell commands do not run while grading." in session.run_cell(command).error


BOMB = """
made = 0
try:
    while made < 100_000:
        os.fork()
        made += 1
except OSError:
    pass
print(made)
"""


def test_a_bomb_of_processes_does_not_go_off(confined):
    assert said(confined, BOMB) == "0"  # without the defence it is not tried


DAEMON = """
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(write, str(os.getpid()).encode())
        time.sleep(60)
    os._exit(0)
print(os.read(read, 100).decode())
"""


def test_a_daemon_is_not_left_behind(confined):
    assert said(confined, DAEMON).startswith("PermissionError")


def test_undefended_a_daemon_survives_its_submission(unconfined):
    daemon = int(said(unconfined, DAEMON))
    os.kill(daemon, signal.SIGKILL)  # it is there


THREADS = """
started, done = 0, threading.Event()
try:
    for _ in range(100):
        threading.Thread(target=done.wait).start()
        started += 1
except RuntimeError:
    pass
done.set()
print(started)
"""


ROOM = 64 << 30  # so that it is not their stacks that limit them


def test_threads_are_limited(confined):
    started = int(said(confined, THREADS, memory=ROOM))
    assert started < 32
    # An ordinary user's limit would count all threads of that user: at level landlock there are none.
    assert (started > 0) == (confined.level == "full" or is_root())


def test_a_higher_limit_lets_more_threads_start(confined):
    if confined.level == "full" or is_root():
        assert int(said(confined, THREADS, threads=1000, memory=ROOM)) == 100
    else:
        assert int(said(confined, THREADS, threads=1000, memory=ROOM)) == 0
