"""Both sides of the formulas of unit 10, on random numbers; a test is named after the formula's label.

Expectations are exact: all equally probable cases are gone through, or all masks with their probabilities.
"""

from itertools import product

import numpy as np
import pytest

from dlkit.functions import softmax
from dlkit.gradcheck import numerical_gradient


@pytest.fixture
def rng():
    return np.random.default_rng(10)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-12)


def masks(n, rate):
    """All masks of n units, with their probabilities."""
    for kept in product([0.0, 1.0], repeat=n):
        m = np.array(kept)
        yield m, np.prod(np.where(m == 1, 1 - rate, rate))


def descend(w, curvatures, best, lr, steps):
    """`def-08-gd` on a quadratic function with its minimum at `best`."""
    for _ in range(steps):
        w = w - lr * curvatures * (w - best)
    return w


def test_eq_10_bias_variance(rng):
    q, noise = rng.normal(), rng.normal(size=5)
    noise -= noise.mean()
    y = rng.normal(size=7)  # equally probable predictions, independent of the noise
    errors = [(prediction - (q + e)) ** 2 for prediction in y for e in noise]
    same(np.mean(errors), np.mean(noise**2) + (y.mean() - q) ** 2 + y.var())


def test_eq_10_best_of(rng):
    M, s = 50, rng.uniform(0.01, 2)
    bound = lambda theta: np.log(M) / theta + theta * s**2 / 2  # noqa: E731
    theta = np.sqrt(2 * np.log(M)) / s
    same(bound(theta), s * np.sqrt(2 * np.log(M)))
    assert bound(0.99 * theta) > bound(theta) < bound(1.01 * theta)
    largest = s * rng.normal(size=(4000, M)).max(axis=1).mean()
    assert 0.6 * bound(theta) < largest < bound(theta)


def test_eq_10_decay_step(rng):
    w, best = rng.normal(size=(2, 4))
    lr, alpha = rng.uniform(0.01, 1, size=2)
    loss = lambda w: np.sum((w - best) ** 4)  # noqa: E731
    penalized = lambda w: loss(w) + alpha / 2 * np.sum(w**2)  # noqa: E731
    step = w - lr * numerical_gradient(penalized, w)
    np.testing.assert_allclose(
        step, (1 - lr * alpha) * w - lr * numerical_gradient(loss, w), rtol=1e-6, atol=1e-8
    )


def test_eq_10_shrink(rng):
    curvatures, alpha, best = rng.uniform(0.1, 5, size=4), rng.uniform(0.1, 2), rng.normal(size=4)
    w = curvatures / (curvatures + alpha) * best
    same(curvatures * (w - best) + alpha * w, 0)


def test_eq_10_early(rng):
    curvatures, best, lr = rng.uniform(0.1, 5, size=4), rng.normal(size=4), rng.uniform(0.01, 0.3)
    for steps in 0, 1, 9:
        w = descend(np.zeros(4), curvatures, best, lr, steps)
        same(w, (1 - (1 - lr * curvatures) ** steps) * best)


def test_eq_10_early_decay(rng):
    lr, steps = rng.uniform(0.01, 0.3), 7
    alpha = 1 / (lr * steps)
    h = 1e-20  # both factors are 0 at 0; a complex step gives their slopes there
    stopped = (1 - (1 - lr * 1j * h) ** steps).imag / h
    decayed = (1j * h / (1j * h + alpha)).imag / h
    same([stopped, decayed], [lr * steps, lr * steps])


def test_eq_10_dropout_mean(rng):
    x, rate = rng.normal(size=5), rng.uniform(0.1, 0.9)
    same(sum(p * m * x / (1 - rate) for m, p in masks(5, rate)), x)


def test_eq_10_dropout_penalty(rng):
    w, x, t, rate = rng.normal(size=6), rng.normal(size=6), rng.normal(), rng.uniform(0.1, 0.9)
    mean = sum(p * (np.sum(w * m * x) / (1 - rate) - t) ** 2 for m, p in masks(6, rate))
    same(mean, (np.sum(w * x) - t) ** 2 + rate / (1 - rate) * np.sum(w**2 * x**2))


def test_eq_10_dropout_ensemble(rng):
    x, W, rate = rng.normal(size=6), rng.normal(size=(6, 3)), rng.uniform(0.1, 0.9)
    logs = sum(p * np.log(softmax((m * x) @ W / (1 - rate))) for m, p in masks(6, rate))
    same(np.exp(logs) / np.exp(logs).sum(), softmax(x @ W))
