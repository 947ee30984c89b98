"""Dropout."""

import numpy as np

from dlkit.errors import ArgumentError, expect_dout
from dlkit.layers.base import Layer
from dlkit.typing import Array


class Dropout(Layer):
    r"""Inverted dropout: in training each unit is 0 with probability `rate`, else :math:`x / (1 - rate)`.

    The division keeps the expected value, so that outside training x passes unchanged.

    rng: generator of the mask. `forward` in training draws once, ``rng.random(x.shape)``, and keeps
    `mask`: True where the draw is at least `rate`, the units that stay.

    Source: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting (2014),
    section 10 for the inverted form.

    >>> layer = Dropout(rate=0.5, rng=np.random.default_rng(0))
    >>> layer.forward(np.ones(4))
    array([2., 0., 0., 0.])
    >>> layer.forward(np.ones(4), training=False)
    array([1., 1., 1., 1.])
    """

    def __init__(self, rate: float, rng: np.random.Generator) -> None:
        if not 0 <= rate < 1:
            raise ArgumentError(f"Dropout needs a rate with 0 <= rate < 1; got {rate}.")
        self.rate = rate
        self.rng = rng

    def forward(self, x: Array, training: bool = True) -> Array:
        """Output in the shape of x."""
        self.training = training
        self.shape = x.shape
        if not training:
            return x
        self.mask = self.rng.random(x.shape) >= self.rate
        return x * self.mask / (1.0 - self.rate)

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape, through the mask of the last `forward`."""
        expect_dout(self, dout, self.shape)
        if not self.training:
            return dout
        return dout * self.mask / (1.0 - self.rate)
