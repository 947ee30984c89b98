"""Both sides of the formulas of unit 08, on random numbers; a test is named after the formula's label.

The left sides are walked step by step, by the rules as they are defined; dlkit is not asked.
"""

import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-12)


def descend(w, curvatures, lr, steps):
    """`def-08-gd` in the valley of `def-08-ravine`."""
    for _ in range(steps):
        w = w - lr * curvatures * w
    return w


def roll(w, curvatures, lr, momentum, steps):
    """Positions under `def-08-momentum`, one a step, the start included."""
    v, path = np.zeros_like(w), [w]
    for _ in range(steps):
        v = momentum * v + curvatures * w
        w = w - lr * v
        path.append(w)
    return np.array(path)


def velocities(gradients, momentum):
    v, found = np.zeros_like(gradients[0]), []
    for g in gradients:
        v = momentum * v + g
        found.append(v)
    return np.array(found)


def averages(values, factor):
    """The moving average of `def-08-rmsprop` and `def-08-adam`, from zero."""
    h, found = np.zeros_like(values[0]), []
    for value in values:
        h = factor * h + (1 - factor) * value
        found.append(h)
    return np.array(found)


def test_eq_08_modes(rng):
    w, curvatures, lr = rng.normal(size=5), rng.uniform(0.1, 5, size=5), rng.uniform(0.01, 0.3)
    for steps in 0, 1, 7:
        same(descend(w, curvatures, lr, steps), (1 - lr * curvatures) ** steps * w)


def test_eq_08_stable(rng):
    w, curvatures = rng.normal(size=5), rng.uniform(0.1, 5, size=5)
    limit = 2 / curvatures.max()
    assert np.abs(descend(w, curvatures, 0.99 * limit, 3000)).max() < 1e-3
    assert np.abs(descend(w, curvatures, 1.01 * limit, 3000)).max() > 1e3
    assert np.abs(descend(w, curvatures, -0.01 * limit, 3000)).max() > 1e3


def test_eq_08_best_rate(rng):
    curvatures = rng.uniform(0.1, 5, size=5)
    low, high = curvatures.min(), curvatures.max()
    slowest = lambda lr: np.abs(1 - lr * curvatures).max()  # noqa: E731
    best, condition = 2 / (low + high), high / low
    same(slowest(best), (condition - 1) / (condition + 1))
    for lr in best * np.array([0.9, 0.999, 1.001, 1.1]):
        assert slowest(lr) > slowest(best)


def test_eq_08_momentum_sum(rng):
    gradients, momentum = rng.normal(size=(9, 4)), rng.uniform(0.5, 0.95)
    for t, v in enumerate(velocities(gradients, momentum), start=1):
        same(v, sum(momentum ** (t - s) * gradients[s - 1] for s in range(1, t + 1)))


def test_eq_08_terminal(rng):
    g, momentum = rng.normal(size=4), rng.uniform(0.5, 0.9)
    signs = (-1.0) ** np.arange(1, 401)[:, None]
    same(velocities(np.tile(g, (400, 1)), momentum)[-1], g / (1 - momentum))
    same(signs[-1] * velocities(signs * g, momentum)[-1], g / (1 + momentum))


def test_eq_08_momentum_recurrence(rng):
    w, curvatures = rng.normal(size=3), rng.uniform(0.5, 5, size=3)
    lr, momentum = rng.uniform(0.01, 0.2), rng.uniform(0.5, 0.95)
    path = roll(w, curvatures, lr, momentum, steps=8)
    for t in range(1, 8):
        same(path[t + 1], (1 + momentum - lr * curvatures) * path[t] - momentum * path[t - 1])


def test_eq_08_momentum_rate(rng):
    momentum = rng.uniform(0.3, 0.95)
    root = np.sqrt(momentum)
    magnitude = lambda a: np.abs(np.roots([1, -(1 + momentum - a), momentum]))  # noqa: E731
    inside = np.linspace((1 - root) ** 2, (1 + root) ** 2, 12)[1:-1]
    for a in inside:
        same(magnitude(a), root)
    for a in (0.9 * (1 - root) ** 2, 1.1 * (1 + root) ** 2):
        assert magnitude(a).max() > root + 1e-3


def test_eq_08_momentum_best(rng):
    low, high = rng.uniform(0.1, 1), rng.uniform(2, 50)
    condition = high / low
    root = (np.sqrt(condition) - 1) / (np.sqrt(condition) + 1)
    lr = 4 / (np.sqrt(low) + np.sqrt(high)) ** 2
    same([lr * low, lr * high], [(1 - root) ** 2, (1 + root) ** 2])

    def slowest(lr, momentum):
        """Largest magnitude of a root, over both ends of the range of curvatures."""
        ends = [np.roots([1, -(1 + momentum - lr * a), momentum]) for a in (low, high)]
        return np.abs(ends).max()

    best = slowest(lr, root**2)
    assert best == pytest.approx(root, abs=1e-6)  # a double root is found to half the digits
    for other_lr, other in [(0.9, 1), (1.1, 1), (1, 0.9), (1, 1.1)]:
        assert slowest(lr * other_lr, root**2 * other) > best + 1e-4


def test_eq_08_nesterov(rng):
    gradient = lambda w: np.sin(w) + w**3  # noqa: E731
    lr, momentum = 0.05, rng.uniform(0.5, 0.95)
    w, v = rng.normal(size=4), rng.normal(size=4)
    stored, u = w - lr * momentum * v, v
    for _ in range(6):
        v = momentum * v + gradient(w - lr * momentum * v)
        w = w - lr * v
        g = gradient(stored)
        u = momentum * u + g
        stored = stored - lr * (g + momentum * u)
        same(stored, w - lr * momentum * v)


def test_eq_08_scale(rng):
    gradients, c = rng.normal(size=(7, 4)), rng.uniform(0.01, 100)
    scaled = c * gradients[-1] / np.sqrt(((c * gradients) ** 2).sum(axis=0))
    same(scaled, gradients[-1] / np.sqrt((gradients**2).sum(axis=0)))


def test_eq_08_adagrad_steps(rng):
    g, lr = rng.normal(size=4), rng.uniform(0.01, 1)
    h = np.zeros(4)
    for t in range(1, 10):
        h = h + g * g
        same(lr * g / np.sqrt(h), lr / np.sqrt(t) * np.sign(g))


def test_eq_08_rmsprop_weights(rng):
    gradients, rho = rng.normal(size=(9, 4)), rng.uniform(0.5, 0.99)
    for t, h in enumerate(averages(gradients**2, rho), start=1):
        weights = [(1 - rho) * rho ** (t - s) for s in range(1, t + 1)]
        same(h, sum(weights[s - 1] * gradients[s - 1] ** 2 for s in range(1, t + 1)))
        same(sum(weights), 1 - rho**t)


def test_eq_08_bias(rng):
    # the mean over all equally likely sequences of three gradients, of two values each
    a, b = rng.normal(size=2)
    sequences = np.array(np.meshgrid(*[[a, b]] * 3)).reshape(3, -1)
    beta1, beta2 = rng.uniform(0.5, 0.9), rng.uniform(0.9, 0.999)
    for t in range(1, 4):
        mean, square = (a + b) / 2, (a**2 + b**2) / 2
        same(averages(sequences, beta1)[t - 1].mean(), (1 - beta1**t) * mean)
        same(averages(sequences**2, beta2)[t - 1].mean(), (1 - beta2**t) * square)


def test_eq_08_adam_first(rng):
    g, lr = rng.normal(size=4), rng.uniform(0.01, 1)
    beta1, beta2 = rng.uniform(0.5, 0.9), rng.uniform(0.9, 0.999)
    m, v = averages([g], beta1)[0], averages([g**2], beta2)[0]
    same(lr * m / np.sqrt(v), (1 - beta1) / np.sqrt(1 - beta2) * lr * np.sign(g))
    same(lr * (m / (1 - beta1)) / np.sqrt(v / (1 - beta2)), lr * np.sign(g))
