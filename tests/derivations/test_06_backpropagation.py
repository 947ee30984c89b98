"""Both sides of the formulas of unit 06, on random numbers; a test is named after the formula's label.

The left sides are derivatives taken by complex steps, or limits; dlkit is not asked.
"""

from itertools import pairwise

import numpy as np
import pytest

ACTIVATIONS = {
    "sigmoid": (lambda u: 1 / (1 + np.exp(-u)), lambda u: np.exp(-u) / (1 + np.exp(-u)) ** 2),
    "tanh": (np.tanh, lambda u: 1 - np.tanh(u) ** 2),
}


@pytest.fixture
def rng():
    return np.random.default_rng(6)


def derivative(f, x):
    """Derivatives of all entries of f(x) with respect to all of x, in shape f(x).shape + x.shape."""
    x = np.asarray(x, dtype=complex)
    columns = []
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape, dtype=complex)
        step[index] = 1e-20j
        columns.append(np.imag(f(x + step)) / 1e-20)
    columns = np.array(columns).reshape((*x.shape, *np.shape(f(x))))
    return np.moveaxis(columns, [*range(x.ndim)], [*range(-x.ndim, 0)])


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12)


class Network:
    """Layers 1 … K of `def-06-network`, with sizes that all differ, and a loss that is not linear."""

    def __init__(self, rng, activation, sizes=(3, 5, 4, 2), samples=6):
        self.f, self.df = ACTIVATIONS[activation]
        shapes = list(pairwise(sizes))
        self.W = [rng.normal(size=shape) for shape in shapes]
        self.b = [rng.normal(size=size) for size in sizes[1:]]
        self.x = rng.normal(size=(samples, sizes[0]))
        self.a = rng.normal(size=(samples, sizes[-1]))

    def loss_from(self, layer, u):
        """Loss as a function of the sums u that the units of a layer have formed."""
        z = self.f(u)
        for W, b in zip(self.W[layer + 1 :], self.b[layer + 1 :], strict=True):
            z = self.f(z @ W + b)
        return self.loss(z)

    def loss(self, z):
        return (self.a * z + z**3).sum() / len(self.x)

    def pass_forward(self):
        self.z, self.u = [self.x], []
        for W, b in zip(self.W, self.b, strict=True):
            self.u.append(self.z[-1] @ W + b)
            self.z.append(self.f(self.u[-1]))

    def deltas(self):
        """`def-06-delta`, straight from its definition."""
        self.pass_forward()
        return [derivative(lambda u, k=k: self.loss_from(k, u), u) for k, u in enumerate(self.u)]


@pytest.fixture(params=ACTIVATIONS)
def network(request, rng):
    network = Network(rng, request.param)
    network.delta = network.deltas()
    return network


def test_eq_06_chain_one(rng):
    x = rng.normal()
    f, df = np.sin, np.cos
    g, dg = (lambda x: np.exp(x) * x), (lambda x: np.exp(x) * (x + 1))
    same(derivative(lambda x: f(g(x)), x), df(g(x)) * dg(x))


@pytest.mark.parametrize(("n", "m"), [(5, 3), (2, 4)])
def test_eq_06_chain_many(rng, n, m):
    A, B, x = rng.normal(size=(n, m)), rng.normal(size=(n, n)), rng.normal(size=m)
    g = lambda x: np.sin(A @ x)  # noqa: E731
    f = lambda u: u @ B @ u + np.exp(u).sum()  # noqa: E731
    df, dg = derivative(f, g(x).real), derivative(g, x)
    for j in range(m):
        same(derivative(lambda x: f(g(x)), x)[j], sum(df[i] * dg[i, j] for i in range(n)))


def test_eq_06_vjp(rng):
    A, x = rng.normal(size=(5, 3)), rng.normal(size=3)
    g = lambda x: np.tanh(A @ x)  # noqa: E731
    f = lambda u: (u**3).sum()  # noqa: E731
    J = (1 - np.tanh(A @ x) ** 2)[:, None] * A
    same(derivative(lambda x: f(g(x)), x), J.T @ (3 * g(x) ** 2))


def test_eq_06_delta_weight(network):
    for layer, delta in enumerate(network.delta):
        z, b = network.z[layer], network.b[layer]
        W = network.W[layer]
        by_weight = derivative(lambda W, k=layer, z=z, b=b: network.loss_from(k, z @ W + b), W)
        by_bias = derivative(lambda b, k=layer, z=z, W=W: network.loss_from(k, z @ W + b), b)
        for j in range(W.shape[1]):
            same(by_bias[j], sum(delta[n, j] for n in range(len(z))))
            for i in range(W.shape[0]):
                same(by_weight[i, j], sum(z[n, i] * delta[n, j] for n in range(len(z))))


def test_eq_06_delta_output(network):
    dz = derivative(network.loss, network.z[-1])
    same(network.delta[-1], network.df(network.u[-1]) * dz)


def test_eq_06_delta_recursion(network):
    for layer in range(len(network.W) - 1):
        behind, W, u = network.delta[layer + 1], network.W[layer + 1], network.u[layer]
        for n, i in np.ndindex(u.shape):
            total = sum(W[i, j] * behind[n, j] for j in range(W.shape[1]))
            same(network.delta[layer][n, i], network.df(u[n, i]) * total)


def test_eq_06_matrix_delta(network):
    for layer in range(len(network.W) - 1):
        behind = network.delta[layer + 1] @ network.W[layer + 1].T
        same(network.delta[layer], network.df(network.u[layer]) * behind)


def test_eq_06_matrix_weight(network):
    for layer, delta in enumerate(network.delta):
        z, W, b = network.z[layer], network.W[layer], network.b[layer]
        by_weight = derivative(lambda W, k=layer, z=z, b=b: network.loss_from(k, z @ W + b), W)
        by_bias = derivative(lambda b, k=layer, z=z, W=W: network.loss_from(k, z @ W + b), b)
        same(by_weight, z.T @ delta)
        same(by_bias, np.ones(len(z)) @ delta)


@pytest.fixture
def through(rng):
    """A loss behind a layer, L(y) with a gradient that is not constant: dL/dx, and dL/dy at y = f(x)."""

    def differentiate(f, x):
        y = f(np.asarray(x))
        a = np.random.default_rng(7).normal(size=np.shape(y))
        loss = lambda y: (a * y + y**3 / 3).sum()  # noqa: E731
        return derivative(lambda x: loss(f(x)), x), derivative(loss, y)

    return differentiate


def test_eq_06_add(rng, through):
    x, y = rng.normal(size=(2, 4, 3))
    for dx, dz in through(lambda x: x + y, x), through(lambda y: x + y, y):
        same(dx, dz)


def test_eq_06_multiply(rng, through):
    x, y = rng.normal(size=(2, 4, 3))
    dx, dz = through(lambda x: x * y, x)
    same(dx, dz * y)
    dy, dz = through(lambda y: x * y, y)
    same(dy, dz * x)


def test_eq_06_relu(rng, through):
    x = rng.normal(size=(4, 3))
    dx, dy = through(lambda x: np.where(np.real(x) > 0, x, 0), x)
    same(dx, dy * (x > 0))


def test_eq_06_sigmoid(rng, through):
    x = rng.normal(size=(4, 3))
    y = 1 / (1 + np.exp(-x))
    dx, dy = through(lambda x: 1 / (1 + np.exp(-x)), x)
    same(dx, dy * y * (1 - y))
    same(derivative(lambda x: 1 / (1 + np.exp(-x)), x[0, 0]), (y * (1 - y))[0, 0])


def test_eq_06_affine(rng, through):
    X, W, b = rng.normal(size=(6, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    dX, G = through(lambda X: X @ W + b, X)
    same(dX, G @ W.T)
    dW, G = through(lambda W: X @ W + b, W)
    same(dW, X.T @ G)
    db, G = through(lambda b: X @ W + b, b)
    same(db, np.ones(6) @ G)


def softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


def test_eq_06_softmax(rng):
    x = rng.normal(size=5)
    y, same_class = softmax(x), np.eye(5)
    same(derivative(lambda x: np.log(softmax(x)), x), same_class - y[None, :])
    same(derivative(softmax, x), y[:, None] * (same_class - y[None, :]))


def test_eq_06_softmax_with_loss(rng):
    X, T = rng.normal(size=(6, 4)), softmax(rng.normal(size=(6, 4)))
    loss = lambda X: -(T * np.log(softmax(X))).sum(axis=1).mean()  # noqa: E731
    same(derivative(loss, X), (softmax(X) - T) / 6)


def smooth(rng):
    """A function with its first and third derivative, and a point."""
    a, b, x = rng.uniform(0.5, 2, size=3)
    return (
        lambda x: np.exp(a * x) + np.sin(b * x),
        lambda x: a * np.exp(a * x) + b * np.cos(b * x),
        lambda x: a**3 * np.exp(a * x) - b**3 * np.cos(b * x),
        x,
    )


def assert_of_order(remainder, order):
    """The remainder falls as h to this power: by 2**order where h is halved."""
    ratio = remainder(2e-2) / remainder(1e-2)
    assert ratio == pytest.approx(2**order, rel=0.02)


def test_eq_06_central(rng):
    f, df, d3f, x = smooth(rng)
    quotient = lambda h: (f(x + h) - f(x - h)) / (2 * h)  # noqa: E731
    assert_of_order(lambda h: quotient(h) - df(x) - h**2 / 6 * d3f(x), 4)


def test_eq_06_complex_step(rng):
    f, df, d3f, x = smooth(rng)
    quotient = lambda h: np.imag(f(x + 1j * h)) / h  # noqa: E731
    assert_of_order(lambda h: quotient(h) - df(x) + h**2 / 6 * d3f(x), 4)


def test_eq_06_step(rng):
    size, third, eps = rng.uniform(0.5, 2, size=3)
    error = lambda h: h**2 / 6 * third + eps * size / h  # noqa: E731
    best = np.cbrt(3 * eps * size / third)
    for h in best * np.array([0.9, 0.999, 1.001, 1.1]):
        assert error(h) > error(best)


def test_eq_06_sigmoid_bound(rng):
    u = rng.normal(scale=5, size=1000)
    y = 1 / (1 + np.exp(-u))
    slope = np.diag(derivative(lambda u: 1 / (1 + np.exp(-u)), u))
    same(slope, 1 / 4 - (y - 1 / 2) ** 2)
    assert slope.max() <= 1 / 4
    same(np.exp(0) / (1 + np.exp(0)) ** 2, 1 / 4)
