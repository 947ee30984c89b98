"""The written-out forward pass agrees with the same network put together from layers."""

from itertools import pairwise

import numpy as np

from dlkit.layers import Affine, Sequential, Tanh
from dlkit.models.three_layer import three_layer_forward


def test_it_is_the_network_of_layers():
    rng = np.random.default_rng(0)
    sizes = [4, 3, 5, 2]
    W = [rng.standard_normal(shape) for shape in pairwise(sizes)]
    b = [rng.standard_normal(size) for size in sizes[1:]]
    net = Sequential(Affine(W[0], b[0]), Tanh(), Affine(W[1], b[1]), Tanh(), Affine(W[2], b[2]))
    x = rng.standard_normal((6, 4))
    out = three_layer_forward(x, W[0], b[0], W[1], b[1], W[2], b[2])
    np.testing.assert_allclose(out, net.forward(x))
