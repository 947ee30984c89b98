"""Differentiable functions: `forward` and `backward` side by side, and a name to call each by.

Operands broadcast as in NumPy. An entry that broadcasting repeated receives the sum of the gradients of its
copies; `sum_to` takes it.
"""
# ruff: noqa: D102  forward and backward are what `Function` says

from typing import Any, TypeAlias

import numpy as np

import dlkit.functions
from dlkit.autograd.engine import Function, Variable
from dlkit.errors import expect
from dlkit.typing import Array

Shape: TypeAlias = tuple[int, ...]


class Add(Function):
    """a + b."""

    def forward(self, a: Array, b: Array) -> Array:
        return a + b

    def backward(self, gy: Variable) -> tuple[Variable, Variable]:
        a, b = self.inputs
        return sum_to(gy, np.shape(a)), sum_to(gy, np.shape(b))


class Subtract(Function):
    """a - b."""

    def forward(self, a: Array, b: Array) -> Array:
        return a - b

    def backward(self, gy: Variable) -> tuple[Variable, Variable]:
        a, b = self.inputs
        return sum_to(gy, np.shape(a)), sum_to(-gy, np.shape(b))


class Multiply(Function):
    """a * b, entry by entry."""

    def forward(self, a: Array, b: Array) -> Array:
        return a * b

    def backward(self, gy: Variable) -> tuple[Variable, Variable]:
        a, b = self.inputs
        return sum_to(gy * b, np.shape(a)), sum_to(gy * a, np.shape(b))


class Divide(Function):
    """a / b, entry by entry."""

    def forward(self, a: Array, b: Array) -> Array:
        return a / b

    def backward(self, gy: Variable) -> tuple[Variable, Variable]:
        a, b = self.inputs
        return sum_to(gy / b, np.shape(a)), sum_to(-gy * a / (b * b), np.shape(b))


class Power(Function):
    """x to a constant exponent."""

    def __init__(self, exponent: float) -> None:
        self.exponent = exponent

    def forward(self, x: Array) -> Any:
        return x**self.exponent

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        if self.exponent == 0:  # the formula would be 0 times infinity at x = 0
            return gy * 0
        gx: Variable = gy * self.exponent * x ** (self.exponent - 1)
        return gx


class MatMul(Function):
    """a @ b, for matrices or stacks of matrices."""

    def forward(self, a: Array, b: Array) -> Array:
        fits = min(np.ndim(a), np.ndim(b)) >= 2 and a.shape[-1] == b.shape[-2]
        rule = "a @ b needs matrices with a.shape[-1] == b.shape[-2]"
        expect(fits, rule, "Reshape a vector to one row or one column?", a=a, b=b)
        return a @ b

    def backward(self, gy: Variable) -> tuple[Variable, Variable]:
        a, b = self.inputs
        return sum_to(gy @ b.mT, a.shape), sum_to(a.mT @ gy, b.shape)


class Sum(Function):
    """Sum over some axes, or over all for None."""

    def __init__(self, axis: int | Shape | None = None, keepdims: bool = False) -> None:
        self.axis, self.keepdims = axis, keepdims

    def forward(self, x: Array) -> Any:
        self.kept = x.sum(axis=self.axis, keepdims=True).shape
        return x.sum(axis=self.axis, keepdims=self.keepdims)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        return BroadcastTo(x.shape)(gy.reshape(*self.kept))


class BroadcastTo(Function):
    """x repeated along axes to fill a shape."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def forward(self, x: Array) -> Array:
        return np.broadcast_to(x, self.shape)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        return sum_to(gy, x.shape)


def sum_to(x: Variable, shape: Shape) -> Variable:
    """Sum over the axes along which an array of this shape is repeated to that of x.

    >>> sum_to(Variable([[1.0, 2.0], [3.0, 4.0]]), (1, 2))
    Variable([[4. 6.]])
    """
    if x.shape == shape:
        return x
    new = x.ndim - len(shape)
    axes = tuple(i for i in range(x.ndim) if i < new or shape[i - new] == 1)
    return x.sum(axis=axes).reshape(*shape)


class Reshape(Function):
    """The same entries in another shape."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def forward(self, x: Array) -> Array:
        return x.reshape(self.shape)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        return gy.reshape(*x.shape)


class Transpose(Function):
    """Axes in another order."""

    def __init__(self, axes: Shape) -> None:
        self.axes = axes

    def forward(self, x: Array) -> Array:
        return x.transpose(self.axes)

    def backward(self, gy: Variable) -> Variable:
        inverse = np.argsort(np.mod(self.axes, gy.ndim))  # mod: axes counted from the end too
        return gy.transpose(*inverse)


class GetItem(Function):
    """Entries x[index]."""

    def __init__(self, index: Any) -> None:
        self.index = index

    def forward(self, x: Array) -> Any:
        return x[self.index]

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        return AddAt(self.index, x.shape)(gy)


class AddAt(Function):
    """Zeros, with x added at an index: twice to an entry that the index names twice."""

    def __init__(self, index: Any, shape: Shape) -> None:
        self.index, self.shape = index, shape

    def forward(self, x: Array) -> Array:
        y = np.zeros(self.shape, x.dtype)
        np.add.at(y, self.index, x)
        return y

    def backward(self, gy: Variable) -> Variable:
        return gy[self.index]


class Exp(Function):
    """Exponential function."""

    def forward(self, x: Array) -> Any:
        return np.exp(x)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        return gy * exp(x)


class Log(Function):
    """Natural logarithm."""

    def forward(self, x: Array) -> Any:
        return np.log(x)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        gx: Variable = gy / x
        return gx


class Sin(Function):
    """Sine."""

    def forward(self, x: Array) -> Any:
        return np.sin(x)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        return gy * cos(x)


class Cos(Function):
    """Cosine."""

    def forward(self, x: Array) -> Any:
        return np.cos(x)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        return -gy * sin(x)


class Tanh(Function):
    """Hyperbolic tangent."""

    def forward(self, x: Array) -> Any:
        return np.tanh(x)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        return gy * (1 - tanh(x) ** 2)


class Sigmoid(Function):
    """Sigmoid function."""

    def forward(self, x: Array) -> Array:
        return dlkit.functions.sigmoid(x)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        y = sigmoid(x)
        return gy * y * (1 - y)


class ReLU(Function):
    """Rectified linear unit. Its derivative at 0 is taken to be 0."""

    def forward(self, x: Array) -> Array:
        return dlkit.functions.relu(x)

    def backward(self, gy: Variable) -> Variable:
        (x,) = self.inputs
        gx: Variable = gy * (x.data.real > 0)
        return gx


add, subtract, multiply, divide, matmul = Add(), Subtract(), Multiply(), Divide(), MatMul()
exp, log, sin, cos, tanh, sigmoid, relu = Exp(), Log(), Sin(), Cos(), Tanh(), Sigmoid(), ReLU()
