"""Automatic differentiation of numbers, in one class: what an engine needs at the least.

`dlkit.autograd.Variable` does the same for arrays, with one class for each operation.
"""

import math
from collections.abc import Callable, Sequence

__all__ = ["Scalar"]


class Scalar:
    """A number that remembers how it was computed.

    data: the number. inputs: the Scalars from which it was computed; none for one that is given. rule: turns
    the derivative of a result with respect to this number into those with respect to the inputs, in their
    order, all of them Scalars. grad: derivative of a result with respect to this number, a Scalar as well,
    so that it can be differentiated in turn; None before `backward` of the result. Derivatives of several
    results add up until `cleargrad`.

    Sources: Tokui et al., Chainer: A Deep Learning Framework for Accelerating the Research Cycle (2019);
    Griewank and Walther, Evaluating Derivatives (2008), section 3.2.

    >>> x = Scalar(3.0)
    >>> y = x * x + 2.0 * x
    >>> y.backward()
    >>> x.grad.data  # 2 x + 2
    8.0
    """

    def __init__(
        self,
        data: float,
        inputs: "Sequence[Scalar]" = (),
        rule: "Callable[[Scalar], Sequence[Scalar]] | None" = None,
    ) -> None:
        self.data = data
        self.inputs = tuple(inputs)
        self.rule = rule
        self.grad: Scalar | None = None

    def __add__(self, other: "Scalar | float") -> "Scalar":
        """Sum with a Scalar or a constant."""
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data + other.data, (self, other), lambda g: (g, g))

    def __mul__(self, other: "Scalar | float") -> "Scalar":
        """Product with a Scalar or a constant."""
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data * other.data, (self, other), lambda g: (g * other, g * self))

    def exp(self) -> "Scalar":
        """Exponential function."""
        y = Scalar(math.exp(self.data), (self,), lambda g: (g * y,))
        return y

    def history(self) -> "list[Scalar]":
        """This Scalar and all it was computed from, each once, and each after its inputs."""
        order: list[Scalar] = []
        found = set()
        waiting = [(self, False)]
        while waiting:
            x, done = waiting.pop()
            if done:
                order.append(x)
            elif x not in found:
                found.add(x)
                waiting.append((x, True))  # it comes after all that is put on top of it now
                waiting.extend((each, False) for each in x.inputs)
        return order

    def backward(self) -> None:
        """Add to `grad` of all in the history the derivative of this Scalar with respect to it."""
        gradients = {self: Scalar(1.0)}
        for y in reversed(self.history()):
            g = gradients[y]
            y.grad = g if y.grad is None else y.grad + g
            if y.rule is not None:
                for x, gx in zip(y.inputs, y.rule(g), strict=True):
                    gradients[x] = gradients[x] + gx if x in gradients else gx

    def cleargrad(self) -> None:
        """Forget the derivative, before another one is computed."""
        self.grad = None

    def __radd__(self, other: float) -> "Scalar":
        return self + other

    def __rmul__(self, other: float) -> "Scalar":
        return self * other

    def __repr__(self) -> str:
        return f"Scalar({self.data})"
