"""The network with one hidden layer, its layers written out."""

import numpy as np

from dlkit.init import he
from dlkit.layers import Affine, Layer, ReLU, SoftmaxWithLoss
from dlkit.losses import Number
from dlkit.train.metrics import accuracy
from dlkit.typing import Array, Labels


class TwoLayerNet(Layer):
    r"""Two layers of weights, :math:`\mathrm{scores} = \mathrm{ReLU}(x W_1 + b_1)\, W_2 + b_2`.

    W1: shape (D, H). b1: (H,). W2: (H, C). b2: (C,), for D inputs, H hidden units and C classes. The
    weights are drawn from rng by `dlkit.init.he`; biases begin with 0.

    `forward` and `backward` make it a layer, which `dlkit.train.Trainer` can train; `predict`, `loss`,
    `gradient` and `accuracy` are the methods that the book trains it by.

    Source: Saito, Deep Learning from Scratch (2016), section 5.7.

    >>> net = TwoLayerNet(D=4, H=5, C=3, rng=np.random.default_rng(0))
    >>> x, t = np.ones((2, 4)), np.array([0, 2])
    >>> {name: grad.shape for name, grad in net.gradient(x, t).items()}
    {'W1': (4, 5), 'b1': (5,), 'W2': (5, 3), 'b2': (3,)}
    """

    param_names = ("W1", "b1", "W2", "b2")

    def __init__(self, D: int, H: int, C: int, rng: np.random.Generator) -> None:
        self.W1, self.b1 = he((D, H), rng), np.zeros(H)
        self.W2, self.b2 = he((H, C), rng), np.zeros(C)

    def forward(self, x: Array, training: bool = True) -> Array:
        """Scores, shape (N, C), for inputs x (N, D); `training` makes no difference."""
        self.affine1 = Affine(self.W1, self.b1)
        self.relu = ReLU()
        self.affine2 = Affine(self.W2, self.b2)
        return self.affine2.forward(self.relu.forward(self.affine1.forward(x)))

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x (N, D), for dout (N, C); sets dW1, db1, dW2 and db2."""
        dx = self.affine1.backward(self.relu.backward(self.affine2.backward(dout)))
        self.dW1, self.db1 = self.affine1.dW, self.affine1.db
        self.dW2, self.db2 = self.affine2.dW, self.affine2.db
        return dx

    def predict(self, x: Array) -> Array:
        """Scores, shape (N, C), for inputs x (N, D); the largest names the class."""
        return self.forward(x, training=False)

    def loss(self, x: Array, t: Labels) -> Number:
        """Mean cross entropy of the softmax of the scores, for targets t: labels (N,) or one-hot (N, C)."""
        self.last = SoftmaxWithLoss()
        return self.last.forward(self.forward(x), t)

    def gradient(self, x: Array, t: Labels) -> dict[str, Array]:
        """Gradient of `loss` with respect to each parameter, under its name."""
        self.loss(x, t)
        self.backward(self.last.backward())
        return self.grads

    def accuracy(self, x: Array, t: Labels) -> float:
        """Share of the samples x (N, D) whose label t (N,) gets the largest score."""
        return accuracy(self.predict(x), t)
