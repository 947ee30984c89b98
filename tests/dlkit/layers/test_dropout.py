"""Dropout: its mask, its expected value, reproducibility, errors."""

import numpy as np
import pytest

from dlkit.errors import ArgumentError
from dlkit.layers import Dropout


def test_the_mask_is_one_draw_of_the_generator():
    layer = Dropout(rate=0.3, rng=np.random.default_rng(5))
    x = np.ones((4, 6))
    y = layer.forward(x)
    expected = np.random.default_rng(5).random((4, 6)) >= 0.3
    np.testing.assert_array_equal(layer.mask, expected)
    np.testing.assert_array_equal(y, expected / 0.7)


def test_the_gradient_passes_where_the_signal_passed(rng):
    layer = Dropout(rate=0.5, rng=rng)
    y = layer.forward(np.ones((4, 6)))
    np.testing.assert_array_equal(layer.backward(np.ones((4, 6))), y)


def test_the_mean_is_kept(rng):
    y = Dropout(rate=0.3, rng=rng).forward(np.ones(200_000))
    assert y.mean() == pytest.approx(1.0, abs=0.01)


def test_outside_training_everything_passes(rng):
    layer = Dropout(rate=0.3, rng=rng)
    x = rng.standard_normal((4, 6))
    state = rng.bit_generator.state
    np.testing.assert_array_equal(layer.forward(x, training=False), x)
    np.testing.assert_array_equal(layer.backward(x), x)
    assert rng.bit_generator.state == state


def test_rate_zero_keeps_everything(rng):
    x = rng.standard_normal((4, 6))
    np.testing.assert_array_equal(Dropout(rate=0.0, rng=rng).forward(x), x)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 1.5, float("nan")])
def test_a_rate_outside_its_range_is_refused(rate, rng):
    with pytest.raises(ArgumentError) as error:
        Dropout(rate=rate, rng=rng)
    assert str(error.value) == f"Dropout needs a rate with 0 <= rate < 1; got {rate}."
