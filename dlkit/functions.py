"""Activation functions: element by element, and softmax along an axis.

Every function takes an array (or a number) and returns a new one of the same shape. float32 stays
float32, integers become float64, and complex input stays complex, so that derivatives can be taken
by the complex step (`dlkit.gradcheck`); comparisons look at the real part alone.
"""

import math

import numpy as np
import numpy.typing as npt

from dlkit.typing import Array

__all__ = [
    "as_float",
    "gelu",
    "identity",
    "leaky_relu",
    "log_softmax",
    "relu",
    "sigmoid",
    "softmax",
    "step",
    "tanh",
]


def as_float(x: npt.ArrayLike) -> Array:
    """Return x as an array of floating-point or complex numbers.

    Integers and booleans become float64; float32, float64 and complex128 stay as they are, without
    a copy.

    >>> as_float([1, 2])
    array([1., 2.])
    """
    x = np.asarray(x)
    return x if np.issubdtype(x.dtype, np.inexact) else x.astype(np.float64)


def identity(x: npt.ArrayLike) -> Array:
    r"""Identity function :math:`h(x) = x`, the output activation for regression.

    >>> identity([-1, 2])
    array([-1.,  2.])
    """
    return as_float(x)


def step(x: npt.ArrayLike) -> Array:
    r"""Step function: 1 where :math:`x > 0`, else 0, as integers.

    Source: Rosenblatt, The Perceptron (1958).

    >>> step(np.array([-1.0, 0.0, 2.0]))
    array([0, 0, 1])
    """
    return np.where(np.real(x) > 0, 1, 0)


def sigmoid(x: npt.ArrayLike) -> Array:
    r"""Sigmoid function :math:`\sigma(x) = 1 / (1 + e^{-x})`, without overflow for any x.

    For negative x the equal form :math:`e^x / (1 + e^x)` is used, whose exponential cannot
    overflow.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.10.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    x = as_float(x)
    negative = x.real < 0
    z = np.exp(np.where(negative, x, -x))  # at most 1 in size
    return np.where(negative, z, 1.0) / (1.0 + z)


def tanh(x: npt.ArrayLike) -> Array:
    r"""Hyperbolic tangent :math:`(e^x - e^{-x}) / (e^x + e^{-x})`.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.2.

    >>> tanh(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """
    return np.tanh(as_float(x))


def relu(x: npt.ArrayLike) -> Array:
    r"""Rectified linear unit :math:`\max(0, x)`.

    Source: Glorot, Bordes and Bengio, Deep Sparse Rectifier Neural Networks (2011).

    >>> relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    return np.where(np.real(x) <= 0, 0.0, x)


def leaky_relu(x: npt.ArrayLike, slope: float = 0.01) -> Array:
    r"""Leaky ReLU: x where :math:`x > 0`, else `slope` times x.

    Source: Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models
    (2013).

    >>> leaky_relu(np.array([-1.0, 0.0, 2.0]), slope=0.125)
    array([-0.125,  0.   ,  2.   ])
    """
    x = as_float(x)
    return np.where(x.real > 0, x, slope * x)


def gelu(x: npt.ArrayLike) -> Array:
    r"""Gaussian error linear unit, by its tanh form.

    .. math:: \tfrac{1}{2} x \left(1 + \tanh u\right) = x\, \sigma(2u), \quad
              u = \sqrt{2/\pi}\,(x + 0.044715\,x^3)

    It differs from :math:`x \Phi(x)`, with the normal distribution function, by less than 0.001.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units (2016), section 2.

    >>> gelu(np.array([-100.0, 0.0, 100.0]))
    array([ -0.,   0., 100.])
    """
    x = as_float(x)
    u = math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)
    return x * sigmoid(2.0 * u)


def softmax(x: npt.ArrayLike, axis: int = -1) -> Array:
    r"""Softmax :math:`y_k = e^{x_k} / \sum_j e^{x_j}` along an axis, without overflow.

    The maximum is subtracted inside the exponentials, which leaves y unchanged because it cancels.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sections 4.1 and 6.2.2.3.

    >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    x = as_float(x)
    exp = np.exp(x - x.real.max(axis=axis, keepdims=True))
    y: Array = exp / exp.sum(axis=axis, keepdims=True)
    return y


def log_softmax(x: npt.ArrayLike, axis: int = -1) -> Array:
    r"""Logarithm of softmax, :math:`x_k - \log \sum_j e^{x_j}`, exact where softmax rounds to 0.

    >>> log_softmax(np.array([1000.0, 0.0]))
    array([    0., -1000.])
    """
    x = as_float(x)
    shifted = x - x.real.max(axis=axis, keepdims=True)
    log_y: Array = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return log_y
