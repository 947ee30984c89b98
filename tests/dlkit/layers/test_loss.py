"""Losses as layers: the same value as the functions, dout, targets, errors."""

import numpy as np
import pytest

from dlkit import losses
from dlkit.errors import ArgumentError, ShapeError
from dlkit.layers import MeanSquaredError, SigmoidWithLoss, SoftmaxWithLoss


@pytest.fixture(params=["softmax, labels", "softmax, one-hot", "sigmoid", "squared"])
def loss(request, rng):
    """A layer, its inputs, and the function and gradient that it must equal."""
    x, binary = rng.standard_normal((5, 3)), (rng.random((5, 3)) < 0.5).astype(int)
    labels = np.array([2, 0, 1, 1, 2])
    softmax = (losses.softmax_cross_entropy, losses.softmax_cross_entropy_gradient)
    sigmoid = (losses.sigmoid_cross_entropy, losses.sigmoid_cross_entropy_gradient)
    squared = (losses.mean_squared_error, losses.mean_squared_error_gradient)
    return {
        "softmax, labels": (SoftmaxWithLoss(), x, labels, *softmax),
        "softmax, one-hot": (SoftmaxWithLoss(), x, np.eye(3, dtype=int)[labels], *softmax),
        "sigmoid": (SigmoidWithLoss(), x, binary, *sigmoid),
        "squared": (MeanSquaredError(), x, binary, *squared),
    }[request.param]


def test_value_and_gradient_are_those_of_the_functions(loss):
    layer, x, t, value, gradient = loss
    assert layer.forward(x, t) == pytest.approx(value(x, t), rel=1e-15)
    np.testing.assert_allclose(layer.backward(), gradient(x, t), rtol=1e-12)


def test_backward_multiplies_by_dout(loss):
    layer, x, t, _, _ = loss
    layer.forward(x, t)
    np.testing.assert_allclose(layer.backward(-2.5), -2.5 * layer.backward(), rtol=1e-15)


def test_float32_stays_float32_whatever_the_targets(loss):
    layer, x, t, _, _ = loss
    assert layer.forward(x.astype(np.float32), t).dtype == np.float32
    assert layer.backward().dtype == np.float32
    assert layer.forward(x.astype(np.float32), t.astype(t.dtype)).dtype == np.float32


def test_softmax_with_loss_is_exact_far_out():
    layer = SoftmaxWithLoss()
    assert layer.forward(np.array([[1000.0, -1000.0]]), np.array([1])) == 2000.0
    np.testing.assert_array_equal(layer.backward(), [[1.0, -1.0]])


def test_softmax_with_loss_keeps_probabilities_and_one_hot_targets():
    layer = SoftmaxWithLoss()
    layer.forward(np.zeros((2, 4)), np.array([3, 0]))
    np.testing.assert_array_equal(layer.y, np.full((2, 4), 0.25))
    np.testing.assert_array_equal(layer.t, [[0, 0, 0, 1], [1, 0, 0, 0]])


def test_probabilities_are_targets_beside_scores_of_integers_too():
    t = np.array([[0.25, 0.75]])
    whole, floats = (SoftmaxWithLoss().forward(np.array([[1, 3]], d), t) for d in (int, float))
    assert whole == floats == pytest.approx(0.25 * 2 + np.log(1 + np.exp(-2)))


@pytest.mark.parametrize("shape", [(3,), (0, 3), (2, 5, 3)])
def test_softmax_with_loss_refuses_what_is_no_batch_of_scores(shape):
    with pytest.raises(ShapeError) as error:
        SoftmaxWithLoss().forward(np.zeros(shape), np.zeros(shape[:-1], dtype=int))
    assert str(error.value) == f"SoftmaxWithLoss needs x (N, C) with N > 0; got x {shape}."


def test_softmax_with_loss_refuses_targets_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"Targets are labels .* got y \(5, 3\), t \(4,\)"):
        SoftmaxWithLoss().forward(np.zeros((5, 3)), np.zeros(4, dtype=int))
    with pytest.raises(ArgumentError, match=r"Labels count from 0 to classes - 1 = 2; got 3\."):
        SoftmaxWithLoss().forward(np.zeros((1, 3)), np.array([3]))


@pytest.mark.parametrize("layer", [SigmoidWithLoss(), MeanSquaredError()])
def test_targets_that_would_broadcast_are_refused(layer):
    with pytest.raises(ShapeError, match=r"got y \(5, 1\), t \(5,\)"):
        layer.forward(np.zeros((5, 1)), np.zeros(5))
