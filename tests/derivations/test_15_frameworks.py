"""Both sides of the formulas of unit 15, on random numbers; a test is named after the formula's label.

A graph is a list of nodes, each with a function of those before it; dlkit is not asked.
"""

from itertools import pairwise

import numpy as np
import pytest

STEP = 1e-30  # of the complex step


@pytest.fixture
def rng():
    return np.random.default_rng(15)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-12)


@pytest.fixture
def slopes(rng):
    """Local derivatives of a graph of 7 values: at (i, j) that of value j with respect to value i."""
    found = np.triu(rng.uniform(0.5, 2, (7, 7)) * (rng.random((7, 7)) < 0.6), k=1)
    found[np.arange(6), np.arange(1, 7)] = rng.uniform(0.5, 2, 6)
    return found


def numerically(slopes, i):
    """Derivative of the last value with respect to value i, by a complex step through the graph.

    Value j is the sum of slopes[i, j] * value i, so that the slopes are its local derivatives.
    """
    values = np.zeros(len(slopes), complex)
    for j in range(len(slopes)):
        values[j] = 1j * STEP if j == i else slopes[:, j] @ values
    return values[-1].imag / STEP


def paths(slopes, i, end):
    """All paths from i to end, each as the list of its nodes."""
    if i == end:
        return [[end]]
    return [[i, *rest] for j in np.flatnonzero(slopes[i]) for rest in paths(slopes, j, end)]


def test_eq_15_accumulate(slopes):
    n = len(slopes)
    bar = np.zeros(n)
    bar[-1] = 1.0
    for i in reversed(range(n - 1)):
        bar[i] = sum(bar[j] * slopes[i, j] for j in range(n) if slopes[i, j])
    same(bar, [numerically(slopes, i) for i in range(n)])


def test_eq_15_paths(slopes):
    n = len(slopes)
    for i in range(n):
        found = paths(slopes, i, n - 1)
        products = [np.prod([slopes[a, b] for a, b in pairwise(p)]) for p in found]
        same(sum(products), numerically(slopes, i))
    assert len(paths(slopes, 0, n - 1)) > 3  # more than a chain


def test_eq_15_path_count():
    for n in range(8):
        uses = [(k, k + 1) for k in range(n) for _ in range(2)]  # each value twice

        def count(k, uses=uses, n=n):
            return 1 if k == n else sum(count(end) for start, end in uses if start == k)

        assert count(0) == 2**n


def test_eq_15_broadcast(rng):
    X, b, dY = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(4, 3))
    for j in range(3):
        moved = b.astype(complex)
        moved[j] += 1j * STEP
        same(((X + moved) * dY).sum().imag / STEP, sum(dY[i, j] for i in range(4)))


def test_eq_15_hvp(rng):
    # L(w) = sum of exp(a_k . w), whose gradient and Hessian are known
    A, w, v = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=3)
    gradient = lambda w: A.T @ np.exp(A @ w)  # noqa: E731
    hessian = A.T @ np.diag(np.exp(A @ w)) @ A
    for i in range(3):
        moved = w.astype(complex)
        moved[i] += 1j * STEP
        same((gradient(moved) @ v).imag / STEP, (hessian @ v)[i])
        same((np.exp(A @ moved).sum()).imag / STEP, gradient(w)[i])
