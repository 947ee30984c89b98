"""Answer key of unit 10: measuring and improving what a model does on data that it has not seen."""

import numpy as np

from grader.checks import Case
from grader.exercises import Formula, Step, Unit, Worked

unit = Unit("10_generalization")


# --- too simple, too rich


@unit.implement(
    "dlkit.train.fit_polynomial",
    points={"value": 2, "unchanged": 0.5},
    region=("powers = ", "return np.linalg.solve("),
)
def fit_polynomial(draw):
    return polynomial(draw, [0.25, 1.0, 0.5][draw.trial % 3])


def polynomial(draw, decay):
    """More points than coefficients, at different places."""
    degree = draw.one_of([2, 3])
    x = draw.rng.permutation(np.arange(degree + 3) / 2 - 1.25)
    return Case(inputs={"x": x, "t": draw(degree + 3), "degree": degree, "decay": decay})


@fit_polynomial.check("least-squares", like="value", points=1)
def without_decay(draw):
    """Without decay the coefficients are those of least squares."""
    return polynomial(draw, 0.0)


@fit_polynomial.check("through-all", like="value", points=0.5)
def through_all_points(draw):
    """With as many coefficients as points the polynomial runs through all of them."""
    degree = draw.one_of([3, 4])
    x = np.linspace(-1.5, 1.5, degree + 1)
    return Case(inputs={"x": x, "t": draw(degree + 1), "degree": degree})


DECAYED = ["value", "unchanged"]
EVERY = ["value", "unchanged", "least-squares", "through-all"]
SOLVED = """curvature = powers.T @ powers / len(x) + decay * np.eye(degree + 1)
    return np.linalg.solve(curvature, powers.T @ t / len(x))"""
fit_polynomial.misconception(
    "sum-for-mean",
    SOLVED,
    SOLVED.replace(" / len(x)", ""),
    fails=DECAYED,
)
fit_polynomial.misconception("decay-ignored", "decay * np.eye", "0.0 * np.eye", fails=DECAYED)
fit_polynomial.misconception("decay-subtracted", "+ decay *", "- decay *", fails=DECAYED)
fit_polynomial.misconception("half-forgotten", "+ decay *", "+ 2 * decay *", fails=DECAYED)
fit_polynomial.misconception("one-coefficient-less", "degree + 1)", "degree)", fails=EVERY)
fit_polynomial.misconception(
    "highest-power-first", "** np.arange(degree + 1)", "** np.arange(degree, -1, -1)", fails=EVERY
)


# --- cross-validation


def samples(draw, rest):
    """Samples of a linear model, shuffled, and a number of folds; k does not divide N where there is a rest."""
    k, per_fold = draw.one_of([(3, 3), (4, 3), (3, 4)])
    n, d = k * per_fold + (draw.one_of([1, 2]) if rest else 0), 2
    inputs = {"X": draw.nonzero(n, d), "t": draw(n), "order": draw.rng.permutation(n)}
    return Case(inputs=inputs | {"k": k})


@unit.implement(
    "dlkit.train.fold_errors",
    points={"value": 2.5, "unchanged": 0.5},
    region=("folds = ", "return errors"),
)
def fold_errors(draw):
    return samples(draw, rest=False)


@fold_errors.check("rest", like="value", points=1)
def folds_of_different_size(draw):
    """Where k does not divide the number of samples, none of them is lost."""
    return samples(draw, rest=True)


ALL = ["value", "unchanged", "rest"]
FIT = "np.linalg.lstsq(X[rest], t[rest], rcond=None)"
fold_errors.misconception("fitted-on-all", FIT, "np.linalg.lstsq(X, t, rcond=None)", fails=ALL)
fold_errors.misconception(
    "fitted-on-the-fold", FIT, "np.linalg.lstsq(X[held_out], t[held_out], rcond=None)", fails=ALL
)
fold_errors.misconception(
    "measured-on-the-training-part",
    "X[held_out] @ w - t[held_out]",
    "X[rest] @ w - t[rest]",
    fails=ALL,
)
fold_errors.misconception(
    "order-ignored", "np.array_split(order, k)", "np.array_split(np.arange(len(t)), k)", fails=ALL
)
fold_errors.misconception("sum-for-mean", "** 2).mean()", "** 2).sum()", fails=ALL)
fold_errors.misconception(
    "rest-dropped",
    "np.array_split(order, k)",
    "np.split(order[: len(order) // k * k], k)",
    fails=["rest"],
)


# --- weight decay


@unit.derive(
    points={"value": 1.5, "unchanged": 0.5},
    problems=[
        Formula(
            r"\frac{\alpha}{2} \sum_i (w_i - 1)^2",
            "w - eta * (g + alpha * (w - 1))",
            {
                "towards-zero": "w - eta * (g + alpha * w)",
                "rate-forgotten": "w - eta * g - alpha * (w - 1)",
                "uphill": "w + eta * (g + alpha * (w - 1))",
            },
        ),
        Formula(
            r"\alpha \sum_i \sqrt{1 + w_i^2}",
            "w - eta * (g + alpha * w / np.sqrt(1 + w**2))",
            {
                "as-for-squares": "w - eta * (g + alpha * w)",
                "inner-derivative-forgotten": "w - eta * (g + alpha / np.sqrt(1 + w**2))",
                "rate-forgotten": "w - eta * g - alpha * w / np.sqrt(1 + w**2)",
            },
        ),
        Formula(
            r"\frac{\alpha}{4} \sum_i w_i^4",
            "w - eta * (g + alpha * w**3)",
            {
                "as-for-squares": "w - eta * (g + alpha * w)",
                "factor-of-the-power": "w - eta * (g + 4 * alpha * w**3)",
                "rate-forgotten": "w - eta * g - alpha * w**3",
            },
        ),
        Formula(
            r"\frac{\alpha}{2} \Bigl( \sum_i w_i \Bigr)^2",
            "w - eta * (g + alpha * w.sum())",
            {
                "as-for-squares": "w - eta * (g + alpha * w)",
                "own-weight-too": "w - eta * (g + alpha * w.sum() * w)",
                "rate-forgotten": "w - eta * g - alpha * w.sum()",
            },
        ),
    ],
)
def penalty_step(draw):
    """Weights (D,) after one step, from w and g, both (D,), the learning rate eta and the factor alpha."""
    d = draw.sizes(1, low=3)[0]
    numbers = {"eta": draw.one_of([0.125, 0.375]), "alpha": draw.one_of([0.5, 1.5, 2.0])}
    return Case(inputs={"w": draw.nonzero(d), "g": draw.nonzero(d), **numbers})


@unit.compute(points={"decay": 1, "early": 1.5, "alpha_same": 1})
def shrink(draw):
    curvatures = draw.rng.choice([0.5, 1.0, 1.5, 2.0, 3.0, 4.0], 2, replace=False)
    best = draw.nonzero(2)
    alpha, lr = draw.one_of([0.5, 1.0, 2.0]), draw.one_of([0.1, 0.125, 0.2])
    part = curvatures / (curvatures + alpha)
    left = (1 - lr * curvatures) ** 3
    same = curvatures[0] * left[0] / (1 - left[0])
    return Worked(
        given={r"\lambda": curvatures, "w^*": best, r"\alpha": alpha, r"\eta": lr, r"\tau": 3},
        steps=[
            Step("decay", "curvature / (curvature + alpha) * w_best", part * best),
            Step("early", "(1 - (1 - eta * curvature)**3) * w_best", (1 - left) * best),
            Step(
                "alpha_same",
                "q = (1 - eta * curvature[0])**3; curvature[0] * q / (1 - q)",
                same,
            ),
        ],
        names={"curvature": curvatures, "w_best": best, "alpha": alpha, "eta": lr},
        wrong={
            "what-is-lost": {"decay": (1 - part) * best},
            "distance-for-position": {"early": left * best},
            "one-step": {"early": lr * curvatures * best},
            "only-roughly": {"alpha_same": 1 / (3 * lr)},
        },
    )


# --- early stopping

STOPPING = """
model, second, third = Affine(W, b), Affine(W2, b2), Affine(W3, b3)
stopping, best, later = EarlyStopping(patience), EarlyStopping(1), EarlyStopping(1)
best.is_time(1, {"val_loss": v1}, second)
later.is_time(1, {"val_loss": v1}, third)
see("when", stopping.is_time(1, {"val_loss": v1}, model))
best.restore(model)
see("in-place", W, b)
see("when", stopping.is_time(2, {"val_loss": v2}, model))
later.restore(model)
see("when", stopping.is_time(3, {"val_loss": v3}, model))
see("when", stopping.is_time(4, {"val_loss": v2}, model))
see("when", stopping.is_time(5, {"val_loss": v3}, model))
see("best", stopping.best, stopping.best_epoch)
stopping.restore(model)
see("restored", model.W, model.b)
"""
WATCHED = """
model = Affine(W, b)
stopping = EarlyStopping(1, "loss")
see("watched", stopping.is_time(1, {"val_loss": v1, "loss": v2}, model))
see("watched", stopping.is_time(2, {"val_loss": v3, "loss": v1}, model))
see("watched", stopping.best, stopping.best_epoch)
"""
BUFFERS = """
model = BatchNorm(gamma, beta)
stopping = EarlyStopping(1)
model.forward(x)
stopping.is_time(1, {"val_loss": v1}, model)
model.forward(x2)
stopping.restore(model)
see("buffers", model.running_mean, model.running_var)
"""


def losses(draw):
    """Validation losses: v2 is the smallest, v1 the largest."""
    v2, v3, v1 = np.cumsum(draw.rng.integers(1, 8, 3)) / 8
    return {"v1": float(v1), "v2": float(v2), "v3": float(v3)}


@unit.implement(
    "dlkit.train.EarlyStopping",
    methods=["is_time", "restore"],
    points={"when": 1.5, "best": 0.5, "in-place": 0.5, "restored": 1.5},
    says={
        "when": "It is time when there has been no new best for as many epochs as the patience.",
        "best": "The best value and its epoch are kept.",
        "in-place": "`restore` writes into the arrays that the model has.",
        "restored": "The parameters of the best epoch come back, though the arrays were changed since.",
    },
)
def early_stopping(draw):
    d, h = draw.sizes(2)
    inputs = {"W": draw(d, h), "b": draw(h), "W2": draw(d, h), "b2": draw(h)}
    inputs |= {"W3": draw(d, h), "b3": draw(h)}
    inputs |= {"patience": 2 + draw.trial % 2, **losses(draw)}
    return Case(inputs=inputs, script=STOPPING.strip())


@early_stopping.check("watched", like="watched", points=0.5)
def another_number(draw):
    """It watches the number that it was told to watch."""
    d, h = draw.sizes(2)
    return Case(inputs={"W": draw(d, h), "b": draw(h), **losses(draw)}, script=WATCHED.strip())


@early_stopping.check("buffers", like="buffers", points=0.5)
def running_averages(draw):
    """Buffers, such as running means, come back too."""
    n, d = draw.sizes(2, low=3)
    inputs = {"gamma": draw.nonzero(d), "beta": draw(d), "x": draw(n, d), "x2": draw(n, d)}
    return Case(inputs=inputs | {"v1": losses(draw)["v1"]}, script=BUFFERS.strip())


early_stopping.misconception("references-for-copies", "array.copy()", "array", fails=["restored"])
early_stopping.misconception(
    "larger-is-better", "numbers[self.watch] < self.best", "numbers[self.watch] > -self.best",
    fails=["when", "best", "restored", "watched"],
)  # fmt: skip
early_stopping.misconception(
    "equal-counts-as-better",
    "numbers[self.watch] < self.best",
    "numbers[self.watch] <= self.best",
    fails=["when", "best", "restored"],
)
early_stopping.misconception(
    "one-epoch-late",
    "epoch - self.best_epoch >= self.patience",
    "epoch - self.best_epoch > self.patience",
    fails=["when", "watched"],
)
early_stopping.misconception(
    "counted-from-the-start",
    "epoch - self.best_epoch >= self.patience",
    "epoch >= self.patience",
    fails=["when", "watched"],
)
early_stopping.misconception(
    "rebinding-in-restore", "state[name][...] = array", "state[name] = array",
    fails=["in-place", "restored", "buffers"],
)  # fmt: skip


# --- dropout

DROPPED = """
layer = Dropout(rate, default_rng(seed))
y = layer.forward(x)
dx = layer.backward(dout)
see("kept", kept_or_zero(y, x, 1 - rate))
see("backward", kept_or_zero(dx, dout, 1 - rate), zero_alike(dx, y))
again = layer.forward(x)
see("kept", kept_or_zero(again, x, 1 - rate))
see("drawn-anew", differs(again, y))
z = layer.forward(y * 0.0 + 1.0)
see("drawn-anew", differs(z[0], z[1]))
see("evaluation", layer.forward(few, training=False), layer.backward(few))
"""


@unit.implement(
    "dlkit.layers.Dropout",
    points={"kept": 1, "backward": 1, "drawn-anew": 0.5, "evaluation": 0.5},
    says={
        "kept": "In training the right share is kept, and scaled so that the mean stays.",
        "backward": "The gradient passes through the mask of the last forward pass, scaled likewise.",
        "drawn-anew": "Each call, each sample and each unit draws by itself.",
        "evaluation": "Outside training nothing is changed, forward and backward.",
    },
)
def dropout(draw):
    units = 12 if draw.public else 1000  # many, so that their share is told from a wrong one
    inputs = {"x": draw.nonzero(2, units), "dout": draw.nonzero(2, units)}
    inputs |= {"few": draw.nonzero(2, 3)}
    numbers = {"rate": draw.one_of([0.2, 0.3, 0.7]), "seed": int(draw.rng.integers(1000))}
    return Case(inputs=inputs | numbers, script=DROPPED.strip())


FORWARD = "return x * self.mask / (1.0 - self.rate)"
BACKWARD = "return dout * self.mask / (1.0 - self.rate)"
dropout.misconception("not-scaled", FORWARD, "return x * self.mask", fails=["kept"])
dropout.misconception(
    "divided-by-the-rate", FORWARD, "return x * self.mask / self.rate", fails=["kept"]
)
dropout.misconception(
    "rate-of-those-kept", ">= self.rate", "< self.rate", fails=["kept", "backward"]
)
dropout.misconception(
    "gradient-not-scaled", BACKWARD, "return dout * self.mask", fails=["backward"]
)
dropout.misconception(
    "new-mask-in-backward",
    BACKWARD,
    "return dout * (self.rng.random(dout.shape) >= self.rate) / (1.0 - self.rate)",
    fails=["backward"],
)
dropout.misconception(
    "one-mask-for-the-batch", "self.rng.random(x.shape)", "self.rng.random(x.shape[1:])",
    fails=["drawn-anew"],
)  # fmt: skip
dropout.misconception(
    "scaled-in-evaluation", "return x\n", "return x * (1.0 - self.rate)\n", fails=["evaluation"]
)
dropout.misconception("drops-in-evaluation", "if not training:", "if False:", fails=["evaluation"])


what_is_dropped = unit.choose(
    "what-is-dropped",
    points=1,
    right="B",
    wrong={"A": "dropconnect", "C": "samples", "D": "pruning"},
)
what_is_dropped.tell(
    "dropconnect",
    "To switch off single weights is DropConnect; dropout switches off a unit with all of its weights.",
)
what_is_dropped.tell(
    "samples",
    "All samples of the batch are used; each one lacks other units.",
)
what_is_dropped.tell(
    "pruning",
    "To remove the smallest weights for good is pruning; dropout chooses anew at every step, by chance.",
)


# --- preparing the data

STANDARDIZED = """
standardize = Standardizer.fit(x)
see("training", standardize(x))
see("others", standardize(x2))
see("inverse", standardize.inverse(x2))
"""
CONSTANT = """
standardize = Standardizer.fit(x)
see("constant", standardize(x), standardize(x2))
"""


@unit.fix_the_bug(
    "dlkit.train.Standardizer",
    methods=["fit", "__call__", "inverse"],
    points={"training": 0.5, "others": 1, "inverse": 0.5, "unchanged": 0.5},
    says={
        "training": "The training data have mean 0 and standard deviation 1, feature by feature.",
        "others": "Other data are treated with the numbers of the training data.",
        "inverse": "`inverse` undoes the standardization.",
    },
)
def mend_standardizer(draw):
    n, m, d = draw.sizes(3, low=3)
    scale, middle = draw.rng.choice([0.5, 1.0, 2.0, 4.0], d), draw.nonzero(d)
    inputs = {"x": scale * draw(n, d) + middle, "x2": scale * draw(m, d) - middle}
    return Case(inputs=inputs, script=STANDARDIZED.strip())


@mend_standardizer.check("constant", like="constant", points=0.5)
def constant_feature(draw):
    """A feature that is constant in the training data is not divided by 0."""
    n, d = draw.sizes(2, low=3)
    x = draw(n, d)
    x[:, 0] = 1.5
    return Case(inputs={"x": x, "x2": draw(n + 1, d)}, script=CONSTANT.strip())


SCALED = ["training", "others", "inverse", "unchanged", "constant"]
mend_standardizer.bug(
    "mean-of-the-others",
    "(x - self.mean) / self.std",
    "(x - x.mean(axis=0)) / self.std",
    symptom="Whatever the new data are, they come out with the mean 0.",
    fails=["others", "unchanged", "constant"],
)
mend_standardizer.bug(
    "variance-for-deviation",
    "std = x.std(axis=0)",
    "std = x.var(axis=0)",
    symptom="The larger the spread of a feature was, the smaller it comes out.",
    fails=SCALED,
)
mend_standardizer.bug(
    "all-features-together",
    "Standardizer(x.mean(axis=0),",
    "Standardizer(x.mean(),",
    symptom="Features with different means still have different means afterwards.",
    fails=SCALED,
)
mend_standardizer.bug(
    "division-by-zero",
    "np.where(std > 0, std, np.ones_like(std))",
    "std",
    symptom="A feature that never changes turns into NaN.",
    fails=["constant"],
)
mend_standardizer.bug(
    "inverse-in-the-wrong-order",
    "x * self.std + self.mean",
    "(x + self.mean) * self.std",
    symptom="Standardizing and going back does not lead to the old numbers.",
    fails=["inverse", "unchanged"],
)

LOCAL = "what is changed there is seen by nobody else"
REFUSED = "what it refuses, and how, is not asked for"
DIGITS = "the singular values that it drops differ in no case"
ONE_AXIS = "the transpose of an array of one axis is the array itself"
fit_polynomial.equivalent("constant-fit_polynomial-3", "a decay is not negative")
fit_polynomial.equivalent("keyword-fit_polynomial-0", DIGITS)
fit_polynomial.equivalent(
    "branch-fit_polynomial-1", "in as many digits as are asked for both ways give the same numbers"
)
fit_polynomial.equivalent("transposed-fit_polynomial-0", "the matrix is symmetric")
fit_polynomial.equivalent("transposed-fit_polynomial-1", ONE_AXIS)
fit_polynomial.equivalent("in-place-fit_polynomial-2", LOCAL)
fold_errors.equivalent("keyword-fold_errors-0", DIGITS)
fold_errors.equivalent("exchanged-fold_errors-0", "the square does not know the sign")
fold_errors.equivalent("transposed-fold_errors-0", ONE_AXIS)
fold_errors.equivalent("in-place-fold_errors-3", LOCAL)
unit.exercises["penalty-step"].equivalent("in-place-penalty_step-2", LOCAL)
unit.exercises["penalty-step"].equivalent("in-place-penalty_step-3", LOCAL)
for mutant in ("call-is_time-0", "call-is_time-1", *(f"stored-is_time-{n}" for n in (4, 5, 6, 7))):
    early_stopping.equivalent(mutant, REFUSED)
early_stopping.equivalent("single-is_time-0", "one as a number is as true as True")
early_stopping.equivalent("in-place-is_time-0", LOCAL)
dropout.equivalent("boundary-forward-0", "a draw equals the rate with probability 0")

fit_polynomial.tell(
    "sum-for-mean",
    "The loss is a mean: without dividing by the number of points the penalty weighs too little, "
    "the less the more points there are.",
    "sec-10-decay",
)
fit_polynomial.tell(
    "decay-ignored",
    "The penalty is not used: this is the fit without weight decay.",
    "sec-10-decay",
)
fit_polynomial.tell(
    "decay-subtracted",
    "The penalty is subtracted, which rewards large weights.",
    "sec-10-decay",
)
fit_polynomial.tell(
    "half-forgotten",
    "The penalty has a factor 1/2, which cancels the 2 of the derivative; here it is counted "
    "double.",
    "sec-10-decay",
)
fit_polynomial.tell(
    "one-coefficient-less",
    "A polynomial of degree d has d + 1 coefficients, from the power 0 to the power d.",
    "sec-10-overfit",
)
fit_polynomial.tell(
    "highest-power-first",
    "The coefficients begin with the highest power, as in `np.polyfit`; asked for is the "
    "constant first.",
    "sec-10-overfit",
)
fold_errors.tell(
    "fitted-on-all",
    "The model is fitted on all points, the held-out fold among them: the fold is no test any "
    "more.",
    "sec-10-parts",
)
fold_errors.tell(
    "fitted-on-the-fold",
    "The model is fitted on the fold that should be held out; it is fitted on the others.",
    "sec-10-parts",
)
fold_errors.tell(
    "measured-on-the-training-part",
    "The error is measured where the model was fitted; what counts is the fold that it has not "
    "seen.",
    "sec-10-parts",
)
fold_errors.tell(
    "order-ignored",
    "The folds are cut in the order of the data; `order` says how they are shuffled first.",
    "sec-10-parts",
)
fold_errors.tell(
    "sum-for-mean",
    "The squared errors of a fold are summed; their mean makes folds of different sizes "
    "comparable.",
    "sec-10-parts",
)
fold_errors.tell(
    "rest-dropped",
    "Where k does not divide the number of points, the last points are in no fold; some folds "
    "have to be one larger.",
    "sec-10-parts",
)
penalty_step.tell(
    "towards-zero",
    "This penalty pulls towards 0; the one of this exercise pulls towards another point.",
    "sec-10-decay",
)
penalty_step.tell(
    "rate-forgotten",
    "The learning rate multiplies the gradient of the whole loss, that of the penalty too.",
    "sec-10-decay",
)
penalty_step.tell(
    "uphill",
    "The step goes along the gradient, uphill; descent goes against it.",
    "sec-10-decay",
)
shrink.tell(
    "what-is-lost",
    "This is what the penalty takes away; asked for is what is left.",
    "sec-10-decay",
)
shrink.tell(
    "distance-for-position",
    "This is the distance that is left to the minimum; asked for is the position after the steps.",
    "sec-10-stopping",
)
shrink.tell(
    "one-step",
    "This is the position after a single step.",
    "sec-10-stopping",
)
shrink.tell(
    "only-roughly",
    "1 / (rate times steps) is an approximation for few small steps; the exact value is asked for.",
    "sec-10-stopping",
)
early_stopping.tell(
    "references-for-copies",
    "The best weights are stored by reference: training goes on changing them. Store copies.",
    "sec-10-stopping",
)
early_stopping.tell(
    "larger-is-better",
    "A loss is watched: smaller is better.",
    "sec-10-stopping",
)
early_stopping.tell(
    "equal-counts-as-better",
    "A loss that is only as good as the best is no improvement, and does not begin the waiting "
    "anew.",
    "sec-10-stopping",
)
early_stopping.tell(
    "one-epoch-late",
    "Training stops one epoch too late: it ends as soon as `patience` epochs have brought nothing.",
    "sec-10-stopping",
)
early_stopping.tell(
    "counted-from-the-start",
    "The epochs are counted from the start; what counts is how many have passed since the best "
    "one.",
    "sec-10-stopping",
)
early_stopping.tell(
    "rebinding-in-restore",
    "A name in a dictionary is given another array; the network still holds the old one. Write "
    "into its array, with `[...] =`.",
    "sec-10-stopping",
)
dropout.tell(
    "not-scaled",
    "What is kept is not scaled: divided by the share of those kept, the expected value stays "
    "the same.",
    "sec-10-dropout",
)
dropout.tell(
    "divided-by-the-rate",
    "It is divided by the rate of those dropped; it has to be the share of those kept.",
    "sec-10-dropout",
)
dropout.tell(
    "rate-of-those-kept",
    "The rate is taken for the share of those kept; it is the share of those dropped.",
    "sec-10-dropout",
)
dropout.tell(
    "gradient-not-scaled",
    "The gradient passes the mask but not the scaling of `forward`, which is a factor like any "
    "other.",
    "sec-10-dropout",
)
dropout.tell(
    "new-mask-in-backward",
    "`backward` draws another mask: the gradient belongs to the units that `forward` kept.",
    "sec-10-dropout",
)
dropout.tell(
    "one-mask-for-the-batch",
    "All samples of the batch share one mask; each has to draw its own.",
    "sec-10-dropout",
)
dropout.tell(
    "scaled-in-evaluation",
    "In evaluation nothing is scaled: training has made up for the dropped units already.",
    "sec-10-dropout",
)
dropout.tell(
    "drops-in-evaluation",
    "In evaluation every unit works; dropping is for training alone.",
    "sec-10-dropout",
)
mend_standardizer.tell(
    "mean-of-the-others",
    "New data is shifted by a mean of its own; the mean of the training data counts, or the "
    "network sees other inputs than it has learned from.",
    "sec-10-preparing",
)
mend_standardizer.tell(
    "variance-for-deviation",
    "It is divided by the variance; dividing by the standard deviation makes the spread 1.",
    "sec-10-preparing",
)
mend_standardizer.tell(
    "all-features-together",
    "One mean is taken over all features; each has its own, along the samples.",
    "sec-10-preparing",
)
mend_standardizer.tell(
    "division-by-zero",
    "A feature that is the same in all samples has the deviation 0, and is divided by it.",
    "sec-10-preparing",
)
mend_standardizer.tell(
    "inverse-in-the-wrong-order",
    "The inverse undoes the last step first: multiply by the deviation, then add the mean.",
    "sec-10-preparing",
)
