"""Both sides of the formulas of unit 09, on random numbers; a test is named after the formula's label.

Expectations over random weights are exact: every weight is +s or -s, and all choices of signs are gone through.
"""

from itertools import product

import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(9)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-12)


def all_weights(shape, s):
    """All matrices of entries s and -s, equally probable: independent, with mean 0 and variance s²."""
    for signs in product([s, -s], repeat=int(np.prod(shape))):
        yield np.array(signs).reshape(shape)


def symmetric(rng):
    """Equally probable numbers, of which each has its opposite."""
    u = rng.normal(size=6)
    return np.concatenate([u, -u])


def normalize(x, eps=0.0):
    """`def-09-batch-norm` with gamma 1 and beta 0."""
    centred = x - x.mean(axis=0)
    tau = np.sqrt((centred**2).mean(axis=0) + eps)
    return centred / tau, tau


def complex_step(f, x):
    """Gradient of a real function of x, entry by entry."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        z = x.astype(complex)
        z[index] += 1e-20j
        gradient[index] = f(z).imag / 1e-20
    return gradient


def test_eq_09_forward(rng):
    D, s, z = 4, rng.uniform(0.1, 2), rng.normal(size=4)
    squares = [(z @ W) ** 2 for W in all_weights((D, 2), s)]
    same(np.mean(squares), D * s**2 * np.mean(z**2))


def test_eq_09_backward(rng):
    H, s = 3, rng.uniform(0.1, 2)
    delta, slopes = rng.normal(size=H), np.array([0.0, 0.25, 1.0])
    squares = [(f * (W @ delta)) ** 2 for f in slopes for W in all_weights((2, H), s)]
    same(np.mean(squares), np.mean(slopes**2) * H * s**2 * np.mean(delta**2))


def test_eq_09_depth(rng):
    H, K, s, f = 2, 3, rng.uniform(0.1, 2), rng.uniform(0.1, 1)
    delta = rng.normal(size=H)
    squares = [
        (f * (W1 @ (f * (W2 @ delta)))) ** 2
        for W1 in all_weights((H, H), s)
        for W2 in all_weights((H, H), s)
    ]
    same(np.mean(squares), (H * s**2 * f**2) ** (K - 1) * np.mean(delta**2))


def test_eq_09_xavier(rng):
    D, H = rng.integers(1, 500, size=2)
    s2 = 2 / (D + H)
    same(D * s2 + H * s2, 2)
    same(7 * 2 / (7 + 7), 1)  # equal sizes: both factors are one


def test_eq_09_relu_half(rng):
    u = symmetric(rng)
    same(np.mean(np.maximum(0, u) ** 2), np.mean(u**2) / 2)
    same(np.mean((u > 0) ** 2), 1 / 2)


def test_eq_09_leaky(rng):
    u, a = symmetric(rng), rng.uniform(-1, 1)
    same(np.mean(np.where(u > 0, u, a * u) ** 2), (1 + a**2) / 2 * np.mean(u**2))
    same(np.mean(np.where(u > 0, 1, a) ** 2), (1 + a**2) / 2)


def test_eq_09_he(rng):
    D, a, z = 5, rng.uniform(-1, 1), rng.normal(size=5)
    for slope, s2 in [(a, 2 / ((1 + a**2) * D)), (0.0, 2 / D)]:
        sums = np.array([z @ W for W in all_weights((D, 1), np.sqrt(s2))])
        same(np.mean(np.where(sums > 0, sums, slope * sums) ** 2), np.mean(z**2))


def test_eq_09_sigmoid(rng):
    H, s, u = 50, rng.uniform(0.1, 2), np.append(3 * rng.normal(size=1000), 0.0)
    slope = np.exp(-u) / (1 + np.exp(-u)) ** 2
    assert H * s**2 * np.mean(slope**2) <= H * s**2 / 16
    same(H * s**2 * np.mean(slope[u == 0] ** 2), H * s**2 / 16)


def test_eq_09_bn_params(rng):
    x, t = rng.normal(size=7), rng.normal(size=7)
    loss = lambda y: np.sum((y - t) ** 3)  # noqa: E731
    gamma, beta = rng.normal(size=2)
    x_hat, _ = normalize(x)
    g = 3 * (gamma * x_hat + beta - t) ** 2
    by_params = complex_step(lambda p: loss(p[0] * x_hat + p[1]), np.array([gamma, beta]))
    same(by_params, [np.sum(g * x_hat), np.sum(g)])


def test_eq_09_bn_jacobian(rng):
    N, eps = 6, 0.3
    x = rng.normal(size=N)
    x_hat, tau = normalize(x, eps)
    for m in range(N):
        same(
            complex_step(lambda z, m=m: normalize(z, eps)[0][m], x),
            ((np.arange(N) == m) - 1 / N - x_hat[m] * x_hat / N) / tau,
        )


def test_eq_09_bn_backward(rng):
    N, eps, gamma = 6, 0.3, rng.normal()
    x, g = rng.normal(size=N), rng.normal(size=N)
    x_hat, tau = normalize(x, eps)
    found = complex_step(lambda z: np.sum(g * gamma * normalize(z, eps)[0]), x)
    same(found, gamma / tau * (g - g.mean() - x_hat * (g * x_hat).mean()))


def test_eq_09_bn_orthogonal(rng):
    x, g = rng.normal(size=8), rng.normal(size=8)
    dx = complex_step(lambda z: np.sum(g * normalize(z)[0]), x)
    same([dx.sum(), (normalize(x)[0] * dx).sum()], [0, 0])
    assert np.abs(dx).max() > 0.01


def test_eq_09_bn_scale(rng):
    x, W, g, c = rng.normal(size=(6, 3)), rng.normal(size=(3, 2)), rng.normal(size=(6, 2)), 3.7
    same(normalize(x @ (c * W))[0], normalize(x @ W)[0])
    loss = lambda W: np.sum(g * normalize(x @ W)[0])  # noqa: E731
    same(complex_step(loss, c * W), complex_step(loss, W) / c)


def test_eq_09_residual_backward(rng):
    W, g, z = rng.normal(size=(4, 4)), rng.normal(size=4), rng.normal(size=4)
    J = (1 - np.tanh(z @ W) ** 2)[:, None] * W.T  # outputs are rows
    same(complex_step(lambda z: np.sum(g * (z + np.tanh(z @ W))), z), (np.eye(4) + J.T) @ g)


def test_eq_09_residual_paths(rng):
    J1, J2 = rng.normal(size=(2, 4, 4))
    eye = np.eye(4)
    same((eye + J1.T) @ (eye + J2.T), eye + J1.T + J2.T + J1.T @ J2.T)


def test_eq_09_residual_growth(rng):
    D, s = 3, rng.uniform(0.1, 2)
    half = rng.normal(size=(2, D))
    samples = np.concatenate([half, -half])  # symmetric around 0
    after = [(z + np.maximum(0, z) @ W) ** 2 for W in all_weights((D, D), s) for z in samples]
    same(np.mean(after), (1 + D * s**2 / 2) * np.mean(samples**2))


def test_eq_09_residual_norm(rng):
    D, s = 3, np.sqrt(2 / 3)
    half = rng.normal(size=(2, D))
    batch = np.concatenate([half, -half])  # symmetric around 0
    inside = np.maximum(0, normalize(batch)[0])
    after = [(batch + inside @ W) ** 2 for W in all_weights((D, D), s)]
    same(np.mean(after), np.mean(batch**2) + 1)
    start = rng.uniform(0.5, 2)
    size = start
    for l in range(1, 8):  # noqa: E741  (the layer)
        size = size + 1
        same(size, start + l)
