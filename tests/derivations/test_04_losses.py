"""Both sides of the formulas of unit 04, on random numbers; a test is named after the formula's label.

Derivatives are taken by complex steps, minima by trying neighbours; dlkit is not asked.
"""

import math

import numpy as np
import pytest

N, C = 5, 4


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def gradient(f, x):
    """Derivatives of the number f(x) with respect to all entries of x, by complex steps."""
    x = np.asarray(x, dtype=complex)
    found = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape, dtype=complex)
        step[index] = 1e-20j
        found[index] = np.imag(f(x + step)) / 1e-20
    return found


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12)


def softmax(u):
    return np.exp(u) / np.exp(u).sum(axis=-1, keepdims=True)


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def absolute(x):
    """Absolute value that keeps the imaginary part of a complex step."""
    return np.where(np.real(x) < 0, -x, x)


def binary(y, t):
    """`def-04-binary`."""
    return -t * np.log(y) - (1 - t) * np.log(1 - y)


def test_eq_04_squared_gradient(rng):
    y, t = rng.normal(size=(2, N, C))
    sse = lambda y: (((y - t) ** 2).sum(axis=1) / 2).mean()  # noqa: E731
    mse = lambda y: (((y - t) ** 2).sum(axis=1) / C).mean()  # noqa: E731
    same(gradient(sse, y), (y - t) / N)
    same(gradient(mse, y), 2 * (y - t) / (N * C))


def test_eq_04_absolute_gradient(rng):
    y, t = rng.normal(size=(2, N, C))
    loss = lambda y: absolute(y - t).sum(axis=1).mean()  # noqa: E731
    same(gradient(loss, y), np.sign(y - t) / N)


def test_eq_04_mean(rng):
    t, c = rng.normal(size=N), rng.normal()
    same(gradient(lambda c: ((c - t) ** 2).sum() / (2 * N), c), c - t.mean())


def test_eq_04_median(rng):
    t = rng.normal(size=N)
    for c in rng.normal(size=20):
        below, above = sum(t < c), sum(t > c)
        same(gradient(lambda c: absolute(c - t).sum() / N, c), (below - above) / N)


def test_eq_04_gauss(rng):
    y, t = rng.normal(size=(2, C))
    s = rng.uniform(0.5, 2)
    density = np.exp(-((y - t) ** 2) / (2 * s**2)) / np.sqrt(2 * np.pi * s**2)
    squares = ((y - t) ** 2).sum()
    same(-np.log(np.prod(density)), squares / (2 * s**2) + C / 2 * np.log(2 * np.pi * s**2))


@pytest.mark.parametrize("right", range(C))
def test_eq_04_cross_entropy(rng, right):
    y, t = softmax(rng.normal(size=C)), np.eye(C)[right]
    same(-np.log(np.prod(y**t)), -sum(t[k] * np.log(y[k]) for k in range(C)))
    same(-np.log(y[right]), -sum(t[k] * np.log(y[k]) for k in range(C)))


def test_eq_04_labels(rng):
    y, t = softmax(rng.normal(size=(N, C))), rng.integers(C, size=N)
    one_hot = np.eye(C)[t]
    double_sum = sum(one_hot[n, k] * np.log(y[n, k]) for n in range(N) for k in range(C))
    same(-double_sum / N, -sum(np.log(y[n, t[n]]) for n in range(N)) / N)


def test_eq_04_gibbs(rng):
    for t in [*softmax(2 * rng.normal(size=(20, C))), np.array([0.5, 0.5, 0, 0]), np.eye(C)[0]]:
        entropy = -sum(p * np.log(p) for p in t if p > 0)
        for y in softmax(2 * rng.normal(size=(20, C))):
            assert -(t * np.log(y)).sum() > entropy


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_eq_04_uniform(rng, classes):
    t, y = softmax(rng.normal(size=classes)), np.full(classes, 1 / classes)
    same(-(t * np.log(y)).sum(), np.log(classes))


def test_eq_04_log_softmax(rng):
    u = rng.normal(size=C)
    m = u.max()
    for shift in (
        0,
        1000,
    ):  # unshifted scores can be compared directly, large ones overflow without m
        large = u + shift
        right = (large - (m + shift)) - np.log(np.exp(large - (m + shift)).sum())
        np.testing.assert_allclose(np.log(softmax(u)), right, rtol=1e-10)


def test_eq_04_two_classes(rng):
    for u in rng.normal(scale=3, size=10):
        same(softmax(np.array([u, 0.0]))[0], 1 / (1 + np.exp(-u)))


@pytest.mark.parametrize("t", [0.0, 1.0, 0.3])
def test_eq_04_sigmoid_cross_entropy(rng, t):
    for u in rng.normal(scale=2, size=10):
        y = sigmoid(u)
        same(gradient(lambda u: binary(sigmoid(u), t), u), y - t)
        same(gradient(lambda y: binary(y, t), y), (y - t) / (y * (1 - y)))
        same(gradient(sigmoid, u), y * (1 - y))


@pytest.mark.parametrize("t", [0.0, 1.0])
def test_eq_04_sigmoid_squared(rng, t):
    for u in rng.normal(scale=2, size=10):
        y = sigmoid(u)
        same(gradient(lambda u: (sigmoid(u) - t) ** 2 / 2, u), (y - t) * y * (1 - y))


@pytest.mark.parametrize("t", [0.0, 1.0, 0.3])
def test_eq_04_stable(rng, t):
    for u in rng.normal(scale=5, size=20):
        stable = max(u, 0) - t * u + math.log(1 + math.exp(-abs(u)))
        same((1 - t) * u + math.log(1 + math.exp(-u)), stable)
        np.testing.assert_allclose(binary(sigmoid(u), t), stable, rtol=1e-9)
