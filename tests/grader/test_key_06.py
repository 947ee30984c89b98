"""The key of unit 06 tells right from wrong: each misconception fails the checks that it should, no other."""

import numpy as np
import pytest

from grader.checks import Blocked, Failed, LocalStudent, Passed, judge
from grader.course import PROJECT, PUBLIC_SECRET
from grader.exercises import Exercise, Misconception, load_unit

UNIT = load_unit(PROJECT / "solutions/06_backpropagation/key.py")
EXERCISES = list(UNIT.exercises.values())
WRONG = [(e, m) for e in EXERCISES for m in e.possible_misconceptions()]


def run(exercise: Exercise, source: str) -> dict[str, object]:
    """Verdicts by check of a class in that source text."""
    with np.errstate(all="ignore"):
        names = exercise.source.names(source)
        student = LocalStudent({exercise.name: names[exercise.name]})
        return {
            check.name: judge(
                check.check,
                student,
                exercise.name,
                exercise.hidden_cases(check, PUBLIC_SECRET, UNIT.version),
            )
            for check in exercise.checks
        }


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_reference_passes_every_check_without_a_note(exercise):
    assert set(run(exercise, exercise.source.text).values()) == {Passed()}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_stub_fails_every_check(exercise):
    assert not any(isinstance(v, Passed) for v in run(exercise, exercise.stub).values())


@pytest.mark.parametrize(("exercise", "wrong"), WRONG, ids=lambda p: p.id)
def test_misconception_fails_exactly_what_the_key_says(exercise: Exercise, wrong: Misconception):
    verdicts = run(exercise, exercise.source.text.replace(wrong.old, wrong.new))
    failed = {name for name, v in verdicts.items() if isinstance(v, (Failed, Blocked))}
    passed = {name for name, v in verdicts.items() if isinstance(v, Passed)}
    assert failed == set(wrong.fails)
    assert failed | passed == set(verdicts)


def test_self_consistent_zeros_earn_nothing():
    affine = UNIT.exercises["affine"]
    forward = affine.source.with_bodies(["forward"], "self.x = x; return 0.0 * x @ self.W")
    body = "self.dW, self.db = 0 * self.W, 0 * self.b; return 0.0 * self.x"
    verdicts = run(affine, affine.source.with_bodies(["backward"], body, forward))
    assert not any(isinstance(v, Passed) for v in verdicts.values())


def test_numerical_backward_passes_and_is_told_so():
    relu = UNIT.exercises["sigmoid"]
    body = "h = 1e-4\nreturn dout * (sigmoid(self.x + h) - sigmoid(self.x - h)) / (2 * h)"
    text = relu.source.text.replace("self.y = sigmoid(x)", "self.x = x; self.y = sigmoid(x)")
    verdict = run(relu, relu.source.with_bodies(["backward"], body, text))["dx"]
    assert isinstance(verdict, Passed)
    assert verdict.note is not None
    assert "numerical differentiation" in verdict.note.render()
