"""Polynomials, and cross-validation of linear models."""

import numpy as np
import pytest

from dlkit.errors import ArgumentError, ShapeError
from dlkit.gradcheck import numerical_gradient
from dlkit.train import fit_polynomial, fold_errors


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_finds_a_polynomial_again(rng):
    x, w = rng.normal(size=9), rng.normal(size=4)
    t = np.polynomial.polynomial.polyval(x, w)
    np.testing.assert_allclose(fit_polynomial(x, t, degree=3), w, rtol=1e-9)


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_the_penalized_loss_is_stationary_there(rng, decay):
    x, t = rng.normal(size=9), rng.normal(size=9)

    def loss(w):
        y = np.polynomial.polynomial.polyval(x, w)
        return ((y - t) ** 2).mean() / 2 + decay / 2 * (w**2).sum()

    w = fit_polynomial(x, t, degree=3, decay=decay)
    assert np.abs(numerical_gradient(loss, w)).max() < 1e-8


def test_folds_of_one_sample_leave_one_out(rng):
    X, t = rng.normal(size=(6, 2)), rng.normal(size=6)
    hat = X @ np.linalg.pinv(X)
    expected = ((t - hat @ t) / (1 - np.diag(hat))) ** 2
    np.testing.assert_allclose(fold_errors(X, t, np.arange(6), k=6), expected, rtol=1e-9)


def test_what_does_not_fit_is_refused(rng):
    with pytest.raises(ShapeError, match=r"x and t \(N,\)"):
        fit_polynomial(np.ones((3, 1)), np.ones(3), degree=1)
    with pytest.raises(ArgumentError, match="at least 0; got -1"):
        fit_polynomial(np.ones(3), np.ones(3), degree=-1)
    with pytest.raises(ShapeError, match="order"):
        fold_errors(np.ones((3, 1)), np.ones(3), np.arange(2), k=2)
