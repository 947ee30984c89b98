"""What models of sequences share: the loss over time steps, and layers that move axes."""

import numpy as np

from dlkit.errors import expect, expect_dout
from dlkit.layers import Layer, SoftmaxWithLoss
from dlkit.losses import Number
from dlkit.typing import Array, Labels


class TimeSoftmaxWithLoss(Layer):
    """Softmax with cross entropy at every time step: the mean over the steps that have a target.

    A negative label marks a step without one, such as padding.

    Source: Saito, Deep Learning from Scratch 2 (2018), section 5.4.

    >>> loss = TimeSoftmaxWithLoss()
    >>> number = loss.forward(np.array([[[0.0, 9.0], [5.0, 5.0]]]), np.array([[-1, 0]]))
    >>> bool(number == np.log(2))
    True
    """

    def __init__(self) -> None:
        self.softmax = SoftmaxWithLoss()

    def forward(self, x: Array, t: Labels) -> Number:
        """Mean loss, a number, for scores x (N, T, V) and labels t (N, T)."""
        expect(x.ndim == 3 and t.shape == x.shape[:2], "TimeSoftmaxWithLoss needs x (N, T, V), t (N, T)",
               x=x, t=t)  # fmt: skip
        self.shape = x.shape
        self.chosen = t >= 0
        return self.softmax.forward(x[self.chosen], t[self.chosen])

    def backward(self, dout: float = 1.0) -> Array:
        """Gradient with respect to x, shape (N, T, V): 0 at steps without a target."""
        gradient = self.softmax.backward(dout)
        dx = np.zeros(self.shape, gradient.dtype)
        dx[self.chosen] = gradient
        return dx


class SwapAxes(Layer):
    """Steps and features change places: x (N, T, D) becomes (N, D, T), as convolutions want it.

    >>> SwapAxes().forward(np.zeros((5, 4, 3))).shape
    (5, 3, 4)
    """

    def forward(self, x: Array) -> Array:
        """Output of shape (N, D, T)."""
        expect(x.ndim == 3, "SwapAxes needs x (N, T, D)", x=x)
        self.shape = x.shape
        return x.swapaxes(1, 2)

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, shape (N, T, D)."""
        expect_dout(self, dout, (self.shape[0], self.shape[2], self.shape[1]))
        return dout.swapaxes(1, 2)
