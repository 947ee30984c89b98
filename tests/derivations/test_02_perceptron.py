"""Both sides of the formulas of unit 02, on random numbers; a test is named after the formula's label.

The learning rule is written out here; dlkit is not asked.
"""

from itertools import product

import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12)


def test_eq_02_bias(rng):
    w, x, b = rng.normal(size=4), rng.normal(size=4), rng.normal()
    same(sum(w * x) + b, sum(np.array([b, *w]) * np.array([1, *x])))


def test_eq_02_distance(rng):
    """The distance is that to the nearest of very many points of the line, with the sign of the side."""
    for w, b, x in zip(
        rng.normal(size=(5, 2)), rng.normal(size=5), rng.normal(size=(5, 2)), strict=True
    ):
        along = np.array([-w[1], w[0]]) / np.linalg.norm(w)
        origin = -b * w / (w @ w)
        near = (x - origin) @ along
        line = origin + np.linspace(near - 1, near + 1, 2001)[:, np.newaxis] * along
        nearest = np.linalg.norm(line - x, axis=1).min()
        fires = (x - origin) @ w > 0  # the side to which w points
        same((w @ x + b) / np.linalg.norm(w), nearest if fires else -nearest)


def test_eq_02_xor(rng):
    for w1, w2, b in rng.normal(size=(20, 3)):
        u = {(i, j): w1 * i + w2 * j + b for i, j in product([0, 1], repeat=2)}
        same(u[0, 1] + u[1, 0], u[0, 0] + u[1, 1])


@pytest.mark.parametrize("D", [1, 2, 3, 5])
def test_eq_02_pattern(D):
    bits = np.array(list(product([0, 1], repeat=D)))
    for p in bits:
        w, b = 2 * p - 1, 1 / 2 - sum(p)
        for x in bits:
            u = sum(w * x) + b
            same(u, 1 / 2 - sum(abs(x - p)))
            assert (u > 0) == np.array_equal(x, p)


def test_eq_02_step(rng):
    x, w, b, eta = rng.normal(size=4), rng.normal(size=4), rng.normal(), 0.3
    for difference in -1, 0, 1:
        new_w, new_b = w + eta * difference * x, b + eta * difference
        change = (sum(new_w * x) + new_b) - (sum(w * x) + b)
        same(change, eta * difference * (sum(x**2) + 1))


@pytest.fixture(params=range(4))
def history(request):
    """The weights after each mistake on separable samples, with their solution w*, margin and radius."""
    rng = np.random.default_rng(request.param)
    solution = rng.normal(size=4)
    solution /= np.linalg.norm(solution)
    x = np.column_stack([np.ones(200), rng.normal(size=(200, 3))])
    x = x[abs(x @ solution) > 0.2]
    t = (x @ solution > 0).astype(int)
    margin = min((2 * t - 1) * (x @ solution))
    radius = max(np.linalg.norm(x, axis=1))

    weights, mistaken = [np.zeros(4)], True
    while mistaken:
        mistaken = False
        for sample, target in zip(x, t, strict=True):
            y = int(sample @ weights[-1] > 0)
            if y != target:
                weights.append(weights[-1] + (target - y) * sample)
                mistaken = True
    assert len(weights) > 5
    return weights, solution, margin, radius


def test_eq_02_progress(history):
    weights, solution, margin, _ = history
    for k, w in enumerate(weights):
        assert w @ solution >= k * margin - 1e-12


def test_eq_02_growth(history):
    weights, _, _, radius = history
    for k, w in enumerate(weights):
        assert w @ w <= k * radius**2 + 1e-12


def test_eq_02_novikoff(history):
    weights, _, margin, radius = history
    assert len(weights) - 1 <= (radius / margin) ** 2
