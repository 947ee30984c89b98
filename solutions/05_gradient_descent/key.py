"""Answer key of unit 05: derivatives by differences, gradients, gradient descent."""

import numpy as np

from grader.checks import Case, form
from grader.exercises import Formula, Step, Unit, Worked

unit = Unit("05_gradient_descent")

# A central difference with a step from 1e-6 to 1e-3 agrees so far; a one-sided one with the step 1e-5 does not.
CENTRAL = 5e-7
ONE_NUMBER = ("sum(exp(c * x))", "sum(sin(c * x))")
ARRAY = ("sum(c * x**2)", "sum(sin(c * x))", "sum(exp(c * x))")


@unit.implement("dlkit.gradcheck.numerical_diff", points={"value": 2})
def numerical_diff(draw):
    x = float(draw.nonzero(1)[0])
    name = ONE_NUMBER[draw.trial % 2]
    # away from the extrema of the sine, where the derivative is small
    return Case(inputs={"f": form(name, 0.5), "x": x}, tolerance=CENTRAL)


@numerical_diff.check("step", like="value", points=1)
def step_is_used(draw):
    """The step `h` is used as it is given, on both sides of x."""
    x = float(draw.nonzero(1)[0])
    return Case(inputs={"f": form("sum(exp(c * x))", 1.0), "x": x, "h": 0.5})


numerical_diff.alternative("h: float = 1e-4", "h: float = 1e-5")
numerical_diff.alternative(
    "(f(x + h) - f(x - h)) / (2.0 * h)",
    "(8.0 * (f(x + h) - f(x - h)) - f(x + 2.0 * h) + f(x - 2.0 * h)) / (12.0 * h)",
    also={"by the central difference with step h": "by a difference of four points, with step h"},
    given="In your notebook the derivative is taken from four points: "
    "$f'(x) \\approx \\frac{8\\,(f(x + h) - f(x - h)) - f(x + 2h) + f(x - 2h)}{12 h}$.",
)
numerical_diff.misconception(
    "one-sided",
    "(f(x + h) - f(x - h)) / (2.0 * h)",
    "(f(x + h) - f(x)) / h",
    fails=["value", "step"],
)
numerical_diff.misconception("divided-by-h", "/ (2.0 * h)", "/ h", fails=["value", "step"])
numerical_diff.misconception("no-parentheses", "/ (2.0 * h)", "/ 2.0 * h", fails=["value", "step"])
numerical_diff.misconception(
    "step-too-small",
    "return (f(x + h) - f(x - h)) / (2.0 * h)",
    "h = 1e-50\n    return (f(x + h) - f(x - h)) / (2.0 * h)",
    fails=["value", "step"],
)


@unit.implement(
    "dlkit.gradcheck.numerical_gradient",
    points={"value": 2, "unchanged": 0.5, "repeat": 0.5},
    region=("value = x[i]", "gradient[i] ="),
)
def numerical_gradient(draw):
    shape = draw.sizes(2)
    name = ARRAY[draw.trial % 3]
    return Case(
        inputs={"f": form(name, draw.nonzero(*shape) / 2), "x": draw(*shape)}, tolerance=CENTRAL
    )


@numerical_gradient.check("integers", like="value", points=0.5)
def integer_points(draw):
    """At a point of integers it returns the gradient, too."""
    c = draw.nonzero(4) / 4
    x = draw.rng.integers(-3, 4, 4)
    return Case(inputs={"f": form("sum(exp(c * x))", c), "x": x}, tolerance=CENTRAL)


@numerical_gradient.check("step", like="value", points=1)
def one_entry_at_a_time(draw):
    """With a large step `h`, too, only one entry is moved at a time, on both sides."""
    shape = draw.sizes(2)
    f = form("log(sum(exp(c + x)))", draw.nonzero(*shape))
    return Case(inputs={"f": f, "x": draw(*shape), "h": 0.5})


ALL = ["value", "unchanged", "repeat", "integers", "step"]
numerical_gradient.misconception(
    "not-restored", "below = f(x)\n        x[i] = value\n", "below = f(x)\n", fails=["step"]
)
numerical_gradient.misconception(
    "one-sided",
    "below = f(x)\n        x[i] = value\n        gradient[i] = (above - below) / (2.0 * h)",
    "x[i] = value\n        gradient[i] = (above - f(x)) / h",
    fails=ALL,
)
numerical_gradient.misconception("divided-by-h", "/ (2.0 * h)", "/ h", fails=ALL)
numerical_gradient.misconception(
    "f-of-one-entry", "above = f(x)", "above = f(value + h)", fails=ALL
)


@unit.implement(
    "dlkit.optim.gradient_descent",
    points={"value": 2, "unchanged": 0.5, "repeat": 0.5},
)
def gradient_descent(draw):
    shape = draw.sizes(2)
    c = np.abs(draw.nonzero(*shape)) / 2
    name = ("c * x", "sin(c * x)")[draw.trial % 2]
    steps = 3 + draw.trial
    return Case(
        inputs={"gradient": form(name, c), "x": draw.nonzero(*shape), "lr": 0.25, "steps": steps}
    )


@gradient_descent.check("minimum", like="value", points=1)
def reaches_the_minimum(draw):
    """With the learning rate and the steps of its signature it comes down to the minimum of a bowl."""
    c = np.array([1.0, 2.0, 4.0])
    return Case(inputs={"gradient": form("c * x", c), "x": draw.nonzero(3)})


@gradient_descent.check("integers", like="value", points=0.5)
def integer_start(draw):
    """It starts from a point of integers, too."""
    c = np.array([0.5, 1.0])
    x = np.array([4, -8])
    return Case(inputs={"gradient": form("c * x", c), "x": x, "lr": 0.25, "steps": 3 + draw.trial})


gradient_descent.alternative(
    "lr: float = 0.1, steps: int = 100", "lr: float = 0.2, steps: int = 50"
)
gradient_descent.alternative(
    "lr: float = 0.1, steps: int = 100", "lr: float = 0.05, steps: int = 150"
)
gradient_descent.alternative(
    "x = x - lr * gradient(x)",
    "x = np.maximum(x - lr * gradient(x), 0.0)",
    also={
        "x is not changed.": "x is not changed.\n\n    After each step, entries below 0 are set to 0.",
        "array([ 0.5, -1. ])": "array([0.5, 0. ])",
    },
    given="In your notebook no entry may become negative: after each step, entries below 0 are set to 0.",
)
gradient_descent.misconception(
    "uphill",
    "x - lr * gradient(x)",
    "x + lr * gradient(x)",
    fails=["value", "unchanged", "repeat", "minimum", "integers"],
)
gradient_descent.misconception(
    "learning-rate-forgotten",
    "x - lr * gradient(x)",
    "x - gradient(x)",
    fails=["value", "unchanged", "repeat", "minimum", "integers"],
)
gradient_descent.misconception(
    "returns-after-one-step",
    "        x = x - lr * gradient(x)\n    return x",
    "        x = x - lr * gradient(x)\n        return x",
    fails=["value", "unchanged", "repeat", "minimum", "integers"],
)
gradient_descent.misconception(
    "gradient-at-the-start",
    "    for _ in range(steps):\n        x = x - lr * gradient(x)",
    "    g = gradient(x)\n    for _ in range(steps):\n        x = x - lr * g",
    fails=["value", "unchanged", "repeat", "minimum", "integers"],
)
gradient_descent.misconception(
    "changes-the-start",
    "    x = np.array(x, dtype=np.float64)\n    for _ in range(steps):\n        x = x - lr * gradient(x)",
    "    for _ in range(steps):\n        x -= lr * gradient(x)",
    fails=["unchanged", "integers"],
)


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"f(x) = \log(1 + e^x)",
            "1 / (1 + np.exp(-x))",
            {"outer-alone": "1 / (1 + np.exp(x))", "inner-alone": "np.exp(x)"},
            of="np.log(1 + np.exp(x))",
        ),
        Formula(
            r"f(x) = \frac{1}{1 + e^{-x}}",
            "np.exp(-x) / (1 + np.exp(-x)) ** 2",
            {
                "wrong-sign": "-np.exp(-x) / (1 + np.exp(-x)) ** 2",
                "outer-alone": "-1 / (1 + np.exp(-x)) ** 2",
            },
            of="1 / (1 + np.exp(-x))",
        ),
        Formula(
            r"f(x) = x\, e^{-x^2}",
            "(1 - 2 * x**2) * np.exp(-(x**2))",
            {"no-product-rule": "-2 * x * np.exp(-(x**2))", "first-term": "np.exp(-(x**2))"},
            of="x * np.exp(-x**2)",
        ),
        Formula(
            r"f(x) = \frac{1}{1 + x^2}",
            "-2 * x / (1 + x**2) ** 2",
            {"inner-forgotten": "-1 / (1 + x**2) ** 2", "wrong-sign": "2 * x / (1 + x**2) ** 2"},
            of="1 / (1 + x**2)",
        ),
    ],
)
def derivative(draw):
    """Derivative of f at x, entry by entry, in the shape of x."""
    return Case(inputs={"x": draw.nonzero(6)})


@unit.compute(points={"g": 1, "w_new": 1, "decrease": 1})
def one_step(draw):
    a = np.abs(draw.nonzero(2)) * 2
    b, w = draw.nonzero(2), draw.nonzero(2)
    lr = draw.one_of([0.125, 0.25, 0.5])

    def f(w):
        return (a * w**2).sum() / 2 + (b * w).sum()

    g = a * w + b
    new = w - lr * g
    uphill = w + lr * g
    return Worked(
        given={"a": a, "b": b, "w": w, r"\eta": lr},
        steps=[
            Step("g", "a * w + b", g),
            Step("w_new", "w - lr * g", new),
            Step(
                "decrease",
                "f = lambda w: sum(a * w**2) / 2 + sum(b * w); f(w) - f(w_new)",
                f(w) - f(new),
            ),
        ],
        names={"a": a, "b": b, "w": w, "lr": lr},
        wrong={
            "uphill": {"w_new": uphill, "decrease": f(w) - f(uphill)},
            "linear-term-forgotten": {"g": a * w},
            "learning-rate-forgotten": {"w_new": w - g, "decrease": f(w) - f(w - g)},
        },
    )


downhill = unit.choose(
    "downhill",
    points=1,
    right="A",
    wrong={
        "B": "along-the-gradient",
        "C": "orthogonal",
        "D": "straight-to-the-minimum",
        "E": "any-direction",
    },
)
downhill.tell(
    "along-the-gradient",
    "Along the gradient the function increases fastest.",
)
downhill.tell(
    "orthogonal",
    "At right angles to the gradient the function does not change, to first order.",
)
downhill.tell(
    "straight-to-the-minimum",
    "The way to the minimum need not be the steepest one: in a long valley it is nearly at right angles to it.",
)
downhill.tell(
    "any-direction",
    "To first order the change is the inner product of gradient and step: their angle counts.",
)


@unit.fix_the_bug("dlkit.gradcheck.complex_step_gradient", points={"value": 1.5, "unchanged": 0.5})
def mend_complex_step(draw):
    shape = draw.sizes(2)
    f = form("log(sum(exp(c + x)))", draw.nonzero(*shape))
    return Case(inputs={"f": f, "x": draw(*shape)})


mend_complex_step.bug(
    "not-restored",
    "        x[i] = value\n    return",
    "    return",
    symptom="The first entry is right; every later one is the sum of the derivatives up to it.",
    fails=["value", "unchanged"],
)
mend_complex_step.bug(
    "real-step",
    "value + h * 1j",
    "value + h",
    symptom="The gradient is 0 everywhere, whatever the function.",
    fails=["value", "unchanged"],
)
mend_complex_step.bug(
    "real-part",
    "f(x).imag / h",
    "f(x).real / h",
    symptom="Every entry is enormous, and all of them are equal.",
    fails=["value", "unchanged"],
)
mend_complex_step.bug(
    "not-divided",
    "f(x).imag / h",
    "f(x).imag",
    symptom="The entries are in the right proportion to each other, but of a size around 1e-20.",
    fails=["value", "unchanged"],
)

FLOATS = "x - lr * g is a new array of float64, whatever x was"
numerical_diff.equivalent("in-place-numerical_diff-1", "x is a number here: it cannot change")
mend_complex_step.equivalent("in-place-complex_step_gradient-1", "x is a copy of the argument")
gradient_descent.equivalent(
    "arguments-gradient_descent-0", "the larger of two numbers, in either order"
)
gradient_descent.equivalent("augmented-gradient_descent-0", "x is a copy of the argument here")
gradient_descent.equivalent("dropped-gradient_descent-0", FLOATS)
gradient_descent.equivalent("keyword-gradient_descent-0", FLOATS)
gradient_descent.equivalent("call-gradient_descent-0", FLOATS)


numerical_gradient.tell(
    "not-restored",
    "After its turn an entry of x keeps the step, so that every later difference is taken at "
    "another point.",
    "sec-05-gradient",
)
numerical_gradient.tell(
    "f-of-one-entry",
    "`f` is given one entry of x. It takes the whole x, of which one entry is moved.",
    "sec-05-gradient",
)
gradient_descent.tell(
    "uphill",
    "Each step goes along the gradient, uphill. To make f smaller, step against it.",
    "sec-05-descent",
)
gradient_descent.tell(
    "learning-rate-forgotten",
    "The steps are the gradients themselves: the learning rate is missing.",
    "sec-05-rate",
)
gradient_descent.tell(
    "returns-after-one-step",
    "It returns after the first step: is `return` inside of the loop?",
    "sec-05-descent",
)
gradient_descent.tell(
    "gradient-at-the-start",
    "Every step uses the gradient at the start. It has to be taken anew at each point.",
    "sec-05-descent",
)
derivative.tell(
    "inner-alone",
    "Only the inner function is differentiated. The chain rule multiplies by the outer one's "
    "derivative.",
    "sec-05-derivative",
)
one_step.tell(
    "uphill",
    "The step goes along the gradient, uphill. To make f smaller, step against it.",
    "sec-05-descent",
)
one_step.tell(
    "linear-term-forgotten",
    "The linear term of f has a derivative, too.",
    "sec-05-gradient",
)
one_step.tell(
    "learning-rate-forgotten",
    "The step is the gradient itself: the learning rate is missing.",
    "sec-05-rate",
)
mend_complex_step.tell(
    "not-restored",
    "After its turn an entry keeps its imaginary step, so that later derivatives are mixed up.",
    "sec-05-rounding",
)

numerical_diff.tell(
    "one-sided",
    "This is the forward difference, whose error falls with h; that of the central one falls "
    "with h squared.",
    "sec-05-derivative",
)
mend_complex_step.tell(
    "real-part",
    "The derivative stands in the imaginary part; the real part is the value of the function.",
    "sec-05-derivative",
)
