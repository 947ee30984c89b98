"""Trials of checks: all cases in one trip, and programs that are used for many submissions."""

import numpy as np
import pytest

from grader.checks import Failed, LocalStudent, Passed, SolvedCase, judge
from grader.checks.answer import EXPERIMENT_CHECKS
from grader.checks.layer import FORWARD
from grader.checks.program import Program
from grader.checks.tasks import experiment_case
from grader.checks.text import Message
from grader.checks.trial import Check, Trial, tried, tried_ahead

ONE = np.ones(2)
CASES = [
    SolvedCase({}, {"x": np.full(2, float(n))}, ONE, {"out": np.full(2, 2.0 * n)}) for n in range(3)
]


class Counting(LocalStudent):
    """Counts the trips and the programs."""

    def __init__(self, names):
        super().__init__(names)
        self.trips, self.programs = 0, []

    def run_all(self, programs):
        self.trips += 1
        self.programs += programs
        return super().run_all(programs)


class Double:
    def forward(self, x):
        return 2 * x


class Wrong:
    def forward(self, x):
        return x


def test_all_cases_of_a_check_are_one_trip():
    student = Counting({"Double": Double})
    assert isinstance(judge(FORWARD, student, "Double", CASES), Passed)
    assert (student.trips, len(student.programs)) == (1, 3)


def test_a_class_of_students_shares_the_programs():
    one, other = Counting({"Double": Double}), Counting({"Double": Wrong})
    assert isinstance(judge(FORWARD, one, "Double", CASES), Passed)
    assert isinstance(judge(FORWARD, other, "Double", CASES, explain=False), Failed)
    assert list(map(id, one.programs)) == list(map(id, other.programs))


def test_where_there_is_no_trip_to_save_a_case_runs_when_it_is_asked_for():
    calls = []

    class Recording:
        def forward(self, x):
            calls.append(x)
            return x

    names = LocalStudent({"Layer": Recording})
    next(tried(FORWARD, names, "Layer", CASES))
    assert len(calls) == 1


def draws_twice():
    def trial(name, case):
        program = Program()
        held = program.hold(np.random.default_rng(0))
        drawn = program.call(name, held).read()
        return Trial((program,), lambda found: Passed() if found[drawn] == FIRST else Failed(None))

    return Check("draws", Message("It draws."), trial)


FIRST = np.random.default_rng(0).random()


def test_a_random_generator_is_the_same_for_each_submission():
    """Its state would go on where the last submission left it."""
    check = draws_twice()
    for _ in range(2):
        student = LocalStudent({"draw": lambda rng: rng.random()})
        assert judge(check, student, "draw", CASES[:1], explain=False) == Passed()


@pytest.mark.parametrize("name", ["learned", "reproducible"])
def test_a_training_runs_once_for_both_checks(name):
    trained = []

    def train(x, t, seed):
        trained.append(1)
        return lambda x: np.eye(2)[(np.hypot(*x.T) > 1.1).astype(int)]

    case = experiment_case("ring", 0, 1, 0.9)
    same = experiment_case("ring", 0, 1, 0.9)
    student = LocalStudent({"train": train})
    assert judge(EXPERIMENT_CHECKS["learned"], student, "train", [case]) == Passed()
    assert judge(EXPERIMENT_CHECKS["reproducible"], student, "train", [same]) == Passed()
    assert len(trained) == 2
    assert (
        judge(EXPERIMENT_CHECKS[name], LocalStudent({"train": train}), "train", [case]) == Passed()
    )
    assert len(trained) == (3 if name == "learned" else 4)


def test_what_runs_once_is_sent_ahead_once():
    trained = []

    def train(x, t, seed):
        trained.append(1)
        return lambda x: np.eye(2)[(np.hypot(*x.T) > 1.1).astype(int)]

    cases = [experiment_case("ring", 0, 1, 0.9)]
    student = LocalStudent({"train": train})
    checks = [EXPERIMENT_CHECKS[name] for name in ("learned", "reproducible", "learned")]
    ahead = list(tried_ahead([(check, cases) for check in checks], student, "train"))
    for check, each in zip(checks, ahead, strict=True):
        assert judge(check, student, "train", cases, ahead=each) == Passed()
    assert len(trained) == 2


def test_a_verdict_from_what_was_tried_ahead_is_the_same():
    student = LocalStudent({"Wrong": Wrong})
    (ahead,) = tried_ahead([(FORWARD, CASES)], student, "Wrong")
    assert judge(FORWARD, student, "Wrong", CASES, ahead=ahead) == judge(
        FORWARD, student, "Wrong", CASES
    )
