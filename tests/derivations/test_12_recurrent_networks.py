"""Both sides of the formulas of unit 12, on random numbers; a test is named after the formula's label.

One side is the gradient of a plain forward pass, taken numerically; dlkit's layers are not asked.
"""

import numpy as np
import pytest

from dlkit.gradcheck import numerical_gradient

N, T, D, H = 3, 4, 2, 5


@pytest.fixture
def rng():
    return np.random.default_rng(12)


def same(left, right, rtol=1e-6):
    np.testing.assert_allclose(left, right, rtol=rtol, atol=1e-8)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def states(xs, Wx, Wh, b):
    """`def-12-rnn`: the states h_0, ..., h_T."""
    hs = [np.zeros((N, H))]
    for t in range(T):
        hs.append(np.tanh(xs[:, t] @ Wx + hs[-1] @ Wh + b))
    return hs


@pytest.fixture
def run(rng):
    """A sequence, weights, and the gradients o_t that arrive from the outputs."""
    xs, o = rng.normal(size=(N, T, D)), rng.normal(size=(T + 1, N, H))
    return xs, rng.normal(size=(D, H)), rng.normal(size=(H, H)) / 2, rng.normal(size=H), o


def through_time(xs, Wx, Wh, b, o):
    """The recursion of `eq-12-bptt`: dh and da by step; index 0 is not used."""
    hs, da_next = states(xs, Wx, Wh, b), np.zeros((N, H))
    dh, da = [None] * (T + 1), [None] * (T + 1)
    for t in range(T, 0, -1):
        dh[t] = o[t] + da_next @ Wh.T
        da[t] = da_next = dh[t] * (1 - hs[t] ** 2)
    return hs, dh, da


def test_eq_12_bptt(run):
    xs, Wx, Wh, b, o = run
    hs, dh, _ = through_time(*run)
    for start in range(1, T + 1):

        def loss(h, start=start):
            total = (h * o[start]).sum()
            for t in range(start, T):
                h = np.tanh(xs[:, t] @ Wx + h @ Wh + b)
                total += (h * o[t + 1]).sum()
            return total

        same(dh[start], numerical_gradient(loss, hs[start]))


def test_eq_12_bptt_weights(run):
    xs, Wx, Wh, b, o = run
    hs, _, da = through_time(*run)
    steps = range(1, T + 1)
    loss = lambda Wx, Wh, b: sum((h * o[t]).sum() for t, h in enumerate(states(xs, Wx, Wh, b)))  # noqa: E731
    dWx = sum(xs[:, t - 1].T @ da[t] for t in steps)
    dWh = sum(hs[t - 1].T @ da[t] for t in steps)
    db = sum(np.ones(N) @ da[t] for t in steps)
    same(dWx, numerical_gradient(lambda W: loss(W, Wh, b), Wx))
    same(dWh, numerical_gradient(lambda W: loss(Wx, W, b), Wh))
    same(db, numerical_gradient(lambda b: loss(Wx, Wh, b), b))


@pytest.mark.parametrize("m", range(T))
def test_eq_12_truncated(run, m):
    xs, Wx, Wh, b, o = run
    at_the_end = np.concatenate([np.zeros((T, N, H)), o[T:]])
    hs, _, da = through_time(xs, Wx, Wh, b, at_the_end)
    handed_on = hs[m]

    def loss(Wh):
        h = handed_on  # a constant, whatever the weights are
        for t in range(m, T):
            h = np.tanh(xs[:, t] @ Wx + h @ Wh + b)
        return (h * o[T]).sum()

    dWh = sum(hs[t - 1].T @ da[t] for t in range(m + 1, T + 1))
    same(dWh, numerical_gradient(loss, Wh))


def last_state(h, xs, Wx, Wh, b):
    for x in xs:
        h = np.tanh(x @ Wx + h @ Wh + b)
    return h


def test_eq_12_product(rng, run):
    _, Wx, Wh, b, _ = run
    xs, h = rng.normal(size=(6, D)), rng.normal(size=H)
    product, now = np.eye(H), h
    for x in xs:
        now = np.tanh(x @ Wx + now @ Wh + b)
        product = product @ (Wh @ np.diag(1 - now**2))
    for j in range(H):
        entry = lambda h, j=j: last_state(h, xs, Wx, Wh, b)[j]  # noqa: E731
        same(product[:, j], numerical_gradient(entry, h))


def test_eq_12_vanish(rng):
    for _ in range(20):
        Wh, product = rng.normal(size=(H, H)) * rng.uniform(0.1, 1), np.eye(H)
        largest = np.linalg.svd(Wh, compute_uv=False)[0]
        for steps in range(1, 12):
            product = product @ Wh @ np.diag(1 - np.tanh(rng.normal(size=H)) ** 2)
            assert np.linalg.norm(product, 2) <= largest**steps * (1 + 1e-9)


@pytest.fixture
def step(rng):
    """Arguments of the four gates, in the order f, g, i, o; old state; gradients that arrive."""
    a = dict(zip("fgio", rng.normal(size=(4, N, H)), strict=True))
    return a, rng.normal(size=(N, H)), rng.normal(size=(N, H)), rng.normal(size=(N, H))


def gates(a):
    return sigmoid(a["f"]), np.tanh(a["g"]), sigmoid(a["i"]), sigmoid(a["o"])


def cell_loss(f, g, i, o, c_prev, dh, dc):
    """A loss whose gradients for the new states are dh and dc, by `def-12-cell` and `def-12-hidden`."""
    c = f * c_prev + g * i
    return (dh * o * np.tanh(c)).sum() + (dc * c).sum()


def whole_gradient(a, c_prev, dh, dc):
    f, g, i, o = gates(a)
    c = f * c_prev + g * i
    return c, dc + dh * o * (1 - np.tanh(c) ** 2)


def test_eq_12_ds(step):
    a, _, dh, dc = step
    o = sigmoid(a["o"])
    c, ds = whole_gradient(*step)
    same(ds, numerical_gradient(lambda c: (dh * o * np.tanh(c)).sum() + (dc * c).sum(), c))


def test_eq_12_factors(step):
    a, c_prev, dh, dc = step
    f, g, i, o = gates(a)
    c, ds = whole_gradient(*step)
    right = {"f": ds * c_prev, "g": ds * i, "i": ds * g, "o": dh * np.tanh(c), "c_prev": ds * f}
    values = {"f": f, "g": g, "i": i, "o": o, "c_prev": c_prev}
    for name, gradient in right.items():
        loss = lambda v, name=name: cell_loss(**(values | {name: v}), dh=dh, dc=dc)  # noqa: E731
        same(gradient, numerical_gradient(loss, values[name]))


def test_eq_12_da(step):
    a, c_prev, dh, dc = step
    f, g, i, o = gates(a)
    c, ds = whole_gradient(*step)
    right = {
        "f": ds * c_prev * f * (1 - f),
        "g": ds * i * (1 - g**2),
        "i": ds * g * i * (1 - i),
        "o": dh * np.tanh(c) * o * (1 - o),
    }
    for name, gradient in right.items():
        loss = lambda v, name=name: cell_loss(*gates(a | {name: v}), c_prev, dh, dc)  # noqa: E731
        same(gradient, numerical_gradient(loss, a[name]))


def test_eq_12_carousel(rng):
    f, written, c = rng.uniform(size=(6, H)), rng.normal(size=(6, H)), rng.normal(size=H)

    def last(c):
        for kept, new in zip(f, written, strict=True):
            c = kept * c + new
        return c

    for j in range(H):
        right = np.diag(np.prod(f, axis=0))[:, j]
        same(right, numerical_gradient(lambda c, j=j: last(c)[j], c))


def test_eq_12_gru_dh(rng):
    x, h, dh = rng.normal(size=(N, D)), rng.normal(size=(N, H)), rng.normal(size=(N, H))
    Wx, Wh, b = rng.normal(size=(3, D, H)), rng.normal(size=(3, H, H)), rng.normal(size=(3, H))

    def parts(h):
        z = sigmoid(x @ Wx[0] + h @ Wh[0] + b[0])
        r = sigmoid(x @ Wx[1] + h @ Wh[1] + b[1])
        return z, r, np.tanh(x @ Wx[2] + (r * h) @ Wh[2] + b[2])

    def loss(h):
        z, _, n = parts(h)
        return (dh * ((1 - z) * h + z * n)).sum()

    z, r, n = parts(h)
    dq = (dh * z * (1 - n**2)) @ Wh[2].T
    daz, dar = dh * (n - h) * z * (1 - z), dq * h * r * (1 - r)
    same(dh * (1 - z) + dq * r + daz @ Wh[0].T + dar @ Wh[1].T, numerical_gradient(loss, h))


def test_eq_12_embedding(rng):
    W, ids = rng.normal(size=(5, D)), np.array([4, 1, 4, 0, 4, 1])
    dy = rng.normal(size=(6, D))
    rows = [sum((dy[n] for n in range(6) if ids[n] == v), np.zeros(D)) for v in range(5)]
    same(np.array(rows), numerical_gradient(lambda W: (dy * W[ids]).sum(), W))
