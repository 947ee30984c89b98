"""Answer key of unit 04: losses for numbers and for classes."""

import numpy as np

from grader.checks import Case
from grader.exercises import Formula, Unit

unit = Unit("04_losses")

# A cross entropy without the small constant differs by less: `zero` and `constant` ask for that.
SMALL_CONSTANT = 1e-4


def pair(draw):
    """Predictions and targets of a batch."""
    n, c = draw.sizes(2)
    return {"y": draw(n, c), "t": draw(n, c)}


def probabilities(draw, n, c):
    """Rows of probabilities, none of them near 0; eighths where they are printed."""
    if draw.public:
        return (1 + draw.rng.multinomial(8 - c, np.full(c, 1 / c), size=n)) / 8
    return 0.9 * draw.rng.dirichlet(np.full(c, 2.0), size=n) + 0.1 / c


@unit.implement("dlkit.losses.sum_squared_error", points={"value": 1, "unchanged": 0.5})
def sum_squared_error(draw):
    return Case(inputs=pair(draw))


@sum_squared_error.check("one-sample", like="value", points=0.5)
def a_sample_of_numbers(draw):
    """An array of one dimension is a single sample, not a batch."""
    y, t = draw(2, draw.sizes(1, low=3)[0])
    return Case(inputs={"y": y, "t": t})


sum_squared_error.alternative(
    "((y - t) ** 2)",
    "((y - t) ** 4)",
    also={
        "Sum of squared errors": "Sum of fourth powers of errors",
        "(y_{nk} - t_{nk})^2": "(y_{nk} - t_{nk})^4",
        "    2.5\n": "    8.5\n",
    },
    given="In your notebook the fourth power of each error counts, and not its square.",
)
sum_squared_error.alternative(
    "((y - t) ** 2)",
    "np.abs(y - t)",
    also={
        "Sum of squared errors": "Sum of absolute errors",
        "(y_{nk} - t_{nk})^2": "|y_{nk} - t_{nk}|",
        "    2.5\n": "    1.5\n",
    },
    given="In your notebook the absolute value of each error counts, and not its square.",
)
ALL = ["value", "unchanged", "one-sample"]
sum_squared_error.misconception("half-forgotten", "0.5 * ((y", "((y", fails=ALL)
sum_squared_error.misconception("divided-by-entries", "/ n", "/ y.size", fails=ALL)
sum_squared_error.misconception(
    "not-averaged", ".sum() / n", ".sum()", fails=["value", "unchanged"]
)
sum_squared_error.misconception("one-sample-as-batch", "/ n", "/ len(y)", fails=["one-sample"])
sum_squared_error.misconception(
    "summed-before-squared", "((y - t) ** 2).sum()", "(y - t).sum() ** 2", fails=ALL
)


@unit.implement("dlkit.losses.mean_squared_error", points={"value": 1, "unchanged": 0.5})
def mean_squared_error(draw):
    return Case(inputs=pair(draw))


@mean_squared_error.check("one-sample", like="value", points=0.5)
def a_sample_alone(draw):
    """A single sample, an array of one dimension, is no special case: the mean is over its entries."""
    y, t = draw(2, draw.sizes(1, low=3)[0])
    return Case(inputs={"y": y, "t": t})


mean_squared_error.alternative(
    "return ((y - t) ** 2).sum() / y.size",
    "return np.sqrt(((y - t) ** 2).sum() / y.size)",
    also={
        "Mean squared error, over": "Root of the mean squared error, over",
        r"\frac{1}{NK}": r"\sqrt{\frac{1}{NK}",
        "t_{nk})^2": "t_{nk})^2}",
        "[[0.0, 4.0]])": "[[0.0, 1.0]])",
        "    2.5\n": "    1.0\n",
    },
    given="In your notebook the square root of the mean is returned, which has the unit of the targets.",
)
mean_squared_error.misconception("half-too-much", "/ y.size", "/ (2.0 * y.size)", fails=ALL)
mean_squared_error.misconception(
    "divided-by-samples", "/ y.size", "/ (len(y) if y.ndim > 1 else 1)", fails=ALL
)
mean_squared_error.misconception(
    "divided-by-outputs", "/ y.size", "/ y.shape[-1]", fails=["value", "unchanged"]
)
mean_squared_error.misconception(
    "root", "((y - t) ** 2).sum() / y.size", "np.sqrt(((y - t) ** 2).sum() / y.size)", fails=ALL
)


@unit.implement("dlkit.losses.cross_entropy_error", points={"value": 1.5, "unchanged": 0.5})
def cross_entropy_error(draw):
    n, c = draw.sizes(2, low=3)
    t = draw.labels(n, c)
    inputs = {"y": probabilities(draw, n, c), "t": np.eye(c)[t] if draw.trial % 2 else t}
    return Case(inputs=inputs, tolerance=SMALL_CONSTANT)


@cross_entropy_error.check("one-sample", like="value", points=0.5)
def a_sample_of_probabilities(draw):
    """An array of one dimension is a single sample; its target is a number, or one-hot."""
    c = draw.sizes(1, low=3)[0]
    t = draw.labels(1, c)[0]
    inputs = {"y": probabilities(draw, 1, c)[0], "t": np.eye(c)[t] if draw.trial % 2 else t}
    return Case(inputs=inputs, tolerance=SMALL_CONSTANT)


@cross_entropy_error.check("zero", like="value", points=0.5)
def probability_zero(draw):
    """Where the right class has the probability 0, the loss is finite: the constant says how large."""
    n, c = draw.sizes(2, low=3)
    t = draw.labels(n, c)
    y = probabilities(draw, n, c)
    y[0] = np.eye(c)[(t[0] + 1) % c]
    return Case(inputs={"y": y, "t": t})


@cross_entropy_error.check("constant", like="value", points=0.5)
def constant_as_given(draw):
    """The constant `eps` is used as it is given, inside the logarithm."""
    n, c = draw.sizes(2, low=3)
    inputs = {"y": probabilities(draw, n, c), "t": draw.labels(n, c)}
    return Case(inputs={**inputs, "eps": draw.one_of([0.125, 0.25, 0.5])})


for default in ("1e-8", "1e-9"):
    cross_entropy_error.alternative("eps: float = 1e-7", f"eps: float = {default}")

cross_entropy_error.alternative(
    "np.log(y + eps)",
    "np.log2(y + eps)",
    also={
        r"\log(y_{nk}": r"\log_2(y_{nk}",
        r"-\log\epsilon`, which is 16.1": r"-\log_2\epsilon`, which is 23.3",
        "float(np.log(2))": "1.0",
    },
    given="In your notebook the logarithm has the base 2, so that the loss is measured in bits.",
)
EVERY = ["value", "unchanged", "one-sample", "zero", "constant"]
cross_entropy_error.misconception("minus-forgotten", "return -(", "return (", fails=EVERY)
cross_entropy_error.misconception("divided-by-entries", "/ batch_size(y)", "/ y.size", fails=EVERY)
cross_entropy_error.misconception(
    "not-averaged",
    ".sum() / batch_size(y)",
    ".sum()",
    fails=["value", "unchanged", "zero", "constant"],
)
cross_entropy_error.misconception(
    "one-sample-as-batch", "/ batch_size(y)", "/ len(y)", fails=["one-sample"]
)
cross_entropy_error.misconception("labels-as-numbers", "targets_like(y, t)", "t", fails=EVERY)
cross_entropy_error.misconception(
    "constant-forgotten", "np.log(y + eps)", "np.log(y)", fails=["zero", "constant"]
)
cross_entropy_error.misconception(
    "constant-outside", "np.log(y + eps)", "(np.log(y) + eps)", fails=["zero", "constant"]
)

MEAN = "/ len(u)"
Y = "1 / (1 + np.exp(-u))"
Y2 = "1 / (1 + np.exp(-2 * u))"


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"L = \frac1N \sum_n \left[ -t_n \log \sigma(u_n) - (1 - t_n) \log(1 - \sigma(u_n)) \right]",
            f"({Y} - t) {MEAN}",
            {
                "mean-forgotten": f"{Y} - t",
                "wrong-sign": f"(t - {Y}) {MEAN}",
                "by-the-output": f"({Y} - t) * (1 + np.exp(-u)) * (1 + np.exp(u)) {MEAN}",
                "squared-error": f"({Y} - t) / (1 + np.exp(-u)) / (1 + np.exp(u)) {MEAN}",
            },
        ),
        Formula(
            r"L = \frac1N \sum_n \left[ -3\, t_n \log \sigma(u_n) - (1 - t_n) \log(1 - \sigma(u_n)) \right]",
            f"((1 + 2 * t) / (1 + np.exp(-u)) - 3 * t) {MEAN}",
            {
                "mean-forgotten": "(1 + 2 * t) / (1 + np.exp(-u)) - 3 * t",
                "weight-forgotten": f"({Y} - t) {MEAN}",
                "weight-on-both": f"3 * ({Y} - t) {MEAN}",
            },
        ),
        Formula(
            r"L = \frac1N \sum_n \left[ -t_n \log \sigma(2u_n) - (1 - t_n) \log(1 - \sigma(2u_n)) \right]",
            f"2 * ({Y2} - t) {MEAN}",
            {
                "mean-forgotten": f"2 * ({Y2} - t)",
                "inner-forgotten": f"({Y2} - t) {MEAN}",
                "wrong-sign": f"2 * (t - {Y2}) {MEAN}",
            },
        ),
    ],
)
def sigmoid_loss_gradient(draw):
    """Gradient of L with respect to the scores u, in their shape, (N,); targets t have it, too."""
    n = draw.sizes(1, low=3)[0]
    return Case(inputs={"u": draw.nonzero(n), "t": draw.labels(n, 2).astype(float)})


@unit.fix_the_bug("dlkit.losses.sigmoid_cross_entropy", points={"value": 1.5, "unchanged": 0.5})
def mend_sigmoid_loss(draw):
    n, c = draw.sizes(2, low=3)
    u, t = draw.nonzero(n, c), draw.labels(n * c, 2).astype(float).reshape(n, c)
    u[0, :2], t[0, :2] = [0.5, -0.5], [1.0, 0.0]  # both signs of the score, whatever the draw
    u[1, :2], t[1, :2] = [0.5, -0.5], [0.0, 1.0]
    return Case(inputs={"u": u, "t": t})


@mend_sigmoid_loss.check("batch", like="value", points=0.5)
def scores_of_one_output(draw):
    """An array of one dimension is a batch of single scores."""
    n = draw.sizes(1, low=3)[0]
    return Case(inputs={"u": draw.nonzero(n), "t": draw.labels(n, 2).astype(float)})


@mend_sigmoid_loss.check("large", like="value", points=0.5)
def far_scores(draw):
    """Scores of 1000 and of -1000 give finite losses, for either target."""
    u = np.array([1000.0, 1000.0, -1000.0, -1000.0])
    return Case(inputs={"u": u + draw(4), "t": np.array([0.0, 1.0, 0.0, 1.0])})


mend_sigmoid_loss.bug(
    "plus-for-minus",
    "- t * u",
    "+ t * u",
    symptom="For the target 0 the loss is right. For the target 1 it grows with the score, though a larger "
    "score is a better answer.",
    fails=["value", "unchanged", "batch", "large"],
)
mend_sigmoid_loss.bug(
    "targets-exchanged",
    "- t * u",
    "- (1.0 - t) * u",
    symptom="A sure and right answer costs much, a sure and wrong one nearly nothing.",
    fails=["value", "unchanged", "batch", "large"],
)
mend_sigmoid_loss.bug(
    "not-averaged",
    ".sum() / n",
    ".sum()",
    symptom="A single score gives the right loss. Twice the batch gives twice the loss.",
    fails=["value", "unchanged", "batch", "large"],
)
mend_sigmoid_loss.bug(
    "maximum-forgotten",
    "np.where(negative, 0.0, u) - t * u",
    "u - t * u",
    symptom="For positive scores the loss is right. For negative ones it is too small, and can be less than 0.",
    fails=["value", "unchanged", "batch", "large"],
)
mend_sigmoid_loss.misconception(
    "overflow",
    "(np.where(negative, 0.0, u) - t * u + np.log1p(small)).sum()",
    "((1.0 - t) * u + np.log(1.0 + np.exp(-u))).sum()",
    fails=["large"],
)

SQUARE = "neither a power nor the absolute value depends on the sign of the difference"
COPY = "t is a copy of the caller's array here: astype makes one"
FLOATS = "NumPy's own operations turn integers into float64, too"
for exercise in (sum_squared_error, mean_squared_error):
    name = exercise.name
    exercise.equivalent(f"arguments-{name}-0", SQUARE)
    exercise.equivalent(f"exchanged-{name}-1", SQUARE)
    exercise.equivalent(f"neighbours-{name}-0", SQUARE)
    exercise.equivalent(f"in-place-{name}-1", COPY)
mean_squared_error.equivalent(
    "dropped-mean_squared_error-0", "shapes that fit need no check, and NumPy converts the dtypes"
)
cross_entropy_error.equivalent("dropped-cross_entropy_error-0", FLOATS)
cross_entropy_error.equivalent("call-cross_entropy_error-0", FLOATS)
mend_sigmoid_loss.equivalent(
    "constant-sigmoid_cross_entropy-1", "every array has more than 0 axes, and so more than -1"
)
for mutant in ("boundary-sigmoid_cross_entropy-0", "constant-sigmoid_cross_entropy-2",
               "constant-sigmoid_cross_entropy-3"):  # fmt: skip
    mend_sigmoid_loss.equivalent(mutant, "near 0 the two forms are equal, and neither overflows")
mend_sigmoid_loss.equivalent("in-place-sigmoid_cross_entropy-1", COPY)


sum_squared_error.tell(
    "summed-before-squared",
    "The differences are added up before they are squared, so that errors of opposite signs "
    "cancel.",
    "sec-04-distance",
)
sigmoid_loss_gradient.tell(
    "by-the-output",
    "This is the derivative with respect to the sigmoid's output. The one with respect to the "
    "score is asked for.",
    "sec-04-binary",
)
sigmoid_loss_gradient.tell(
    "squared-error",
    "This is the gradient of the squared error. Cross-entropy has another one.",
    "sec-04-choice",
)
mend_sigmoid_loss.tell(
    "targets-exchanged",
    "The targets 0 and 1 are exchanged.",
    "sec-04-binary",
)

mend_sigmoid_loss.tell(
    "plus-for-minus",
    "The term with the target has the wrong sign.",
    "sec-04-binary",
)
