"""Both sides of the formulas of unit 11, on random numbers; a test is named after the formula's label.

The left sides are sums written out as they are defined; dlkit is asked only where a loss's derivative is taken.
"""

from math import prod

import numpy as np
import pytest

from dlkit.gradcheck import numerical_gradient


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def same(left, right, rtol=1e-9):
    np.testing.assert_allclose(left, right, rtol=rtol, atol=1e-12)


def correlate(w, x):
    """`def-11-convolution`, left, at all positions where it is defined, by loops."""
    return np.array(
        [sum(w[k] * x[o + k] for k in range(len(w))) for o in range(len(x) - len(w) + 1)]
    )


def convolve(w, x):
    """The same, right; x is 0 outside."""
    inside = lambda i: x[i] if 0 <= i < len(x) else 0.0  # noqa: E731
    size = len(x) + len(w) - 1
    return np.array([sum(w[k] * inside(o - k) for k in range(len(w))) for o in range(size)])


def layer(x, w, b, stride, padding):
    """`def-11-layer`, by loops."""
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding)])
    size = (x.shape[2] - w.shape[2]) // stride + 1
    y = np.zeros((len(x), len(w), size))
    for n, f, o in np.ndindex(y.shape):
        window = x[n, :, stride * o : stride * o + w.shape[2]]
        y[n, f, o] = b[f] + (w[f] * window).sum()
    return y


def case(rng, stride=2, padding=1):
    x, w, b = rng.normal(size=(2, 3, 8)), rng.normal(size=(4, 3, 3)), rng.normal(size=4)
    return x, w, b, rng.normal(size=layer(x, w, b, stride, padding).shape), stride, padding


def test_eq_11_sharpen(rng):
    x, alpha = rng.normal(size=(6, 7)), rng.uniform(0.5, 3)
    mean, e = np.full((3, 3), 1 / 9), np.zeros((3, 3))
    e[1, 1] = 1
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3))
    filtered = lambda w: (windows * w).sum(axis=(2, 3))  # noqa: E731
    middle = x[1:-1, 1:-1]
    left = middle + alpha * (middle - filtered(mean))
    same(filtered((1 + alpha) * e - alpha * mean), left)


def test_eq_11_flip(rng):
    x, w = rng.normal(size=9), rng.normal(size=4)
    inner = convolve(w, x)[3:9]  # where the cross-correlation is defined
    same(inner, correlate(w[::-1], x))
    same(convolve(w, x), np.convolve(w, x))


def test_eq_11_shift(rng):
    x, w, m = rng.normal(size=9), rng.normal(size=3), 2
    moved = np.concatenate([np.zeros(m), x])
    same(correlate(w, moved)[m:], correlate(w, x))


@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
def test_eq_11_size(kernel, stride, padding):
    for n in range(kernel, 12):
        last = n + 2 * padding - 1
        positions = [o for o in range(n + 2 * padding) if stride * o + kernel - 1 <= last]
        assert (n + 2 * padding - kernel) // stride + 1 == len(positions)


def test_eq_11_dw(rng):
    x, w, b, g, stride, padding = case(rng)
    padded = np.pad(x, [(0, 0), (0, 0), (padding, padding)])
    dw = np.zeros_like(w)
    for f, c, k in np.ndindex(w.shape):
        met = padded[:, c, k : k + stride * g.shape[2] : stride]
        dw[f, c, k] = (g[:, f] * met).sum()
    loss = lambda w: (layer(x, w, b, stride, padding) * g).sum()  # noqa: E731
    same(dw, numerical_gradient(loss, w), rtol=1e-6)
    loss = lambda b: (layer(x, w, b, stride, padding) * g).sum()  # noqa: E731
    same(g.sum(axis=(0, 2)), numerical_gradient(loss, b), rtol=1e-6)


def test_eq_11_dx(rng):
    x, w, b, g, stride, padding = case(rng)
    dx = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding))
    for n, c, i in np.ndindex(dx.shape):
        pairs = [(o, i - stride * o) for o in range(g.shape[2]) if 0 <= i - stride * o < 3]
        dx[n, c, i] = sum(g[n, f, o] * w[f, c, k] for f in range(4) for o, k in pairs)
    loss = lambda x: (layer(x, w, b, stride, padding) * g).sum()  # noqa: E731
    same(dx[:, :, padding:-padding], numerical_gradient(loss, x), rtol=1e-6)


def test_eq_11_dx_full(rng):
    x, w, b, g, *_ = case(rng, stride=1, padding=0)
    dx = [[sum(convolve(w[f, c], g[n, f]) for f in range(4)) for c in range(3)] for n in range(2)]
    loss = lambda x: (layer(x, w, b, 1, 0) * g).sum()  # noqa: E731
    same(np.array(dx), numerical_gradient(loss, x), rtol=1e-6)


def test_eq_11_pool_dx(rng):
    x, K, stride = rng.permutation(10.0 * np.arange(11)) / 7, 3, 2
    size = (len(x) - K) // stride + 1
    g = rng.normal(size=size)
    winner = [int(x[stride * o : stride * o + K].argmax()) for o in range(size)]
    dx = [sum(g[o] for o in range(size) if stride * o + winner[o] == i) for i in range(len(x))]
    pooled = lambda x: np.array([x[stride * o : stride * o + K].max() for o in range(size)])  # noqa: E731
    same(dx, numerical_gradient(lambda x: (pooled(x) * g).sum(), x), rtol=1e-6)


def test_eq_11_receptive():
    kernels, strides = [3, 3, 2, 5, 3], [1, 2, 2, 1, 1]
    r, seen = 1, {0}  # inputs that position 0 of the last layer sees, found from above
    for layer_number, kernel in enumerate(kernels):
        r += (kernel - 1) * prod(strides[:layer_number])
    for kernel, stride in zip(reversed(kernels), reversed(strides), strict=True):
        seen = {stride * o + k for o in seen for k in range(kernel)}
    assert max(seen) - min(seen) + 1 == r
