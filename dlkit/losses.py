"""Loss functions, each with its gradient beside it, and the two ways to write a class.

A loss is one number: the mean over the batch of each sample's loss. In an array of predictions the
first axis is the batch; an array of one axis is one sample. Classes are given as labels (N,) or as
one-hot rows (N, C). float32 predictions give float32, whatever the dtype of the targets.

Shapes that do not fit raise `ShapeError`, as does an empty batch, which has no mean; labels that are no
classes raise `ArgumentError`.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dlkit.errors import ArgumentError, expect
from dlkit.functions import as_float, log_softmax, sigmoid, softmax
from dlkit.typing import Array, Labels

Number: TypeAlias = Any  # one number of NumPy: float32, float64; complex128 for complex input

__all__ = [
    "cross_entropy_error",
    "cross_entropy_error_gradient",
    "l1_loss",
    "l1_loss_gradient",
    "l2_loss",
    "l2_loss_gradient",
    "labels",
    "mean_squared_error",
    "mean_squared_error_gradient",
    "one_hot",
    "sigmoid_cross_entropy",
    "sigmoid_cross_entropy_gradient",
    "softmax_cross_entropy",
    "softmax_cross_entropy_gradient",
    "sum_squared_error",
    "sum_squared_error_gradient",
    "targets_like",
]


def one_hot(t: npt.ArrayLike, classes: int) -> Array:
    """One-hot rows, shape (..., classes), float64, of integer labels t, shape (...).

    >>> one_hot([2, 0], classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    t = np.asarray(t)
    if t.size and not np.issubdtype(t.dtype, np.integer):
        raise ArgumentError(f"Labels are integers; got {t.dtype}. Convert with t.astype(int)?")
    wrong = t[(t < 0) | (t >= classes)]
    if wrong.size:
        raise ArgumentError(
            f"Labels count from 0 to classes - 1 = {classes - 1}; got {wrong.flat[0]}. "
            "Do your labels begin at 1?"
        )
    rows: Array = t[..., np.newaxis] == np.arange(classes)
    return rows.astype(np.float64)


def labels(t: npt.ArrayLike) -> Labels:
    """Integer labels, shape (...), of one-hot rows t, shape (..., C).

    >>> labels([[0, 0, 1], [1, 0, 0]])
    array([2, 0])
    """
    found: Labels = np.argmax(t, axis=-1)
    return found


def targets_like(y: Array, t: npt.ArrayLike) -> Array:
    """One-hot targets, shape (..., C) and real dtype of y, from labels (...) or one-hot rows.

    >>> targets_like(np.zeros((1, 3), np.float32), [2])
    array([[0., 0., 1.]], dtype=float32)
    """
    t = np.asarray(t)
    rule = "Targets are labels of shape y.shape[:-1], or one-hot in the shape of y"
    expect(t.shape in (y.shape, y.shape[:-1]), rule, y=y, t=t)
    rows = t if t.shape == y.shape else one_hot(t, y.shape[-1])
    return rows.astype(as_float(y).real.dtype)


def as_pair(y: npt.ArrayLike, t: npt.ArrayLike, sample_axes: int = 1) -> tuple[Array, Array, int]:
    """Predictions, targets in their shape and dtype, and the number of samples."""
    y, t = as_float(y), np.asarray(t)
    hint = "(N, 1) less (N,) would be (N, N): reshape one of them?"
    expect(y.shape == t.shape, "Predictions y and targets t need the same shape", hint, y=y, t=t)
    return y, t.astype(y.real.dtype), batch_size(y, sample_axes)


def batch_size(y: Array, sample_axes: int = 1) -> int:
    """Size of the batch: the first axis, or 1 where y has the axes of a single sample."""
    n = len(y) if y.ndim > sample_axes else 1
    expect(n > 0, "A mean over the batch needs at least one sample", y=y)
    return n


def l1_loss(y: npt.ArrayLike, t: npt.ArrayLike) -> Number:
    r"""L1 loss :math:`\frac{1}{N} \sum_n \sum_k |y_{nk} - t_{nk}|`.

    >>> float(l1_loss([[1.0, 2.0]], [[0.0, 4.0]]))
    3.0
    """
    y, t, n = as_pair(y, t)
    return np.where(y.real < t, t - y, y - t).sum() / n  # not abs: it would drop a complex step


def l1_loss_gradient(y: npt.ArrayLike, t: npt.ArrayLike) -> Array:
    """Gradient of `l1_loss` with respect to y, in its shape; 0 where y = t.

    >>> l1_loss_gradient([[1.0, 2.0]], [[0.0, 4.0]])
    array([[ 1., -1.]])
    """
    y, t, n = as_pair(y, t)
    gradient: Array = np.sign(y - t) / n
    return gradient


def l2_loss(y: npt.ArrayLike, t: npt.ArrayLike) -> Number:
    r"""L2 loss :math:`\frac{1}{N} \sum_n \sum_k (y_{nk} - t_{nk})^2`.

    >>> float(l2_loss([[1.0, 2.0]], [[0.0, 4.0]]))
    5.0
    """
    y, t, n = as_pair(y, t)
    return ((y - t) ** 2).sum() / n


def l2_loss_gradient(y: npt.ArrayLike, t: npt.ArrayLike) -> Array:
    """Gradient of `l2_loss` with respect to y, in its shape.

    >>> l2_loss_gradient([[1.0, 2.0]], [[0.0, 4.0]])
    array([[ 2., -4.]])
    """
    y, t, n = as_pair(y, t)
    return 2.0 * (y - t) / n


def sum_squared_error(y: npt.ArrayLike, t: npt.ArrayLike) -> Number:
    r"""Sum of squared errors with one half, :math:`\frac{1}{2N} \sum_n \sum_k (y_{nk} - t_{nk})^2`.

    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 5.2.

    >>> float(sum_squared_error([1.0, 2.0], [0.0, 4.0]))
    2.5
    """
    y, t, n = as_pair(y, t)
    return 0.5 * ((y - t) ** 2).sum() / n


def sum_squared_error_gradient(y: npt.ArrayLike, t: npt.ArrayLike) -> Array:
    """Gradient of `sum_squared_error` with respect to y, in its shape.

    >>> sum_squared_error_gradient([[1.0, 2.0]], [[0.0, 4.0]])
    array([[ 1., -2.]])
    """
    y, t, n = as_pair(y, t)
    return (y - t) / n


def mean_squared_error(y: npt.ArrayLike, t: npt.ArrayLike) -> Number:
    r"""Mean squared error, over NK entries: :math:`\frac{1}{NK} \sum_n \sum_k (y_{nk} - t_{nk})^2`.

    >>> float(mean_squared_error([[1.0, 2.0]], [[0.0, 4.0]]))
    2.5
    """
    y, t, _ = as_pair(y, t)
    return ((y - t) ** 2).sum() / y.size


def mean_squared_error_gradient(y: npt.ArrayLike, t: npt.ArrayLike) -> Array:
    """Gradient of `mean_squared_error` with respect to y, in its shape.

    >>> mean_squared_error_gradient([[1.0, 2.0]], [[0.0, 4.0]])
    array([[ 1., -2.]])
    """
    y, t, _ = as_pair(y, t)
    return 2.0 * (y - t) / y.size


def cross_entropy_error(y: npt.ArrayLike, t: npt.ArrayLike, eps: float = 1e-7) -> Number:
    r"""Cross entropy :math:`-\frac{1}{N} \sum_n \sum_k t_{nk} \log(y_{nk} + \epsilon)`.

    The small constant keeps the logarithm finite where y = 0, and caps a sample's loss at
    :math:`-\log\epsilon`, which is 16.1 for 1e-7. `softmax_cross_entropy` needs no such constant.

    y: probabilities, shape (N, C) or (C,). t: labels or one-hot.

    Source: Saito, Deep Learning from Scratch (2016), section 4.2.

    >>> float(cross_entropy_error([[0.5, 0.5]], [1], eps=0.0)) == float(np.log(2))
    True
    """
    y = as_float(y)
    return -(targets_like(y, t) * np.log(y + eps)).sum() / batch_size(y)


def cross_entropy_error_gradient(y: npt.ArrayLike, t: npt.ArrayLike, eps: float = 1e-7) -> Array:
    """Gradient of `cross_entropy_error` with respect to y, in its shape.

    >>> cross_entropy_error_gradient([[0.5, 0.5]], [1], eps=0.0)
    array([[-0., -2.]])
    """
    y = as_float(y)
    return -targets_like(y, t) / (y + eps) / batch_size(y)


def softmax_cross_entropy(u: npt.ArrayLike, t: npt.ArrayLike) -> Number:
    r"""Cross entropy of y = softmax(u), :math:`-\frac{1}{N} \sum_n \sum_k t_{nk} \log y_{nk}`.

    The logarithm is taken before rounding (`log_softmax`): the loss is exact however small y is.

    u: scores (logits), shape (N, C) or (C,). t: labels or one-hot.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3.

    >>> float(softmax_cross_entropy([[0.0, 1000.0]], [0]))
    1000.0
    """
    u = as_float(u)
    return -(targets_like(u, t) * log_softmax(u)).sum() / batch_size(u)


def softmax_cross_entropy_gradient(u: npt.ArrayLike, t: npt.ArrayLike) -> Array:
    """Gradient of `softmax_cross_entropy` with respect to u, in its shape.

    The targets of a sample must sum to 1, as one-hot rows do.

    >>> softmax_cross_entropy_gradient([[0.0, 0.0]], [0])
    array([[-0.5,  0.5]])
    """
    u = as_float(u)
    return (softmax(u) - targets_like(u, t)) / batch_size(u)


def sigmoid_cross_entropy(u: npt.ArrayLike, t: npt.ArrayLike) -> Number:
    r"""Binary cross entropy of sigmoid of the scores u.

    .. math:: -\frac{1}{N} \sum_n \sum_k \left[t \log \sigma(u) + (1 - t) \log(1 - \sigma(u))\right]

    It is computed as :math:`\max(u, 0) - t u + \log(1 + e^{-|u|})`, which neither overflows nor
    rounds to 0.

    u: scores (logits), shape (N,) or (N, K): here an array of one axis is a batch of single
    scores. t: targets in [0, 1], same shape.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.2.

    >>> float(sigmoid_cross_entropy([-1000.0], [1.0]))
    1000.0
    """
    u, t, n = as_pair(u, t, sample_axes=0)
    negative = u.real < 0
    small = np.exp(np.where(negative, u, -u))
    return (np.where(negative, 0.0, u) - t * u + np.log1p(small)).sum() / n


def sigmoid_cross_entropy_gradient(u: npt.ArrayLike, t: npt.ArrayLike) -> Array:
    """Gradient of `sigmoid_cross_entropy` with respect to u, in its shape.

    >>> sigmoid_cross_entropy_gradient([0.0, 0.0], [1, 0])
    array([-0.25,  0.25])
    """
    u, t, n = as_pair(u, t, sample_axes=0)
    return (sigmoid(u) - t) / n
