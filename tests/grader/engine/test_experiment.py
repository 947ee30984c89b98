"""An experiment in the sandbox: how often it trains, and the loss that is drawn where it did not learn."""

import pytest

from grader.bundles import stripped
from grader.checks import Failed, Passed
from grader.course import PROJECT, Course
from grader.engine.judge import chosen, fixed_cells
from grader.exercises import load_unit
from grader.grading import SourceCell, grade, hidden_cases, isolation
from grader.sandbox import Limits

COURSE = Course(PROJECT)
UNIT = load_unit(COURSE.key("06_backpropagation"))
#: What a training needs besides: the answers of the unit that it uses.
NEEDED = ("relu", "affine", "softmax-with-loss")
TWICE = """
calls, learn = 0, train
def train(*data):
    global calls
    calls += 1
    assert calls <= 2
    return learn(*data)
"""


@pytest.fixture(scope="module")
def zygote():
    with isolation(False, stripped(COURSE, UNIT.name)) as zygote:
        yield zygote


def graded(zygote, source):
    texts = [
        fixed_cells(COURSE, UNIT)["setup"],
        *(UNIT.exercises[id].source.text for id in NEEDED),
        source,
    ]
    cells = [SourceCell(index, None, text) for index, text in enumerate(texts)]
    only = chosen(UNIT, ("train",))
    return grade(only, hidden_cases(only, COURSE.secret()), cells, zygote, Limits())


def test_one_that_learns_has_full_marks_and_no_picture(zygote):
    found = graded(zygote, UNIT.exercises["train"].source.text)
    assert found.verdicts == {"train-learned": Passed(), "train-reproducible": Passed()}
    assert found.pictures == {}


def test_where_it_does_not_learn_the_loss_of_each_step_is_kept(zygote):
    uphill = UNIT.exercises["train"].source.text.replace("- 2.0 * layer", "+ 2.0 * layer")
    found = graded(zygote, uphill)
    assert isinstance(found.verdicts["train-learned"], Failed)
    (curve,) = found.pictures.values()
    assert curve.count == 50
    assert curve.losses[0] < curve.losses[-1]


def test_without_the_courses_loss_there_is_no_picture(zygote):
    guess = "def train(x, t, seed):\n    return lambda x: np.zeros((len(x), 2))"
    found = graded(zygote, guess)
    assert isinstance(found.verdicts["train-learned"], Failed)
    assert found.pictures == {}


def test_both_checks_together_train_twice(zygote):
    found = graded(zygote, UNIT.exercises["train"].source.text + TWICE)
    assert set(found.verdicts.values()) == {Passed()}
