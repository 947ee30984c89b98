"""Normalization: subtract a mean, divide by a standard deviation, then scale and shift."""

import numpy as np

from dlkit.errors import expect, expect_dout
from dlkit.layers.base import Layer
from dlkit.typing import Array


class BatchNorm(Layer):
    r"""Batch normalization of each feature, or channel, over the batch.

    .. math:: y = \gamma\, \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta

    In training :math:`\mu` and :math:`\sigma^2` are the mean and the (biased) variance of a feature over
    all samples, and over all positions of a picture; else they are `running_mean` and `running_var`.
    These begin with 0 and 1, and each `forward` in training moves them by `momentum` towards the mean
    and the unbiased variance of its batch.

    gamma, beta: scale and shift, shape (D,) for x (N, D), (C,) for x (N, C, H, W).

    After `backward`, `dgamma` and `dbeta` hold the gradients.

    Source: Ioffe and Szegedy, Batch Normalization (2015), algorithms 1 and 2; eps and momentum as in
    PyTorch.

    >>> layer = BatchNorm(gamma=np.ones(1), beta=np.zeros(1), eps=0.0)
    >>> layer.forward(np.array([[1.0], [3.0]]))
    array([[-1.],
           [ 1.]])
    >>> layer.running_mean, layer.running_var
    (array([0.2]), array([1.1]))
    """

    param_names = ("gamma", "beta")
    buffer_names = ("running_mean", "running_var")

    def __init__(self, gamma: Array, beta: Array, momentum: float = 0.1, eps: float = 1e-5) -> None:
        rule = "BatchNorm needs gamma and beta of the same shape, (D,) or (C,)"
        expect(gamma.ndim == 1 and gamma.shape == beta.shape, rule, gamma=gamma, beta=beta)
        self.gamma = gamma
        self.beta = beta
        self.momentum = momentum
        self.eps = eps
        self.running_mean = np.zeros_like(gamma)
        self.running_var = np.ones_like(gamma)

    def forward(self, x: Array, training: bool = True) -> Array:
        """Output in the shape of x, (N, D) or (N, C, H, W)."""
        rule = "BatchNorm needs x (N, D) or (N, C, H, W) with gamma.shape == (x.shape[1],)"
        expect(x.ndim >= 2 and self.gamma.shape == x.shape[1:2], rule, x=x, gamma=self.gamma)
        self.training = training
        self.shape = x.shape
        rows = channels_last(x)
        if training:
            mean, var = self.statistics(rows)
        else:
            mean, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.x_hat = (rows - mean) / self.std
        return channels_first(self.gamma * self.x_hat + self.beta, x.shape)

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape; sets dgamma and dbeta."""
        expect_dout(self, dout, self.shape)
        rows = channels_last(dout)
        self.dgamma = (rows * self.x_hat).sum(axis=0)
        self.dbeta = rows.sum(axis=0)
        dx_hat = rows * self.gamma
        if self.training:  # the mean and the variance depend on x too
            along = (dx_hat * self.x_hat).mean(axis=0)
            dx_hat = dx_hat - dx_hat.mean(axis=0) - self.x_hat * along
        return channels_first(dx_hat / self.std, self.shape)

    def statistics(self, rows: Array) -> tuple[Array, Array]:
        """Mean and variance of the batch; moves the running ones."""
        n = len(rows)
        hint = "A larger batch, or training=False?"
        expect(n > 1, "BatchNorm in training needs several values of a feature", hint, rows=rows)
        mean = rows.mean(axis=0)
        var = ((rows - mean) ** 2).mean(axis=0)
        self.running_mean = self.running_mean + self.momentum * (mean.real - self.running_mean)
        unbiased = var.real * n / (n - 1)
        self.running_var = self.running_var + self.momentum * (unbiased - self.running_var)
        return mean, var


class LayerNorm(Layer):
    r"""Layer normalization of each sample over its last axis.

    .. math:: y = \gamma\, \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta

    with the mean :math:`\mu` and the (biased) variance :math:`\sigma^2` of the D entries of a sample, or of
    a time step.

    gamma, beta: scale and shift, shape (D,). After `backward`, `dgamma` and `dbeta` hold the gradients.

    Source: Ba, Kiros and Hinton, Layer Normalization (2016).

    >>> layer = LayerNorm(gamma=np.ones(2), beta=np.zeros(2), eps=0.0)
    >>> layer.forward(np.array([[1.0, 3.0]]))
    array([[-1.,  1.]])
    """

    param_names = ("gamma", "beta")

    def __init__(self, gamma: Array, beta: Array, eps: float = 1e-5) -> None:
        rule = "LayerNorm needs gamma and beta of the same shape, (D,)"
        expect(gamma.ndim == 1 and gamma.shape == beta.shape, rule, gamma=gamma, beta=beta)
        self.gamma = gamma
        self.beta = beta
        self.eps = eps

    def forward(self, x: Array) -> Array:
        """Output in the shape of x, (..., D)."""
        rule = "LayerNorm needs x (..., D) with gamma.shape == (x.shape[-1],)"
        expect(x.shape[-1:] == self.gamma.shape, rule, x=x, gamma=self.gamma)
        centred = x - x.mean(axis=-1, keepdims=True)
        var = (centred**2).mean(axis=-1, keepdims=True)
        self.std = np.sqrt(var + self.eps)
        self.x_hat = centred / self.std
        y: Array = self.gamma * self.x_hat + self.beta
        return y

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, in its shape; sets dgamma and dbeta."""
        expect_dout(self, dout, self.x_hat.shape)
        axes = tuple(range(dout.ndim - 1))
        self.dgamma = (dout * self.x_hat).sum(axis=axes)
        self.dbeta = dout.sum(axis=axes)
        dx_hat = dout * self.gamma
        along = (dx_hat * self.x_hat).mean(axis=-1, keepdims=True)
        dx: Array = (dx_hat - dx_hat.mean(axis=-1, keepdims=True) - self.x_hat * along) / self.std
        return dx


def channels_last(x: Array) -> Array:
    """Rows of features: (N, C, H, W) as (N H W, C); (N, D) as it is."""
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def channels_first(rows: Array, shape: tuple[int, ...]) -> Array:
    """Inverse of `channels_last`, back to that shape."""
    n, c, *positions = shape
    return np.moveaxis(rows.reshape(n, *positions, c), -1, 1)
