"""One epoch of the delta rule, against derivatives and against the closed form."""

import numpy as np
import pytest

from dlkit.errors import ArgumentError, ShapeError
from dlkit.train import Batches, sgd_epoch


@pytest.fixture
def samples():
    rng = np.random.default_rng(7)
    return rng.normal(size=(11, 3)), rng.normal(size=11), rng.normal(size=3)


@pytest.mark.parametrize("size", [1, 4, 11, 50])
def test_each_batch_takes_one_step_down_its_own_mean_loss(samples, size):
    x, t, w = samples
    expected = w
    for inputs, targets in Batches(x, t, size=size):
        loss = lambda w: ((inputs @ w - targets) ** 2).mean() / 2  # noqa: B023, E731
        slopes = [np.imag(loss(expected + 1e-20j * unit)) / 1e-20 for unit in np.eye(3)]
        expected = expected - 0.3 * np.array(slopes)
    np.testing.assert_allclose(sgd_epoch(x, t, w, lr=0.3, size=size), expected, rtol=1e-12)


def test_many_epochs_with_all_samples_reach_the_least_squares(samples):
    x, t, w = samples
    for _ in range(2000):
        w = sgd_epoch(x, t, w, lr=0.5, size=len(x))
    np.testing.assert_allclose(w, np.linalg.lstsq(x, t, rcond=None)[0], rtol=1e-9)


def test_arguments_stay_as_they_are(samples):
    before = [array.copy() for array in samples]
    sgd_epoch(*samples, lr=0.5, size=3)
    for array, kept in zip(samples, before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_integers_give_weights_that_are_not_rounded():
    w = sgd_epoch(np.array([[1]]), np.array([1]), np.array([0]), lr=0.5)
    np.testing.assert_array_equal(w, [0.5])


def test_wrong_arguments_are_named(samples):
    x, t, w = samples
    with pytest.raises(ShapeError, match=r"sgd_epoch needs x \(N, D\), t \(N,\) and w \(D,\)"):
        sgd_epoch(x, t[:, np.newaxis], w)
    with pytest.raises(ArgumentError, match="size of at least 1; got 0"):
        sgd_epoch(x, t, w, size=0)
