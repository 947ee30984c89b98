"""Automatic differentiation, define-by-run: the computation itself draws the graph.

>>> x = Variable(3.0)
>>> y = x**3
>>> y.backward(create_graph=True)
>>> slope = x.grad
>>> slope  # 3 x^2
Variable(27.0)
>>> x.cleargrad()
>>> slope.backward()
>>> x.grad  # 6 x
Variable(18.0)
"""

from dlkit.autograd.draw import to_dot, to_text
from dlkit.autograd.engine import Function, Variable, no_grad
from dlkit.autograd.functions import cos, exp, log, relu, sigmoid, sin, sum_to, tanh

__all__ = [
    "Function",
    "Variable",
    "cos",
    "exp",
    "log",
    "no_grad",
    "relu",
    "sigmoid",
    "sin",
    "sum_to",
    "tanh",
    "to_dot",
    "to_text",
]
