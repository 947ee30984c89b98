"""Answer key of unit 09: initial weights, batch normalization, shortcuts."""

import numpy as np

from grader.checks import Case
from grader.exercises import Formula, Step, Unit, Worked

unit = Unit("09_deep_networks")


# --- what a layer does to the size of signals


@unit.implement("dlkit.train.gradient_norms", points={"value": 3, "unchanged": 0.5})
def gradient_norms(draw):
    n, h, k = draw.sizes(3)
    return Case(inputs={"x": draw(n, h), "W": draw(k, h, h), "dout": draw(n, h)})


@gradient_norms.check("one-layer", like="value", points=0.5)
def one_layer(draw):
    """One layer has one norm."""
    n, h = draw.sizes(2)
    return Case(inputs={"x": draw(n, h), "W": draw(1, h, h), "dout": draw(n, h)})


BACK = "dout = (dout * (1.0 - outputs[index + 1] ** 2)) @ W[index].T"
ALL = ["value", "unchanged", "one-layer"]
gradient_norms.misconception(
    "derivative-of-the-input", "outputs[index + 1] ** 2", "outputs[index] ** 2", fails=ALL
)
gradient_norms.misconception("W-not-transposed", "W[index].T", "W[index]", fails=ALL)
gradient_norms.misconception("derivative-forgotten", BACK, "dout = dout @ W[index].T", fails=ALL)
gradient_norms.misconception(
    "order-of-the-backward-pass",
    "norms[index] =",
    "norms[len(W) - 1 - index] =",
    fails=["value", "unchanged"],
)
gradient_norms.misconception(
    "root-mean-square",
    "np.linalg.norm(dout)",
    "np.sqrt((dout**2).mean())",
    fails=ALL,
)
gradient_norms.misconception(
    "before-the-weights",
    "norms[index] = np.linalg.norm(dout)",
    "norms[index] = np.linalg.norm(dout @ np.linalg.inv(W[index].T))",
    fails=ALL,
)


@unit.compute(points={"z1": 1, "z2": 1, "back": 1.5, "xavier": 0.5, "he": 0.5})
def layer_factors(draw):
    D, H, K = (np.float64(n) for n in draw.rng.choice([4, 5, 8, 10, 16, 20], 3, replace=False))
    s1, s2 = draw.one_of([0.11, 0.23, 0.37]), draw.one_of([0.05, 0.25])
    start, end = draw.rng.integers(2, 40, 2) / 8
    z1 = D * s1 * start
    back = H * s1 * K * s2 * end
    return Worked(
        given={
            "D_1": D, "H_1 = D_2": H, "H_2": K,
            "s_1^2": s1, "s_2^2": s2,
            r"\mathbb{E}[z^2]": start, r"\mathbb{E}[\delta^2]": end,
        },
        steps=[
            Step("z1", "D_1 * var_1 * E_z", z1),
            Step("z2", "D_2 * var_2 * z1", H * s2 * z1),
            Step("back", "H_1 * var_1 * H_2 * var_2 * E_delta", back),
            Step("xavier", "2 / (D_1 + H_1)", 2 / (D + H)),
            Step("he", "2 / D_1", 2 / D),
        ],
        names={
            "D_1": D, "D_2": H, "H_1": H, "H_2": K, "var_1": s1, "var_2": s2, "E_z": start, "E_delta": end,
        },
        wrong={
            "units-for-inputs": {"z1": H * s1 * start, "z2": K * s2 * z1, "he": 2 / H},
            "variance-squared": {"z1": D * s1**2 * start},
            "inputs-for-units": {"back": D * s1 * H * s2 * end},
            "one-layer-back": {"back": K * s2 * end},
            "standard-deviation": {"xavier": np.sqrt(2 / (D + H)), "he": np.sqrt(2 / D)},
            "he-without-the-half": {"he": 1 / D},
        },
    )  # fmt: skip


# --- initial weights

WEIGHTS = """
W = {name}((D, H), default_rng(seed))
see("spread", spread(W, 0.0, std))
few, again = {name}((d, h), default_rng(seed)), {name}((d, h), default_rng(seed))
see("shape", few * 0.0)
see("generator", again - few)
see("generator", differs(few, {name}((d, h), default_rng(seed + 1))))
"""
WEIGHTS_SAY = {
    "spread": "The weights have the mean 0 and the right standard deviation.",
    "shape": "The weights have the shape that was asked for.",
    "generator": "The numbers come from the generator that is given, and from nowhere else.",
}
WEIGHTS_POINTS = {"spread": 1, "shape": 0.25, "generator": 0.25}


def weights(draw, name, std):
    D, H = (int(n) for n in draw.rng.choice([50, 90, 160, 300], 2, replace=False))
    d, h = draw.sizes(2)
    inputs = {
        "D": D,
        "H": H,
        "std": std(D, H),
        "d": d,
        "h": h,
        "seed": int(draw.rng.integers(1000)),
    }
    return Case(inputs=inputs, script=WEIGHTS.format(name=name).strip())


def kernels(draw, name, std):
    F, C = (int(n) for n in draw.rng.choice([20, 35, 60], 2, replace=False))
    inputs = {"F": F, "C": C, "std": std(15 * C, 15 * F), "seed": int(draw.rng.integers(1000))}
    script = f'see("kernels", spread({name}((F, C, 3, 5), default_rng(seed)), 0.0, std))'
    return Case(inputs=inputs, script=script)


@unit.implement("dlkit.init.xavier", points=WEIGHTS_POINTS, says=WEIGHTS_SAY)
def xavier(draw):
    return weights(draw, "xavier", lambda D, H: float(np.sqrt(2 / (D + H))))


@xavier.check("kernels", like="kernels", points=0.25)
def xavier_of_kernels(draw):
    """With four axes `fans` still says how many inputs and outputs there are."""
    return kernels(draw, "xavier", lambda D, H: float(np.sqrt(2 / (D + H))))


xavier.misconception(
    "variance-for-deviation", "sqrt(2.0 / sum(fans(shape)))", "2.0 / sum(fans(shape))",
    fails=["spread", "kernels"],
)  # fmt: skip
xavier.misconception(
    "inputs-alone", "sum(fans(shape))", "fans(shape)[0]", fails=["spread", "kernels"]
)
xavier.misconception("one-for-two", "sqrt(2.0 /", "sqrt(1.0 /", fails=["spread", "kernels"])
xavier.misconception(
    "own-generator", "normal(shape, rng,", "normal(shape, np.random.default_rng(),",
    fails=["generator"],
)  # fmt: skip


@unit.implement("dlkit.init.he", points=WEIGHTS_POINTS, says=WEIGHTS_SAY)
def he(draw):
    return weights(draw, "he", lambda D, H: float(np.sqrt(2 / D)))


@he.check("kernels", like="kernels", points=0.25)
def he_of_kernels(draw):
    """With four axes `fans` still says how many inputs there are."""
    return kernels(draw, "he", lambda D, H: float(np.sqrt(2 / D)))


he.misconception(
    "variance-for-deviation",
    "sqrt(2.0 / fans(shape)[0])",
    "2.0 / fans(shape)[0]",
    fails=["spread", "kernels"],
)
he.misconception(
    "units-for-inputs", "fans(shape)[0]", "fans(shape)[1]", fails=["spread", "kernels"]
)
he.misconception("half-forgotten", "sqrt(2.0 /", "sqrt(1.0 /", fails=["spread", "kernels"])
he.misconception("xavier-for-he", "fans(shape)[0]", "sum(fans(shape))", fails=["spread", "kernels"])


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"f(u) = u + a \, |u|",
            "1 / ((1 + a**2) * D)",
            {
                "half-too-many": "2 / ((1 + a**2) * D)",
                "mixed-term-kept": "1 / ((1 + a) ** 2 * D)",
                "standard-deviation": "1 / np.sqrt((1 + a**2) * D)",
            },
        ),
        Formula(
            r"f(u) = a \, |u|",
            "1 / (a**2 * D)",
            {
                "half-too-many": "2 / (a**2 * D)",
                "slope-not-squared": "1 / (a * D)",
                "standard-deviation": "1 / np.sqrt(a**2 * D)",
            },
        ),
        Formula(
            r"f(u) = a \, \max(0, u)",
            "2 / (a**2 * D)",
            {
                "half-forgotten": "1 / (a**2 * D)",
                "slope-not-squared": "2 / (a * D)",
                "standard-deviation": "np.sqrt(2 / (a**2 * D))",
            },
        ),
        Formula(
            r"f(u) = \max(a u, u / a)",
            "2 * a**2 / ((a**4 + 1) * D)",
            {
                "half-forgotten": "a**2 / ((a**4 + 1) * D)",
                "slope-not-squared": "2 * a / ((a**2 + 1) * D)",
                "standard-deviation": "np.sqrt(2 * a**2 / ((a**4 + 1) * D))",
            },
        ),
    ],
)
def gain(draw):
    """Variance of the weights, for numbers of inputs D and parameters a > 0 of the activation."""
    D = draw.rng.integers(2, 400, 4).astype(float)
    return Case(inputs={"D": D, "a": np.abs(draw.nonzero(4))})


@unit.fix_the_bug(
    "dlkit.layers.LeakyReLU",
    points={"forward": 0.5, "backward": 1.5, "second-batch": 0.5, "unchanged": 0.5},
    says={
        "forward": "The output is right on both sides of 0, for the slope that was given.",
        "backward": "The gradient is right on both sides of 0.",
        "second-batch": "A second batch is treated as the first.",
    },
)
def mend_leaky_relu(draw):
    n, d = draw.sizes(2)
    x, x2 = draw.nonzero(n, d), draw.nonzero(n, d)
    x[0, :2] = x2[1, :2] = [0.5, -0.5]  # both sides, whatever the draw
    x2[0, :2] = x[1, :2] = [-0.5, 0.5]
    x[-1, -1] = x2[-1, -1] = -0.5  # twice on the same side; one of n and d is 3 at least
    dout, dout2 = draw.nonzero(n, d), draw.nonzero(n, d)
    dout[0, :2], dout2[1, :2] = [-1.5, 1.5], [1.5, -1.5]
    inputs = {"x": x, "dout": dout, "x2": x2, "dout2": dout2}
    return Case(inputs=inputs | {"slope": draw.one_of([0.125, 0.25, 0.5])}, script=LEAKY.strip())


LEAKY = """
layer = LeakyReLU(slope)
see("forward", layer.forward(x))
see("backward", layer.backward(dout))
y2 = layer.forward(x2)
see("second-batch", y2, layer.backward(dout2))
"""
WHERE = "np.where(self.mask, self.slope * dout, dout)"
LATER = ["backward", "second-batch", "unchanged"]
mend_leaky_relu.bug(
    "sides-exchanged",
    WHERE,
    "np.where(self.mask, dout, self.slope * dout)",
    symptom="The outputs are right, and yet the network learns almost nothing from positive sums.",
    fails=LATER,
)
mend_leaky_relu.bug(
    "dout-forgotten",
    WHERE,
    "np.where(self.mask, self.slope, dout)",
    symptom="The gradient does not change sign with `dout` wherever the input was negative.",
    fails=LATER,
)
mend_leaky_relu.bug(
    "slope-ignored",
    "return leaky_relu(x, self.slope)",
    "return leaky_relu(x)",
    symptom="Whatever slope is given, negative inputs come out as a hundredth of themselves.",
    fails=["forward", "second-batch", "unchanged"],
)
mend_leaky_relu.bug(
    "mask-of-dout",
    WHERE,
    "np.where(dout <= 0, self.slope * dout, dout)",
    symptom="Negative entries of `dout` come back too small, whatever the input was.",
    fails=LATER,
)
mend_leaky_relu.bug(
    "stored-once",
    "self.mask = x.real <= 0",
    'self.mask = getattr(self, "mask", x.real <= 0)',
    symptom="The first batch is treated right; after it the gradients are those of other samples.",
    fails=["second-batch", "unchanged"],
)


# --- batch normalization

NORMALIZE = """
layer = BatchNorm(gamma, beta, momentum, eps)
see("forward", layer.forward(x))
see("dx", layer.backward(dout))
see("parameters", layer.dgamma, layer.dbeta)
see("running", layer.running_mean, layer.running_var)
y2 = layer.forward(x2)
see("second-batch", y2, layer.backward(dout2), layer.dgamma, layer.dbeta)
see("second-batch", layer.running_mean, layer.running_var)
see("evaluation", layer.forward(x, training=False))
see("evaluation", layer.backward(dout), layer.dgamma)
see("evaluation", layer.running_mean, layer.running_var)
"""


def normalized(draw, x, x2):
    d = x.shape[1]
    inputs = {"x": x, "dout": draw.nonzero(*x.shape), "x2": x2, "dout2": draw.nonzero(*x2.shape)}
    inputs |= {"gamma": draw.nonzero(d), "beta": draw.nonzero(d)}
    numbers = {"momentum": draw.one_of([0.125, 0.25]), "eps": draw.one_of([0.5, 0.25])}
    return Case(inputs=inputs | numbers, script=NORMALIZE.strip())


@unit.implement(
    "dlkit.layers.BatchNorm",
    methods=["forward", "backward", "statistics"],
    points={"forward": 1.5, "dx": 3, "parameters": 1, "running": 1, "second-batch": 0.5,
            "evaluation": 1.5, "unchanged": 0.5},
    says={
        "forward": "In training each feature is normalized over the batch, then scaled and shifted.",
        "dx": "The gradient with respect to the input is right, all its paths included.",
        "parameters": "The gradients of gamma and beta are right.",
        "running": "The running mean and variance move towards those of the batch.",
        "second-batch": "A second batch, of another size, is treated as the first.",
        "evaluation": "Outside training the running averages are used, and stay as they are.",
    },
)  # fmt: skip
def batch_norm(draw):
    n, d = draw.sizes(2, low=3)
    return normalized(draw, 2 * draw(n, d) + 1.0, draw(n + 2, d))


@batch_norm.check("pictures", like="pictures", points=0.5)
def of_pictures(draw):
    """Of pictures (N, C, H, W) each channel is normalized, over all samples and places."""
    n, c, h, w = draw.sizes(4)
    case = normalized(draw, draw(n, c, h, w), draw(n + 1, c, h, w))
    script = case.script.replace('"forward"', '"pictures"').replace('"dx"', '"pictures"')
    return Case(inputs=case.inputs, script=script)


SUMS = "dx_hat = dx_hat - dx_hat.mean(axis=0) - self.x_hat * along"
BACKWARD = ["dx", "second-batch", "unchanged", "pictures"]
batch_norm.misconception("constants-in-backward", SUMS, "pass", fails=BACKWARD)
batch_norm.misconception(
    "variance-a-constant", SUMS, "dx_hat = dx_hat - dx_hat.mean(axis=0)", fails=BACKWARD
)
batch_norm.misconception(
    "gamma-forgotten", "rows * self.gamma", "rows", fails=[*BACKWARD, "evaluation"]
)
EVERY = [
    "forward",
    "dx",
    "parameters",
    "running",
    "second-batch",
    "evaluation",
    "unchanged",
    "pictures",
]
batch_norm.misconception(
    "eps-outside-the-root",
    "np.sqrt(var + self.eps)",
    "np.sqrt(var) + self.eps",
    fails=["forward", "dx", "parameters", "second-batch", "evaluation", "unchanged", "pictures"],
)
batch_norm.misconception(
    "divided-by-the-variance",
    "np.sqrt(var + self.eps)",
    "var + self.eps",
    fails=["forward", "dx", "parameters", "second-batch", "evaluation", "unchanged", "pictures"],
)
batch_norm.misconception(
    "normalized-by-the-unbiased",
    "var = ((rows - mean) ** 2).mean(axis=0)",
    "var = ((rows - mean) ** 2).sum(axis=0) / (n - 1)",
    fails=EVERY,
)
batch_norm.misconception(
    "running-biased",
    "var.real * n / (n - 1)",
    "var.real",
    fails=["running", "second-batch", "evaluation", "unchanged"],
)
batch_norm.misconception(
    "momentum-the-other-way",
    "self.running_mean + self.momentum * (mean.real - self.running_mean)",
    "mean.real + self.momentum * (self.running_mean - mean.real)",
    fails=["running", "second-batch", "evaluation", "unchanged"],
)
batch_norm.misconception(
    "batch-statistics-in-evaluation",
    "mean, var = self.running_mean, self.running_var",
    "mean, var = self.statistics(rows)",
    fails=["evaluation", "unchanged"],
)
batch_norm.misconception(
    "training-backward-in-evaluation",
    "if self.training:",
    "if True:",
    fails=["evaluation", "unchanged"],
)
batch_norm.misconception(
    "dgamma-without-x-hat",
    "(rows * self.x_hat).sum(axis=0)",
    "rows.sum(axis=0)",
    fails=["parameters", "second-batch", "evaluation", "unchanged"],
)


what_is_normalized = unit.choose(
    "what-is-normalized",
    points=1,
    right="B",
    wrong={"A": "weights", "C": "layer-normalization", "D": "standardization-of-data"},
)
what_is_normalized.tell(
    "weights",
    "Batch normalization leaves the weights alone: it normalizes the values that pass through the network.",
)
what_is_normalized.tell(
    "layer-normalization",
    "Each sample over its features: that is layer normalization.",
)
what_is_normalized.tell(
    "standardization-of-data",
    "So data are standardized, once. Batch normalization has mean and variance of each batch anew.",
)


# --- shortcuts

BLOCK = """
layer = Residual(Affine(W1, b1), Affine(W2, b2))
see("forward", layer.forward(x))
see("backward", layer.backward(dout))
see("gradients", layer.grads)
"""
IDENTITY = """
layer = Residual(Sequential(Affine(W1, b1), Affine(W2, b2)))
see("identity", layer.forward(x), layer.backward(dout))
see("identity", x, dout)
"""


@unit.implement(
    "dlkit.layers.Residual",
    points={"forward": 0.5, "backward": 1, "gradients": 0.5, "unchanged": 0.5},
    says={
        "forward": "The output is the sum of what the body and the shortcut make of the input.",
        "backward": "The gradients of both paths are added.",
        "gradients": "Body and shortcut have their gradients after `backward`.",
    },
)
def residual(draw):
    n, d, h = draw.sizes(3)
    inputs = {"W1": draw(d, h), "b1": draw(h), "W2": draw(d, h), "b2": draw(h)}
    return Case(inputs={"x": draw(n, d), "dout": draw(n, h), **inputs}, script=BLOCK.strip())


@residual.check("identity", like="identity", points=0.5)
def without_a_shortcut(draw):
    """Without a shortcut layer the input itself is added."""
    n, d, h = draw.sizes(3)
    inputs = {"W1": draw(d, h), "b1": draw(h), "W2": draw(h, d), "b2": draw(d)}
    return Case(inputs={"x": draw(n, d), "dout": draw(n, d), **inputs}, script=IDENTITY.strip())


SUM = "self.body.backward(dout) + self.shortcut.backward(dout)"
PATHS = ["backward", "unchanged", "identity"]
residual.misconception(
    "shortcut-forgotten", SUM, "self.body.backward(dout)", fails=[*PATHS, "gradients"]
)
residual.misconception(
    "shortcut-passed-unchanged", SUM, "self.body.backward(dout) + dout",
    fails=["backward", "gradients", "unchanged"],
)  # fmt: skip
residual.misconception(
    "one-after-the-other",
    SUM,
    "self.body.backward(self.shortcut.backward(dout))",
    fails=[*PATHS, "gradients"],
)
residual.misconception("averaged", SUM, f"({SUM}) / 2", fails=PATHS)
residual.misconception(
    "no-shortcut", "return y + s", "return y", fails=["forward", "unchanged", "identity"]
)

LOCAL = "what is changed there is seen by nobody else"
SQUARED = "the square does not know the sign"
gradient_norms.equivalent("sign-gradient_norms-0", "of two axes the last is all but the first")
gradient_norms.equivalent("exchanged-gradient_norms-2", "a norm does not know the sign")
gradient_norms.equivalent("in-place-gradient_norms-2", LOCAL)
xavier.equivalent("in-place-xavier-0", LOCAL)
he.equivalent("in-place-he-0", LOCAL)
mend_leaky_relu.equivalent("boundary-forward-0", "at 0 one slope is as right as the other")
batch_norm.equivalent("exchanged-statistics-0", SQUARED)
for mutant in ("augmented-statistics-0", "augmented-statistics-1"):
    batch_norm.equivalent(mutant, "the running averages are arrays of the layer's own")

gradient_norms.tell(
    "derivative-of-the-input",
    "The derivative of tanh is 1 - y**2 at the output y of the layer; here it is taken from "
    "what came into the layer.",
    "sec-09-measure",
)
gradient_norms.tell(
    "W-not-transposed",
    "On the way back the gradient is multiplied by the transpose of the weights; with W itself "
    "it would go forwards once more.",
    "sec-09-measure",
)
gradient_norms.tell(
    "derivative-forgotten",
    "The gradient passes the weights but not the activation: the factor 1 - y**2 is missing, "
    "which is the very thing that makes gradients vanish.",
    "sec-09-measure",
)
gradient_norms.tell(
    "order-of-the-backward-pass",
    "The norms stand in the order in which the backward pass meets the layers; the first entry "
    "belongs to the first layer.",
    "sec-09-measure",
)
gradient_norms.tell(
    "root-mean-square",
    "This is the root of the mean square. The norm is the root of the sum of squares.",
    "sec-09-measure",
)
gradient_norms.tell(
    "before-the-weights",
    "The norm is taken one step too early, before the gradient has passed the weights of its "
    "layer.",
    "sec-09-measure",
)
layer_factors.tell(
    "units-for-inputs",
    "The variance grows with the number of inputs of a unit, over which its sum runs, not with "
    "the number of units.",
    "sec-09-factor",
)
layer_factors.tell(
    "variance-squared",
    "What is given is the variance of the weights already; it is not squared.",
    "sec-09-factor",
)
layer_factors.tell(
    "inputs-for-units",
    "Backwards the sum runs over the units of the layer, so that their number counts and not "
    "that of the inputs.",
    "sec-09-factor",
)
layer_factors.tell(
    "one-layer-back",
    "The gradient passes both layers: the factors of both are multiplied.",
    "sec-09-factor",
)
layer_factors.tell(
    "standard-deviation",
    "Asked for is the variance; this is its root, the standard deviation.",
    "sec-09-init",
)
layer_factors.tell(
    "he-without-the-half",
    "ReLU lets half of the second moment through, so that He's variance is 2 over the number of "
    "inputs.",
    "sec-09-init",
)
xavier.tell(
    "variance-for-deviation",
    "`normal` takes the standard deviation, and this is the variance: a square root is missing.",
    "sec-09-init",
)
xavier.tell(
    "inputs-alone",
    "Xavier's rule is a compromise between forwards and backwards: the sum of inputs and units "
    "stands below.",
    "sec-09-init",
)
xavier.tell(
    "one-for-two",
    "The mean of inputs and units stands below, so that with their sum there is a 2 above.",
    "sec-09-init",
)
xavier.tell(
    "own-generator",
    "The weights are drawn from a generator of your own. Use the one that is given: else nobody "
    "can repeat a run.",
    "sec-09-init",
)
he.tell(
    "variance-for-deviation",
    "`normal` takes the standard deviation, and this is the variance: a square root is missing.",
    "sec-09-init",
)
he.tell(
    "units-for-inputs",
    "He's rule counts the inputs of a unit, over which its sum runs, not the units.",
    "sec-09-init",
)
he.tell(
    "half-forgotten",
    "ReLU sets half of the values to 0; the 2 in the numerator makes up for that.",
    "sec-09-init",
)
he.tell(
    "xavier-for-he",
    "With the sum of inputs and units this is Xavier's rule. He's looks at the inputs alone.",
    "sec-09-init",
)
gain.tell(
    "half-too-many",
    "The 2 of He's rule makes up for what ReLU sets to 0; this activation sets nothing to 0.",
    "sec-09-init",
)
gain.tell(
    "mixed-term-kept",
    "The mixed term of the square has the mean 0, since negative values are as likely as "
    "positive ones.",
    "sec-09-init",
)
gain.tell(
    "standard-deviation",
    "Asked for is the variance of the weights; this is their standard deviation.",
    "sec-09-init",
)
mend_leaky_relu.tell(
    "sides-exchanged",
    "The gradient is damped on the positive side and passes on the negative one; it should be "
    "the other way about.",
    "sec-09-measure",
)
mend_leaky_relu.tell(
    "dout-forgotten",
    "On the negative side the slope alone is returned; the chain rule multiplies it by `dout`.",
    "sec-09-measure",
)
mend_leaky_relu.tell(
    "slope-ignored",
    "`forward` uses the default slope and not the one that the layer was made with.",
    "sec-09-measure",
)
mend_leaky_relu.tell(
    "mask-of-dout",
    "Which side counts is decided by the input of `forward`, not by the sign of the gradient "
    "that arrives.",
    "sec-09-measure",
)
mend_leaky_relu.tell(
    "stored-once",
    "The mask of the first batch is kept for ever; each `forward` has to store its own.",
    "sec-09-measure",
)
batch_norm.tell(
    "constants-in-backward",
    "Mean and variance are treated as constants. They are computed from the batch, so that every "
    "sample's gradient has a part that runs through them.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "variance-a-constant",
    "The path through the mean is there, the one through the variance is missing.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "gamma-forgotten",
    "On the way back the gradient first passes the scaling: the factor gamma is missing.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "eps-outside-the-root",
    "eps is added to the variance, under the root; here it is added to the standard deviation.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "divided-by-the-variance",
    "It is divided by the variance; dividing by the standard deviation, its root, makes the "
    "variance 1.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "normalized-by-the-unbiased",
    "A batch is normalized by its own variance, divided by n. The unbiased one, with n - 1, is "
    "for the running variance alone.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "running-biased",
    "The running variance estimates that of all data: it takes the unbiased variance, with n - 1.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "momentum-the-other-way",
    "The momentum is the weight of the new statistics here; yours gives it to the old ones.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "batch-statistics-in-evaluation",
    "In evaluation the running statistics count: a prediction must not depend on which samples "
    "stand beside it.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "training-backward-in-evaluation",
    "In evaluation mean and variance are constants, so that no gradient runs through them.",
    "sec-09-batch-norm",
)
batch_norm.tell(
    "dgamma-without-x-hat",
    "gamma multiplies the normalized input, so that its gradient is the sum of dout times that; "
    "this is the gradient of beta.",
    "sec-09-batch-norm",
)
residual.tell(
    "shortcut-forgotten",
    "The input goes two ways, and the gradients of both are added: that of the shortcut is "
    "missing.",
    "sec-09-shortcuts",
)
residual.tell(
    "shortcut-passed-unchanged",
    "`dout` is added as it is; a shortcut may have weights of its own, so that its `backward` "
    "has to be called.",
    "sec-09-shortcuts",
)
residual.tell(
    "one-after-the-other",
    "The gradient goes through one branch after the other; they are side by side, and what comes "
    "out of both is added.",
    "sec-09-shortcuts",
)
residual.tell(
    "averaged",
    "Where a value is used twice, its gradients are added, not averaged.",
    "sec-09-shortcuts",
)
residual.tell(
    "no-shortcut",
    "The body alone is returned: what makes a residual block is the sum with the shortcut.",
    "sec-09-shortcuts",
)
