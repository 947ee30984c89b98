"""Both sides of the formulas of unit 01, on random numbers; a test is named after the formula's label.

Products, sums and areas are taken entry by entry or by a geometric definition, not by the formula's own way.
"""

from itertools import product

import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12)


def by_entries(A, B):
    """The matrix product from its definition."""
    return np.array(
        [[sum(a * b for a, b in zip(row, column, strict=True)) for column in B.T] for row in A]
    )


@pytest.mark.parametrize(("rows", "D"), [(2, 3), (3, 2), (4, 5)])
def test_eq_01_memory(rng, rows, D):
    x = rng.normal(size=(rows, D))
    memory = np.frombuffer(x.tobytes())
    for i, j in product(range(rows), range(D)):
        assert x[i, j] == memory[i * D + j]


@pytest.fixture
def standardized(rng):
    x = rng.normal(size=(9, 4)) * [1, 10, 0.1, 3] + [0, 5, -2, 40]
    N = len(x)
    mean = [sum(column) / N for column in x.T]
    variance = [sum((c - m) ** 2 for c in column) / N for column, m in zip(x.T, mean, strict=True)]
    return x, np.array(mean), np.array(variance)


def test_eq_01_standardized(standardized):
    x, mean, variance = standardized
    z = (x - mean) / np.sqrt(variance)
    same([sum(column) / len(z) for column in z.T], np.zeros(4))
    same([sum(column**2) / len(z) for column in z.T], np.ones(4))


def test_eq_01_variance(standardized):
    x, mean, variance = standardized
    np.testing.assert_allclose(variance, (x**2).sum(axis=0) / len(x) - mean**2, rtol=1e-9)


def test_eq_01_difference(rng):
    w, x = rng.normal(size=(2, 5))
    same(sum((w - x) ** 2), sum(w**2) + sum(x**2) - 2 * sum(w * x))


def test_eq_01_angle(rng):
    """The angle comes from turning a vector in a random plane of a space of five dimensions."""
    plane, _ = np.linalg.qr(rng.normal(size=(5, 2)))
    for angle, length, other in rng.uniform(0.1, 3, size=(10, 3)):
        w = length * plane @ [1, 0]
        x = other * plane @ [np.cos(angle), np.sin(angle)]
        same(sum(w * x), length * other * np.cos(angle))


def test_eq_01_product_transpose(rng):
    A, B = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    same(by_entries(A, B).T, by_entries(B.T, A.T))


def test_eq_01_distances(rng):
    A, B = rng.normal(size=(4, 3)), rng.normal(size=(5, 3))
    for a, b in product(A, B):
        same(sum((a - b) ** 2), sum(a**2) + sum(b**2) - 2 * sum(a * b))


def test_eq_01_area(rng):
    """Base times height of the parallelogram, with the sign of the turn from one side to the other."""
    for angle, turn, base, side in rng.uniform(0.1, 3, size=(10, 4)):
        for sign in -1, 1:
            a, b = base * np.cos(angle), base * np.sin(angle)
            c, d = side * np.cos(angle + sign * turn), side * np.sin(angle + sign * turn)
            same(a * d - b * c, sign * base * side * np.sin(turn))


def determinant(A):
    return A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]


def test_eq_01_det_product(rng):
    A, B = rng.normal(size=(2, 2, 2))
    same(determinant(by_entries(A, B)), determinant(A) * determinant(B))
    A, B = rng.normal(size=(2, 4, 4))
    same(np.linalg.det(A @ B), np.linalg.det(A) * np.linalg.det(B))


def test_eq_01_inverse(rng):
    A = a, b = rng.normal(size=(2, 2))
    inverse = np.array([[b[1], -a[1]], [-b[0], a[0]]]) / determinant(A)
    same(by_entries(A, inverse), np.eye(2))
    same(by_entries(inverse, A), np.eye(2))


def test_eq_01_inverse_product(rng):
    A, B = rng.normal(size=(2, 3, 3))
    same(np.linalg.inv(A @ B), by_entries(np.linalg.inv(B), np.linalg.inv(A)))


def test_eq_01_perturbed(rng):
    X, w, v, t = rng.normal(size=(8, 3)), rng.normal(size=3), rng.normal(size=3), rng.normal(size=8)
    error = X @ w - t
    same(
        sum((X @ (w + v) - t) ** 2),
        sum(error**2) + 2 * sum(v * (X.T @ error)) + sum((X @ v) ** 2),
    )


def test_eq_01_normal(rng):
    """No step from these weights, small or large, makes the sum of squares smaller."""
    X, t = rng.normal(size=(8, 3)), rng.normal(size=8)
    w = np.linalg.inv(X.T @ X) @ X.T @ t
    least = sum((X @ w - t) ** 2)
    for size, v in product([1e-3, 1e-1, 10], rng.normal(size=(20, 3))):
        assert sum((X @ (w + size * v) - t) ** 2) > least
