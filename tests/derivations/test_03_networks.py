"""Both sides of the formulas of unit 03, on random numbers; a test is named after the formula's label.

Everything is written out here, sums as loops; dlkit is not asked.
"""

import math

import numpy as np
import pytest

N, D, H, C = 6, 4, 5, 3


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12)


def sigmoid(u):
    return 1 / (1 + math.exp(-u))


def relu(u):
    return np.maximum(0, u)


def softmax(u):
    return np.exp(u) / np.exp(u).sum()


def test_eq_03_sigmoid_symmetry(rng):
    for u in rng.normal(scale=3, size=20):
        same(sigmoid(-u), math.exp(-u) / (math.exp(-u) + 1))
        same(sigmoid(-u), 1 - sigmoid(u))


def test_eq_03_sharp(rng):
    for u, a in zip(rng.normal(size=20), rng.uniform(0.1, 10, size=20), strict=True):
        difference = abs(sigmoid(a * u) - (1 if u > 0 else 0))
        same(difference, 1 / (1 + math.exp(a * abs(u))))
        assert difference < math.exp(-a * abs(u))


def test_eq_03_tanh(rng):
    for u in rng.normal(scale=2, size=20):
        definition = (math.exp(u) - math.exp(-u)) / (math.exp(u) + math.exp(-u))
        same(definition, (1 - math.exp(-2 * u)) / (1 + math.exp(-2 * u)))
        same(definition, 2 * sigmoid(2 * u) - 1)


def test_eq_03_leaky(rng):
    a = rng.uniform(0, 1)
    for u in [*rng.normal(size=20), 0.0]:
        same(u if u > 0 else a * u, relu(u) - a * relu(-u))


def test_eq_03_collapse(rng):
    x, W1, b1 = rng.normal(size=D), rng.normal(size=(D, H)), rng.normal(size=H)
    W2, b2 = rng.normal(size=(H, C)), rng.normal(size=C)
    same((x @ W1 + b1) @ W2 + b2, x @ (W1 @ W2) + (b1 @ W2 + b2))


@pytest.mark.parametrize(("x1", "x2"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_eq_03_xor(x1, x2):
    assert relu(x1 + x2) - 2 * relu(x1 + x2 - 1) == (x1 != x2)


def test_eq_03_row(rng):
    x, W, b = rng.normal(size=D), rng.normal(size=(D, H)), rng.normal(size=H)
    u = x @ W + b
    for j in range(H):
        same(u[j], sum(x[i] * W[i, j] for i in range(D)) + b[j])


def test_eq_03_transpose(rng):
    x, W = rng.normal(size=(1, D)), rng.normal(size=(D, H))
    same((x @ W).T, W.T @ x.T)


def test_eq_03_batch(rng):
    X, W, b = rng.normal(size=(N, D)), rng.normal(size=(D, H)), rng.normal(size=(1, H))
    U = X @ W + np.ones((N, 1)) @ b
    for n, j in np.ndindex(N, H):
        same(U[n, j], sum(X[n, i] * W[i, j] for i in range(D)) + b[0, j])
    same(X @ W + b[0], U)  # what broadcasting makes of it


@pytest.mark.parametrize(
    ("sizes", "expected"), [((2, 3, 2, 2), 23), ((784, 50, 100, 10), 45_360), ((64, 32, 10), 2410)]
)
def test_eq_03_parameters(sizes, expected):
    layers = range(1, len(sizes))
    arrays = [np.empty((sizes[k - 1], sizes[k])) for k in layers]
    arrays += [np.empty(sizes[k]) for k in layers]
    assert sum(a.size for a in arrays) == expected
    assert sum((sizes[k - 1] + 1) * sizes[k] for k in layers) == expected


def test_eq_03_ratio(rng):
    u = rng.normal(size=C)
    y = softmax(u)
    for j, k in np.ndindex(C, C):
        same(y[j] / y[k], np.exp(u[j] - u[k]))


def test_eq_03_shift(rng):
    u = rng.normal(size=C)
    for a in [*rng.normal(scale=10, size=5), -u.max()]:
        same(softmax(u + a), softmax(u))


@pytest.fixture
def curve(rng):
    """A function, the bound of its second derivative, and its interval."""
    a, b = rng.uniform(0.5, 2, size=2)
    return lambda x: a * np.sin(b * x) + x / 2, a * b**2, (rng.uniform(-1, 0), rng.uniform(4, 6))


def network(g, ends, units):
    """Breakpoints, and `eq-03-relu-interpolation` as a function."""
    a = np.linspace(*ends, units + 1)
    s = [0.0, *np.diff(g(a)) / (a[1] - a[0])]
    weights = [s[j] - s[j - 1] for j in range(1, units + 1)]
    return a, lambda x: g(a[0]) + sum(w * relu(x - k) for w, k in zip(weights, a, strict=False))


@pytest.mark.parametrize("units", [1, 4, 30])
def test_eq_03_relu_interpolation(curve, units):
    g, _, ends = curve
    a, y = network(g, ends, units)
    same([y(x) for x in a], g(a))
    x = np.linspace(*ends, 203)
    same(y(x), np.interp(x, a, g(a)))


@pytest.mark.parametrize("units", [4, 30, 200])
def test_eq_03_interpolation_error(curve, units):
    g, bound, ends = curve
    a, y = network(g, ends, units)
    x = np.linspace(*ends, 20 * units + 1)
    error = np.abs(g(x) - y(x)).max()
    h = a[1] - a[0]
    assert error <= h**2 / 8 * bound
    if units >= 30:
        assert error > 0.9 * h**2 / 8 * bound  # the bound is nearly reached: its factor is right
