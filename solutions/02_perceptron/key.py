"""Answer key of unit 02: logic gates and the perceptron learning rule."""

import numpy as np

from grader.checks import Case
from grader.exercises import Unit

unit = Unit("02_perceptron")

BITS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def bits(draw):
    """The four rows of a truth table, in some order and with repetitions; in the public case as they are."""
    if draw.public:
        return BITS
    return draw.rng.permutation(np.concatenate([BITS, BITS[draw.labels(3, 4)]]))


def bits_that_are_off(draw, by=0.1):
    """All pairs of bits, off by up to `by`: both too large, both too small, and anything in between."""
    if draw.public:
        return BITS + by * draw.rng.choice([-1.0, 1.0], BITS.shape)
    between = BITS + draw.rng.uniform(-by, by, BITS.shape)
    return draw.rng.permutation(np.concatenate([BITS + by, BITS - by, between]))


@unit.implement("dlkit.models.neuron", points={"value": 2, "unchanged": 0.5})
def neuron(draw):
    n, d = draw.sizes(2, low=4)
    x, w = draw.nonzero(n, d), draw.nonzero(d)
    w[0], b = 1.0, draw.one_of([0.125, 0.25])
    x[:3] = by_bias(w, b), -by_bias(w, b), -4 * w  # the last does not fire
    return Case(inputs={"x": x if draw.public else draw.rng.permutation(x), "w": w, "b": b})


def by_bias(w, b):
    """A sample that the weights alone would leave at rest, and the bias lets fire; w begins with 1."""
    x = 0 * w
    x[0] = -b / 2
    return x


@neuron.check("threshold", like="value", points=0.5)
def at_the_threshold(draw):
    """Where w · x + b is exactly 0, the neuron does what the task says."""
    x = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    return Case(inputs={"x": x, "w": np.array([0.5, 0.25]), "b": (-0.5, -0.25, -0.75)[draw.trial]})


@neuron.check("axes", like="value", points=0.5)
def one_sample_or_more_axes(draw):
    """A single sample, and samples along more than one axis, are answered, too."""
    n, m, d = draw.sizes(3)
    w, b = draw.nonzero(d), 0.125
    w[0] = 1.0
    x = by_bias(w, b) if draw.trial == 0 else draw.nonzero(n, m, d)
    return Case(inputs={"x": x, "w": w, "b": b})


# The gates call the student's own neuron: all its variants answer 0 and 1, and differ at the threshold alone.
neuron.alternative(
    "+ b > 0",
    "+ b >= 0",
    given="In your notebook the neuron fires where $w \\cdot x + b \\geq 0$: exactly at the threshold, too.",
)
neuron.misconception(
    "bias-forgotten",
    "np.asarray(x) @ np.asarray(w) + b",
    "np.asarray(x) @ np.asarray(w)",
    fails=["value", "unchanged", "threshold", "axes"],
)
neuron.misconception(
    "bias-subtracted",
    "np.asarray(w) + b",
    "np.asarray(w) - b",
    fails=["value", "unchanged", "threshold", "axes"],
)
neuron.misconception(
    "product-by-entries",
    "np.asarray(x) @ np.asarray(w) + b",
    "np.asarray(x) * np.asarray(w) + b",
    fails=["value", "unchanged", "threshold", "axes"],
)
neuron.misconception("fires-at-zero", "+ b > 0", "+ b >= 0", fails=["threshold"])
neuron.misconception(
    "one-sample-only",
    "return np.where(np.asarray(x) @ np.asarray(w) + b > 0, 1, 0)",
    "return 1 if np.asarray(x) @ np.asarray(w) + b > 0 else 0",
    fails=["value", "unchanged", "threshold", "axes"],
)


@unit.implement("dlkit.models.AND", points={"value": 1, "unchanged": 0.5})
def and_gate(draw):
    return Case(inputs={"x": bits(draw)})


@unit.implement("dlkit.models.OR", points={"value": 1, "unchanged": 0.5})
def or_gate(draw):
    return Case(inputs={"x": bits(draw)})


@unit.implement("dlkit.models.NAND", points={"value": 1, "unchanged": 0.5})
def nand_gate(draw):
    return Case(inputs={"x": bits(draw)})


@unit.fix_the_bug("dlkit.arrays.signed_distances", points={"value": 2, "unchanged": 0.5})
def signed_distances(draw):
    n, d = draw.sizes(2)
    x, w, b = draw(n, d), draw.nonzero(d), draw.one_of([-0.5, -0.25, 0.25, 0.5])
    x[:2] = -8 * w, 8 * w  # both sides, whatever the draw
    return Case(inputs={"x": x, "w": w, "b": b})


signed_distances.bug(
    "no-root",
    "np.sqrt((w**2).sum())",
    "(w**2).sum()",
    symptom="The distances are right for weights of length 1, and for no others.",
    fails=["value", "unchanged"],
)
signed_distances.bug(
    "no-sign",
    "u / length",
    "np.abs(u) / length",
    symptom="No distance is ever negative.",
    fails=["value", "unchanged"],
)
signed_distances.bug(
    "bias-not-scaled",
    "u / length",
    "x @ w / length + b",
    symptom="All distances are off by the same number, which depends on the bias.",
    fails=["value", "unchanged"],
)
signed_distances.bug(
    "sum-of-weights",
    "np.sqrt((w**2).sum())",
    "np.abs(w).sum()",
    symptom="The distances are too small, unless all weights but one are zero.",
    fails=["value", "unchanged"],
)


@unit.implement("dlkit.models.XOR", points={"value": 2, "unchanged": 0.5})
def xor_gate(draw):
    return Case(inputs={"x": bits(draw)})


for exercise in and_gate, or_gate, nand_gate, xor_gate:

    @exercise.check("tolerant", like="value", points=1)
    def inputs_that_are_off(draw):
        """It is right for inputs that are off by up to 0.1."""
        return Case(inputs={"x": bits_that_are_off(draw)})

    @exercise.check("alone", like="value", points=0.5)
    def one_pair(draw):
        """It answers a single pair, and pairs along more than one axis."""
        some = BITS[draw.rng.permutation([0, 1, 2, 3, 1, 2])]
        x = some[0] if draw.trial == 0 else some.reshape(3, 2, 2)
        return Case(inputs={"x": x})


EVERY = ["value", "unchanged", "tolerant", "alone"]
and_gate.misconception("no-room", "w=[0.5, 0.5], b=-0.75", "w=[1, 1], b=-1", fails=["tolerant"])
and_gate.misconception("bias-positive", "b=-0.75", "b=0.75", fails=EVERY)
and_gate.misconception("is-or", "b=-0.75", "b=-0.25", fails=EVERY)
or_gate.misconception("no-room", "w=[0.5, 0.5], b=-0.25", "w=[1, 1], b=0", fails=["tolerant"])
or_gate.misconception("is-and", "b=-0.25", "b=-0.75", fails=EVERY)
nand_gate.misconception("bias-not-turned", "b=0.75", "b=-0.75", fails=EVERY)
nand_gate.misconception("weights-not-turned", "w=[-0.5, -0.5]", "w=[0.5, 0.5]", fails=EVERY)
nand_gate.misconception(
    "no-room", "w=[-0.5, -0.5], b=0.75", "w=[-1, -1], b=1.0625", fails=["tolerant"]
)
xor_gate.misconception("is-and", "return AND(hidden)", "return AND(x)", fails=EVERY)
xor_gate.misconception("or-behind", "return AND(hidden)", "return OR(hidden)", fails=EVERY)
xor_gate.misconception(
    "axis-in-front", "axis=-1", "axis=0", fails=["value", "unchanged", "tolerant", "alone"]
)


@unit.implement("dlkit.arrays.perceptron_epoch", points={"value": 3, "unchanged": 1})
def perceptron_epoch(draw):
    n, d = 5 + draw.trial, 2 + draw.trial % 2
    x = np.column_stack([np.ones(n), draw.nonzero(n, d)])
    t = draw.rng.permutation(np.arange(n) % 2)
    x[1], t[:2] = x[0], 1  # wrong the first time, and right the second time because of that
    return Case(inputs={"w": -x[0] / 16, "x": x, "t": t, "lr": (1.0, 0.5, 0.25)[draw.trial]})


@perceptron_epoch.check("zero", like="value", points=1)
def from_zero(draw):
    """From weights of 0, where every sum begins at exactly 0, it learns as the rule says."""
    x = np.column_stack([np.ones(4), BITS])
    t = np.array([[0, 1, 1, 1], [0, 0, 0, 1], [1, 1, 1, 0]])[draw.trial]
    return Case(inputs={"w": np.zeros(3), "x": x, "t": t, "lr": 1.0})


RULE = ["value", "unchanged", "zero"]
perceptron_epoch.misconception("learns-away", "(target - y)", "(y - target)", fails=RULE)
perceptron_epoch.misconception(
    "old-answers",
    "    for sample, target in zip(x, t, strict=True):\n        y = 1 if sample @ w > 0 else 0\n",
    "    answers = (x @ w > 0) * 1\n    for sample, target, y in zip(x, t, answers, strict=True):\n",
    fails=RULE,
)
perceptron_epoch.misconception(
    "learning-rate-forgotten", "lr * (target - y)", "(target - y)", fails=["value", "unchanged"]
)
perceptron_epoch.misconception("fires-at-zero", "sample @ w > 0", "sample @ w >= 0", fails=["zero"])
perceptron_epoch.misconception(
    "in-place",
    "w = w + lr * (target - y) * sample",
    "w += lr * (target - y) * sample",
    fails=["unchanged"],
)


neuron.equivalent("in-place-neuron-2", "b is a number: it cannot be changed in place")
neuron.equivalent("call-neuron-1", "one array is enough: the product with a list gives an array")
neuron.equivalent("call-neuron-2", "one array is enough: the product with a list gives an array")
or_gate.equivalent(
    "constant-OR-0", "a larger weight still tolerates 0.1 on both inputs: 0.15 + 0.05 < 0.25"
)
or_gate.equivalent(
    "constant-OR-2", "a larger weight still tolerates 0.1 on both inputs: 0.05 + 0.15 < 0.25"
)
perceptron_epoch.equivalent("keyword-perceptron_epoch-0", "x and t have the same length")
perceptron_epoch.equivalent("exchanged-perceptron_epoch-0", "the inner product is symmetric")
perceptron_epoch.equivalent("transposed-perceptron_epoch-0", "a number is its own transpose")
signed_distances.equivalent(
    "in-place-signed_distances-2", "b is a number: it cannot be changed in place"
)
signed_distances.equivalent(
    "transposed-signed_distances-0", "a vector is its own transpose in NumPy"
)
xor_gate.equivalent("neighbours-XOR-0", "AND does not know the order of its inputs")
neuron.equivalent(
    "arguments-neuron-0", "where 1 holds everywhere, the comparison is taken, as 0 or 1"
)


neuron.tell(
    "product-by-entries",
    "Inputs and weights are multiplied entry by entry and not added up. A neuron takes the "
    "weighted sum.",
    "sec-02-neuron",
)
neuron.tell(
    "fires-at-zero",
    "At a sum of exactly 0 the neuron fires here. The task says on which side 0 belongs.",
    "sec-02-neuron",
)
and_gate.tell(
    "no-room",
    "The gate is right for exact zeros and ones only. Weights and bias have to leave some "
    "room on both sides.",
    "sec-02-gates",
)

neuron.tell(
    "bias-subtracted",
    "The bias is subtracted; it is added to the weighted sum.",
    "sec-02-neuron",
)
or_gate.tell(
    "no-room",
    "The boundary touches inputs: a little noise turns the answer. Put it in the middle.",
    "sec-02-gates",
)
xor_gate.tell(
    "is-and",
    "This is AND again. Does the second layer see NAND and OR of the inputs, and nothing else?",
    "sec-02-xor",
)
perceptron_epoch.tell(
    "learns-away",
    "The weights move away from the target: the error is target minus answer.",
    "sec-02-rule",
)
perceptron_epoch.tell(
    "old-answers",
    "All answers are given by the weights of the start; the rule looks at each sample with the "
    "weights that the last one has left.",
    "sec-02-rule",
)
perceptron_epoch.tell(
    "learning-rate-forgotten",
    "The step lacks the learning rate.",
    "sec-02-rule",
)
perceptron_epoch.tell(
    "fires-at-zero",
    "The neuron fires at 0 already; it needs more than 0.",
    "sec-02-rule",
)
