"""Both sides of the formulas of unit 14, on random numbers; a test is named after the formula's label.

Integrals stand here as sums over a fine grid, means over possible pictures as sums; dlkit is not asked.
"""

import numpy as np
import pytest

STEP = 1e-30  # of the complex step


@pytest.fixture
def rng():
    return np.random.default_rng(14)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-12)


def kernel(s):
    """`def-14-cubic`."""
    s = abs(s)
    if s <= 1:
        return 1.5 * s**3 - 2.5 * s**2 + 1
    return -0.5 * s**3 + 2.5 * s**2 - 4 * s + 2 if s < 2 else 0.0


def mse(y, t):
    return ((y - t) ** 2).mean()


def sigma(u):
    return 1 / (1 + np.exp(-u))


def densities(rng, points=2001):
    """Two densities on a grid, and the width of its cells; their integrals are 1."""
    x, width = np.linspace(-8, 8, points, retstep=True)
    found = []
    for _ in range(2):
        bumps = [
            np.exp(-((x - m) ** 2) / (2 * s**2))
            for m, s in zip(*rng.uniform(0.5, 2, (2, 2)), strict=True)
        ]
        density = bumps[0] + rng.uniform(0.5, 2) * bumps[1][::-1]
        found.append(density / (density.sum() * width))
    return *found, width


def test_eq_14_reproduces(rng):
    k = np.arange(-5, 20)
    for x in [*rng.uniform(0, 10, 5), 3.0]:
        weights = np.array([kernel(x - place) for place in k])
        for p in range(3):
            same((k.astype(float) ** p * weights).sum(), x**p)
    assert abs((k**3.0 * [kernel(0.3 - place) for place in k]).sum() - 0.3**3) > 1e-3


def test_eq_14_gain(rng):
    y1, y2, t = rng.random((3, 4, 5))
    psnr = lambda y: 10 * np.log10(1 / mse(y, t))  # noqa: E731
    same(psnr(y1) - psnr(y2), 10 * np.log10(mse(y2, t) / mse(y1, t)))


def test_eq_14_receptive(rng):
    for kernels in [(9, 1, 5), (9, 3, 5), (3,)]:
        seen = np.zeros(61)
        seen[30] = 1.0  # a single pixel; how many pixels of the result hear of it
        for k in kernels:
            seen = np.convolve(seen, rng.uniform(0.5, 1, k), mode="same")
        assert (seen > 0).sum() == 1 + sum(k - 1 for k in kernels)


def test_eq_14_mean(rng):
    t, share, y = rng.normal(size=(6, 8)), rng.dirichlet(np.ones(6)), rng.normal(size=8)
    mean = share @ t
    expected = lambda y: share @ ((t - y) ** 2).sum(axis=1)  # noqa: E731
    same(expected(y), expected(mean) + ((mean - y) ** 2).sum())


def test_eq_14_optimal(rng):
    p, q = rng.uniform(0.1, 2, (2, 5))
    value = lambda D: p * np.log(D) + q * np.log(1 - D)  # noqa: E731
    best = p / (p + q)
    same(value(best + 1j * STEP).imag / STEP, 0)
    for other in rng.uniform(0.01, 0.99, (20, 5)):
        assert (value(other) <= value(best)).all()
    same(sigma(np.log(p / q)), best)


def jensen_shannon(p, q, width):
    m = (p + q) / 2
    return width * (p * np.log(p / m) + q * np.log(q / m)).sum() / 2


def test_eq_14_js(rng):
    p, q, width = densities(rng)
    best = p / (p + q)
    value = width * (p * np.log(best) + q * np.log(1 - best)).sum()
    same(value, 2 * jensen_shannon(p, q, width) - np.log(4))
    assert 0 < jensen_shannon(p, q, width) < np.log(2)
    same(jensen_shannon(p, p, width), 0)
    tiny = 1e-300
    left, right = np.array([0.5, 0.5, tiny, tiny]), np.array([tiny, tiny, 0.5, 0.5])
    same(jensen_shannon(left, right, 1.0), np.log(2))  # without overlap


def test_eq_14_gradients(rng):
    u = rng.normal(size=6)
    slope = lambda f: f(u + 1j * STEP).imag / STEP  # noqa: E731
    same(slope(lambda u: np.log(1 - sigma(u))), -sigma(u))
    same(slope(lambda u: -np.log(sigma(u))), -(1 - sigma(u)))


def test_eq_14_smoothing(rng):
    p, q = rng.uniform(0.1, 2, (2, 5))
    alpha = rng.uniform(0.6, 0.95)
    value = lambda D: p * (alpha * np.log(D) + (1 - alpha) * np.log(1 - D)) + q * np.log(1 - D)  # noqa: E731
    best = alpha * p / (p + q)
    same(value(best + 1j * STEP).imag / STEP, 0)
    assert (value(best) > value(best + 0.01)).all()
    assert (best < alpha).all()


def shuffled(x, r):
    """`def-14-shuffle`, entry by entry."""
    C, H, W = x.shape[0] // r**2, *x.shape[1:]
    y = np.zeros((C, r * H, r * W), x.dtype)
    for c, h, w, i, j in np.ndindex(C, H, W, r, r):
        y[c, r * h + i, r * w + j] = x[c * r**2 + i * r + j, h, w]
    return y


def test_eq_14_shuffle_backward(rng):
    r, x = 2, rng.normal(size=(8, 2, 3))
    dy = rng.normal(size=(2, 4, 6))
    for c, h, w, i, j in np.ndindex(2, 2, 3, r, r):
        at = c * r**2 + i * r + j, h, w
        moved = x.astype(complex)
        moved[at] += 1j * STEP
        same((shuffled(moved, r) * dy).sum().imag / STEP, dy[c, r * h + i, r * w + j])
