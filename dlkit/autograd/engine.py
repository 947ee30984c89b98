"""The engine: variables that remember how they were computed, and the walk back through their history.

The graph is not declared beforehand; running the computation draws it (define-by-run). The result of a
`Function` knows the function, its `creator`, and the function knows its `inputs`. So the data hold the
graph, and it vanishes with them: nothing points from an input to what was made of it.

Sources: Tokui et al., Chainer: A Deep Learning Framework for Accelerating the Research Cycle (2019); Baydin,
Pearlmutter, Radul and Siskind, Automatic Differentiation in Machine Learning: a Survey (2018).
"""

import heapq
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from copy import copy
from itertools import count
from typing import Any, TypeAlias, Union

import numpy as np
import numpy.typing as npt

from dlkit.errors import ArgumentError, expect
from dlkit.functions import as_float
from dlkit.typing import Array

Operand: TypeAlias = Union["Variable", Array, float]  # numbers and arrays count as constants


class Variable:
    """An array that remembers how it was computed.

    data: the array. Integers become float64, other dtypes stay as they are. name: for drawings.

    creator: the function that computed it; None for a variable made from data. generation: how many
    functions lie, at most, between it and the data. grad: after `backward` of a result, the gradient of that
    result with respect to this variable, itself a Variable of the same shape; only variables made from data
    have one. Gradients of several results add up until `cleargrad`.

    >>> x = Variable([1.0, 2.0])
    >>> y = (x**2).sum()
    >>> y.backward()
    >>> x.grad
    Variable([2. 4.])
    """

    __array_ufunc__ = None  # array + variable is left to Variable.__radd__

    def __init__(self, data: npt.ArrayLike, name: str = "") -> None:
        self.data = as_float(data)
        self.name = name
        self.grad: Variable | None = None
        self.creator: Function | None = None
        self.generation = 0

    def backward(self, gy: Operand | None = None, create_graph: bool = False) -> None:
        """Add to `grad` of every variable at the beginning of the graph the gradient of this result.

        gy: gradient with respect to this result, in its shape; without it the result must be a single
        number, whose gradient is 1. create_graph: True if the gradients shall be differentiated in turn.
        """
        if gy is None:
            rule, hint = "backward without gy needs a single number", "Sum it first, or give gy?"
            expect(self.data.size == 1, rule, hint, variable=self.data)
            gy = np.ones_like(self.data)
        gy = gy if isinstance(gy, Variable) else Variable(gy)
        expect(gy.shape == self.shape, "gy needs the shape of the result", gy=gy, result=self)

        # A variable's gradient is complete when every function that used it has been passed. Those
        # functions belong to later generations, so the latest generation is always next.
        gradients = {self: gy}
        number = count()  # decides among equal generations
        waiting = [(-self.generation, next(number), self)]
        with graph_recording(create_graph):
            while waiting:
                y = heapq.heappop(waiting)[-1]
                gy = gradients.pop(y)
                if y.creator is None:
                    y.grad = gy + (0 if y.grad is None else y.grad)  # + 0: memory of its own
                    continue
                for x, gx in y.creator.input_gradients(gy):
                    if x in gradients:
                        gradients[x] = gradients[x] + gx
                    else:
                        gradients[x] = gx
                        heapq.heappush(waiting, (-x.generation, next(number), x))

    def cleargrad(self) -> None:
        """Forget the gradient, before another one is computed."""
        self.grad = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the data."""
        return self.data.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.data.ndim

    @property
    def T(self) -> "Variable":  # noqa: N802  as in NumPy
        """All axes in reverse order."""
        return self.transpose()

    @property
    def mT(self) -> "Variable":  # noqa: N802  as in NumPy
        """The last two axes swapped: every matrix of a stack transposed."""
        return self.transpose(*range(self.ndim - 2), self.ndim - 1, self.ndim - 2)

    def sum(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> "Variable":
        """Sum over some axes, or over all."""
        return functions.Sum(axis, keepdims)(self)

    def reshape(self, *shape: int) -> "Variable":
        """The same entries in another shape."""
        return functions.Reshape(shape)(self)

    def transpose(self, *axes: int) -> "Variable":
        """Axes in another order, without arguments in reverse order."""
        return functions.Transpose(axes or tuple(reversed(range(self.ndim))))(self)

    def __getitem__(self, index: Any) -> "Variable":
        return functions.GetItem(index)(self)

    def __pow__(self, exponent: float) -> "Variable":
        if isinstance(exponent, Variable | np.ndarray):
            raise ArgumentError(
                f"x**c needs a number c; got {type(exponent).__name__}. Write exp(c * log(x))?"
            )
        return functions.Power(exponent)(self)

    def __neg__(self) -> "Variable":
        return functions.multiply(self, -1)

    def __add__(self, other: Operand) -> "Variable":
        return functions.add(self, other)

    def __radd__(self, other: Operand) -> "Variable":
        return functions.add(other, self)

    def __sub__(self, other: Operand) -> "Variable":
        return functions.subtract(self, other)

    def __rsub__(self, other: Operand) -> "Variable":
        return functions.subtract(other, self)

    def __mul__(self, other: Operand) -> "Variable":
        return functions.multiply(self, other)

    def __rmul__(self, other: Operand) -> "Variable":
        return functions.multiply(other, self)

    def __truediv__(self, other: Operand) -> "Variable":
        return functions.divide(self, other)

    def __rtruediv__(self, other: Operand) -> "Variable":
        return functions.divide(other, self)

    def __matmul__(self, other: Operand) -> "Variable":
        return functions.matmul(self, other)

    def __rmatmul__(self, other: Operand) -> "Variable":
        return functions.matmul(other, self)

    def __repr__(self) -> str:
        return f"Variable({self.data})"


class Function:
    """A differentiable operation with one result; a call of it becomes a node of the graph.

    A subclass defines `forward`, from arrays to an array, and `backward`, from the gradient with respect
    to the result to the gradients with respect to the inputs (one, or a tuple). `backward` calculates with
    Variables, `gy` and ``self.inputs``; so its own calculation can be differentiated.

    >>> class Square(Function):
    ...     def forward(self, x):
    ...         return x**2
    ...     def backward(self, gy):
    ...         (x,) = self.inputs
    ...         return gy * 2 * x
    >>> x = Variable(3.0)
    >>> Square()(x).backward()
    >>> x.grad
    Variable(6.0)
    """

    inputs: tuple[Any, ...]  # Variables, and constants as they were given
    forward: Any
    backward: Any

    def __call__(self, *inputs: Operand) -> Variable:
        """Apply `forward` to the data of the inputs, and let the result remember that."""
        node = copy(self)  # so that one function can be used twice, as in f(f(x))
        y = Variable(node.forward(*(x.data if isinstance(x, Variable) else x for x in inputs)))
        generations = [x.generation for x in inputs if isinstance(x, Variable)]
        if generations and _recording.get():
            node.inputs = inputs
            y.creator = node
            y.generation = max(generations) + 1
        return y

    def input_gradients(self, gy: Variable) -> list[tuple[Variable, Variable]]:
        """The variables among the inputs, each with the gradient that `backward` gives for it."""
        name = type(self).__name__
        gxs = self.backward(gy)
        gxs = gxs if isinstance(gxs, tuple) else (gxs,)
        if len(gxs) != len(self.inputs):
            raise ArgumentError(
                f"{name}.backward needs to return one gradient for each input; "
                f"got {len(gxs)} for {len(self.inputs)}. Return a tuple in the order of forward?"
            )
        pairs = [
            pair for pair in zip(self.inputs, gxs, strict=True) if isinstance(pair[0], Variable)
        ]
        for x, gx in pairs:
            if not isinstance(gx, Variable):
                raise ArgumentError(
                    f"{name}.backward needs to return Variables; got {type(gx).__name__}. "
                    "Calculate with gy and self.inputs instead of their data?"
                )
            rule = f"{name}.backward needs to return gradients in the shapes of the inputs"
            expect(gx.shape == x.shape, rule, "Undo broadcasting by sum_to?", gradient=gx, input=x)
        return pairs


_recording: ContextVar[bool] = ContextVar("recording", default=True)


@contextmanager
def graph_recording(on: bool) -> Iterator[None]:
    """Context in which results do, or do not, remember how they were computed."""
    token = _recording.set(on)
    try:
        yield
    finally:
        _recording.reset(token)


def no_grad() -> AbstractContextManager[None]:
    """Context without a graph: saves memory where no gradient is needed, as in testing a network.

    >>> x = Variable(3.0)
    >>> with no_grad():
    ...     y = x * 2
    >>> y.creator is None
    True
    """
    return graph_recording(False)


from dlkit.autograd import functions  # noqa: E402 its classes need Function; the operators need it
