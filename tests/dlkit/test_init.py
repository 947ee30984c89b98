"""Initial weights: their distribution, and what it is for: signals that keep their size."""

from math import prod, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit import init
from dlkit.errors import ArgumentError


@pytest.mark.parametrize(
    ("function", "shape", "std"),
    [
        (init.normal, (300, 200), 0.01),
        (init.xavier, (300, 200), sqrt(2 / 500)),
        (init.he, (300, 200), sqrt(2 / 300)),
        (init.xavier, (40, 30, 5, 5), sqrt(2 / (70 * 25))),
        (init.he, (40, 30, 5, 5), sqrt(2 / (30 * 25))),
    ],
)
def test_mean_and_standard_deviation(function, shape, std, rng):
    W = function(shape, rng)
    assert W.shape == shape
    assert W.dtype == np.float64
    assert W.mean() == pytest.approx(0.0, abs=5 * std / sqrt(prod(shape)))
    assert W.std() == pytest.approx(std, rel=0.02)


@pytest.mark.parametrize("function", [init.normal, init.xavier, init.he, init.orthogonal])
def test_the_generator_alone_decides(function):
    first, second = (function((7, 5), np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@given(shape=st.tuples(st.integers(1, 6), st.integers(1, 6)), seed=st.integers(0, 99))
def test_orthogonal_matrices_are(shape, seed):
    W = init.orthogonal(shape, np.random.default_rng(seed))
    product = W.T @ W if shape[0] >= shape[1] else W @ W.T
    np.testing.assert_allclose(product, np.eye(min(shape)), atol=1e-12)


def test_orthogonal_kernels_are_over_all_axes_but_the_first(rng):
    rows = init.orthogonal((4, 3, 2, 5), rng).reshape(4, 30)
    np.testing.assert_allclose(rows @ rows.T, np.eye(4), atol=1e-12)


def test_signs_of_orthogonal_matrices_are_not_biased(rng):
    corner = [init.orthogonal((3, 3), rng)[0, 0] for _ in range(400)]
    assert np.mean(corner) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(
    ("function", "activation", "lowest"),
    [(init.he, lambda x: np.maximum(x, 0), 0.5), (init.xavier, np.tanh, 0.1)],
)
def test_twenty_layers_keep_the_signal(function, activation, lowest, rng):
    x = small = rng.standard_normal((200, 100))
    for _ in range(20):
        x = activation(x @ function((100, 100), rng))
        small = activation(small @ init.normal((100, 100), rng))
    assert lowest < np.sqrt((x**2).mean()) < 2
    assert np.abs(small).max() < 1e-15


@pytest.mark.parametrize("function", [init.xavier, init.he, init.orthogonal])
def test_one_axis_has_no_fans(function, rng):
    with pytest.raises(ArgumentError) as error:
        function((5,), rng)
    assert str(error.value) == "Weights have at least two axes; got shape (5,)."
