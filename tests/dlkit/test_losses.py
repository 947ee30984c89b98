"""Losses: values from their definitions, gradients, exactness, targets of both kinds, errors."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit import losses
from dlkit.errors import ArgumentError, ShapeError
from dlkit.gradcheck import check_gradient

distances = ["l1_loss", "l2_loss", "sum_squared_error", "mean_squared_error"]
entropies = ["cross_entropy_error", "softmax_cross_entropy"]


def loss_of(name):
    return getattr(losses, name), getattr(losses, f"{name}_gradient")


def probabilities(rng, *shape):
    y = rng.random(shape) + 0.1
    return y / y.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("shape", [(5, 3), (4,), (2, 3, 4)])
def test_distances_follow_from_their_definitions(shape, rng):
    y, t = rng.standard_normal(shape), rng.standard_normal(shape)
    n = shape[0] if len(shape) > 1 else 1
    differences = [a - b for a, b in zip(y.ravel(), t.ravel(), strict=True)]
    squares = sum(d * d for d in differences)
    assert losses.l1_loss(y, t) == pytest.approx(sum(map(abs, differences)) / n)
    assert losses.l2_loss(y, t) == pytest.approx(squares / n)
    assert losses.sum_squared_error(y, t) == pytest.approx(squares / 2 / n)
    assert losses.mean_squared_error(y, t) == pytest.approx(squares / y.size)


def test_entropies_follow_from_their_definitions(rng):
    y, t = probabilities(rng, 5, 3), np.array([2, 0, 1, 1, 2])
    picked = [y[n, k] for n, k in enumerate(t)]
    plain = -sum(math.log(p) for p in picked) / 5
    assert losses.cross_entropy_error(y, t, eps=0.0) == pytest.approx(plain, rel=1e-14)
    guarded = -sum(math.log(p + 1e-7) for p in picked) / 5
    assert losses.cross_entropy_error(y, t) == pytest.approx(guarded, rel=1e-14)
    assert losses.softmax_cross_entropy(np.log(y), t) == pytest.approx(plain, rel=1e-14)


@pytest.mark.parametrize("shape", [(5,), (5, 3)])
def test_binary_cross_entropy_follows_from_its_definition(shape, rng):
    u, t = rng.standard_normal(shape), rng.random(shape)
    pairs = zip(u.ravel(), t.ravel(), strict=True)
    total = sum(
        -b * math.log(1 / (1 + math.exp(-a))) - (1 - b) * math.log(1 - 1 / (1 + math.exp(-a)))
        for a, b in pairs
    )
    assert losses.sigmoid_cross_entropy(u, t) == pytest.approx(total / 5, rel=1e-13)


@pytest.mark.parametrize("name", distances)
@pytest.mark.parametrize("method", ["complex", "central"])
@pytest.mark.parametrize("shape", [(5, 3), (4,)])
def test_gradients_of_distances(name, method, shape, rng):
    loss, gradient = loss_of(name)
    y, t = rng.standard_normal(shape), rng.standard_normal(shape)
    check = check_gradient(lambda z: loss(z, t), y, gradient(y, t), method=method, tolerance=1e-8)
    assert check.passed, str(check)


@pytest.mark.parametrize("name", entropies)
@pytest.mark.parametrize("method", ["complex", "central"])
@pytest.mark.parametrize("one_hot", [True, False])
def test_gradients_of_entropies(name, method, one_hot, rng):
    loss, gradient = loss_of(name)
    y, t = probabilities(rng, 5, 3), np.array([2, 0, 1, 1, 2])
    t = losses.one_hot(t, 3) if one_hot else t
    check = check_gradient(lambda z: loss(z, t), y, gradient(y, t), method=method, tolerance=1e-8)
    assert check.passed, str(check)


@pytest.mark.parametrize("shape", [(5,), (5, 3)])
def test_gradient_of_binary_cross_entropy(shape, rng):
    u, t = rng.standard_normal(shape), rng.random(shape)
    gradient = losses.sigmoid_cross_entropy_gradient(u, t)
    check = check_gradient(
        lambda z: losses.sigmoid_cross_entropy(z, t), u, gradient, tolerance=1e-14
    )
    assert check.passed, str(check)


def test_the_small_constant_caps_the_loss_and_the_exact_form_does_not():
    assert losses.cross_entropy_error([[1.0, 0.0]], [1]) == pytest.approx(16.118, abs=1e-3)
    assert losses.softmax_cross_entropy([[1000.0, 0.0]], [1]) == 1000.0


@pytest.mark.parametrize(
    ("u", "t", "loss"), [(1e3, 0, 1e3), (-1e3, 1, 1e3), (1e3, 1, 0), (-1e3, 0, 0)]
)
def test_binary_cross_entropy_is_exact_far_out(u, t, loss):
    assert losses.sigmoid_cross_entropy([u], [t]) == loss


def test_binary_cross_entropy_of_one_number():
    assert losses.sigmoid_cross_entropy(0.0, 1) == math.log(2)
    assert losses.sigmoid_cross_entropy_gradient(0.0, 1) == -0.5


@given(st.lists(st.integers(0, 6), min_size=1, max_size=9))
def test_labels_and_one_hot_are_inverse(t):
    rows = losses.one_hot(t, classes=7)
    np.testing.assert_array_equal(losses.labels(rows), t)
    np.testing.assert_array_equal(rows.sum(axis=1), 1.0)


@pytest.mark.parametrize("name", entropies)
def test_labels_and_one_hot_give_the_same_loss(name, rng):
    loss, gradient = loss_of(name)
    y, t = probabilities(rng, 5, 3), np.array([2, 0, 1, 1, 2])
    for dtype in (np.int64, np.float64, np.bool_):
        assert loss(y, losses.one_hot(t, 3).astype(dtype)) == loss(y, t)
        np.testing.assert_array_equal(
            gradient(y, losses.one_hot(t, 3).astype(dtype)), gradient(y, t)
        )


@pytest.mark.parametrize("name", [*distances, *entropies, "sigmoid_cross_entropy"])
def test_float32_stays_float32_beside_float64_targets(name, rng):
    loss, gradient = loss_of(name)
    y, t = probabilities(rng, 5, 3).astype(np.float32), losses.one_hot([2, 0, 1, 1, 2], 3)
    assert loss(y, t).dtype == np.float32
    assert gradient(y, t).dtype == np.float32


@pytest.mark.parametrize("name", [*distances, *entropies, "sigmoid_cross_entropy"])
def test_arguments_stay_and_one_sample_alone_is_a_sample(name, rng):
    loss, gradient = loss_of(name)
    y, t = probabilities(rng, 1, 3), losses.one_hot([2], 3)
    y.flags.writeable = t.flags.writeable = False
    value, slope = loss(y, t), gradient(y, t)
    if name != "sigmoid_cross_entropy":
        assert loss(y[0], t[0]) == value
        np.testing.assert_array_equal(gradient(y[0], t[0]), slope[0])


def test_a_perfect_prediction_has_no_loss_and_no_gradient():
    y = np.array([[1.0, -2.0]])
    for name in distances:
        loss, gradient = loss_of(name)
        assert loss(y, y) == 0.0
        assert not gradient(y, y).any()


def test_a_label_out_of_range_is_refused():
    with pytest.raises(ArgumentError) as error:
        losses.one_hot([0, 3], classes=3)
    assert str(error.value) == (
        "Labels count from 0 to classes - 1 = 2; got 3. Do your labels begin at 1?"
    )
    with pytest.raises(ArgumentError, match="got -1"):
        losses.softmax_cross_entropy(np.zeros((1, 3)), [-1])


def test_labels_of_floats_are_refused():
    with pytest.raises(ArgumentError) as error:
        losses.one_hot([0.0, 1.0], classes=2)
    assert str(error.value) == "Labels are integers; got float64. Convert with t.astype(int)?"


def test_targets_of_a_wrong_shape_are_refused():
    with pytest.raises(ShapeError) as error:
        losses.softmax_cross_entropy(np.zeros((5, 3)), np.zeros((5, 2)))
    assert str(error.value) == (
        "Targets are labels of shape y.shape[:-1], or one-hot in the shape of y; got y (5, 3), t (5, 2)."
    )


def test_predictions_that_would_broadcast_are_refused():
    with pytest.raises(ShapeError) as error:
        losses.mean_squared_error(np.zeros((5, 1)), np.zeros(5))
    assert str(error.value) == (
        "Predictions y and targets t need the same shape; got y (5, 1), t (5,). "
        "(N, 1) less (N,) would be (N, N): reshape one of them?"
    )


@pytest.mark.parametrize("name", [*distances, *entropies, "sigmoid_cross_entropy"])
def test_a_mean_over_no_sample_is_refused(name):
    for function in loss_of(name):
        with pytest.raises(ShapeError, match="A mean over the batch needs at least one sample"):
            function(np.zeros((0, 3)), np.zeros((0, 3)))
