"""Both sides of the formulas of unit 05, on random numbers; a test is named after the formula's label.

Limits are judged by the order at which a remainder vanishes; dlkit is not asked.
"""

import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(5)


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
    np.testing.assert_allclose(left, right, rtol=1e-11, atol=1e-12)


def assert_of_order(remainder, order):
    """The remainder falls as h to this power: by 2**order where h is halved."""
    ratio = remainder(2e-2) / remainder(1e-2)
    assert ratio == pytest.approx(2**order, rel=0.05)


@pytest.fixture
def smooth(rng):
    """A function with its first three derivatives, and a point."""
    a, b, x = rng.uniform(0.5, 2, size=3)
    return (
        lambda x: np.exp(a * x) + np.sin(b * x),
        lambda x: a * np.exp(a * x) + b * np.cos(b * x),
        lambda x: a**2 * np.exp(a * x) - b**2 * np.sin(b * x),
        lambda x: a**3 * np.exp(a * x) - b**3 * np.cos(b * x),
        x,
    )


@pytest.fixture
def surface(rng):
    """A function of four variables, and a point."""
    A = rng.normal(size=(3, 4))
    return lambda x: (np.sin(A @ x) ** 2).sum() + np.exp(A[0] @ x), rng.normal(size=4)


def test_eq_05_forward(smooth):
    f, df, d2f, _, x = smooth
    quotient = lambda h: (f(x + h) - f(x)) / h  # noqa: E731
    assert_of_order(lambda h: quotient(h) - df(x) - h / 2 * d2f(x), 2)


def test_eq_05_central(smooth):
    f, df, _, d3f, x = smooth
    quotient = lambda h: (f(x + h) - f(x - h)) / (2 * h)  # noqa: E731
    assert_of_order(lambda h: quotient(h) - df(x) - h**2 / 6 * d3f(x), 4)


def test_eq_05_forward_step(rng):
    size, second, eps = rng.uniform(0.5, 2, size=3)
    error = lambda h: h / 2 * second + 2 * eps * size / h  # noqa: E731
    best = 2 * np.sqrt(eps * size / second)
    same(error(best), 2 * np.sqrt(eps * size * second))
    for h in best * np.array([0.5, 0.999, 1.001, 2]):
        assert error(h) > error(best)


def test_eq_05_directional(rng, surface):
    f, x = surface
    d = rng.normal(size=4)
    d /= np.linalg.norm(d)
    same(gradient(lambda s: f(x + s * d), 0.0), gradient(f, x) @ d)


def test_eq_05_steepest(rng, surface):
    f, x = surface
    g = gradient(f, x)
    length = np.linalg.norm(g)
    same(g @ (-g / length), -length)
    for d in rng.normal(size=(50, 4)):
        assert g @ d / np.linalg.norm(d) > -length


def test_eq_05_decrease(surface):
    f, x = surface
    g = gradient(f, x)
    g2 = g @ g
    scale = 0.01 / g2  # so that the steps are small
    remainder = lambda h: f(x - h * scale * g) - f(x) + h * scale * g2  # noqa: E731
    assert_of_order(remainder, 2)


@pytest.mark.parametrize("rate", [0.1, 0.9, 1.5, 1.99, 2.01, 3])
def test_eq_05_quadratic(rng, rate):
    a, start = rng.uniform(0.5, 2, size=2)
    eta = rate / a
    w = start
    for k in range(1, 400):
        w = w - eta * gradient(lambda w: a / 2 * w**2, w)
        if k < 20:
            same(w, (1 - eta * a) ** k * start)
    assert (abs(w) < start) == (rate < 2)


def test_eq_05_rate(rng):
    a = np.sort(rng.uniform(0.1, 5, size=6))
    factor = lambda eta: np.abs(1 - eta * a).max()  # noqa: E731
    best = 2 / (a[0] + a[-1])
    same(factor(best), (a[-1] - a[0]) / (a[-1] + a[0]))
    for eta in best * np.array([0.3, 0.99, 1.01, 1.7]):
        assert factor(eta) > factor(best)


@pytest.fixture
def layer(rng):
    """Loss as a function of the scores, by softmax and cross entropy, an input and a weight matrix."""
    t = np.eye(3)[1]
    loss = lambda u: -(t * np.log(np.exp(u) / np.exp(u).sum())).sum()  # noqa: E731
    return loss, rng.normal(size=2), rng.normal(size=(2, 3))


def test_eq_05_outer(layer):
    loss, x, W = layer
    by_weight, by_score = gradient(lambda W: loss(x @ W), W), gradient(loss, x @ W)
    for i, j in np.ndindex(W.shape):
        same(by_weight[i, j], x[i] * by_score[j])


def test_eq_05_row_sum(layer):
    loss, x, W = layer
    by_weight = gradient(lambda W: loss(x @ W), W)
    assert np.abs(by_weight).min() > 1e-3
    same(by_weight.sum(axis=1), 0)
