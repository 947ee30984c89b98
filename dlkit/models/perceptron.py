"""The perceptron and its learning rule."""

import numpy as np
import numpy.typing as npt

from dlkit.errors import expect
from dlkit.functions import step
from dlkit.typing import Array, Labels


class Perceptron:
    r"""A neuron that learns: :math:`y = \mathrm{step}(w \cdot x + b)`.

    The learning rule goes through the samples one by one and changes the weights only where the answer
    is wrong:

    .. math:: w \leftarrow w + \eta\,(t - y)\,x, \qquad b \leftarrow b + \eta\,(t - y)

    If a straight line separates the classes, the number of mistakes is finite and learning ends; if
    none does, as for XOR, it never ends.

    w: weights, shape (D,). b: bias.

    Sources: Rosenblatt, The Perceptron (1958); Novikoff, On Convergence Proofs for Perceptrons (1962).

    >>> from dlkit.data import logic_gate
    >>> x, t = logic_gate("AND")
    >>> perceptron = Perceptron(w=np.zeros(2))
    >>> mistakes = perceptron.learn(x, t, epochs=20)
    >>> mistakes[-1], perceptron.forward(x)
    (0, array([0, 0, 0, 1]))
    """

    def __init__(self, w: Array, b: float = 0.0) -> None:
        self.w = w.astype(np.float64)
        self.b = float(b)

    def forward(self, x: npt.ArrayLike) -> Labels:
        """Output, 0 or 1, shape (...), for inputs x (..., D)."""
        x = np.asarray(x)
        rule = "Perceptron needs x.shape[-1] == w.shape[0]"
        expect(x.shape[-1:] == self.w.shape, rule, x=x, w=self.w)
        return step(x @ self.w + self.b)

    def learn(self, x: Array, t: Labels, lr: float = 1.0, epochs: int = 100) -> list[int]:
        """Apply the rule to samples x (N, D), t (N,) until an epoch has no mistake, at most `epochs` times.

        Returns the number of mistakes of each epoch.
        """
        expect(x.ndim == 2 and len(x) == len(t), "learn needs x (N, D) and t (N,)", x=x, t=t)
        mistakes: list[int] = []
        while len(mistakes) < epochs and mistakes[-1:] != [0]:
            errors = 0
            for sample, target in zip(x, t, strict=True):
                error = int(target) - int(self.forward(sample))
                self.w = self.w + lr * error * sample
                self.b += lr * error
                errors += abs(error)
            mistakes.append(errors)
        return mistakes
