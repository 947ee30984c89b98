"""Using up time: endless loops in Python and in C, deaf to every signal, with the clock turned."""

import time

import numpy as np
import pytest

from grader.checks.student import Program, Stopped
from grader.sandbox import Limits
from tests.hostile.attack import said

ENDLESS = {
    "a loop": "while True: pass",
    "a loop that catches everything": "while True:\n    try:\n        1 / 0\n    except BaseException: pass",
    "in C": "sum(iter(int, 1))",
    "in a library": "re.match('(a*)*b', 'a' * 60)",
    "deaf": "signal.pthread_sigmask(signal.SIG_BLOCK, set(range(1, 65)))\nwhile True: pass",
    "ignoring": "[signal.signal(n, signal.SIG_IGN) for n in (1, 2, 14, 15)]\nwhile True: pass",
    "waiting": "time.sleep(1e6)",
    "waiting for itself": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "in an import": "import builtins\nbuiltins.__import__ = lambda *a, **k: sum(iter(int, 1))\nimport abc",
    "at its end": "class Last:\n    def __repr__(self): return sum(iter(int, 1))\nLast()",
    "in a busy thread": "sys.setswitchinterval(1e6)\n[None for _ in iter(int, 1)]",
    "with a clock that stands": "time.monotonic = time.time = lambda: 0\nwhile True: pass",
}


@pytest.mark.parametrize("way", ENDLESS)
def test_a_cell_without_end_is_ended(way, confined):
    started = time.monotonic()
    assert said(confined, ENDLESS[way], cell=0.3) == "stopped: time: 0.3 s"
    assert time.monotonic() - started < 20  # not a measurement: it ended


def test_with_more_time_the_same_cell_ends_by_itself(confined):
    slow = "time.sleep(0.6); print('done')"
    assert said(confined, slow, cell=0.3) == "stopped: time: 0.3 s"
    assert said(confined, slow, cell=30) == "done"


METHODS = """
import time
class Layer:
    def forward(self, x):
        while True: pass
    def __getattr__(self, name):
        while True: pass
    def __call__(self):
        time.sleep(1e6)
class Slow:
    def __init__(self):
        while True: pass
"""


def swept(name):
    program = Program()
    held = program.hold(np.ones(3))
    program.call(name).read()
    return program, held


@pytest.mark.parametrize(
    "use",
    [
        lambda student: student.get("Layer")().get("forward")(1),
        lambda student: student.get("Layer")().get("missing"),
        lambda student: student.get("Layer")()(),
        lambda student: student.get("Slow")(),
        lambda student: student.run(Program().call("Slow").program),
        lambda student: student.sweep(*swept("Slow"), np.arange(3), 1.0),
    ],
)
def test_a_call_without_end_is_ended(use, confined):
    with confined.session(Limits(check=0.3)) as session:
        assert session.run_cell(METHODS).ok
        with pytest.raises(Stopped) as stopped:
            use(session.student)
    assert (stopped.value.reason, stopped.value.detail) == ("time", "0.3 s")


def test_many_calls_that_are_each_within_their_limit_are_ended(confined):
    with confined.session(Limits(total=0.9)) as session:
        session.run_cell("import time\ndef nap(): time.sleep(0.2)")
        nap = session.student.get("nap")
        with pytest.raises(Stopped, match=r"0\.9 s"):  # noqa: PT012
            for _ in range(100):
                nap()


def test_the_clock_of_the_machine_cannot_be_set(confined):
    told = said(confined, "time.clock_settime(time.CLOCK_REALTIME, 0)")
    assert told.startswith("PermissionError")


def test_the_next_submission_is_not_late(confined):
    said(confined, ENDLESS["deaf"], cell=0.1)
    assert said(confined, "print('the next one')") == "the next one"
