r"""Optimizers, gradient clipping and learning-rate schedules.

``optimizer.update(params, grads)`` takes two dictionaries under the same names, such as the
`params` and `grads` of a layer, and changes the parameter arrays in place. In the formulas W is a
parameter, g its gradient, :math:`\eta` the learning rate `lr`, t the number of the update, from 1,
and all operations are entry by entry. Defaults and the places of the small constants are those of
PyTorch.
"""

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from dlkit.errors import ArgumentError, expect
from dlkit.typing import Array

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "clip_by_norm",
    "cosine_decay",
    "exponential_decay",
    "gradient_descent",
    "step_decay",
    "warm_up",
]


class Optimizer:
    r"""Base of the optimizers.

    lr: learning rate :math:`\eta`; it may be changed between updates. weight_decay: factor
    :math:`\lambda` of the L2 penalty :math:`\frac{\lambda}{2} \lVert W \rVert^2`, whose gradient
    :math:`\lambda W` is added to g.

    A subclass names in `state_names` the arrays that it remembers for each parameter, zeros before
    the first update; `state` holds them by the name of the parameter.
    """

    state_names: ClassVar[tuple[str, ...]] = ()

    step: Any  # step(W, g, **state) changes one parameter W, and its state, in place

    def __init__(self, lr: float, weight_decay: float = 0.0) -> None:
        self.lr = lr
        self.weight_decay = weight_decay
        self.t = 0
        self.state: dict[str, dict[str, Array]] = {}

    def update(self, params: dict[str, Array], grads: dict[str, Array]) -> None:
        """Take one step: change every parameter in place; the gradients stay as they are.

        Where a gradient is missing, or of another shape, nothing changes and the error says which.
        """
        _check(params, grads)
        self.t += 1
        for name, W in params.items():
            if name not in self.state:
                self.state[name] = {key: np.zeros_like(W) for key in self.state_names}
            self.step(W, self.penalized(W, grads[name]), **self.state[name])

    def penalized(self, W: Array, g: Array) -> Array:
        """Gradient of the loss with the L2 penalty, for g without it."""
        return g + self.weight_decay * W if self.weight_decay else g


def _check(params: dict[str, Array], grads: dict[str, Array]) -> None:
    missing = [name for name in params if name not in grads]
    if missing:
        raise ArgumentError(
            f"Every parameter needs a gradient of its name; got none for {', '.join(missing)}. "
            "Call backward first?"
        )
    for name, W in params.items():
        rule = f"Parameter {name} and its gradient need the same shape"
        expect(W.shape == np.shape(grads[name]), rule, parameter=W, gradient=grads[name])
        if not np.issubdtype(W.dtype, np.floating):
            raise ArgumentError(
                f"Parameters are arrays of floats, which are changed in place; got {name} of "
                f"{W.dtype}. Convert it with astype(float)?"
            )


class SGD(Optimizer):
    r"""Stochastic gradient descent, :math:`W \leftarrow W - \eta g`.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.3.1.

    >>> params = {"W": np.array([1.0, 2.0])}
    >>> SGD(lr=0.5).update(params, {"W": np.array([1.0, 1.0])})
    >>> params["W"]
    array([0.5, 1.5])
    """

    def __init__(self, lr: float = 0.01, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)

    def step(self, W: Array, g: Array) -> None:
        """Change W in place."""
        W -= self.lr * g


class Momentum(Optimizer):
    r"""SGD with momentum: :math:`v \leftarrow \mu v + g`, then :math:`W \leftarrow W - \eta v`.

    Source: Polyak (1964); Sutskever et al., On the Importance of Initialization and Momentum in
    Deep Learning (2013), whose v is this one times :math:`-\eta`.

    >>> params, optimizer = {"W": np.array([1.0])}, Momentum(lr=0.5, momentum=0.5)
    >>> for _ in range(2):
    ...     optimizer.update(params, {"W": np.array([1.0])})
    >>> params["W"].round(6)
    array([-0.25])
    """

    state_names = ("v",)

    def __init__(self, lr: float = 0.01, momentum: float = 0.9, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)
        self.momentum = momentum

    def step(self, W: Array, g: Array, v: Array) -> None:
        """Change W and the velocity v in place."""
        v *= self.momentum
        v += g
        W -= self.lr * v


class Nesterov(Momentum):
    r"""Nesterov's accelerated gradient, which looks ahead along v.

    :math:`v \leftarrow \mu v + g`, then :math:`W \leftarrow W - \eta (g + \mu v)`.

    Source: Sutskever et al., On the Importance of Initialization and Momentum in Deep Learning
    (2013), in the form of Bengio et al., Advances in Optimizing Recurrent Networks (2013), section
    3.5.

    >>> params, optimizer = {"W": np.array([1.0])}, Nesterov(lr=0.5, momentum=0.5)
    >>> for _ in range(2):
    ...     optimizer.update(params, {"W": np.array([1.0])})
    >>> params["W"].round(6)
    array([-0.625])
    """

    def step(self, W: Array, g: Array, v: Array) -> None:
        """Change W and the velocity v in place."""
        v *= self.momentum
        v += g
        W -= self.lr * (g + self.momentum * v)


class AdaGrad(Optimizer):
    r"""AdaGrad: :math:`h \leftarrow h + g^2`, then :math:`W \leftarrow W - \eta\, g / (\sqrt{h} + \epsilon)`.

    Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods (2011).

    >>> params, optimizer = {"W": np.array([1.0])}, AdaGrad(lr=0.5)
    >>> for _ in range(2):
    ...     optimizer.update(params, {"W": np.array([1.0])})
    >>> params["W"].round(6)
    array([0.146447])
    """

    state_names = ("h",)

    def __init__(self, lr: float = 0.01, eps: float = 1e-10, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)
        self.eps = eps

    def step(self, W: Array, g: Array, h: Array) -> None:
        """Change W and the sum of squares h in place."""
        h += g**2
        W -= self.lr * g / (np.sqrt(h) + self.eps)


class RMSProp(Optimizer):
    r"""RMSProp: AdaGrad with a moving average, :math:`h \leftarrow \rho h + (1 - \rho) g^2`.

    :math:`W \leftarrow W - \eta\, g / (\sqrt{h} + \epsilon)`, as in AdaGrad.

    Source: Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5 (2012).

    >>> params, optimizer = {"W": np.array([1.0])}, RMSProp(lr=0.5, rho=0.75)
    >>> for _ in range(2):
    ...     optimizer.update(params, {"W": np.array([1.0])})
    >>> params["W"].round(6)
    array([-0.755929])
    """

    state_names = ("h",)

    def __init__(
        self, lr: float = 0.01, rho: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0
    ) -> None:
        super().__init__(lr, weight_decay)
        self.rho = rho
        self.eps = eps

    def step(self, W: Array, g: Array, h: Array) -> None:
        """Change W and the average of squares h in place."""
        h *= self.rho
        h += (1.0 - self.rho) * g**2
        W -= self.lr * g / (np.sqrt(h) + self.eps)


class Adam(Optimizer):
    r"""Adam: moving averages of g and of g², corrected for their start at zero.

    .. math::
        m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad v \leftarrow \beta_2 v + (1 - \beta_2) g^2,
        \quad W \leftarrow W - \eta\, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} +
        \epsilon}

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2015), algorithm 1.

    >>> params, optimizer = {"W": np.array([1.0])}, Adam(lr=0.5)
    >>> for _ in range(2):
    ...     optimizer.update(params, {"W": np.array([1.0])})
    >>> params["W"].round(6)
    array([0.])
    """

    state_names = ("m", "v")

    def __init__(
        self,
        lr: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay)
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps

    def step(self, W: Array, g: Array, m: Array, v: Array) -> None:
        """Change W and the averages m of g and v of g² in place."""
        m *= self.beta1
        m += (1.0 - self.beta1) * g
        v *= self.beta2
        v += (1.0 - self.beta2) * g**2
        m_hat = m / (1.0 - self.beta1**self.t)
        v_hat = v / (1.0 - self.beta2**self.t)
        W -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class AdamW(Adam):
    r"""Adam with decoupled weight decay: first :math:`W \leftarrow (1 - \eta \lambda) W`, then Adam's step.

    The decay does not pass through the averages, as an L2 penalty added to g does.

    Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2.

    >>> params, optimizer = {"W": np.array([1.0])}, AdamW(lr=0.5, weight_decay=0.5)
    >>> for _ in range(2):
    ...     optimizer.update(params, {"W": np.array([1.0])})
    >>> params["W"].round(6)
    array([-0.3125])
    """

    def __init__(
        self,
        lr: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(lr, beta1, beta2, eps, weight_decay)

    def penalized(self, W: Array, g: Array) -> Array:
        """The gradient without a penalty: the decay is a part of the step."""
        return g

    def step(self, W: Array, g: Array, m: Array, v: Array) -> None:
        """Change W and the averages m of g and v of g² in place."""
        W *= 1.0 - self.lr * self.weight_decay
        super().step(W, g, m, v)


def gradient_descent(
    gradient: Callable[[Array], Array], x: npt.ArrayLike, lr: float = 0.1, steps: int = 100
) -> Array:
    """Point that gradient descent reaches from x in so many steps, float64; x is not changed.

    gradient: function from a point to the gradient there, an array in the shape of x. lr: learning rate.

    Source: Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées (1847).

    >>> gradient_descent(lambda x: 2 * x, [4.0, -8.0], lr=0.25, steps=3)
    array([ 0.5, -1. ])
    """
    x = np.array(x, dtype=np.float64)
    for _ in range(steps):
        x = x - lr * gradient(x)
    return x


def clip_by_norm(grads: dict[str, Array], max_norm: float) -> dict[str, Array]:
    r"""Gradients scaled down together to a length of at most max_norm; new arrays.

    Their length is that of one vector of all entries, :math:`n = \sqrt{\sum_i g_i^2}`; the factor
    is :math:`\min(1, c / (n + 10^{-6}))`, with PyTorch's guard against division by zero.

    Source: Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks
    (2013).

    >>> clip_by_norm({"W": np.array([30.0]), "b": np.array([40.0])}, max_norm=5.0)["b"].round(6)
    array([4.])
    """
    norm = math.sqrt(sum(float((g**2).sum()) for g in grads.values()))
    factor = min(1.0, max_norm / (norm + 1e-6))
    return {name: factor * g for name, g in grads.items()}


def step_decay(t: int, lr: float, every: int, factor: float = 0.1) -> float:
    r"""Learning rate of step t = 0, 1, …: :math:`\eta f^{\lfloor t / k \rfloor}`, times f every k steps.

    >>> [step_decay(t, lr=8.0, every=2, factor=0.5) for t in range(5)]
    [8.0, 8.0, 4.0, 4.0, 2.0]
    """
    return float(lr * factor ** (t // every))


def exponential_decay(t: int, lr: float, factor: float) -> float:
    r"""Learning rate of step t = 0, 1, …: :math:`\eta f^t`.

    >>> [exponential_decay(t, lr=8.0, factor=0.5) for t in range(3)]
    [8.0, 4.0, 2.0]
    """
    return float(lr * factor**t)


def cosine_decay(t: int, lr: float, steps: int, least: float = 0.0) -> float:
    r"""Learning rate of step t = 0, 1, …: half a cosine from lr down to `least` after so many steps.

    .. math:: \eta_\min + \tfrac{1}{2} (\eta - \eta_\min) (1 + \cos(\pi t / T))

    It stays at `least` afterwards.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017).

    >>> [round(cosine_decay(t, lr=8.0, steps=4), 3) for t in range(6)]
    [8.0, 6.828, 4.0, 1.172, 0.0, 0.0]
    """
    return least + 0.5 * (lr - least) * (1.0 + math.cos(math.pi * min(t, steps) / steps))


def warm_up(t: int, lr: float, steps: int) -> float:
    r"""Learning rate of step t = 0, 1, …: a straight line up to lr in so many steps, then lr.

    Source: Goyal et al., Accurate, Large Minibatch SGD (2017), section 2.2.

    >>> [warm_up(t, lr=8.0, steps=4) for t in range(6)]
    [2.0, 4.0, 6.0, 8.0, 8.0, 8.0]
    """
    return lr * min(1.0, (t + 1) / steps)
