"""Answer key of unit 06: layers with a forward and a backward pass."""

import numpy as np

from grader.checks import Case
from grader.exercises import Unit

unit = Unit("06_backpropagation")

# A loss with log(y + 1e-7), as unit 04 writes it against log 0, counts as right.
SMALL_CONSTANT = 1e-5


@unit.implement(
    "dlkit.layers.Multiply",
    points={"forward": 1, "dx": 1, "dy": 1, "repeat": 0.5, "unchanged": 0.5},
)
def multiply(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw(n, d), "y": draw(n, d)})


multiply.misconception(
    "not-swapped", "dx = dout * self.y", "dx = dout * self.x", fails=["dx", "repeat", "unchanged"]
)
multiply.misconception(
    "dout-forgotten", "dx = dout * self.y", "dx = self.y", fails=["dx", "repeat", "unchanged"]
)


@unit.implement(
    "dlkit.layers.Add",
    points={"forward": 1, "dx": 0.5, "dy": 0.5, "repeat": 0.5, "unchanged": 0.5},
)
def add(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw(n, d), "y": draw(n, d)})


add.misconception(
    "one-gradient", "return dout, dout", "return dout", fails=["dx", "dy", "repeat", "unchanged"]
)
add.misconception(
    "shared-out",
    "return dout, dout",
    "return dout / 2, dout / 2",
    fails=["dx", "dy", "repeat", "unchanged"],
)


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


relu.misconception("passes-at-zero", "x.real <= 0", "x.real < 0", fails=["kink"])
relu.misconception(
    "mask-of-dout",
    "np.where(self.mask, 0.0, dout)",
    "np.where(dout <= 0, 0.0, dout)",
    fails=["dx", "repeat", "unchanged", "kink"],
)
relu.misconception(
    "in-place",
    "return np.where(self.mask, 0.0, dout)",
    "dout[self.mask] = 0.0\n        return dout",
    fails=["unchanged"],
)


@unit.implement(
    "dlkit.layers.Sigmoid", points={"forward": 1, "dx": 2, "repeat": 0.5, "unchanged": 0.5}
)
def sigmoid(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw(n, d)})


sigmoid.misconception(
    "returns-dout",
    "return dout * self.y * (1.0 - self.y)",
    "dx = dout * self.y * (1.0 - self.y)\n        return dout",
    fails=["dx", "repeat", "unchanged"],
)
sigmoid.misconception(
    "derivative-at-output",
    "return dout * self.y * (1.0 - self.y)",
    "y = sigmoid(self.y)\n        return dout * y * (1.0 - y)",
    fails=["dx", "repeat", "unchanged"],
)


@unit.implement(
    "dlkit.layers.Affine",
    points={"forward": 2, "dx": 2, "dW": 2, "db": 2, "repeat": 1, "unchanged": 1},
)
def affine(draw):
    n, d, h = draw.sizes(3)
    return Case(init={"W": draw(d, h), "b": draw(h)}, inputs={"x": draw(n, d)})


affine.misconception(
    "dW-transposed",
    "self.dW = x.T @ rows",
    "self.dW = rows.T @ x",
    fails=["dW", "repeat", "unchanged"],
)
affine.misconception(
    "W-not-transposed",
    "return dout @ self.W.T",
    "return dout @ self.W",
    fails=["dx", "dW", "db", "repeat", "unchanged"],
)
affine.misconception(
    "db-without-axis", "rows.sum(axis=0)", "rows.sum()", fails=["db", "repeat", "unchanged"]
)
affine.misconception(
    "db-wrong-axis", "rows.sum(axis=0)", "rows.sum(axis=1)", fails=["db", "repeat", "unchanged"]
)
affine.misconception(
    "db-not-summed", "rows.sum(axis=0)", "rows", fails=["db", "repeat", "unchanged"]
)
affine.misconception(
    "db-from-b", "rows.sum(axis=0)", "self.b.sum(axis=0)", fails=["db", "repeat", "unchanged"]
)
affine.misconception(
    "dW-local", "self.dW = x.T @ rows", "dW = x.T @ rows", fails=["dW", "repeat", "unchanged"]
)


@unit.implement(
    "dlkit.layers.SoftmaxWithLoss",
    points={"forward": 2, "dx": 3, "repeat": 0.5, "unchanged": 0.5},
)
def softmax_with_loss(draw):
    n, c = draw.sizes(2, low=3)
    t = draw.labels(n, c)
    if draw.trial % 2:
        t = np.eye(c)[t]  # labels and one-hot targets in turn
    return Case(inputs={"x": draw(n, c), "t": t}, tolerance=SMALL_CONSTANT)


@softmax_with_loss.check("stable", like="forward", points=1)
def large_scores(draw):
    """Scores around 1000 give the same loss as the same scores around 0: no overflow."""
    n, c = draw.sizes(2, low=3)
    x = 1000.0 + draw(n, c)
    return Case(inputs={"x": x, "t": draw.labels(n, c)}, tolerance=SMALL_CONSTANT)


softmax_with_loss.misconception(
    "mean-forgotten",
    "dout * (self.y - self.t) / len(self.t)",
    "dout * (self.y - self.t)",
    fails=["dx", "repeat", "unchanged"],
)
softmax_with_loss.misconception(
    "loss-not-averaged",
    "-(self.t * log_y).sum() / len(x)",
    "-(self.t * log_y).sum()",
    fails=["forward", "repeat", "unchanged", "stable"],
)
softmax_with_loss.misconception(
    "dout-ignored",
    "dout * (self.y - self.t) / len(self.t)",
    "(self.y - self.t) / len(self.t)",
    fails=["dx", "repeat", "unchanged"],
)
softmax_with_loss.misconception(
    "overflow",
    "log_y = log_softmax(x)",
    "log_y = np.log(np.exp(x) / np.exp(x).sum(axis=1, keepdims=True))",
    fails=["stable"],
)
softmax_with_loss.equivalent("in-place-backward-0", "dout is a number here: it cannot change")
softmax_with_loss.equivalent("stored-backward-0", "y and t have the same length")
affine.equivalent("constant-backward-0", "NumPy takes any negative length in reshape for unknown")
affine.equivalent("constant-backward-4", "NumPy takes any negative length in reshape for unknown")
