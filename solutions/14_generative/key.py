"""Answer key of unit 14: super-resolution, the losses of a GAN and its steps, the pixel shuffle."""

import numpy as np

from grader.checks import Case
from grader.exercises import Formula, Step, Unit, Worked

unit = Unit("14_generative")


@unit.implement("dlkit.train.metrics.psnr", points={"value": 1.5, "unchanged": 0.5})
def psnr(draw):
    n, h, w = (1, 2, 3) if draw.public else draw.sizes(3)
    t = np.abs(draw.nonzero(n, 1, h, w)) / 4
    return Case(inputs={"y": t + draw.nonzero(n, 1, h, w) / 16, "t": t})


@psnr.check("peak", like="value", points=0.5)
def largest_brightness(draw):
    """`peak` is the largest brightness that there can be, whatever the picture holds."""
    case = psnr.cases(draw)
    peak = draw.one_of([2.0, 100.0, 255.0])
    return Case(inputs={name: peak * x / 2 for name, x in case.inputs.items()} | {"peak": peak})


@psnr.check("bytes", like="value", points=0.5)
def unsigned_bytes(draw):
    """Pictures of unsigned bytes give the same number as pictures of floating-point numbers."""
    h, w = draw.sizes(2)
    y, t = (draw.rng.integers(0, 256, (3, h, w)).astype(np.uint8) for _ in range(2))
    y[0, 0, 0], t[0, 0, 0] = 3, 5  # a difference below zero, whatever the draw
    return Case(inputs={"y": y, "t": t, "peak": 255.0})


ANY = ["value", "peak", "unchanged"]
MSE = "error = np.mean((y.astype(np.float64) - t) ** 2)"
psnr.misconception(
    "amplitude-for-power", "10 * np.log10(peak**2", "20 * np.log10(peak**2", fails=[*ANY, "bytes"]
)
psnr.misconception("natural-logarithm", "np.log10(", "np.log(", fails=[*ANY, "bytes"])
psnr.misconception(
    "summed", MSE, MSE.replace("np.mean", "np.sum"), fails=[*ANY, "bytes"]
)  # fmt: skip
psnr.misconception(
    "absolute-error",
    MSE,
    "error = np.mean(np.abs(y.astype(np.float64) - t))",
    fails=[*ANY, "bytes"],
)
psnr.misconception("peak-ignored", "peak**2 / error", "1.0 / error", fails=["peak", "bytes"])
psnr.misconception(
    "peak-not-squared", "peak**2 / error", "peak / error", fails=["peak", "bytes"]
)  # fmt: skip
psnr.misconception(
    "largest-of-the-picture", "peak**2 / error", "t.max() ** 2 / error", fails=[*ANY, "bytes"]
)
psnr.misconception("bytes-wrap-around", "y.astype(np.float64) - t", "y - t", fails=["bytes"])


@unit.fix_the_bug("dlkit.data.pictures.cubic_weights", points={"value": 2})
def mend_bicubic(draw):
    n = draw.sizes(1, low=4)[0]
    return Case(inputs={"n": n, "size": 2 * n})


@mend_bicubic.check("smaller", like="value", points=1)
def a_smaller_size(draw):
    """Where the size shrinks, the kernel is widened, so that nothing is left out."""
    n = draw.sizes(1, low=4)[0]
    return Case(inputs={"n": 3 * n, "size": draw.one_of([n, 2 * n])})


mend_bicubic.bug(
    "half-a-pixel",
    "(np.arange(size)[:, np.newaxis] + 0.5) * step - 0.5",
    "np.arange(size)[:, np.newaxis] * step",
    symptom="Enlarged pictures are shifted by a part of a pixel, towards the upper left corner.",
    fails=["value", "smaller"],
)
mend_bicubic.bug(
    "dark-edges",
    "weights /= weights.sum(axis=1, keepdims=True)",
    "weights /= max(step, 1.0)",
    symptom="Pictures of one colour get another brightness along their edges.",
    fails=["value", "smaller"],
)
mend_bicubic.bug(
    "not-smoothed",
    "/ max(step, 1.0)",
    "/ 1.0",
    symptom="Enlarging is right. Fine stripes turn into coarse ones where a picture is made smaller.",
    fails=["smaller"],
)
mend_bicubic.bug(
    "another-kernel",
    "-0.5 * distance**3 + 2.5 * distance**2 - 4.0 * distance + 2.0",
    "-(distance**3) + 5.0 * distance**2 - 8.0 * distance + 4.0",
    symptom="A brightness that rises evenly comes out wavy, also far from the edges.",
    fails=["value", "smaller"],
)


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"L = \frac1n \sum_i \sqrt{(y_i - t_i)^2 + \tfrac{1}{16}}",
            "(y - t) / np.sqrt((y - t) ** 2 + 1 / 16) / y.size",
            {"inner-derivative-forgotten": "0.5 / np.sqrt((y - t) ** 2 + 1 / 16) / y.size",
             "mean-forgotten": "(y - t) / np.sqrt((y - t) ** 2 + 1 / 16)",
             "sign": "(t - y) / np.sqrt((y - t) ** 2 + 1 / 16) / y.size"},
        ),
        Formula(
            r"L = \frac1n \sum_i (y_i - t_i)^2",
            "2 * (y - t) / y.size",
            {"two-forgotten": "(y - t) / y.size", "mean-forgotten": "2 * (y - t)",
             "sign": "2 * (t - y) / y.size"},
        ),
        Formula(
            r"L = 10 \log_{10} \sum_i (y_i - t_i)^2",
            "20 * (y - t) / (np.log(10) * ((y - t) ** 2).sum())",
            {"inner-derivative-forgotten": "10 / (np.log(10) * ((y - t) ** 2).sum()) + 0 * y",
             "natural-logarithm": "20 * (y - t) / ((y - t) ** 2).sum()",
             "sign": "20 * (t - y) / (np.log(10) * ((y - t) ** 2).sum())"},
        ),
        Formula(
            r"L = \frac1n \sum_i \log \cosh (y_i - t_i)",
            "np.tanh(y - t) / y.size",
            {"mean-forgotten": "np.tanh(y - t)", "sign": "np.tanh(t - y) / y.size",
             "inverse": "1 / np.tanh(y - t) / y.size"},
        ),
    ],
)  # fmt: skip
def loss_gradient(draw):
    """Gradient of the loss with respect to the picture y, for the true picture t, both (H, W)."""
    h, w = draw.sizes(2)
    t = draw(h, w)
    return Case(inputs={"y": t + draw.nonzero(h, w), "t": t})


@unit.compute(points={"D": 1, "LD": 1, "dLD": 1, "LG": 1})
def by_hand(draw):
    real, made = draw.nonzero(2), draw.nonzero(2)
    D = 1 / (1 + np.exp(-np.concatenate([real, made])))
    t = np.array([1.0, 1.0, 0.0, 0.0])
    LD = -np.mean(t * np.log(D) + (1 - t) * np.log(1 - D))
    LG = -np.mean(np.log(D[2:]))
    return Worked(
        given={
            r"u_{\text{real}}": real, r"u_{\text{made}}": made,
        },
        steps=[
            Step("D", "u = concatenate([u_real, u_made]); 1 / (1 + exp(-u))", D),
            Step("LD", "-mean(t * log(D) + (1 - t) * log(1 - D))", np.asarray(LD)),
            Step("dLD", "(D - t) / 4", (D - t) / 4),
            Step("LG", "-mean(log(D[2:]))", np.asarray(LG)),
        ],
        names={"u_real": real, "u_made": made, "t": t},
        wrong={
            "sign-of-the-score": {"D": 1 - D},
            "summed": {"LD": 4 * LD},
            "targets-exchanged": {"LD": -np.mean((1 - t) * np.log(D) + t * np.log(1 - D))},
            "mean-forgotten": {"dLD": D - t},
            "t-minus-D": {"dLD": (t - D) / 4},
            "saturating": {"LG": np.mean(np.log(1 - D[2:]))},
        },
    )  # fmt: skip


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"\max_D\; p \log D + 3\, q \log (1 - D)",
            "p / (p + 3 * q)",
            {"as-many-of-both": "p / (p + q)", "three-with-p": "3 * p / (3 * p + q)",
             "made-for-real": "3 * q / (p + 3 * q)", "ratio": "p / (3 * q)"},
        ),
        Formula(
            r"\max_D\; p \left( 0.9 \log D + 0.1 \log (1 - D) \right) + q \log (1 - D)",
            "0.9 * p / (p + q)",
            {"not-smoothed": "p / (p + q)", "rest-forgotten": "0.9 * p / (0.9 * p + q)",
             "rest-with-made": "(0.9 * p + 0.1 * q) / (p + q)"},
        ),
        Formula(
            r"\min_D\; p\, (D - 1)^2 + q\, (D + 1)^2",
            "(p - q) / (p + q)",
            {"cross-entropy": "p / (p + q)", "sign": "(q - p) / (p + q)",
             "not-divided": "p - q"},
        ),
        Formula(
            r"\max_u\; p \log \sigma(u) + q \log (1 - \sigma(u))",
            "np.log(p / q)",
            {"probability": "p / (p + q)", "sign": "np.log(q / p)",
             "logarithm-of-probability": "np.log(p / (p + q))"},
        ),
    ],
)  # fmt: skip
def discriminator(draw):
    """Best value at points where the densities of real and of made samples are p and q."""
    n = draw.sizes(1, low=3)[0]
    return Case(inputs={"p": np.abs(draw.nonzero(n)), "q": np.abs(draw.nonzero(n))})


SIGMA = "(1 / (1 + np.exp(-u)))"


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"L = \frac{1}{2N} \sum_n \left( \sigma(u_n) - 1 \right)^2",
            f"-{SIGMA} * (1 - {SIGMA}) ** 2 / len(u)",
            {"derivative-forgotten": f"({SIGMA} - 1) / len(u)",
             "mean-forgotten": f"-{SIGMA} * (1 - {SIGMA}) ** 2",
             "sign": f"{SIGMA} * (1 - {SIGMA}) ** 2 / len(u)"},
        ),
        Formula(
            r"L = -\frac1N \sum_n \log \sigma(u_n)",
            f"({SIGMA} - 1) / len(u)",
            {"saturating": f"-{SIGMA} / len(u)", "mean-forgotten": f"{SIGMA} - 1",
             "derivative-forgotten": f"-1 / {SIGMA} / len(u)"},
        ),
        Formula(
            r"L = \frac1N \sum_n \log \left( 1 - \sigma(u_n) \right)",
            f"-{SIGMA} / len(u)",
            {"non-saturating": f"({SIGMA} - 1) / len(u)", "mean-forgotten": f"-{SIGMA}",
             "derivative-forgotten": f"-1 / (1 - {SIGMA}) / len(u)"},
        ),
        Formula(
            r"L = \frac1N \sum_n \log \left( 1 + e^{1 - u_n} \right)",
            "-1 / (1 + np.exp(u - 1)) / len(u)",
            {"not-shifted": "-1 / (1 + np.exp(u)) / len(u)",
             "mean-forgotten": "-1 / (1 + np.exp(u - 1))",
             "sign": "1 / (1 + np.exp(u - 1)) / len(u)"},
        ),
    ],
)  # fmt: skip
def generator_loss(draw):
    """Gradient of the generator's loss with respect to the scores u (N,)."""
    return Case(inputs={"u": draw.nonzero(draw.sizes(1, low=3)[0])})


DUEL = """
generator = Sequential(Affine(V, c), Sigmoid(), BatchNorm(gamma, beta))
discriminator = Sequential(Affine(W1, b1), Sigmoid(), Affine(W2, b2))
gan = GAN(generator, discriminator, SGD(1.0), SGD(0.5), real)
loss, dmade = gan.generator_loss(made)
see("loss", loss, dmade)
see("discriminator", gan.discriminator_step(x, z), W1, b1, W2, b2)
see("discriminator", V, c, gamma, beta)
see("generator", gan.generator_step(z2), V, c, gamma, beta)
see("generator", W1, b1, W2, b2)
for _ in range(3):
    gan.discriminator_step(x, z)
    gan.generator_step(z2)
see("rounds", W1, b1, W2, b2, V, c, gamma, beta)
"""


@unit.implement(
    "dlkit.models.GAN",
    methods=["discriminator_step", "generator_loss", "generator_step"],
    points={"loss": 1.5, "discriminator": 2, "generator": 2, "rounds": 0.5, "unchanged": 0.5},
    says={
        "loss": "The generator's loss is right, and its gradient with respect to the samples.",
        "discriminator": "The discriminator's step returns its loss, and changes its parameters alone.",
        "generator": "The generator's step returns its loss, and changes its parameters alone.",
        "rounds": "After some rounds both networks are where they should be.",
    },
)
def gan(draw):
    z, d, h = draw.sizes(3)
    n, m, k = draw.sizes(3, low=3)  # of two samples, a normalization keeps nothing but the signs
    generator = {"V": draw.nonzero(z, d), "c": draw(d), "gamma": draw.nonzero(d), "beta": draw(d)}
    judge = {"W1": draw.nonzero(d, h), "b1": draw(h), "W2": draw.nonzero(h, 1), "b2": draw(1)}
    samples = {"x": draw(n, d), "made": draw(k, d), "z": draw(m, z), "z2": draw(k, z)}
    real = {"real": draw.one_of([0.75, 0.875])}
    return Case(inputs=generator | judge | samples | real, script=DUEL.strip())


D_UPDATED = (
    "self.discriminator_optimizer.update(self.discriminator.params, self.discriminator.grads)"
)
G_UPDATED = "self.generator_optimizer.update(self.generator.params, self.generator.grads)"
BACK = "self.discriminator.backward(self.judge.backward())"
TARGETS = "[np.full((len(x), 1), self.real), np.zeros((len(fake), 1))]"
G_STEP = ["generator", "rounds", "unchanged"]
D_STEP = ["discriminator", *G_STEP]  # the generator meets another discriminator
gan.misconception(
    "generator-updates-both", G_UPDATED, f"{G_UPDATED}\n        {D_UPDATED}", fails=G_STEP
)
gan.misconception(
    "discriminator-updates-both",
    f"{BACK}\n        {D_UPDATED}",
    f"self.generator.backward({BACK}[len(x) :])\n        {D_UPDATED}\n        {G_UPDATED}",
    fails=D_STEP,
)
gan.misconception(
    "networks-exchanged", G_UPDATED, D_UPDATED, fails=G_STEP
)  # fmt: skip
gan.misconception(
    "trained-to-be-caught", "np.ones_like(scores)", "np.zeros_like(scores)",
    fails=["loss", *G_STEP],
)  # fmt: skip
gan.misconception(
    "smoothed-for-the-generator",
    "np.ones_like(scores)",
    "np.full_like(scores, self.real)",
    fails=["loss", *G_STEP],
)
gan.misconception(
    "saturating",
    "np.ones_like(scores))\n        return float(loss), self",
    "np.zeros_like(scores))\n        return float(-loss), -self",
    fails=["loss", *G_STEP],
)
gan.misconception("not-smoothed", "self.real), np", "1.0), np", fails=D_STEP)
gan.misconception(
    "targets-exchanged",
    TARGETS,
    "[np.zeros((len(x), 1)), np.full((len(fake), 1), self.real)]",
    fails=D_STEP,
)
gan.misconception(
    "order-of-the-batch",
    "np.concatenate([x, fake])",
    "np.concatenate([fake, x])",
    fails=D_STEP,
)
gan.misconception(
    "made-samples-unjudged",
    f"t = np.concatenate({TARGETS})\n"
    "        scores = self.discriminator.forward(np.concatenate([x, fake]), training=True)",
    "t = np.full((len(x), 1), self.real)\n"
    "        scores = self.discriminator.forward(x, training=True)",
    fails=D_STEP,
)
gan.misconception(
    "discriminator-bypassed",
    "self.generator.backward(dfake)",
    "self.generator.backward(np.broadcast_to(self.judge.backward(), dfake.shape))",
    fails=G_STEP,
)
gan.misconception(
    "uphill", "self.generator.backward(dfake)", "self.generator.backward(-dfake)", fails=G_STEP
)


@unit.implement(
    "dlkit.layers.PixelShuffle",
    points={"forward": 2, "dx": 2, "repeat": 0.5, "unchanged": 0.5},
)
def pixel_shuffle(draw):
    if draw.public:
        return Case(init={"r": 2}, inputs={"x": draw(1, 8, 1, 2)})
    # More than r, so that no axis of a block is as long as one of the picture.
    h, w = draw.sizes(2, low=4)
    r = 2 if draw.trial % 2 else 3
    return Case(init={"r": r}, inputs={"x": draw(2, 3 * r * r, h, w)})


VALUES = ["forward", "repeat", "unchanged"]
FORWARD = "x.reshape(n, c, r, r, h, w).transpose(0, 1, 4, 2, 5, 3)"
BACKWARD = "dout.reshape(n, c, rh // r, r, rw // r, r).transpose(0, 1, 3, 5, 2, 4)"
pixel_shuffle.misconception(
    "rows-and-columns",
    FORWARD,
    FORWARD.replace("(0, 1, 4, 2, 5, 3)", "(0, 1, 4, 3, 5, 2)"),
    fails=VALUES,
)
pixel_shuffle.misconception(
    "channels-last",
    FORWARD,
    "x.reshape(n, r, r, c, h, w).transpose(0, 3, 4, 1, 5, 2)",
    fails=VALUES,
)
pixel_shuffle.misconception("reshape-alone", FORWARD, "x", fails=VALUES)
pixel_shuffle.misconception(
    "pictures-side-by-side",
    FORWARD,
    FORWARD.replace("(0, 1, 4, 2, 5, 3)", "(0, 1, 2, 4, 3, 5)"),
    fails=VALUES,
)
pixel_shuffle.misconception(
    "gradient-reshaped-alone", BACKWARD, "dout", fails=["dx", "repeat", "unchanged"]
)
pixel_shuffle.misconception(
    "same-transpose-backwards",
    BACKWARD,
    BACKWARD.replace("(0, 1, 3, 5, 2, 4)", "(0, 1, 5, 3, 2, 4)"),
    fails=["dx", "repeat", "unchanged"],
)

unit.explain("duel", points=5)

for mutant in (
    "keyword-discriminator_step-0",
    "keyword-discriminator_step-1",
    "keyword-generator_loss-0",
    "keyword-generator_step-0",
):
    gan.equivalent(mutant, "training is what networks assume")
for mutant in ("call-discriminator_step-12", "call-generator_loss-3"):
    gan.equivalent(mutant, "NumPy's number is the same number")
SQUARE = "the square is the same"
NUMBER = "a number cannot change in place"
loss_gradient.equivalent("exchanged-loss_gradient-4", SQUARE, where="np.sqrt(")
loss_gradient.equivalent("exchanged-loss_gradient-2", SQUARE, where="np.log(10)")
generator_loss.equivalent("exchanged-generator_loss-2", SQUARE, where="** 2")
psnr.equivalent("exchanged-psnr-0", SQUARE)
psnr.equivalent("keyword-psnr-0", "only whether NumPy warns of equal pictures")
psnr.equivalent("call-psnr-3", "NumPy's number is the same number")
mend_bicubic.equivalent("arguments-cubic_weights-0", "the larger of two numbers, in either order")
mend_bicubic.equivalent("exchanged-cubic_weights-3", "the absolute value is the same")
for mutant in ("boundary-cubic_weights-0", "boundary-cubic_weights-2"):
    mend_bicubic.equivalent(mutant, "the pieces of the kernel meet at the distances 1 and 2")
mend_bicubic.equivalent("rebound-cubic_weights-0", "the array is the function's own")
for mutant in ("in-place-cubic_weights-0", "in-place-cubic_weights-1"):
    mend_bicubic.equivalent(mutant, NUMBER)
for mutant in ("operator-forward-0", "operator-forward-1", "term-forward-0"):
    pixel_shuffle.equivalent(mutant, "the wording of a refusal")
for mutant in ("arguments-forward-5", "arguments-backward-5"):
    pixel_shuffle.equivalent(
        mutant, "samples and channels stay beside each other, and are joined as they were"
    )
pixel_shuffle.equivalent("arguments-forward-7", "the two new axes are equally long")


psnr.tell(
    "amplitude-for-power",
    "The factor 20 belongs to a ratio of amplitudes. The squared peak over the mean squared error takes 10.",
    "sec-14-bicubic",
)
psnr.tell("natural-logarithm", "Decibels are made with the logarithm to base 10.", "sec-14-bicubic")
psnr.tell("summed", "The squared errors are summed, not averaged.", "sec-14-bicubic")
psnr.tell(
    "largest-of-the-picture",
    "The largest entry of the picture stands where the largest possible one, `peak`, belongs.",
    "sec-14-bicubic",
)
pixel_shuffle.tell(
    "rows-and-columns",
    "Within each block, rows and columns are exchanged.",
    "sec-14-shuffle",
)
pixel_shuffle.tell(
    "channels-last",
    "The channels are dealt out in another order: those of one block stand next to each other.",
    "sec-14-shuffle",
)
by_hand.tell("mean-forgotten", "The gradient lacks the factor 1/N of the mean.", "sec-14-losses")
by_hand.tell(
    "saturating",
    "This is the loss whose gradient vanishes for a beginner; the non-saturating one is asked for.",
    "sec-14-losses",
)

psnr.tell(
    "absolute-error",
    "PSNR is made from the mean squared error; this is the mean absolute one.",
    "sec-14-bicubic",
)
psnr.tell(
    "peak-ignored",
    "The largest possible value is taken to be 1, whatever `peak` says.",
    "sec-14-bicubic",
)
psnr.tell(
    "peak-not-squared",
    "The error is squared, so that the peak has to be squared, too.",
    "sec-14-bicubic",
)
psnr.tell(
    "bytes-wrap-around",
    "The difference of two bytes cannot be negative and wraps around; turn them into floats first.",
    "sec-14-bicubic",
)
mend_bicubic.tell(
    "half-a-pixel",
    "Pixels are taken for points at their corners: the centre of a pixel lies half a pixel "
    "further.",
    "sec-14-bicubic",
)
mend_bicubic.tell(
    "dark-edges",
    "At the margins some weights fall outside and are missing in the sum; divide by the sum of "
    "those that are left.",
    "sec-14-bicubic",
)
mend_bicubic.tell(
    "not-smoothed",
    "When a picture is made smaller, the kernel has to become wider by the same factor, or it "
    "skips pixels.",
    "sec-14-bicubic",
)
mend_bicubic.tell(
    "another-kernel",
    "This is the cubic kernel with a = -1; here it has a = -1/2.",
    "sec-14-bicubic",
)
loss_gradient.tell(
    "inner-derivative-forgotten",
    "The derivative of what stands inside is missing.",
    "sec-14-srcnn",
)
loss_gradient.tell(
    "mean-forgotten",
    "The loss is a mean over all pixels: divide by their number.",
    "sec-14-srcnn",
)
loss_gradient.tell(
    "sign",
    "The sign is wrong: a larger output must raise the loss where it is too large already.",
    "sec-14-srcnn",
)
by_hand.tell(
    "sign-of-the-score",
    "The score has the wrong sign in the sigmoid: a high score means real.",
    "sec-14-gan",
)
by_hand.tell(
    "summed",
    "This is the sum over the samples; the loss is their mean.",
    "sec-14-losses",
)
by_hand.tell(
    "targets-exchanged",
    "Real and made are exchanged: the target of a real sample is 1.",
    "sec-14-losses",
)
by_hand.tell(
    "t-minus-D",
    "The sign is wrong: the gradient at the score is output minus target.",
    "sec-14-losses",
)
discriminator.tell(
    "as-many-of-both",
    "This is the best answer where there are as many made samples as real ones; look at how many "
    "of each there are.",
    "sec-14-gan",
)
discriminator.tell(
    "three-with-p",
    "The larger number is given to the wrong side.",
    "sec-14-gan",
)
discriminator.tell(
    "made-for-real",
    "This is the probability that the sample is made.",
    "sec-14-gan",
)
discriminator.tell(
    "ratio",
    "This is the ratio of real to made; a probability divides by the sum of both.",
    "sec-14-gan",
)
generator_loss.tell(
    "derivative-forgotten",
    "The derivative of the sigmoid is missing.",
    "sec-14-losses",
)
generator_loss.tell(
    "mean-forgotten",
    "The loss is a mean over the samples: divide by their number.",
    "sec-14-losses",
)
generator_loss.tell(
    "sign",
    "The sign is wrong: the generator's loss falls when the score rises.",
    "sec-14-losses",
)
pixel_shuffle.tell(
    "reshape-alone",
    "`reshape` alone keeps the numbers in their order; the r * r channels of a pixel have to "
    "become its neighbours.",
    "sec-14-shuffle",
)
pixel_shuffle.tell(
    "pictures-side-by-side",
    "Whole pictures stand side by side; their pixels have to be interleaved.",
    "sec-14-shuffle",
)
pixel_shuffle.tell(
    "gradient-reshaped-alone",
    "`backward` only reshapes; it has to take every pixel back to the channel it came from.",
    "sec-14-shuffle",
)
pixel_shuffle.tell(
    "same-transpose-backwards",
    "`backward` has to undo the order of the axes; here rows and columns inside of a pixel are "
    "exchanged.",
    "sec-14-shuffle",
)
gan.tell(
    "generator-updates-both",
    "The generator's step also updates the discriminator. The gradients that it gets on the way "
    "belong to the generator's loss, and must not be used.",
    "sec-14-digits",
)
gan.tell(
    "discriminator-updates-both",
    "The discriminator's step also updates the generator, and against its own interest.",
    "sec-14-digits",
)
gan.tell(
    "networks-exchanged",
    "The generator's step updates the discriminator in place of the generator.",
    "sec-14-digits",
)
gan.tell(
    "trained-to-be-caught",
    "The generator's loss has the target 0, for made samples. It wants them to be taken for real.",
    "sec-14-losses",
)
gan.tell(
    "smoothed-for-the-generator",
    "The target of real samples is smoothed for the discriminator alone; the generator's is 1.",
    "sec-14-losses",
)
gan.tell(
    "saturating",
    "This is the loss whose gradient vanishes for a beginner; the non-saturating one is asked for.",
    "sec-14-losses",
)
gan.tell(
    "not-smoothed",
    "The target of real samples is 1 in place of `self.real`.",
    "sec-14-losses",
)
gan.tell(
    "targets-exchanged",
    "Real and made are exchanged: the target of a made sample is 0.",
    "sec-14-losses",
)
gan.tell(
    "order-of-the-batch",
    "Samples and targets of the discriminator's batch stand in different orders.",
    "sec-14-digits",
)
gan.tell(
    "made-samples-unjudged",
    "The discriminator sees real samples alone. It has to learn from made ones as well.",
    "sec-14-gan",
)
gan.tell(
    "discriminator-bypassed",
    "The gradient with respect to the scores is passed to the generator. It has to go back through "
    "the discriminator first.",
    "sec-14-digits",
)
gan.tell(
    "uphill",
    "The generator's gradient has the wrong sign: it learns to be caught.",
    "sec-14-losses",
)
