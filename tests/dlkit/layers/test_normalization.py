"""Normalization: mean and variance of the output, running statistics, both modes, errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.errors import ShapeError
from dlkit.gradcheck import check_layer
from dlkit.layers import BatchNorm, LayerNorm


@given(
    shape=st.one_of(
        st.tuples(st.integers(2, 6), st.integers(1, 4)),
        st.tuples(st.integers(2, 4), st.integers(1, 3), st.integers(1, 4), st.integers(1, 4)),
    ),
    seed=st.integers(0, 99),
)
def test_batch_norm_gives_every_feature_mean_zero_and_variance_one(shape, seed):
    x = 5.0 + 3.0 * np.random.default_rng(seed).standard_normal(shape)
    y = BatchNorm(np.ones(shape[1]), np.zeros(shape[1]), eps=1e-12).forward(x)
    features = y.swapaxes(0, 1).reshape(shape[1], -1)
    np.testing.assert_allclose(features.mean(axis=1), 0.0, atol=1e-9)
    np.testing.assert_allclose(features.var(axis=1), 1.0, rtol=1e-6)


def test_scale_and_shift_belong_to_the_feature(rng):
    gamma, beta = np.array([2.0, -1.0, 0.5]), np.array([1.0, 2.0, 3.0])
    x = rng.standard_normal((2, 3, 4, 5))
    plain = BatchNorm(np.ones(3), np.zeros(3)).forward(x)
    scaled = BatchNorm(gamma, beta).forward(x)
    for c in range(3):
        np.testing.assert_allclose(scaled[:, c], gamma[c] * plain[:, c] + beta[c], rtol=1e-12)


def test_running_statistics_move_by_momentum_with_the_unbiased_variance(rng):
    x = rng.standard_normal((6, 2))
    layer = BatchNorm(np.ones(2), np.zeros(2), momentum=0.25)
    layer.forward(x)
    np.testing.assert_allclose(layer.running_mean, 0.25 * x.mean(axis=0))
    np.testing.assert_allclose(layer.running_var, 0.75 + 0.25 * x.var(axis=0, ddof=1))


def test_outside_training_the_running_statistics_are_used_and_kept(rng):
    layer = BatchNorm(np.ones(2), np.zeros(2), eps=0.0)
    layer.running_mean, layer.running_var = np.array([1.0, 2.0]), np.array([4.0, 9.0])
    y = layer.forward(np.array([[3.0, 5.0]]), training=False)
    np.testing.assert_array_equal(y, [[1.0, 1.0]])
    np.testing.assert_array_equal(layer.running_mean, [1.0, 2.0])


@pytest.mark.parametrize("shape", [(1, 3), (5, 3), (2, 3, 4, 5)])
def test_gradients_outside_training(shape, rng):
    layer = BatchNorm(rng.standard_normal(3), rng.standard_normal(3))
    layer.running_mean, layer.running_var = rng.standard_normal(3), rng.random(3) + 0.5
    report = check_layer(
        layer, rng.standard_normal(shape), rng=rng, training=False, tolerance=1e-13
    )
    assert report.passed, str(report)


def test_an_empty_batch_is_allowed_outside_training():
    layer = BatchNorm(np.ones(3), np.zeros(3))
    assert layer.forward(np.zeros((0, 3, 4, 5)), training=False).shape == (0, 3, 4, 5)


def test_complex_steps_leave_the_running_statistics_real(rng):
    layer = BatchNorm(np.ones(3), np.zeros(3))
    layer.forward(rng.standard_normal((5, 3)) + 1e-20j)
    assert layer.running_mean.dtype == layer.running_var.dtype == np.float64


@pytest.mark.parametrize("n", [0, 1])
def test_batch_norm_in_training_needs_two_values(n):
    with pytest.raises(ShapeError) as error:
        BatchNorm(np.ones(3), np.zeros(3)).forward(np.zeros((n, 3)))
    assert str(error.value) == (
        f"BatchNorm in training needs several values of a feature; got rows ({n}, 3). "
        "A larger batch, or training=False?"
    )


def test_a_wrong_number_of_features_is_refused():
    with pytest.raises(ShapeError) as error:
        BatchNorm(np.ones(3), np.zeros(3)).forward(np.zeros((5, 4)))
    assert str(error.value) == (
        "BatchNorm needs x (N, D) or (N, C, H, W) with gamma.shape == (x.shape[1],); "
        "got x (5, 4), gamma (3,)."
    )
    with pytest.raises(ShapeError, match=r"LayerNorm needs x \(\.\.\., D\) with gamma.shape"):
        LayerNorm(np.ones(3), np.zeros(3)).forward(np.zeros((3, 4)))


@pytest.mark.parametrize("layer", [BatchNorm, LayerNorm])
def test_gamma_and_beta_of_different_shapes_are_refused(layer):
    with pytest.raises(
        ShapeError, match=r"needs gamma and beta of the same shape, .*gamma \(3,\), beta \(2,\)"
    ):
        layer(np.ones(3), np.zeros(2))


@given(
    shape=st.lists(st.integers(1, 4), min_size=0, max_size=2).map(lambda n: (*n, 5)),
    seed=st.integers(0, 99),
)
def test_layer_norm_gives_every_sample_mean_zero_and_variance_one(shape, seed):
    x = 5.0 + 3.0 * np.random.default_rng(seed).standard_normal(shape)
    y = LayerNorm(np.ones(5), np.zeros(5), eps=1e-12).forward(x)
    np.testing.assert_allclose(y.mean(axis=-1), 0.0, atol=1e-9)
    np.testing.assert_allclose(y.var(axis=-1), 1.0, rtol=1e-6)
