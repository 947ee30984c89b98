"""Answer key of unit 06: layers with a forward and a backward pass."""

import numpy as np

from grader.checks import Case
from grader.exercises import Unit

unit = Unit("06_backpropagation")


@unit.implement(
    "dlkit.layers.Multiply",
    points={"forward": 1, "dx": 1, "dy": 1, "repeat": 0.5, "unchanged": 0.5},
)
def multiply(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw(n, d), "y": draw(n, d)})


@unit.implement("dlkit.layers.Add", points={"forward": 1, "dx": 1, "dy": 1})
def add(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw(n, d), "y": draw(n, d)})


@unit.implement(
    "dlkit.layers.ReLU", points={"forward": 1, "dx": 2, "repeat": 0.5, "unchanged": 0.5}
)
def relu(draw):
    n, d = draw.sizes(2)
    x = draw.nonzero(n, d)
    x[0, :2] = [0.5, -0.5]  # both sides of the kink, whatever the draw
    return Case(inputs={"x": x})


@relu.check("kink", like="dx", points=1)
def at_zero(draw):
    """Where x is exactly 0, the gradient of ReLU is taken to be 0."""
    n, d = draw.sizes(2)
    x = draw.nonzero(n, d)
    x[0] = 0.0
    return Case(inputs={"x": x}, at_kink=True)


@unit.implement(
    "dlkit.layers.Sigmoid", points={"forward": 1, "dx": 2, "repeat": 0.5, "unchanged": 0.5}
)
def sigmoid(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw(n, d)})


@unit.implement(
    "dlkit.layers.Affine",
    points={"forward": 2, "dx": 2, "dW": 2, "db": 2, "repeat": 1, "unchanged": 1},
)
def affine(draw):
    n, d, h = draw.sizes(3)
    return Case(init={"W": draw(d, h), "b": draw(h)}, inputs={"x": draw(n, d)})


@unit.implement(
    "dlkit.layers.SoftmaxWithLoss",
    points={"forward": 2, "dx": 3, "repeat": 0.5, "unchanged": 0.5},
)
def softmax_with_loss(draw):
    n, c = draw.sizes(2, low=3)
    t = draw.labels(n, c)
    if draw.trial % 2:
        t = np.eye(c)[t]  # labels and one-hot targets in turn
    return Case(inputs={"x": draw(n, c), "t": t})


@softmax_with_loss.check("stable", like="forward", points=1)
def large_scores(draw):
    """Scores around 1000 give the same loss as the same scores around 0: no overflow."""
    n, c = draw.sizes(2, low=3)
    return Case(inputs={"x": 1000.0 + draw(n, c), "t": draw.labels(n, c)})
