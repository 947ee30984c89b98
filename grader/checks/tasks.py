"""Data for experiments: two classes of points in the plane that no straight line separates."""

from collections.abc import Callable

import numpy as np

from grader.checks.case import Array, SolvedCase

TRAINING, UNSEEN = 200, 200  # points
EDGE = 0.1  # width of the gap between the classes, so that no label is a matter of chance


def _ring(x: Array) -> Array:
    return np.hypot(x[:, 0], x[:, 1]) - 1.1


def _quadrants(x: Array) -> Array:
    product: Array = x[:, 0] * x[:, 1]
    return product


def _wave(x: Array) -> Array:
    height: Array = x[:, 1] - np.sin(2.5 * x[:, 0])
    return height


#: By name: function from points (N, 2) to numbers (N,), whose sign is the class.
TASKS: dict[str, Callable[[Array], Array]] = {
    "ring": _ring,
    "quadrants": _quadrants,
    "wave": _wave,
}


def points(task: str, seed: int, count: int) -> tuple[Array, Array]:
    """Points of the square from -2 to 2, shape (count, 2), and their classes 0 or 1, shape (count,)."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-2.0, 2.0, (4 * count, 2))
    side = TASKS[task](x)
    kept = np.abs(side) > EDGE
    return x[kept][:count], (side[kept][:count] > 0).astype(int)


def experiment_case(task: str, seed: int, unseen_seed: int, reach: float) -> SolvedCase:
    """Points to train on, a seed for the training, and other points of the same task."""
    x, t = points(task, seed, TRAINING)
    unseen_x, unseen_t = points(task, unseen_seed, UNSEEN)
    expected = {"x": unseen_x, "t": unseen_t, "reach": reach, "classes": 2}
    return SolvedCase({}, {"x": x, "t": t, "seed": seed % 1000}, np.zeros(()), expected)
