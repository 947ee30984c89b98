"""Answer key of unit 03: activation functions and the forward pass."""

import numpy as np

from grader.checks import Case
from grader.exercises import Unit

unit = Unit("03_networks")


@unit.implement("dlkit.functions.step", points={"value": 1, "unchanged": 0.5})
def step(draw):
    n, d = draw.sizes(2)
    x = draw.nonzero(n, d)
    x[0, :2] = [0.5, -0.5]  # both sides of the threshold, whatever the draw
    return Case(inputs={"x": x})


@step.check("zero", like="value", points=0.5)
def at_the_threshold(draw):
    """At exactly 0 it returns what the task says, also for integers and in one dimension."""
    x = np.array([0.0, -0.0, 1.0, -1.0, 1e-300])
    return Case(inputs={"x": x if draw.trial % 2 else x.astype(int)})


step.alternative(
    "np.where(np.real(x) > 0, 1, 0)",
    "np.where(np.real(x) >= 0, 1, 0)",
    also={":math:`x > 0`": r":math:`x \geq 0`", "array([0, 0, 1])": "array([0, 1, 1])"},
    given="In your notebook the step function is 1 at exactly 0, too.",
)
step.alternative(
    "np.where(np.real(x) > 0, 1, 0)",
    "np.where(np.real(x) > 0, 1, -1)",
    also={"else 0, as": "else -1, as", "array([0, 0, 1])": "array([-1, -1,  1])"},
    given="In your notebook the step function is $-1$, and not 0, where $x$ is not positive.",
)
step.misconception("one-at-zero", "> 0, 1, 0", ">= 0, 1, 0", fails=["zero"])
step.misconception(
    "truth-values",
    "np.where(np.real(x) > 0, 1, 0)",
    "np.real(x) > 0",
    fails=["value", "unchanged", "zero"],
)
step.misconception(
    "if-on-an-array",
    "return np.where(np.real(x) > 0, 1, 0)",
    "if x > 0:\n        return 1\n    return 0",
    fails=["value", "unchanged", "zero"],
)
step.misconception(
    "sign", "np.where(np.real(x) > 0, 1, 0)", "np.sign(x)", fails=["value", "unchanged", "zero"]
)


@unit.implement("dlkit.functions.sigmoid", points={"value": 1, "unchanged": 0.5})
def sigmoid(draw):
    n, d = draw.sizes(2)
    x = draw(n, d)
    return Case(inputs={"x": x if draw.trial % 2 == 0 else x[0]})


@sigmoid.check("large", like="value", points=0.5)
def far_from_zero(draw):
    """Far from 0, at -1000 and at 1000, it returns 0 and 1, and no NaN."""
    x = np.array([-1000.0, -500.0, -30.0, 30.0, 500.0, 1000.0])
    return Case(inputs={"x": x})


@sigmoid.check("dtypes", like="value", points=0.5)
def other_dtypes(draw):
    """Integers give the same values as floating-point numbers; float32 is precise enough, too."""
    x = draw.rng.integers(-4, 5, 6)
    if draw.trial % 2:
        return Case(inputs={"x": x.astype(np.float32)}, tolerance=1e-6)
    return Case(inputs={"x": x})


sigmoid.misconception(
    "wrong-sign",
    "np.where(negative, z, 1.0) / (1.0 + z)",
    "np.where(negative, 1.0, z) / (1.0 + z)",
    fails=["value", "unchanged", "large", "dtypes"],
)
sigmoid.misconception(
    "no-parentheses",
    "np.where(negative, z, 1.0) / (1.0 + z)",
    "1.0 / 1.0 + np.exp(-x)",
    fails=["value", "unchanged", "large", "dtypes"],
)
sigmoid.misconception(
    "overflow-on-the-left",
    "np.where(negative, z, 1.0) / (1.0 + z)",
    "np.exp(x) / (1.0 + np.exp(x))",
    fails=["large"],
)


@unit.implement("dlkit.functions.relu", points={"value": 1, "unchanged": 0.5})
def relu(draw):
    n, d = draw.sizes(2)
    x = draw.nonzero(n, d)
    x[0, :2] = [0.5, -0.5]
    return Case(inputs={"x": x if draw.trial % 2 == 0 else x[0]})


relu.misconception(
    "largest-of-all",
    "np.where(np.real(x) <= 0, 0.0, x)",
    "np.max(0, x)",
    fails=["value", "unchanged"],
)
relu.misconception(
    "built-in-max", "np.where(np.real(x) <= 0, 0.0, x)", "max(0, x)", fails=["value", "unchanged"]
)
relu.misconception(
    "minimum",
    "np.where(np.real(x) <= 0, 0.0, x)",
    "np.minimum(0.0, x)",
    fails=["value", "unchanged"],
)
relu.misconception(
    "step-instead",
    "np.where(np.real(x) <= 0, 0.0, x)",
    "np.where(x > 0, 1.0, 0.0)",
    fails=["value", "unchanged"],
)
relu.misconception(
    "in-place",
    "return np.where(np.real(x) <= 0, 0.0, x)",
    "x[x < 0] = 0.0\n    return x",
    fails=["unchanged"],
)


@unit.implement("dlkit.functions.leaky_relu", points={"value": 1, "unchanged": 0.5})
def leaky_relu(draw):
    n, d = draw.sizes(2)
    x = draw.nonzero(n, d)
    x[0, :2] = [0.5, -0.5]
    slope = draw.one_of([0.125, 0.25, 0.5])
    return Case(inputs={"x": x, "slope": slope})


@leaky_relu.check("default", like="value", points=0.5)
def without_a_slope(draw):
    """Without a slope it takes the one in its signature."""
    x = draw.nonzero(5)
    x[:2] = [0.5, -0.5]
    return Case(inputs={"x": x})


for default in ("0.02", "0.05", "0.1"):
    leaky_relu.alternative("slope: float = 0.01", f"slope: float = {default}")

leaky_relu.misconception(
    "slope-on-both-sides",
    "np.where(x.real > 0, x, slope * x)",
    "slope * x",
    fails=["value", "unchanged", "default"],
)
leaky_relu.misconception(
    "slope-as-value",
    "np.where(x.real > 0, x, slope * x)",
    "np.where(x.real > 0, x, slope)",
    fails=["value", "unchanged", "default"],
)
leaky_relu.misconception(
    "slope-fixed",
    "np.where(x.real > 0, x, slope * x)",
    "np.where(x.real > 0, x, leaky_relu.__defaults__[0] * x)",
    fails=["value", "unchanged"],
)
leaky_relu.misconception(
    "sides-exchanged",
    "np.where(x.real > 0, x, slope * x)",
    "np.where(x.real > 0, slope * x, x)",
    fails=["value", "unchanged", "default"],
)


@unit.implement("dlkit.functions.softmax", points={"value": 2, "unchanged": 0.5})
def softmax(draw):
    n, c = draw.sizes(2, low=3)
    return Case(inputs={"x": draw(n, c)})


@softmax.check("one-sample", like="value", points=0.5)
def without_a_batch(draw):
    """A single sample, an array of one dimension, is no special case."""
    return Case(inputs={"x": draw(draw.sizes(1, low=3)[0])})


@softmax.check("large", like="value", points=1)
def large_scores(draw):
    """Scores around 1000 and around -1000, and far apart, give probabilities and no NaN."""
    n, c = draw.sizes(2, low=3)
    x = draw(n, c) + 1000.0
    x[0] -= 2000.0  # a sample far below the others
    x[1, 0] = -1000.0
    return Case(inputs={"x": x})


@softmax.check("axis", like="value", points=0.5)
def along_an_axis(draw):
    """`axis` says along which axis the probabilities add up to 1."""
    n, c = draw.sizes(2, low=3)
    return Case(inputs={"x": draw(n, c), "axis": 0})


softmax.misconception(
    "no-batch",
    "exp = np.exp(x - x.real.max(axis=axis, keepdims=True))\n"
    "    y: Array = exp / exp.sum(axis=axis, keepdims=True)",
    "exp = np.exp(x - x.max())\n    y = exp / exp.sum()",
    fails=["value", "unchanged", "axis", "large"],
)
softmax.misconception(
    "max-outside",
    "np.exp(x - x.real.max(axis=axis, keepdims=True))",
    "np.exp(x) - x.max(axis=axis, keepdims=True)",
    fails=["value", "unchanged", "one-sample", "large", "axis"],
)
softmax.misconception("minimum-subtracted", "x - x.real.max(", "x - x.real.min(", fails=["large"])
softmax.misconception(
    "overflow", "np.exp(x - x.real.max(axis=axis, keepdims=True))", "np.exp(x)", fails=["large"]
)
softmax.misconception(
    "axis-ignored",
    "    exp = np.exp(x - x",
    "    axis = -1\n    exp = np.exp(x - x",
    fails=["axis"],
)
softmax.misconception(
    "keepdims-forgotten",
    "exp.sum(axis=axis, keepdims=True)",
    "exp.sum(axis=axis)",
    fails=["value", "unchanged", "large"],
)


@unit.implement(
    "dlkit.models.three_layer.three_layer_forward", points={"value": 3, "unchanged": 0.5}
)
def three_layer_forward(draw):
    n, d, h1, h2, c = draw.sizes(5)
    return Case(
        inputs={
            "x": draw(n, d),
            "W1": draw(d, h1), "b1": draw(h1),
            "W2": draw(h1, h2), "b2": draw(h2),
            "W3": draw(h2, c), "b3": draw(c),
        }
    )  # fmt: skip


for old, new, given in (
    ("np.tanh(x @ W1 + b1)", "(x @ W1 + b1).clip(0.0)", "ReLU, and the second one tanh."),
    ("np.tanh(z1 @ W2 + b2)", "(z1 @ W2 + b2).clip(0.0)", "tanh, and the second one ReLU."),
):
    three_layer_forward.alternative(
        old,
        new,
        also={"layers have the activation tanh,": "layers have the activations of the task,"},
        given=f"In your notebook the first hidden layer has the activation {given}",
    )
three_layer_forward.misconception(
    "no-activation",
    "z2 = np.tanh(z1 @ W2 + b2)",
    "z2 = z1 @ W2 + b2",
    fails=["value", "unchanged"],
)
three_layer_forward.misconception(
    "activation-at-the-output",
    "z2 @ W3 + b3",
    "np.tanh(z2 @ W3 + b3)",
    fails=["value", "unchanged"],
)
three_layer_forward.misconception(
    "bias-forgotten", "z1 @ W2 + b2", "z1 @ W2", fails=["value", "unchanged"]
)
three_layer_forward.misconception(
    "weights-on-the-left", "x @ W1 + b1", "W1 @ x + b1", fails=["value", "unchanged"]
)
three_layer_forward.misconception(
    "same-input-again", "z1 @ W2 + b2", "x @ W2 + b2", fails=["value", "unchanged"]
)

max_trick = unit.choose(
    "max-trick",
    points=1,
    right="A",
    wrong={
        "B": "max-outside",
        "C": "overflow",
        "D": "minimum-subtracted",
        "E": "numerator-alone",
        "F": "divided-by-maximum",
    },
)
max_trick.tell(
    "max-outside",
    "The maximum is subtracted after the exponential function, which has overflowed by then.",
)
max_trick.tell(
    "overflow",
    "The exponential function of 1000 is infinity here, and infinity divided by infinity is no number.",
)
max_trick.tell(
    "minimum-subtracted",
    "The smallest score becomes 0; the largest may be as large as before, and overflows.",
)
max_trick.tell(
    "numerator-alone",
    "The sum below still overflows, and what is subtracted above has to be subtracted below, too.",
)
max_trick.tell(
    "divided-by-maximum",
    "To divide the scores changes the probabilities; to subtract the same number from all does not.",
)


@unit.fix_the_bug("dlkit.functions.log_softmax", points={"value": 1.5, "unchanged": 0.5})
def mend_log_softmax(draw):
    n, c = draw.sizes(2, low=3)
    return Case(inputs={"x": draw(n, c)})


@mend_log_softmax.check("large", like="value", points=1)
def large_scores_of_the_logarithm(draw):
    """Scores around 1000 and around -1000 give finite numbers, one sample or many."""
    n, c = draw.sizes(2, low=3)
    x = draw(n, c) + 1000.0
    x[-1] -= 2000.0  # a sample far below the others
    x[0, 0] -= 2000.0  # and a score far below those beside it
    return Case(inputs={"x": x[0] if draw.trial % 2 else x})


EXP = "np.exp(shifted).sum(axis=axis, keepdims=True)"
mend_log_softmax.bug(
    "max-outside",
    "shifted = x - x.real.max(axis=axis, keepdims=True)\n    log_y: Array = shifted - np.log(np.exp(shifted)",
    "peak = x.real.max(axis=axis, keepdims=True)\n    shifted = x - peak\n"
    "    log_y: Array = shifted - np.log((np.exp(x) - peak)",
    symptom="For ordinary scores the exponentials of the result do not add up to 1; for scores around 1000 it "
    "is infinite.",
    fails=["value", "unchanged", "large"],
)
mend_log_softmax.bug(
    "whole-batch",
    EXP,
    "np.exp(shifted).sum()",
    symptom="A single sample comes out right. In a batch of N samples every result is too small.",
    fails=["value", "unchanged", "large"],
)
mend_log_softmax.bug(
    "shifted-once",
    EXP,
    "np.exp(x).sum(axis=axis, keepdims=True)",
    symptom="Adding 1 to all scores of a sample lowers the result by 1, though it should not change it.",
    fails=["value", "unchanged", "large"],
)
mend_log_softmax.bug(
    "mean-for-sum",
    EXP,
    "np.exp(shifted).mean(axis=axis, keepdims=True)",
    symptom="The exponentials of the result add up to the number of classes.",
    fails=["value", "unchanged", "large"],
)

unit.explain("why-non-linear", points=4)

REAL = "np.real makes no difference to real numbers; it serves the complex step"
FLOATS = "NumPy's own operations turn integers into float64, too"
step.equivalent("call-step-1", REAL)
step.equivalent(
    "arguments-step-0",
    "a condition that is always true gives the comparison, as 0 and 1",
    where="1, 0)",
)
relu.equivalent("call-relu-1", REAL)
relu.equivalent("boundary-relu-0", "at x = 0 both sides give 0")
sigmoid.equivalent("dropped-sigmoid-0", FLOATS)
sigmoid.equivalent("call-sigmoid-0", FLOATS)
for mutant in ("boundary-sigmoid-0", "constant-sigmoid-0", "constant-sigmoid-1"):
    sigmoid.equivalent(mutant, "near 0 the two forms are equal, and neither overflows")
leaky_relu.equivalent("dropped-leaky_relu-0", FLOATS)
leaky_relu.equivalent("call-leaky_relu-0", FLOATS)
leaky_relu.equivalent("boundary-leaky_relu-0", "at x = 0 both sides give 0")
softmax.equivalent("dropped-softmax-0", FLOATS)
softmax.equivalent("call-softmax-0", FLOATS)
mend_log_softmax.equivalent("dropped-log_softmax-0", FLOATS)
mend_log_softmax.equivalent("call-log_softmax-0", FLOATS)


relu.tell(
    "largest-of-all",
    "`np.max` gives the largest entry of one array. ReLU compares each entry with 0: that is "
    "`np.maximum`.",
    "sec-03-activations",
)
leaky_relu.tell(
    "sides-exchanged",
    "The slope is applied on the wrong side: positive inputs stay as they are, negative ones "
    "are scaled down.",
    "sec-03-activations",
)
softmax.tell(
    "axis-ignored",
    "The sum is always taken over the last axis, whatever `axis` says.",
    "sec-03-softmax",
)
three_layer_forward.tell(
    "no-activation",
    "The hidden layers have no activation, so that the whole network is one linear map.",
    "sec-03-linear",
)
three_layer_forward.tell(
    "activation-at-the-output",
    "The last layer has the activation of the hidden ones. The output is passed on as it is.",
    "sec-03-forward",
)
three_layer_forward.tell(
    "bias-forgotten",
    "One of the layers has no bias.",
    "sec-03-forward",
)
