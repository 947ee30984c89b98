"""Losses as the last layer of a network: `forward(x, t)` gives a number; `backward()` starts."""

import numpy as np
import numpy.typing as npt

from dlkit.errors import expect
from dlkit.functions import log_softmax, sigmoid
from dlkit.layers.base import Layer
from dlkit.losses import (
    Number,
    mean_squared_error,
    mean_squared_error_gradient,
    sigmoid_cross_entropy,
    targets_like,
)
from dlkit.typing import Array


class SoftmaxWithLoss(Layer):
    r"""Softmax, then cross entropy: :math:`L = -\frac{1}{N} \sum_n \sum_k t_{nk} \log y_{nk}`.

    `forward` keeps the probabilities `y` and the one-hot targets `t`, both of shape (N, C).
    One-hot targets may be replaced by probabilities, as long as each row sums to 1.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3.

    >>> loss = SoftmaxWithLoss().forward(np.array([[0.0, 1000.0]]), np.array([0]))
    >>> float(loss)
    1000.0
    """

    def forward(self, x: Array, t: npt.ArrayLike) -> Number:
        """Mean loss, a number, for scores x (N, C) and targets t, labels (N,) or one-hot (N, C)."""
        expect(x.ndim == 2 and len(x) > 0, "SoftmaxWithLoss needs x (N, C) with N > 0", x=x)
        self.t = targets_like(x, t)
        log_y = log_softmax(x)
        self.y = np.exp(log_y)
        return -(self.t * log_y).sum() / len(x)

    def backward(self, dout: float = 1.0) -> Array:
        """Gradient with respect to x, shape (N, C); dout is that with respect to the loss."""
        return dout * (self.y - self.t) / len(self.t)


class SigmoidWithLoss(Layer):
    r"""Sigmoid followed by binary cross entropy, the mean over the batch.

    .. math:: L = -\frac{1}{N} \sum_n \sum_k \left[t \log y + (1 - t) \log(1 - y)\right],
              \quad y = \sigma(x)

    `forward` keeps the probabilities `y` and the targets `t`.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.2.

    >>> loss = SigmoidWithLoss().forward(np.array([0.0, 0.0]), np.array([0, 1]))
    >>> bool(loss == np.log(2))
    True
    """

    def forward(self, x: Array, t: npt.ArrayLike) -> Number:
        """Mean loss, a number, for scores x (N,) or (N, K) and targets t in [0, 1], same shape."""
        loss = sigmoid_cross_entropy(x, t)
        self.y = sigmoid(x)
        self.t = np.asarray(t, dtype=self.y.real.dtype)
        return loss

    def backward(self, dout: float = 1.0) -> Array:
        """Gradient with respect to x, in its shape; dout is that with respect to the loss."""
        dx: Array = dout * (self.y - self.t) / len(self.t)
        return dx


class MeanSquaredError(Layer):
    r"""Mean squared error as the loss of a regression, over all entries of the batch.

    >>> loss = MeanSquaredError().forward(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]]))
    >>> float(loss)
    2.5
    """

    def forward(self, x: Array, t: npt.ArrayLike) -> Number:
        """Mean loss, a number, for predictions x and targets t of the same shape."""
        self.x, self.t = x, t
        return mean_squared_error(x, t)

    def backward(self, dout: float = 1.0) -> Array:
        """Gradient with respect to x, in its shape; dout is that with respect to the loss."""
        return dout * mean_squared_error_gradient(self.x, self.t)
