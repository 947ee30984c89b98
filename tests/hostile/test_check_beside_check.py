"""Checks of one submission in turn: what one leaves behind for the next, and what an end costs the others."""

import gc
import tracemalloc

import pytest

from grader.checks import Blocked, Case, Crashed, Passed, judge
from grader.exercises import Unit
from grader.exercises.insight import Insight
from grader.grading import SourceCell, grade, hidden_cases
from grader.sandbox import Limits

POINTS = {"forward": 1, "dx": 1, "dW": 1, "db": 1, "repeat": 1, "unchanged": 1}
SECRET = b"a secret of the tests"
RIGHT = """
import ctypes, gc, os, signal, sys, threading, time
import numpy as np
calls, kept = [], {}
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T
Right = Affine
class Affine(Right):
"""


@pytest.fixture(scope="module")
def unit():
    unit = Unit("16_unit")

    @unit.implement("dlkit.layers.Affine", points=POINTS)
    def affine(draw):
        N, D, H = draw.sizes(3)
        return Case({"W": draw(D, H), "b": draw(H)}, {"x": draw(N, D)})

    return unit


def graded(unit, zygote, body, **limits):
    """Passed checks, and all that was found, of a layer with these methods."""
    cells = [SourceCell(0, "affine", RIGHT + body)]
    found = grade(unit, hidden_cases(unit, SECRET), cells, zygote, Limits(**limits))
    passed = {id.partition("-")[2] for id, v in found.verdicts.items() if isinstance(v, Passed)}
    assert not any(isinstance(verdict, Crashed) for verdict in found.verdicts.values())
    return passed, found


def alone(unit, zygote, body):
    """Checks that pass where each has a process for itself."""
    passed, exercise = set(), unit.exercises["affine"]
    for check in exercise.checks:
        with zygote.session() as session:
            session.run_cell(RIGHT + body)
            cases = exercise.hidden_cases(check, SECRET, unit.version)
            found = judge(check.check, session.student, "Affine", cases, Insight(exercise, check))
        if isinstance(found, Passed):
            passed.add(check.name)
    return passed


def stored(body):
    """A gradient that is computed when somebody asks for it."""
    return f"""
    @property
    def dW(self):
        calls.append(0)
        right = self.x.T @ self.dout
        {body}
    @dW.setter
    def dW(self, value): pass
    def backward(self, dout):
        self.dout = dout
        return super().backward(dout)
"""


ALL = set(POINTS)
NO_dW = {"forward", "dx", "db"}
#: What is read of a gradient, and what passes: whatever it is, no other check has less.
READ = {
    "right": ("return right", ALL),
    "an error": ("raise ValueError", NO_dW),
    "no memory": ("raise MemoryError", NO_dW),
    "an exit": ("raise SystemExit", NO_dW),
    "missing": ("raise AttributeError", NO_dW),
    "missing, and its text exits": (
        "raise type('E', (AttributeError,), {'__str__': lambda self: sys.exit()})",
        NO_dW,
    ),
    "the layer itself": ("return self", NO_dW),
    "many layers": ("return [[self] * 15] * 64", NO_dW),
    "many arrays": ("return [[1.0] * 64] * 63", NO_dW),
    "a large array": ("return np.zeros((8 << 20) - 3000)", NO_dW),
    "one that is too large": ("return np.zeros(9 << 20)", NO_dW),
    "an endless one": ("return np.broadcast_to(1.0, 1 << 39)", NO_dW),
    "objects": ("return right.astype(object)", NO_dW),
    "a function": ("return lambda: right", NO_dW),
}  # fmt: skip


@pytest.mark.parametrize("what", READ)
def test_whatever_a_gradient_is_it_costs_the_other_checks_nothing(what, unit, confined):
    body, passed = READ[what]
    assert graded(unit, confined, stored(body))[0] == passed
    assert alone(unit, confined, stored(body)) == passed


def counted(method, body):
    return f"""
    def {method}(self, value):
        calls.append(0)
        right = super().{method}(value)
        {body}
"""


#: What an earlier check showed is of no use in a later one.
KEPT = {
    "the first result of all": counted("forward", "return kept.setdefault(0, right)"),
    "by shape": counted("forward", "return kept.setdefault(value.shape, right)"),
    "by shape, for each layer": counted("forward", "return kept.setdefault((id(self), value.shape), right)"),
    "a gradient by shape": counted("backward", "return kept.setdefault(value.shape, right)"),
    "for the first three calls": counted("forward", "return right if len(calls) < 4 else 0 * right"),
    "the sum so far": counted("forward", "kept[0] = kept.get(0, 0) + right.sum(); return right + kept[0]"),
    "the layer before": counted("backward", "last, kept[0] = kept.get(0, self), self\n"
        "        return Right.backward(last, value) if len(last.x) == len(value) else right"),
}  # fmt: skip


@pytest.mark.parametrize("what", KEPT)
def test_what_is_kept_between_checks_does_not_pass_as_independent(what, unit, confined):
    assert "repeat" not in graded(unit, confined, KEPT[what])[0]


ENDING = {
    "ends": "os._exit(0)",
    "breaks": "ctypes.string_at(0)",
    "hangs": "signal.pthread_sigmask(signal.SIG_BLOCK, set(range(1, 65)))\n        while True: pass",
    "closes the connection": "os.close(3)",
}


@pytest.mark.parametrize("call", [2, 5, 8])
@pytest.mark.parametrize("way", ENDING)
def test_what_was_read_before_the_end_counts_and_nothing_after_it(way, call, unit, confined):
    body = counted("backward", f"if len(calls) < {call}: return right\n        {ENDING[way]}")
    passed, found = graded(unit, confined, body, check=1)
    assert passed == {"forward", *["dx", "dW", "db"][: (call - 1) // 3]}  # three cases a check
    assert isinstance(found.verdicts["affine-repeat"], Blocked)
    assert len(found.stops) == 1


LARGE = 2 << 20
#: Wrong in a way that makes the judge look at other inputs, where another gradient is large.
LOOKED_AT = counted("backward", f"""
        if len(calls) > 9: self.dW = np.zeros({LARGE} // 8)
        return np.sin(3 * right) + np.cos(self.x.sum())""")  # fmt: skip


def held_by_the_judge(unit, zygote, body):
    """Bytes that are still held after a few submissions more, while no garbage is collected."""
    graded(unit, zygote, body)
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        for _ in range(3):
            graded(unit, zygote, body)
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()


MEMORY = {"read": stored(f"return np.zeros({LARGE} // 8)"), "looked at": LOOKED_AT}


@pytest.mark.parametrize("when", MEMORY)
def test_what_was_read_is_let_go_when_the_submission_is_judged(when, unit, confined):
    assert held_by_the_judge(unit, confined, MEMORY[when]) < LARGE


def test_two_submissions_in_turn_are_not_mixed_up(unit, confined):
    """Programs are shared by a class; what they read is not."""
    exercise = unit.exercises["affine"]
    wrong = counted("backward", "self.dW = 2 * self.dW\n        return right")
    with confined.session() as one, confined.session() as other:
        one.run_cell(RIGHT + "    pass")
        other.run_cell(RIGHT + wrong)
        found = {
            check.name: [
                type(judge(check.check, session.student, "Affine",
                           exercise.hidden_cases(check, SECRET, unit.version), explain=False))
                for session in (one, other)
            ]
            for check in exercise.checks
        }  # fmt: skip
    assert {name for name, (kind, _) in found.items() if kind is Passed} == ALL
    assert {name for name, (_, kind) in found.items() if kind is Passed} == NO_dW
