"""The line of a hidden cell, as a plain nbgrader kernel runs it."""

import logging
import sys
import warnings

import numpy as np
import pytest

from dlkit import layers
from grader.checks import Crashed
from grader.course import PROJECT, PUBLIC_SECRET
from grader.errors import CourseError, ExerciseError
from grader.exercises import hidden, load_unit

UNIT = "06_backpropagation"
EXERCISES = load_unit(PROJECT / "solutions" / UNIT / "key.py").exercises
GRADE_IDS = [(e, c) for e in EXERCISES.values() for c in e.checks]


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    """Where nbgrader runs it: in a folder below the course."""
    monkeypatch.chdir(PROJECT / "tests")
    monkeypatch.setenv("GRADER_SECRET", PUBLIC_SECRET.decode())
    monkeypatch.setenv("GRADER_LANG", "en")


@pytest.mark.parametrize(
    ("exercise", "check"), GRADE_IDS, ids=lambda p: getattr(p, "id", getattr(p, "name", ""))
)
def test_the_reference_earns_all_points(exercise, check, capsys):
    names = {exercise.name: exercise.source.load()}
    assert hidden.grade(UNIT, exercise.grade_id(check), names) == check.points
    printed = capsys.readouterr()
    assert printed.out == f"       right  {check.name}: {check.check.sentence.render()}\n"
    assert printed.err == ""


def test_a_stub_earns_nothing_and_is_told_why(capsys):
    assert hidden.grade(UNIT, "relu-dx", {"ReLU": layers.Layer}) == 0.0
    assert "Your `ReLU` has no attribute or method `forward`." in capsys.readouterr().out


def test_noise_of_a_submission_reaches_neither_stream(capsys):
    class Noisy(layers.ReLU):
        def forward(self, x):
            print("debug")
            print("debug", file=sys.stderr)
            warnings.warn("look", stacklevel=1)
            logging.getLogger("student").warning("look")
            np.log(np.zeros(1))
            return super().forward(x)

    assert hidden.grade(UNIT, "relu-forward", {"ReLU": Noisy}) == 1.0
    printed = capsys.readouterr()
    assert "debug" not in printed.out
    assert printed.err == ""


def test_our_own_failure_is_an_error_and_no_zero(monkeypatch):
    monkeypatch.setattr(hidden, "judge", lambda *_: Crashed("Traceback of ours"))
    with pytest.raises(RuntimeError, match=r"The check relu-dx itself failed:\nTraceback of ours"):
        hidden.grade(UNIT, "relu-dx", {})


def test_an_unknown_cell_is_an_error():
    with pytest.raises(ExerciseError, match="has no check 'relu-dW'"):
        hidden.grade(UNIT, "relu-dW", {})


def test_outside_a_course_it_says_where_to_run_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match="A course folder holds"):
        hidden.grade(UNIT, "relu-dx", {"ReLU": layers.ReLU})
    assert not any(tmp_path.iterdir())


def test_a_backward_pass_that_follows_from_a_wrong_forward_pass_earns_half(capsys):
    class Doubled(layers.Sigmoid):
        def forward(self, x):
            return 2 * super().forward(x)

        def backward(self, dout):
            return 2 * super().backward(dout)

    assert hidden.grade(UNIT, "sigmoid-dx", {"Sigmoid": Doubled}) == 1.0
    assert "     in part  dx:" in capsys.readouterr().out
