"""Both sides of the formulas of unit 13, on random numbers; a test is named after the formula's label.

Sums stand here as loops over the indices of the formulas; dlkit is not asked.
"""

from itertools import product

import numpy as np
import pytest

STEP = 1e-30  # of the complex step: nothing is subtracted, so it may be as small as this


@pytest.fixture
def rng():
    return np.random.default_rng(13)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-12)


def softmax(s):
    e = np.exp(s)
    return e / e.sum(axis=-1, keepdims=True)


def attend(Q, K, V, mask=None):
    """`def-13-attention` and `def-13-mask`, for one query after another."""
    mask = np.ones((len(Q), len(K)), bool) if mask is None else mask
    Y = np.zeros((len(Q), V.shape[1]), np.result_type(Q, K, V))
    for i, q in enumerate(Q):
        e = [np.exp(q @ k / np.sqrt(len(q))) if mask[i, j] else 0.0 for j, k in enumerate(K)]
        Y[i] = sum(e[j] / sum(e) * V[j] for j in range(len(K)))
    return Y


def derivative(f, X):
    """Gradient of a number f(X) by the complex step, entry by entry."""
    G = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        moved = X.astype(complex)
        moved[index] += 1j * STEP
        G[index] = f(moved).imag / STEP
    return G


@pytest.fixture
def sequences(rng):
    """Q (4, 3), K (5, 3), V (5, 2) and the gradient of the loss with respect to the output (4, 2)."""
    return (
        rng.normal(size=(4, 3)),
        rng.normal(size=(5, 3)),
        rng.normal(size=(5, 2)),
        rng.normal(size=(4, 2)),
    )


def test_eq_13_kernel(rng):
    keys, q = rng.normal(size=(6, 3)), rng.normal(size=3)
    keys *= 1.7 / np.linalg.norm(keys, axis=1, keepdims=True)
    near = np.exp(-((q - keys) ** 2).sum(axis=1) / 2)
    same(softmax(keys @ q), near / near.sum())
    keys[0] *= 2  # of another length: no longer equal
    near = np.exp(-((q - keys) ** 2).sum(axis=1) / 2)
    assert np.abs(softmax(keys @ q) - near / near.sum()).max() > 1e-3


def test_eq_13_matrix(sequences):
    Q, K, V, _ = sequences
    same(softmax(Q @ K.T / np.sqrt(3)) @ V, attend(Q, K, V))


def test_eq_13_variance():
    # exact: the mean over all vectors of three entries, each one of two values with mean 0 and variance 1
    values = [(-0.5, 0.8), (2.0, 0.2)]  # value and its probability
    assert sum(p * x for x, p in values) == pytest.approx(0)
    assert sum(p * x**2 for x, p in values) == pytest.approx(1)
    d, mean, square = 3, 0.0, 0.0
    for draw in product(values, repeat=2 * d):
        x, p = np.array([x for x, _ in draw]), np.prod([p for _, p in draw])
        mean += p * (x[:d] @ x[d:])
        square += p * (x[:d] @ x[d:]) ** 2
    same([mean, square - mean**2], [0, d])


def test_eq_13_jacobian(rng):
    s = rng.normal(size=5)
    a = softmax(s)
    for i, j in product(range(5), repeat=2):
        moved = s.astype(complex)
        moved[j] += 1j * STEP
        same(softmax(moved)[i].imag / STEP, a[i] * ((i == j) - a[j]))


def test_eq_13_values(sequences):
    Q, K, V, dY = sequences
    A = softmax(Q @ K.T / np.sqrt(3))
    same(derivative(lambda V: (attend(Q, K, V) * dY).sum(), V), A.T @ dY)
    same(derivative(lambda A: (A @ V * dY).sum(), A), dY @ V.T)


def scores_gradient(A, dA):
    dS = np.zeros_like(A)
    for i, j in np.ndindex(A.shape):
        dS[i, j] = A[i, j] * (dA[i, j] - sum(A[i, m] * dA[i, m] for m in range(A.shape[1])))
    return dS


def test_eq_13_scores(rng):
    S, dA = rng.normal(size=(2, 4, 5))
    same(derivative(lambda S: (softmax(S) * dA).sum(), S), scores_gradient(softmax(S), dA))


def test_eq_13_queries(sequences):
    Q, K, V, dY = sequences
    dS = scores_gradient(softmax(Q @ K.T / np.sqrt(3)), dY @ V.T)
    same(derivative(lambda Q: (attend(Q, K, V) * dY).sum(), Q), dS @ K / np.sqrt(3))
    same(derivative(lambda K: (attend(Q, K, V) * dY).sum(), K), dS.T @ Q / np.sqrt(3))


def test_eq_13_causal(rng):
    X, T = rng.normal(size=(5, 3)), 5
    mask = np.arange(T) <= np.arange(T)[:, None]
    for i in range(T):
        slopes = derivative(lambda X, i=i: attend(X, X, X, mask)[i].sum(), X)
        same(slopes[i + 1 :], 0)
        assert (np.abs(slopes[: i + 1]).max(axis=1) > 1e-6).all()


def test_eq_13_heads(rng):
    heads, width, D = 2, 3, 5
    Q, KV = rng.normal(size=(4, D)), rng.normal(size=(6, D))
    Wq, Wk, Wv = rng.normal(size=(3, heads, D, width))
    Wo = rng.normal(size=(heads * width, D))
    each = [attend(Q @ Wq[m], KV @ Wk[m], KV @ Wv[m]) for m in range(heads)]
    blocks = sum(each[m] @ Wo[m * width : (m + 1) * width] for m in range(heads))
    same(np.hstack(each) @ Wo, blocks)


def test_eq_13_equivariant(rng):
    X, P = rng.normal(size=(5, 3)), np.eye(5)[rng.permutation(5)]
    same(attend(P @ X, P @ X, P @ X), P @ attend(X, X, X))


def position(t, D):
    """`def-13-position`, pair by pair."""
    angles = [10000 ** (-2 * j / D) * t for j in range(D // 2)]
    return np.array([[np.sin(angle), np.cos(angle)] for angle in angles])


def test_eq_13_shift(rng):
    D, tau = 8, 7
    for t in rng.integers(0, 100, 5):
        for j, pair in enumerate(position(t, D)):
            angle = 10000 ** (-2 * j / D) * tau
            rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            same(position(t + tau, D)[j], rotation @ pair)


def test_eq_13_distance(rng):
    D = 8
    for s, t in rng.integers(0, 100, (5, 2)):
        cosines = sum(np.cos(10000 ** (-2 * j / D) * (s - t)) for j in range(D // 2))
        same((position(s, D) * position(t, D)).sum(), cosines)
