"""How good predictions are, in numbers that a reader understands; a loss is for the optimizer."""

import numpy as np
import numpy.typing as npt

from dlkit.errors import ArgumentError, expect
from dlkit.typing import Array, Labels


def accuracy(y: Array, t: npt.ArrayLike) -> float:
    """Share of samples whose class is predicted.

    y: scores or probabilities. Where t has the shape of y, there is one score a sample for one of two
    classes, t = 1 where y > 0 is right; where t lacks the last axis of y, the largest score must be that of
    label t. A negative label marks what does not count, as in `dlkit.models.TimeSoftmaxWithLoss`.

    >>> accuracy(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([1, 1]))
    0.5
    >>> accuracy(np.array([-3.0, 2.0, 1.0, 4.0]), np.array([0, 1, 0, 1]))
    0.75
    """
    t = np.asarray(t)
    rule = "accuracy needs labels t of shape y.shape[:-1], or of 0 and 1 in the shape of y"
    counts = t >= 0
    expect(t.shape in (y.shape, y.shape[:-1]) and bool(counts.any()), rule, y=y, t=t)
    predicted = y > 0 if t.shape == y.shape else y.argmax(axis=-1)
    return float((predicted == t)[counts].mean())


def confusion_matrix(predicted: Labels, t: Labels, classes: int) -> Labels:
    """How often (i, j): class i was given label j, shape (classes, classes).

    predicted, t: labels from 0 to classes - 1, in the same shape.

    >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), classes=2)
    array([[1, 1],
           [0, 1]])
    """
    expect(predicted.shape == t.shape, "Predicted and true labels need the same shape",
           predicted=predicted, t=t)  # fmt: skip
    for name, labels in (("predicted", predicted), ("true", t)):
        outside = labels[(labels < 0) | (labels >= classes)]
        if outside.size:
            raise ArgumentError(
                f"confusion_matrix needs labels from 0 to classes - 1 = {classes - 1}; got the {name} "
                f"label {outside[0]}."
            )
    counts: Labels = np.bincount((classes * t + predicted).ravel(), minlength=classes**2)
    return counts.reshape(classes, classes)


def psnr(y: Array, t: Array, peak: float = 1.0) -> float:
    r"""Peak signal-to-noise ratio in decibels, :math:`10 \log_{10}(\mathrm{peak}^2 / \mathrm{MSE})`.

    y: pictures; t: what they should be, same shape; peak: the largest value that an entry can have.
    Ten more decibels are a tenth of the mean squared error.

    >>> round(psnr(np.full((2, 2), 0.5), np.full((2, 2), 0.6)), 6)
    20.0
    """
    expect(y.shape == t.shape, "psnr needs pictures of the same shape", y=y, t=t)
    error = np.mean((y.astype(np.float64) - t) ** 2)
    with np.errstate(divide="ignore"):  # equal pictures: infinity
        return float(10 * np.log10(peak**2 / error))
