"""Small functions on arrays, each a few lines of NumPy: what units 01 and 02 practise.

A sample is a row: N samples of D numbers each are an array of shape (N, D). No function changes its
arguments. Shapes that do not fit raise `ShapeError`.
"""

import numpy as np

from dlkit.errors import expect
from dlkit.typing import Array, Labels

__all__ = [
    "checkerboard",
    "class_means",
    "hard_threshold",
    "least_squares",
    "perceptron_epoch",
    "signed_distances",
    "squared_distances",
    "standardize",
    "triangle_areas",
    "with_ones",
    "without",
]


def checkerboard(rows: int, columns: int) -> Array:
    """Array of shape (rows, columns) of 0.0 and 1.0 in turn, in both directions; entry (0, 0) is 0.

    >>> checkerboard(2, 3)
    array([[0., 1., 0.],
           [1., 0., 1.]])
    """
    board = np.zeros((rows, columns))
    board[::2, 1::2] = 1.0
    board[1::2, ::2] = 1.0
    return board


def with_ones(x: Array) -> Array:
    """x (N, D) with a column of ones in front, shape (N, D + 1).

    >>> with_ones(np.array([[5.0, 7.0], [6.0, 8.0]]))
    array([[1., 5., 7.],
           [1., 6., 8.]])
    """
    expect(x.ndim == 2, "with_ones needs x (N, D)", "One sample is x[np.newaxis].", x=x)
    return np.hstack([np.ones((len(x), 1)), x])


def without(x: Array, row: int, column: int) -> Array:
    """x (N, D) without one row and one column, shape (N - 1, D - 1); both are counted from 0.

    >>> without(np.arange(6).reshape(2, 3), row=0, column=1)
    array([[3, 5]])
    """
    expect(x.ndim == 2, "without needs x (N, D)", x=x)
    rows = np.arange(x.shape[0]) != row
    columns = np.arange(x.shape[1]) != column
    smaller: Array = x[rows][:, columns]
    return smaller


def hard_threshold(x: Array, limit: float) -> Array:
    """Copy of x, any shape, in which entries of magnitude below `limit` are replaced by 0.

    Source: Donoho and Johnstone, Ideal Spatial Adaptation by Wavelet Shrinkage (1994).

    >>> hard_threshold(np.array([-3.0, -0.5, 0.25, 1.0]), limit=1.0)
    array([-3.,  0.,  0.,  1.])
    """
    y = x.copy()
    y[np.abs(x) < limit] = 0
    return y


def standardize(x: Array) -> Array:
    """x (N, D) shifted and scaled so that each column has mean 0 and standard deviation 1.

    No column may be constant. `dlkit.train.Standardizer` remembers mean and scale for further samples.

    >>> standardize(np.array([[1.0, 50.0], [3.0, 10.0]]))
    array([[-1.,  1.],
           [ 1., -1.]])
    """
    scaled: Array = (x - x.mean(axis=0)) / x.std(axis=0)
    return scaled


def squared_distances(a: Array, b: Array) -> Array:
    """Squared distances of all rows of a (N, D) from all rows of b (M, D), shape (N, M), without a loop.

    >>> squared_distances(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 4.0]]))
    array([[25.],
           [13.]])
    """
    expect(a.shape[1:] == b.shape[1:], "squared_distances needs a (N, D) and b (M, D)", a=a, b=b)
    squares_a = (a**2).sum(axis=1)
    squares_b = (b**2).sum(axis=1)
    squares: Array = squares_a[:, np.newaxis] + squares_b - 2 * a @ b.T
    return squares


def triangle_areas(corners: Array) -> Array:
    """Signed areas, shape (N,), of triangles with these corners (N, 3, 2).

    The area is positive where the corners are listed counterclockwise.

    >>> triangle_areas(np.array([[[0.0, 0.0], [2.0, 0.0], [0.0, 3.0]]]))
    array([3.])
    """
    expect(corners.shape[1:] == (3, 2), "triangle_areas needs corners (N, 3, 2)", corners=corners)
    edges = corners[:, 1:] - corners[:, :1]
    areas: Array = np.linalg.det(edges) / 2
    return areas


def least_squares(x: Array, t: Array) -> Array:
    """The weights w (D,) for which the sum of the squared differences of x w and t is smallest.

    x: samples (N, D) with linearly independent columns. t: targets (N,).

    Source: Legendre, Nouvelles méthodes pour la détermination des orbites des comètes (1805), appendix.

    >>> least_squares(np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 3.0, 5.0]))
    array([1., 2.])
    """
    expect(x.ndim == 2 and t.shape == x.shape[:1], "least_squares needs x (N, D), t (N,)", x=x, t=t)
    w: Array = np.linalg.inv(x.T @ x) @ (x.T @ t)
    return w


def class_means(x: Array, t: Labels, classes: int) -> Array:
    """Mean of the samples of each class, shape (classes, D), for samples x (N, D) with labels t (N,).

    Each class needs a sample.

    >>> class_means(np.array([[1.0, 2.0], [9.0, 9.0], [3.0, 4.0]]), np.array([0, 1, 0]), classes=2)
    array([[2., 3.],
           [9., 9.]])
    """
    expect(len(x) == len(t), "class_means needs a label for each sample", x=x, t=t)
    means = np.zeros((classes, x.shape[1]))
    for c in range(classes):
        means[c] = x[t == c].mean(axis=0)
    return means


def signed_distances(x: Array, w: Array, b: float) -> Array:
    """Distances of points x (N, D) from the hyperplane w · x + b = 0, shape (N,), with weights w (D,).

    They are positive on the side to which w points. w is not zero.

    >>> signed_distances(np.array([[0.0, 0.0], [3.0, 4.0]]), w=np.array([3.0, 4.0]), b=-5.0)
    array([-1.,  4.])
    """
    expect(
        x.ndim == 2 and x.shape[1:] == w.shape, "signed_distances needs x (N, D), w (D,)", x=x, w=w
    )
    u = x @ w + b
    length = np.sqrt((w**2).sum())
    distances: Array = u / length
    return distances


def perceptron_epoch(w: Array, x: Array, t: Labels, lr: float = 1.0) -> Array:
    """Weights, shape (D,), after one pass of the perceptron learning rule over samples x (N, D) in order.

    w: weights to begin with (D,). t: targets (N,), 0 or 1. lr: learning rate. The bias is the weight of a
    column of ones in x, see `with_ones`. A neuron whose sum is exactly 0 answers 0.

    Source: Rosenblatt, The Perceptron (1958).

    >>> x = with_ones(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))
    >>> perceptron_epoch(np.zeros(3), x, t=np.array([0, 1, 1, 1]))
    array([1., 0., 1.])
    """
    expect(
        x.shape == (len(t), *w.shape),
        "perceptron_epoch needs w (D,), x (N, D), t (N,)",
        w=w,
        x=x,
        t=t,
    )
    for sample, target in zip(x, t, strict=True):
        y = 1 if sample @ w > 0 else 0
        w = w + lr * (target - y) * sample
    return w
