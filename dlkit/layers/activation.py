"""Activation functions as layers: any shape in, the same shape out."""

import math

import numpy as np

from dlkit.errors import expect_dout
from dlkit.functions import as_float, gelu, leaky_relu, sigmoid, softmax, tanh
from dlkit.layers.base import Layer
from dlkit.typing import Array


class ReLU(Layer):
    r"""Rectified linear unit :math:`y = \max(0, x)`; its derivative at 0 is taken to be 0.

    `forward` keeps `mask`: True where x <= 0, the entries that do not pass.

    Source: Glorot, Bordes and Bengio, Deep Sparse Rectifier Neural Networks (2011).

    >>> ReLU().forward(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """

    def forward(self, x: Array) -> Array:
        """Output in the shape of x."""
        self.mask = x.real <= 0
        return np.where(self.mask, 0.0, x)

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape."""
        expect_dout(self, dout, self.mask.shape)
        return np.where(self.mask, 0.0, dout)


class LeakyReLU(Layer):
    r"""Leaky ReLU: x where :math:`x > 0`, else `slope` times x; the derivative at 0 is `slope`.

    `forward` keeps `mask`: True where x <= 0.

    Source: Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models
    (2013).

    >>> LeakyReLU(slope=0.125).forward(np.array([-1.0, 0.0, 2.0]))
    array([-0.125,  0.   ,  2.   ])
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: Array) -> Array:
        """Output in the shape of x."""
        self.mask = x.real <= 0
        return leaky_relu(x, self.slope)

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape."""
        expect_dout(self, dout, self.mask.shape)
        return np.where(self.mask, self.slope * dout, dout)


class Sigmoid(Layer):
    r"""Sigmoid :math:`y = 1 / (1 + e^{-x})`.

    `forward` keeps its output `y`.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.10.

    >>> Sigmoid().forward(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """

    def forward(self, x: Array) -> Array:
        """Output in the shape of x."""
        self.y = sigmoid(x)
        return self.y

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape."""
        expect_dout(self, dout, self.y.shape)
        return dout * self.y * (1.0 - self.y)


class Tanh(Layer):
    r"""Hyperbolic tangent :math:`y = \tanh x`.

    `forward` keeps its output `y`.

    >>> Tanh().forward(np.array([0.0, 1000.0]))
    array([0., 1.])
    """

    def forward(self, x: Array) -> Array:
        """Output in the shape of x."""
        self.y = tanh(x)
        return self.y

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape."""
        expect_dout(self, dout, self.y.shape)
        return dout * (1.0 - self.y**2)


class GELU(Layer):
    r"""Gaussian error linear unit by its tanh form, see `dlkit.functions.gelu`.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units (2016), section 2.

    >>> GELU().forward(np.array([-100.0, 0.0, 100.0]))
    array([ -0.,   0., 100.])
    """

    def forward(self, x: Array) -> Array:
        """Output in the shape of x."""
        self.x = as_float(x)
        return gelu(x)

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape."""
        expect_dout(self, dout, self.x.shape)
        c = math.sqrt(2.0 / math.pi)
        u = c * (self.x + 0.044715 * self.x**3)
        du = c * (1.0 + 3 * 0.044715 * self.x**2)
        s = sigmoid(2.0 * u)
        return dout * (s + 2.0 * self.x * s * (1.0 - s) * du)


class Softmax(Layer):
    r"""Softmax :math:`y_k = e^{x_k} / \sum_j e^{x_j}` along an axis, the last by default.

    `forward` keeps its output `y`.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3.

    >>> Softmax().forward(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Array) -> Array:
        """Output in the shape of x."""
        self.y = softmax(x, axis=self.axis)
        return self.y

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape."""
        expect_dout(self, dout, self.y.shape)
        mean = (dout * self.y).sum(axis=self.axis, keepdims=True)  # of dout, with weights y
        dx: Array = self.y * (dout - mean)
        return dx
