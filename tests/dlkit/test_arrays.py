"""The functions of units 01 and 02: each against a loop, or against what defines its result."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit import arrays
from dlkit.data import logic_gate
from dlkit.errors import ShapeError
from dlkit.models import Perceptron

sizes = st.integers(1, 6)
seeds = st.integers(0, 99)


@given(rows=sizes, columns=sizes)
def test_checkerboard_alternates(rows, columns):
    board = arrays.checkerboard(rows, columns)
    assert board.shape == (rows, columns)
    for i, j in np.ndindex(rows, columns):
        assert board[i, j] == (i + j) % 2


@given(n=sizes, d=sizes, seed=seeds)
def test_with_ones_makes_the_bias_a_weight(n, d, seed):
    rng = np.random.default_rng(seed)
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=d), rng.normal()
    np.testing.assert_allclose(arrays.with_ones(x) @ [b, *w], x @ w + b)


@given(n=sizes, d=sizes, seed=seeds)
def test_without_deletes_a_row_and_a_column(n, d, seed):
    rng = np.random.default_rng(seed)
    x, row, column = rng.normal(size=(n, d)), int(rng.integers(n)), int(rng.integers(d))
    expected = np.delete(np.delete(x, row, axis=0), column, axis=1)
    np.testing.assert_array_equal(arrays.without(x, row, column), expected)


def test_hard_threshold_keeps_large_entries_and_its_argument(rng):
    x = rng.normal(size=(4, 3, 2))
    kept = x.copy()
    y = arrays.hard_threshold(x, 0.75)
    np.testing.assert_array_equal(x, kept)
    for index in np.ndindex(x.shape):
        assert y[index] == (x[index] if abs(x[index]) >= 0.75 else 0)


def test_columns_are_standardized(rng):
    x = rng.normal(size=(7, 4)) * [1, 10, 100, 1000] + [5, 0, -5, 50]
    y = arrays.standardize(x)
    np.testing.assert_allclose(y.mean(axis=0), np.zeros(4), atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), np.ones(4))
    np.testing.assert_allclose(np.corrcoef(y.T), np.corrcoef(x.T))


@given(n=sizes, m=sizes, d=sizes, seed=seeds)
def test_squared_distances_agree_with_a_loop(n, m, d, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(n, d)), rng.normal(size=(m, d))
    found = arrays.squared_distances(a, b)
    assert found.shape == (n, m)
    for i, j in np.ndindex(n, m):
        assert found[i, j] == pytest.approx(np.linalg.norm(a[i] - b[j]) ** 2, abs=1e-12)


def test_triangle_areas_agree_with_base_and_height():
    corners = np.array(
        [[[0, 0], [4, 0], [1, 3]], [[0, 0], [1, 3], [4, 0]], [[1, 1], [2, 2], [5, 5]]]
    )
    np.testing.assert_allclose(arrays.triangle_areas(corners), [6, -6, 0], atol=1e-12)


def test_least_squares_agrees_with_the_solver_of_numpy(rng):
    x, t = rng.normal(size=(20, 3)), rng.normal(size=20)
    expected = np.linalg.lstsq(x, t, rcond=None)[0]
    np.testing.assert_allclose(arrays.least_squares(x, t), expected)


def test_class_means_agree_with_a_loop(rng):
    x, t = rng.normal(size=(30, 4)), rng.permutation(np.repeat([0, 1, 2], 10))
    means = arrays.class_means(x, t, classes=3)
    for c in range(3):
        mean = sum(x[n] for n in range(30) if t[n] == c) / 10
        np.testing.assert_allclose(means[c], mean)


def test_signed_distances_agree_with_the_foot_of_the_perpendicular(rng):
    w, b, x = rng.normal(size=3), rng.normal(), rng.normal(size=(6, 3))
    found = arrays.signed_distances(x, w, b)
    feet = x - found[:, np.newaxis] * w / np.linalg.norm(w)
    np.testing.assert_allclose(feet @ w + b, np.zeros(6), atol=1e-12)


@pytest.mark.parametrize("gate", ["AND", "OR", "NAND", "XOR"])
@pytest.mark.parametrize("lr", [1.0, 0.5])
def test_epochs_agree_with_the_perceptron(gate, lr):
    x, t = logic_gate(gate)
    perceptron, w = Perceptron(w=np.zeros(2)), np.zeros(3)
    for _ in range(8):
        perceptron.learn(x, t, lr=lr, epochs=1)
        w = arrays.perceptron_epoch(w, arrays.with_ones(x), t, lr)
        np.testing.assert_allclose(w, [perceptron.b, *perceptron.w])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: arrays.with_ones(np.zeros(3)),
            r"with_ones needs x \(N, D\); got x \(3,\)\. One sample is x\[np\.newaxis\]\.",
        ),
        (lambda: arrays.without(np.zeros(3), 0, 0), r"without needs x \(N, D\); got x \(3,\)\."),
        (
            lambda: arrays.squared_distances(np.zeros((2, 3)), np.zeros((2, 4))),
            r"squared_distances needs a \(N, D\) and b \(M, D\); got a \(2, 3\), b \(2, 4\)\.",
        ),
        (
            lambda: arrays.triangle_areas(np.zeros((3, 2))),
            r"triangle_areas needs corners \(N, 3, 2\); got corners \(3, 2\)\.",
        ),
        (
            lambda: arrays.least_squares(np.zeros((4, 2)), np.zeros(3)),
            r"least_squares needs x \(N, D\), t \(N,\); got x \(4, 2\), t \(3,\)\.",
        ),
        (
            lambda: arrays.class_means(np.zeros((4, 2)), np.zeros(3), 2),
            r"class_means needs a label for each sample; got x \(4, 2\), t \(3,\)\.",
        ),
        (
            lambda: arrays.signed_distances(np.zeros((4, 2)), np.zeros(3), 0.0),
            r"signed_distances needs x \(N, D\), w \(D,\); got x \(4, 2\), w \(3,\)\.",
        ),
        (
            lambda: arrays.perceptron_epoch(np.zeros(2), np.zeros((4, 3)), np.zeros(4)),
            r"perceptron_epoch needs w \(D,\), x \(N, D\), t \(N,\); "
            r"got w \(2,\), x \(4, 3\), t \(4,\)\.",
        ),
    ],
)
def test_shapes_that_do_not_fit_are_refused(call, message):
    with pytest.raises(ShapeError, match=message):
        call()
