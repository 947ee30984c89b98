"""Layers made of layers: one after another, and beside a shortcut."""

from collections.abc import Callable
from functools import cache
from inspect import signature
from typing import Any

from dlkit.errors import expect
from dlkit.layers.base import Layer, computed
from dlkit.typing import Array


@cache
def _knows_training(forward: Callable[..., Any]) -> bool:
    return "training" in signature(forward).parameters


def _forward(layer: Any, x: Array, training: bool) -> Array:
    """Forward pass of a layer, with `training` where the layer knows the difference."""
    options = {"training": training} if _knows_training(type(layer).forward) else {}
    y: Array = layer.forward(x, **options)
    return y


class Composite(Layer):
    """Base of layers that are made of layers, its parts.

    The parameter W of the part `body` is called ``"body.W"``; gradients and buffers likewise.
    """

    @property
    def parts(self) -> dict[str, Layer]:
        """Layers inside, by name: the attributes that are layers, in the order of their assignment."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Layer)}

    @computed
    def params(self) -> dict[str, Array]:
        """Parameters of all parts."""
        return self._of_parts("params")

    @computed
    def grads(self) -> dict[str, Array]:
        """Gradients under the names of their parameters; AttributeError before the first `backward`."""
        return self._of_parts("grads")

    @computed
    def buffers(self) -> dict[str, Array]:
        """Buffers of all parts."""
        return self._of_parts("buffers")

    def _of_parts(self, kind: str) -> dict[str, Array]:
        parts = self.parts.items()
        return {f"{name}.{k}": v for name, part in parts for k, v in getattr(part, kind).items()}


class Sequential(Composite):
    """Layers one after another: the output of each is the input of the next.

    Parameters are named by position: ``"0.W"`` is the W of the first layer.

    >>> import numpy as np
    >>> from dlkit.layers import Affine, ReLU
    >>> model = Sequential(Affine(np.eye(2), np.zeros(2)), ReLU())
    >>> model.forward(np.array([[-1.0, 2.0]]))
    array([[0., 2.]])
    >>> list(model.params)
    ['0.W', '0.b']
    """

    def __init__(self, *layers: Any) -> None:
        self.layers = layers

    def forward(self, x: Array, training: bool = True) -> Array:
        """Output of the last layer; `training` reaches the layers that know the difference."""
        for layer in self.layers:
            x = _forward(layer, x, training)
        return x

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to the first layer's input; sets the gradients of all layers."""
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout

    @property
    def parts(self) -> dict[str, Layer]:
        """Layers by position."""
        return {str(i): layer for i, layer in enumerate(self.layers)}


class Residual(Composite):
    r"""A body with a shortcut around it: :math:`y = F(x) + S(x)`.

    body: the layer F. shortcut: the layer S, which brings x to the shape of F(x); without one,
    S(x) = x.

    Parameters are named ``"body.…"`` and ``"shortcut.…"``.

    Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition (2016).

    >>> import numpy as np
    >>> from dlkit.layers import ReLU
    >>> Residual(ReLU()).forward(np.array([-1.0, 2.0]))
    array([-1.,  4.])
    """

    def __init__(self, body: Any, shortcut: Any = None) -> None:
        self.body = body
        self.shortcut = shortcut if shortcut is not None else Sequential()

    def forward(self, x: Array, training: bool = True) -> Array:
        """Sum of the body's and the shortcut's output."""
        y = _forward(self.body, x, training)
        s = _forward(self.shortcut, x, training)
        rule = "Residual needs body and shortcut to give the same shape"
        hint = "Give a shortcut that changes the shape as the body does?"
        expect(y.shape == s.shape, rule, hint, body=y, shortcut=s)
        return y + s

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x; sets the gradients of body and shortcut."""
        dx: Array = self.body.backward(dout) + self.shortcut.backward(dout)
        return dx
