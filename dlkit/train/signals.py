"""How gradients fare from layer to layer: what vanishes, and what explodes."""

import numpy as np

from dlkit.errors import expect
from dlkit.functions import tanh
from dlkit.typing import Array


def gradient_norms(x: Array, W: Array, dout: Array) -> Array:
    r"""Norms of the gradients with respect to the inputs of all layers, shape (K,).

    They are :math:`\lVert \partial L / \partial Z^{(l-1)} \rVert` for l = 1, …, K, each over all entries of
    an array (N, H). The layers are :math:`Z^{(l)} = \tanh(Z^{(l-1)} W^{(l)})`, from :math:`Z^{(0)}` = x.

    x: samples (N, H). W: weights of all layers (K, H, H), of which W[l - 1] are those of layer l. dout:
    gradient with respect to the last output, (N, H). No argument is changed.

    Source: Glorot and Bengio, Understanding the Difficulty of Training Deep Feedforward Neural
    Networks (2010), section 4.2.

    >>> W = 0.5 * np.stack([np.eye(2)] * 3)
    >>> gradient_norms(np.zeros((1, 2)), W, np.array([[3.0, 4.0]]))
    array([0.625, 1.25 , 2.5  ])
    """
    fits = W.ndim == 3 and W.shape[1:] == x.shape[-1:] * 2 and x.shape == dout.shape
    expect(fits, "gradient_norms needs x and dout (N, H) and W (K, H, H)", x=x, W=W, dout=dout)
    outputs = [x]
    for weights in W:
        outputs.append(tanh(outputs[-1] @ weights))
    norms = np.zeros(len(W))
    for index in reversed(range(len(W))):
        dout = (dout * (1.0 - outputs[index + 1] ** 2)) @ W[index].T
        norms[index] = np.linalg.norm(dout)
    return norms
