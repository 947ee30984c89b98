"""Polynomials fitted to points: the smallest model that can be too simple, and too rich."""

import numpy as np

from dlkit.errors import ArgumentError, expect
from dlkit.typing import Array


def fit_polynomial(x: Array, t: Array, degree: int, decay: float = 0.0) -> Array:
    r"""Coefficients w of the polynomial :math:`\sum_i w_i x^i` that is nearest to points, shape (degree + 1,).

    They minimize half the mean squared error plus :math:`\frac{\alpha}{2} \lVert w \rVert^2`, with
    :math:`\alpha` = decay. x, t: (N,).

    Source: Hoerl and Kennard, Ridge Regression: Biased Estimation for Nonorthogonal Problems (1970).

    >>> fit_polynomial(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 5.0]), degree=2).round(6) + 0.0
    array([1., 0., 1.])
    """
    expect(x.ndim == 1 and x.shape == t.shape, "fit_polynomial needs x and t (N,)", x=x, t=t)
    if degree < 0 or decay < 0:
        raise ArgumentError(
            f"fit_polynomial needs a degree and a decay of at least 0; got {degree} and {decay}."
        )
    powers = x[:, np.newaxis] ** np.arange(degree + 1)
    if decay == 0:  # least squares, without the loss of digits that forming X^T X brings
        return np.linalg.lstsq(powers, t, rcond=None)[0]
    curvature = powers.T @ powers / len(x) + decay * np.eye(degree + 1)
    return np.linalg.solve(curvature, powers.T @ t / len(x))


def fold_errors(X: Array, t: Array, order: Array, k: int) -> Array:
    """Mean squared errors of a linear model on each of k folds that it was not fitted to, shape (k,).

    X: features (N, D). t: targets (N,). order: the numbers of all samples, shuffled; consecutive ones
    make a fold, the first folds having one sample more where k does not divide N. The model is fitted by
    least squares.

    Source: Stone, Cross-Validatory Choice and Assessment of Statistical Predictions (1974).

    >>> X, t = np.ones((4, 1)), np.array([0.0, 2.0, 4.0, 6.0])
    >>> fold_errors(X, t, np.arange(4), k=2)
    array([17., 17.])
    """
    fits = X.ndim == 2 and t.shape == order.shape == X.shape[:1]
    expect(fits, "fold_errors needs X (N, D), t (N,) and order (N,)", X=X, t=t, order=order)
    folds = np.array_split(order, k)
    errors = np.zeros(k)
    for i, held_out in enumerate(folds):
        rest = np.concatenate(folds[:i] + folds[i + 1 :])
        w = np.linalg.lstsq(X[rest], t[rest], rcond=None)[0]
        errors[i] = ((X[held_out] @ w - t[held_out]) ** 2).mean()
    return errors
