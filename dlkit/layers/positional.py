"""The encoding of positions, which attention needs to see an order."""

import numpy as np

from dlkit.errors import expect
from dlkit.layers.base import Layer
from dlkit.typing import Array


class PositionalEncoding(Layer):
    """Adds to each step of a sequence the sinusoids of its position, see `positional_encoding`.

    Attention alone does not see the order of its keys. float32 stays float32.

    Source: Vaswani et al., Attention Is All You Need (2017), section 3.5.

    >>> PositionalEncoding().forward(np.ones((1, 1, 4)))  # of position 0: sin 0 and cos 0
    array([[[1., 2., 1., 2.]]])
    """

    def forward(self, x: Array) -> Array:
        """Sum of x, shape (..., T, D), and the encoding of the positions 0 to T - 1."""
        expect(x.ndim >= 2, "PositionalEncoding needs x (..., T, D)", x=x)
        self.shape = x.shape
        encoding = positional_encoding(*x.shape[-2:])
        y: Array = x + encoding.astype(np.result_type(x, np.float32))
        return y

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape."""
        rule = "PositionalEncoding.backward needs dout in the shape of the output"
        expect(dout.shape == self.shape, f"{rule}, {self.shape}", dout=dout)
        return dout


def positional_encoding(T: int, D: int) -> Array:
    r"""Sinusoidal encoding of the positions 0 to T - 1, shape (T, D), float64.

    .. math:: p_{t,2j} = \sin(t / 10000^{2j/D}), \qquad p_{t,2j+1} = \cos(t / 10000^{2j/D})

    Source: Vaswani et al., Attention Is All You Need (2017), section 3.5.

    >>> positional_encoding(2, 4).round(4)
    array([[0.    , 1.    , 0.    , 1.    ],
           [0.8415, 0.5403, 0.01  , 1.    ]])
    """
    t = np.arange(T)[:, np.newaxis]
    column = np.arange(D)
    angle = t / 10000.0 ** (column // 2 * 2 / D)
    return np.where(column % 2 == 0, np.sin(angle), np.cos(angle))
