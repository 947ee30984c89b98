"""Optimizers: each changes the parameter arrays in place, given their gradients.

``optimizer.update(params, grads)`` takes two dictionaries under the same names, as the layers'
`params` and `grads` are.
"""

from dlkit.typing import Array

__all__ = ["SGD"]


class SGD:
    r"""Stochastic gradient descent, :math:`W \leftarrow W - \eta\, \partial L / \partial W`.

    lr: the learning rate :math:`\eta`.

    >>> import numpy as np
    >>> params = {"W": np.array([1.0, 2.0])}
    >>> SGD(lr=0.5).update(params, {"W": np.array([1.0, 1.0])})
    >>> params["W"]
    array([0.5, 1.5])
    """

    def __init__(self, lr: float = 0.01) -> None:
        self.lr = lr

    def update(self, params: dict[str, Array], grads: dict[str, Array]) -> None:
        """Take one step: change each parameter in place."""
        for name in params:
            params[name] -= self.lr * grads[name]
