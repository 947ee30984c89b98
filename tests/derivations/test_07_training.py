"""Both sides of the formulas of unit 07, on random numbers; a test is named after the formula's label.

Derivatives are taken by complex steps and expected values over all draws; dlkit is not asked.
"""

from itertools import product

import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12)


def gradient(f, w):
    """Gradient of f at w by complex steps."""
    return np.array([np.imag(f(w + 1e-20j * unit)) / 1e-20 for unit in np.eye(len(w))])


@pytest.fixture
def sample(rng):
    """Input, target and weights of a linear unit."""
    return rng.normal(size=4), rng.normal(), rng.normal(size=4)


def test_eq_07_one_sample(sample):
    x, t, w = sample
    same(gradient(lambda w: (x @ w - t) ** 2 / 2, w), (x @ w - t) * x)


def test_eq_07_error_after(sample):
    x, t, w = sample
    for lr in (0.01, 0.5, 1 / (x @ x)):
        after = w - lr * (x @ w - t) * x
        same(x @ after - t, (1 - lr * (x @ x)) * (x @ w - t))


def test_eq_07_mini_batch(rng):
    X, t, w = rng.normal(size=(6, 4)), rng.normal(size=6), rng.normal(size=4)
    loss = lambda w: sum((x @ w - target) ** 2 / 2 for x, target in zip(X, t, strict=True)) / 6  # noqa: E731
    same(gradient(loss, w), X.T @ (X @ w - t) / 6)


def draws(gradients, size):
    """The mean over each of the equally likely batches that can be drawn with replacement."""
    return np.array([np.mean(batch, axis=0) for batch in product(gradients, repeat=size)])


@pytest.mark.parametrize("size", [1, 2, 4])
def test_eq_07_unbiased(rng, size):
    gradients = rng.normal(size=(5, 3))
    same(draws(gradients, size).mean(axis=0), gradients.mean(axis=0))


@pytest.mark.parametrize("size", [1, 2, 4])
def test_eq_07_noise(rng, size):
    gradients = rng.normal(size=(5, 3))
    whole = gradients.mean(axis=0)
    spread = ((gradients - whole) ** 2).sum(axis=1).mean()
    same(((draws(gradients, size) - whole) ** 2).sum(axis=1).mean(), spread / size)


def test_eq_07_initial_loss(rng):
    for classes in (2, 10, 100):
        scores = np.full(classes, rng.normal())
        probabilities = np.exp(scores) / np.exp(scores).sum()
        same(-np.log(probabilities[rng.integers(classes)]), np.log(classes))


def test_eq_07_accuracy_error(rng):
    p, M = rng.uniform(0.6, 0.95), 6
    answers = np.array(list(product([0, 1], repeat=M)))  # all outcomes, with their probabilities
    chances = np.prod(np.where(answers == 1, p, 1 - p), axis=1)
    accuracy = answers.mean(axis=1)
    same(chances @ accuracy, p)
    same(np.sqrt(chances @ (accuracy - p) ** 2), np.sqrt(p * (1 - p) / M))
