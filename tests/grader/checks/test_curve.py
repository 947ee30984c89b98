"""The loss while a submission trains."""

import numpy as np
import pytest

from dlkit.layers import SoftmaxWithLoss
from grader.checks import LocalStudent, experiment_case
from grader.checks.curve import MOST, Curve, curve, losses_of

CASE = experiment_case("ring", 0, 1, 0.9)


def submission(steps, factor=1.0, loss=SoftmaxWithLoss):
    """Names of a submission whose training calls the loss so often on scores that grow."""

    def train(x, t, seed):
        layer = loss()
        for step in range(steps):
            layer.forward(np.eye(2)[t] * step * factor, t)
        return lambda x: x

    return {"train": train, "SoftmaxWithLoss": loss, "_losses_of": losses_of}


def of(names):
    return curve(LocalStudent(names), "train", CASE)


def test_each_step_of_a_short_training_is_there():
    found = of(submission(3))
    assert found.count == 3
    assert found.losses == pytest.approx([np.log1p(np.exp(-step)) for step in range(3)])


def test_a_long_training_is_thinned_evenly_from_its_first_to_its_last_step():
    found = of(submission(1001, 0.01))
    assert (found.count, len(found.losses)) == (1001, MOST)
    assert found.losses[0] == pytest.approx(np.log(2))
    assert found.losses[-1] == pytest.approx(np.log1p(np.exp(-10.0)))
    assert list(found.losses) == sorted(found.losses, reverse=True)


def test_afterwards_the_layer_is_as_it_was():
    before = SoftmaxWithLoss.forward
    of(submission(2))
    assert SoftmaxWithLoss.forward is before


class Broken:
    def forward(self, x, t):
        raise ValueError


class Text:
    def forward(self, x, t):
        return "low"


class NaN:
    def forward(self, x, t):
        return float("nan")


@pytest.mark.parametrize(
    "names",
    [
        submission(0),
        submission(1),
        submission(3, loss=Broken),
        submission(3, loss=Text),
        submission(3, loss=NaN),
        {"train": lambda x, t, seed: None, "_losses_of": losses_of},
        {**submission(3), "_losses_of": lambda *args: (np.zeros(3), -1)},
        {**submission(3), "_losses_of": lambda *args: np.zeros((3, 3))},
        {**submission(3), "_losses_of": lambda *args: "a text"},
        {**submission(3), "_losses_of": lambda *args: (np.zeros(3), np.inf)},
        {**submission(3), "_losses_of": lambda *args: (np.zeros(3), np.array([3, 3]))},
        {**submission(3), "_losses_of": lambda *args: (np.zeros(3, complex), 3)},
        {**submission(3), "_losses_of": lambda *args: (np.full(3, -1e308), 3)},
    ],
    ids=[
        "no step",
        "one step",
        "raises",
        "text",
        "nan",
        "no loss",
        "count",
        "form",
        "forged",
        "endless",
        "two counts",
        "complex",
        "too large",
    ],
)
def test_where_there_is_no_curve_there_is_none(names):
    assert of(names) is None


def test_what_a_submission_forges_is_bounded():
    names = {**submission(3), "_losses_of": lambda *args: (np.zeros(10_000), 10_000)}
    assert of(names) == Curve((0.0,) * MOST, 10_000)
