"""Answer key of unit 08: optimizers."""

import numpy as np

from dlkit.optim import Momentum
from grader.checks import Case
from grader.exercises import Step, Unit, Worked

unit = Unit("08_optimizers")

# A small constant that is written otherwise, or added elsewhere, counts as right where it hardly matters.
SMALL_CONSTANT = 1e-5

STEPS = """
params = {{"W": W, "b": b}}
optimizer = {optimizer}
optimizer.update(params, {{"W": W1, "b": b1}})
see("first-step", W, b)
optimizer.update(params, {{"W": W2, "b": b2}})
optimizer.update(params, {{"W": W3, "b": b3}})
see("three-steps", W, b)
"""
APART = """
one, other = {optimizer}, {optimizer}
one.update({{"W": W}}, {{"W": g1}})
other.update({{"V": V}}, {{"V": g2}})
one.update({{"W": W}}, {{"W": g3}})
see("apart", W, V)
"""
CONSTANT = """
params = {{"W": W}}
optimizer = {optimizer}
optimizer.update(params, {{"W": g1}})
optimizer.update(params, {{"W": g2}})
see("constant", W)
"""
SAYS = {
    "first-step": "After one update the parameters are right.",
    "three-steps": "After three updates with different gradients the parameters are right.",
}
POINTS = {"first-step": 1, "three-steps": 1.5, "unchanged": 0.5}


def parameters(draw):
    """Two parameters, and three gradients of each."""
    d, h = draw.sizes(2)
    inputs = {"W": draw(d, h), "b": draw(h)}
    for n in "123":
        inputs |= {f"W{n}": draw.nonzero(d, h), f"b{n}": draw.nonzero(h)}
    return inputs


def steps(draw, optimizer, **numbers):
    """Three updates of two parameters."""
    script = STEPS.format(optimizer=optimizer).strip()
    return Case(inputs=parameters(draw) | numbers, script=script, tolerance=SMALL_CONSTANT)


def two_in_turn(draw, optimizer, **numbers):
    """Two optimizers of one class, each with a parameter of its own."""
    d, h = draw.sizes(2)
    inputs = {"W": draw(d, h), "V": draw(h), "g1": draw.nonzero(d, h), "g2": draw.nonzero(h)}
    inputs["g3"] = draw.nonzero(d, h)
    script = APART.format(optimizer=optimizer).strip()
    return Case(inputs=inputs | numbers, script=script, tolerance=SMALL_CONSTANT)


def large_constant(draw, optimizer, **numbers):
    """Two updates with an epsilon that matters, one entry of the first gradient being 0."""
    d, h = draw.sizes(2)
    g1 = draw.nonzero(d, h)
    g1[0, 0] = 0.0
    inputs = {"W": draw(d, h), "g1": g1, "g2": draw.nonzero(d, h), "eps": 0.5}
    return Case(inputs=inputs | numbers, script=CONSTANT.format(optimizer=optimizer).strip())


# --- SGD


@unit.implement("dlkit.optim.SGD", methods=["step"], points=POINTS, says=SAYS)
def sgd(draw):
    return steps(draw, "SGD(lr)", lr=draw.one_of([0.125, 0.25, 0.5]))


EVERY = ["first-step", "three-steps", "unchanged"]
sgd.misconception("uphill", "W -= self.lr * g", "W += self.lr * g", fails=EVERY)
sgd.misconception("new-array", "W -= self.lr * g", "W = W - self.lr * g", fails=EVERY)
sgd.misconception("rate-forgotten", "W -= self.lr * g", "W -= g", fails=EVERY)


# --- momentum and Nesterov


@unit.implement("dlkit.optim.Momentum", methods=["step"], points=POINTS, says=SAYS)
def momentum(draw):
    return steps(draw, "Momentum(lr, momentum)", lr=0.25, momentum=draw.one_of([0.5, 0.75]))


@momentum.check("apart", like="apart", points=0.5)
def momentum_apart(draw):
    """Two optimizers used in turn do not disturb each other."""
    return two_in_turn(draw, "Momentum(lr, momentum)", lr=0.25, momentum=0.5)


FADE = "v *= self.momentum\n        v += g"
AFTER_ONE = ["three-steps", "unchanged", "apart"]
momentum.misconception("uphill", "W -= self.lr * v", "W += self.lr * v", fails=[*EVERY, "apart"])
momentum.misconception("memory-lost", FADE, "v = self.momentum * v + g", fails=AFTER_ONE)
momentum.misconception(
    "old-velocity",
    f"{FADE}\n        W -= self.lr * v",
    f"W -= self.lr * v\n        {FADE}",
    fails=[*EVERY, "apart"],
)
momentum.misconception("rate-twice", "v += g", "v += self.lr * g", fails=[*EVERY, "apart"])
momentum.misconception(
    "average-for-sum", "v += g", "v += (1.0 - self.momentum) * g", fails=[*EVERY, "apart"]
)


@unit.compute(points={"v1": 0.5, "w1": 0.5, "v2": 1, "w2": 1})
def two_steps(draw):
    w0, lr, mu = draw.nonzero(2), draw.one_of([0.125, 0.25, 0.5]), draw.one_of([0.6, 0.75, 0.9])
    curvature = np.array([draw.rng.integers(2, 9), draw.rng.integers(12, 25)]) / 4
    v1 = curvature * w0
    w1 = w0 - lr * v1
    v2 = mu * v1 + curvature * w1
    w2 = w1 - lr * v2
    return Worked(
        given={
            r"\lambda": curvature, "w_0": w0, r"\eta": lr, r"\mu": mu,
            "v_0": np.zeros(2),
        },
        steps=[
            Step("v1", "mu * v0 + curvature * w0", v1),
            Step("w1", "w0 - eta * v1", w1),
            Step("v2", "mu * v1 + curvature * w1", v2),
            Step("w2", "w1 - eta * v2", w2),
        ],
        names={"curvature": curvature, "w0": w0, "eta": lr, "mu": mu, "v0": np.zeros(2)},
        wrong={
            "uphill": {"w1": w0 + lr * v1},
            "gradient-of-the-start": {"v2": mu * v1 + curvature * w0},
            "memory-lost": {"v2": curvature * w1, "w2": w1 - lr * curvature * w1},
            "old-velocity": {"w2": w1 - lr * v1},
        },
    )  # fmt: skip


@unit.implement("dlkit.optim.Nesterov", methods=["step"], points=POINTS, says=SAYS)
def nesterov(draw):
    return steps(draw, "Nesterov(lr, momentum)", lr=0.25, momentum=draw.one_of([0.5, 0.75]))


@nesterov.check("apart", like="apart", points=0.5)
def nesterov_apart(draw):
    """Two optimizers used in turn do not disturb each other."""
    return two_in_turn(draw, "Nesterov(lr, momentum)", lr=0.25, momentum=0.5)


AHEAD = "W -= self.lr * (g + self.momentum * v)"
nesterov.misconception("no-look-ahead", AHEAD, "W -= self.lr * v", fails=[*EVERY, "apart"])
nesterov.misconception("memory-lost", FADE, "v = self.momentum * v + g", fails=AFTER_ONE)


# --- a rate for each parameter


@unit.implement("dlkit.optim.AdaGrad", methods=["step"], points=POINTS, says=SAYS)
def adagrad(draw):
    return steps(draw, "AdaGrad(lr)", lr=draw.one_of([0.25, 0.5]))


@adagrad.check("constant", like="constant", points=0.5)
def adagrad_constant(draw):
    """The constant `eps` is the one that is given, and is added to the root."""
    return large_constant(draw, "AdaGrad(lr, eps)", lr=0.25)


ROOT = "(np.sqrt(h) + self.eps)"
ALL = [*EVERY, "constant"]
adagrad.misconception("square-forgotten", "h += g**2", "h += np.abs(g)", fails=ALL)
adagrad.misconception("root-forgotten", ROOT, "(h + self.eps)", fails=ALL)
adagrad.misconception("constant-under-the-root", ROOT, "np.sqrt(h + self.eps)", fails=["constant"])
adagrad.misconception(
    "memory-lost", "h += g**2", "h = h + g**2", fails=["three-steps", "unchanged", "constant"]
)


@unit.implement("dlkit.optim.RMSProp", methods=["step"], points=POINTS, says=SAYS)
def rmsprop(draw):
    return steps(draw, "RMSProp(lr, rho)", lr=0.25, rho=draw.one_of([0.75, 0.875]))


@rmsprop.check("constant", like="constant", points=0.5)
def rmsprop_constant(draw):
    """The constant `eps` is the one that is given, and is added to the root."""
    return large_constant(draw, "RMSProp(lr, rho, eps)", lr=0.25, rho=0.75)


rmsprop.misconception(
    "weights-exchanged",
    "h *= self.rho\n        h += (1.0 - self.rho) * g**2",
    "h *= 1.0 - self.rho\n        h += self.rho * g**2",
    fails=ALL,
)
rmsprop.misconception(
    "adds-up", "h *= self.rho\n        h += (1.0 - self.rho) * g**2", "h += g**2", fails=ALL
)
rmsprop.misconception("constant-under-the-root", ROOT, "np.sqrt(h + self.eps)", fails=["constant"])


@unit.implement(
    "dlkit.optim.Adam",
    methods=["step"],
    points={"first-step": 1, "three-steps": 3, "unchanged": 0.5},
    says=SAYS,
)
def adam(draw):
    # Not 1/2 and 3/4: (1 - beta1) / sqrt(1 - beta2) would be 1, and the first step right without correction.
    beta1, beta2 = draw.one_of([(0.5, 0.875), (0.75, 0.875)])
    return steps(draw, "Adam(lr, beta1, beta2)", lr=0.25, beta1=beta1, beta2=beta2)


@adam.check("apart", like="apart", points=0.5)
def adam_apart(draw):
    """Two optimizers used in turn do not disturb each other; each counts its own updates."""
    return two_in_turn(draw, "Adam(lr, beta1, beta2)", lr=0.25, beta1=0.5, beta2=0.875)


@adam.check("constant", like="constant", points=0.5)
def adam_constant(draw):
    """The constant `eps` is the one that is given, and is added to the root of the corrected average."""
    return large_constant(draw, "Adam(lr, beta1, beta2, eps)", lr=0.25, beta1=0.5, beta2=0.875)


LAST = "W -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)"
FIRST = "m *= self.beta1\n        m += (1.0 - self.beta1) * g"
SECOND = "v *= self.beta2\n        v += (1.0 - self.beta2) * g**2"
ALL = [*EVERY, "apart", "constant"]
adam.misconception("no-correction", LAST, "W -= self.lr * m / (np.sqrt(v) + self.eps)", fails=ALL)
adam.misconception(
    "corrected-average-kept",
    LAST,
    f"m[...], v[...] = m_hat, v_hat\n        {LAST}",
    fails=["three-steps", "unchanged", "apart", "constant"],
)
adam.misconception("updates-from-0", "self.t)", "(self.t - 1))", fails=ALL)
adam.misconception("one-beta", SECOND, SECOND.replace("beta2", "beta1"), fails=ALL)
adam.misconception("root-forgotten", "np.sqrt(v_hat)", "v_hat", fails=ALL)
adam.misconception("square-forgotten", "* g**2", "* g", fails=ALL)
adam.misconception(
    "constant-before-the-correction",
    LAST,
    "W -= self.lr * m_hat / (np.sqrt(v) + self.eps) * np.sqrt(1.0 - self.beta2**self.t)",
    fails=["constant"],
)


# --- a plan for the rate


@unit.fix_the_bug("dlkit.optim.cosine_decay", points={"value": 1.5})
def mend_cosine_decay(draw):
    plan = {"lr": draw.one_of([0.5, 1.0]), "steps": draw.one_of([10, 20]), "least": 0.125}
    return Case(inputs={"t": int(draw.rng.integers(1, plan["steps"] - 1)), **plan})


@mend_cosine_decay.check("ends", like="value", points=0.5)
def first_and_last(draw):
    """It begins with `lr` and ends with `least`."""
    return Case(inputs={"t": 20 * (draw.trial % 2), "lr": 0.5, "steps": 20, "least": 0.125})


@mend_cosine_decay.check("afterwards", like="value", points=0.5)
def beyond_the_plan(draw):
    """After the planned steps the rate stays at `least`."""
    t = 10 + int(draw.rng.integers(1, 9))
    return Case(inputs={"t": t, "lr": 0.5, "steps": 10, "least": 0.125})


HALF = "0.5 * (lr - least) * (1.0 + math.cos(math.pi * min(t, steps) / steps))"
mend_cosine_decay.bug(
    "rises-again",
    "min(t, steps)",
    "t",
    symptom="After the planned steps the learning rate rises again.",
    fails=["afterwards"],
)
mend_cosine_decay.bug(
    "rises",
    "(1.0 + math.cos(",
    "(1.0 - math.cos(",
    symptom="The training starts slowly and blows up towards its end.",
    fails=["value", "ends", "afterwards"],
)
mend_cosine_decay.bug(
    "starts-too-high",
    "(lr - least)",
    "lr",
    symptom="The first learning rate is larger than `lr`.",
    fails=["value", "ends"],
)
mend_cosine_decay.bug(
    "whole-period",
    "math.pi *",
    "2 * math.pi *",
    symptom="Half-way through, the learning rate is at its smallest already, and then it grows.",
    fails=["value", "ends", "afterwards"],
)


A_NUMBER = "a number cannot be changed in place"
for argument in range(3):
    mend_cosine_decay.equivalent(f"in-place-cosine_decay-{argument}", A_NUMBER)
mend_cosine_decay.equivalent("arguments-cosine_decay-0", "the smaller of two in either order")


# --- through a ravine

TRIED = """
optimizer = optimizer_for(smallest, largest)
params = {"w": w}
for _ in range(steps):
    optimizer.update(params, {"w": curvatures * (w - lowest)})
see("reached", less(curvatures @ (w - lowest) ** 2 / 2, bound))
""".strip()


def ravine(draw):
    """Curvatures from 1 to 100 times a scale; a start and a lowest point that nobody has seen."""
    curvatures = draw.one_of([0.5, 1.0, 2.0]) * np.array([1.0, 2.0, 8.0, 40.0, 100.0])
    signs = draw.rng.choice([-1.0, 1.0], 5)
    return Case(
        inputs={
            "curvatures": curvatures, "smallest": float(curvatures[0]), "largest": float(curvatures[-1]),
            "w": signs * draw.rng.integers(8, 17, 5) / 8, "lowest": draw(5) / 4,
        },
        script=TRIED,
    )  # fmt: skip


@unit.trial(
    ravine,
    points={"reached": 3},
    says={
        "reached": "From any start, the loss after the stated number of steps is below the bound."
    },
    problems=[
        {"steps": 80, "bound": 1e-3},
        {"steps": 100, "bound": 1e-4},
        {"steps": 120, "bound": 1e-5},
    ],
    module="dlkit.optim",
)
def optimizer_for(smallest, largest):
    """An optimizer with settings for curvatures from `smallest` to `largest`."""
    root = np.sqrt(largest / smallest)
    mu = ((root - 1.0) / (root + 1.0)) ** 2
    return Momentum(4.0 / (np.sqrt(smallest) + np.sqrt(largest)) ** 2, mu)


optimizer_for.misconception(
    "gradient-descent",
    "np.sqrt(largest)) ** 2, mu)",
    "np.sqrt(largest)) ** 2, 0.0)",
    fails=["reached"],
)
optimizer_for.misconception(
    "rate-of-the-floor",
    "4.0 / (np.sqrt(smallest) + np.sqrt(largest)) ** 2",
    "1.0 / smallest",
    fails=["reached"],
)


two_steps.tell(
    "uphill",
    "The steps go along the gradient, uphill.",
    "sec-08-momentum",
)
two_steps.tell(
    "gradient-of-the-start",
    "The second step uses the gradient at the start. It has to be taken where the first step led.",
    "sec-08-momentum",
)
two_steps.tell(
    "memory-lost",
    "The second step forgets the velocity of the first.",
    "sec-08-momentum",
)
two_steps.tell(
    "old-velocity",
    "The step is made with the old velocity. It is renewed first.",
    "sec-08-momentum",
)
momentum.tell(
    "memory-lost",
    "The velocity begins anew at each step, so that there is no momentum.",
    "sec-08-momentum",
)
nesterov.tell(
    "memory-lost",
    "The velocity begins anew at each step, so that there is no momentum.",
    "sec-08-nesterov",
)
adagrad.tell(
    "square-forgotten",
    "The gradients are added up as they are. Their squares have to be.",
    "sec-08-adagrad",
)
adagrad.tell(
    "root-forgotten",
    "The step is divided by the sum of the squares. Its square root belongs there.",
    "sec-08-adagrad",
)
adagrad.tell(
    "constant-under-the-root",
    "The small constant stands under the root. It is added to the root.",
    "sec-08-adagrad",
)
adagrad.tell(
    "memory-lost",
    "The sum of the squares begins anew at each step.",
    "sec-08-adagrad",
)
rmsprop.tell(
    "constant-under-the-root",
    "The small constant stands under the root. It is added to the root.",
    "sec-08-rmsprop",
)
adam.tell(
    "corrected-average-kept",
    "The corrected averages are kept, and corrected again at the next step. Keep the averages "
    "as they are.",
    "sec-08-adam",
)
adam.tell(
    "root-forgotten",
    "The step is divided by the average of the squares. Its square root belongs there.",
    "sec-08-adam",
)
adam.tell(
    "constant-before-the-correction",
    "The small constant is added before the bias is corrected. It is added to the root of the "
    "corrected average.",
    "sec-08-adam",
)
mend_cosine_decay.tell(
    "rises-again",
    "After the last step the rate rises again: the cosine goes on. It should stay at its end "
    "value.",
    "sec-08-paths",
)

adam.tell(
    "updates-from-0",
    "The steps are counted from 0, so that the correction divides by 0 at the first one; count "
    "from 1.",
    "sec-08-adam",
)
adam.tell(
    "square-forgotten",
    "The second average is that of the gradient; it has to be of its square.",
    "sec-08-adam",
)
mend_cosine_decay.tell(
    "rises",
    "The rate rises; it should begin high and fall.",
    "sec-08-paths",
)
mend_cosine_decay.tell(
    "starts-too-high",
    "The cosine has to span the difference of the two rates; so it starts above the first one.",
    "sec-08-paths",
)
mend_cosine_decay.tell(
    "whole-period",
    "A whole period goes down and up again; half of one ends at the smallest rate.",
    "sec-08-paths",
)
