"""Answer key of unit 06: layers with a forward and a backward pass."""

import numpy as np

from dlkit.layers import Affine, ReLU, SoftmaxWithLoss
from grader.checks import Case
from grader.exercises import Formula, Step, Unit, Worked

unit = Unit("06_backpropagation")

# A loss with log(y + 1e-7), as unit 04 writes it against log 0, counts as right.
SMALL_CONSTANT = 1e-5


ACTIVATIONS = {
    r"1 / (1 + e^{-u})": ("1 / (1 + exp(-u))", "z1 * (1 - z1)"),
    r"\tanh u": ("tanh(u)", "1 - z1**2"),
    r"u / (1 + |u|)": ("u / (1 + abs(u))", "(1 - abs(z1))**2"),
}


@unit.compute(points={"z1": 1, "y": 0.5, "delta2": 0.5, "delta1": 2, "dW2": 1, "dW1": 1})
def delta_recursion(draw):
    formula = draw.one_of(list(ACTIVATIONS))
    h, slope = ACTIVATIONS[formula]
    x, W1, W2 = draw.nonzero(2), draw.nonzero(2, 2), draw.nonzero(2, 1)
    t = draw.one_of([0.0, 1.0])
    names = {"exp": np.exp, "tanh": np.tanh, "abs": np.abs}
    z1 = eval(h, names | {"u": x @ W1})  # noqa: S307  (an expression of the table above)
    derivative = eval(slope, names | {"z1": z1})  # noqa: S307
    y = z1 @ W2
    delta2 = y - t
    delta1 = (W2 @ delta2) * derivative
    return Worked(
        given={
            "h(u)": formula,
            "x": x, "W^{(1)}": W1, "W^{(2)}": W2, "t": t,
        },
        steps=[
            Step("z1", f"u = x @ W1; {h}", z1),
            Step("y", "z1 @ W2", y),
            Step("delta2", "y - t", delta2),
            Step("delta1", f"(delta2 @ W2.T) * ({slope})", delta1),
            Step("dW2", "outer(z1, delta2)", np.outer(z1, delta2)),
            Step("dW1", "outer(x, delta1)", np.outer(x, delta1)),
        ],
        names={"x": x, "W1": W1, "W2": W2, "t": t},
        wrong={
            "no-activation": {"z1": x @ W1},
            "W1-transposed": {"z1": eval(h, names | {"u": W1 @ x})},  # noqa: S307
            "t-minus-y": {"delta2": -delta2},
            "derivative-forgotten": {"delta1": W2 @ delta2},
            "outer-exchanged": {"dW1": np.outer(delta1, x)},
            "weights-for-outputs": {"dW2": W2 * delta2},
        },
    )  # fmt: skip


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"z^{(l)} = \sigma(u^{(l)}), \qquad \sigma(u) = \frac{1}{1 + e^{-u}}",
            "(delta @ W.T) * z * (1 - z)",
            {
                "derivative-forgotten": "delta @ W.T",
                "derivative-at-output": "(delta @ W.T) * np.exp(-z) / (1 + np.exp(-z)) ** 2",
                "W-not-transposed": "(delta @ W) * z * (1 - z)",
            },
        ),
        Formula(
            r"z^{(l)} = \tanh(u^{(l)})",
            "(delta @ W.T) * (1 - z**2)",
            {
                "derivative-forgotten": "delta @ W.T",
                "derivative-at-output": "(delta @ W.T) * (1 - np.tanh(z) ** 2)",
                "W-not-transposed": "(delta @ W) * (1 - z**2)",
            },
        ),
        Formula(
            r"z^{(l)} = \max(0, u^{(l)})",
            "(delta @ W.T) * (z > 0)",
            {
                "derivative-forgotten": "delta @ W.T",
                "value-for-derivative": "(delta @ W.T) * z",
                "W-not-transposed": "(delta @ W) * (z > 0)",
            },
        ),
        Formula(
            r"z^{(l)} = \log(1 + e^{u^{(l)}})",
            "(delta @ W.T) * (1 - np.exp(-z))",
            {
                "derivative-forgotten": "delta @ W.T",
                "derivative-at-output": "(delta @ W.T) / (1 + np.exp(-z))",
                "W-not-transposed": "(delta @ W) * (1 - np.exp(-z))",
            },
        ),
    ],
)
def matrix_form(draw):
    """Delta of layer l, (N, H), from that of layer l + 1, (N, K), its weights W (H, K) and z of layer l."""
    n, h, k = draw.sizes(3)
    z = np.abs(draw.nonzero(n, h)) / 4
    z[0, 0] = 0.0
    return Case(inputs={"delta": draw(n, k), "W": draw.nonzero(h, k), "z": z})


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


SLOPE = "return dout * self.y * (1.0 - self.y)"
for factor in ("2.0", "0.5"):
    sigmoid.alternative(
        "self.y = sigmoid(x)",
        f"self.y = sigmoid({factor} * x)",
        also={
            SLOPE: f"return dout * self.y * (1.0 - self.y) * {factor}",
            "1 / (1 + e^{-x})": f"1 / (1 + e^{{-{factor} x}})",
            "    Source: Good": "    Source of the function without the factor: Good",
        },
        given=f"In your notebook the layer computes $\\sigma({factor} x)$.",
    )
    sigmoid.misconception(
        f"inner-derivative-forgotten-{factor}",
        f"(1.0 - self.y) * {factor}",
        "(1.0 - self.y)",
        fails=["dx", "repeat", "unchanged"],
    )
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
    points={"forward": 2, "dx": 2.5, "repeat": 0.5, "unchanged": 0.5},
)
def softmax_with_loss(draw):
    # A loss is where `backward` begins, with a dout of 1; the check `dout` asks for others.
    return loss_case(draw, dout=np.ones(()))


def loss_case(draw, dout=None):
    """Scores, and targets as labels and one-hot in turn."""
    n, c = draw.sizes(2, low=3)
    t = draw.labels(n, c)
    if draw.trial % 2:
        t = np.eye(c)[t]  # labels and one-hot targets in turn
    return Case(inputs={"x": draw(n, c), "t": t}, dout=dout, tolerance=SMALL_CONSTANT)


@softmax_with_loss.check("dout", like="dx", points=0.5)
def loss_inside_a_larger_one(draw):
    """`dout` is a factor of the gradient, where it is not 1."""
    return loss_case(draw)


@softmax_with_loss.check("stable", like="forward", points=1)
def large_scores(draw):
    """Scores around 1000 give the same loss as the same scores around 0: no overflow."""
    n, c = draw.sizes(2, low=3)
    x = 1000.0 + draw(n, c)
    x[0] -= 2000.0  # a sample far below the others
    return Case(inputs={"x": x, "t": draw.labels(n, c)}, tolerance=SMALL_CONSTANT)


softmax_with_loss.misconception(
    "mean-forgotten",
    "dout * (self.y - self.t) / len(self.t)",
    "dout * (self.y - self.t)",
    fails=["dx", "repeat", "unchanged", "dout"],
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
    fails=["dout"],
)
softmax_with_loss.misconception(
    "overflow",
    "log_y = log_softmax(x)",
    "log_y = np.log(np.exp(x) / np.exp(x).sum(axis=1, keepdims=True))",
    fails=["stable"],
)


@unit.experiment(
    points={"learned": 3, "reproducible": 1}, tasks=["ring", "quadrants", "band"], reach=0.92
)
def train(x, t, seed):
    """Train on points x (N, 2) of classes t (N,); return a function from points (M, 2) to scores (M, 2)."""
    rng = np.random.default_rng(seed)
    first = Affine(rng.standard_normal((2, 32)), rng.standard_normal(32))
    second = Affine(rng.standard_normal((32, 2)) / 6, np.zeros(2))
    relu, loss = ReLU(), SoftmaxWithLoss()

    def predict(x):
        return second.forward(relu.forward(first.forward(x)))

    for _ in range(50):
        loss.forward(predict(x), t)
        first.backward(relu.backward(second.backward(loss.backward(1.0))))
        for layer in (first, second):
            layer.W = layer.W - 2.0 * layer.dW
            layer.b = layer.b - 2.0 * layer.db
    return predict


train.misconception(
    "one-step", "for _ in range(50)", "for _ in range(1)", fails=["learned", "reproducible"]
)
train.misconception(
    "no-hidden-layer",
    "return second.forward(relu.forward(first.forward(x)))",
    "return second.forward(first.forward(x))",
    fails=["learned", "reproducible"],
)
train.misconception(
    "uphill",
    "layer.W - 2.0 * layer.dW",
    "layer.W + 2.0 * layer.dW",
    fails=["learned", "reproducible"],
)
train.misconception(
    "seed-ignored", "np.random.default_rng(seed)", "np.random.default_rng()", fails=["reproducible"]
)


@unit.fix_the_bug(
    "dlkit.layers.Tanh", points={"forward": 0.5, "dx": 1.5, "repeat": 0.5, "unchanged": 0.5}
)
def mend_tanh(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw(n, d)})


BACKWARD = "return dout * (1.0 - self.y**2)"
mend_tanh.bug(
    "wrong-sign",
    BACKWARD,
    "return -dout * (1.0 - self.y**2)",
    symptom="Training makes the loss larger with every step, however small the learning rate.",
    fails=["dx", "repeat", "unchanged"],
)
mend_tanh.bug(
    "second-argument",
    "def forward(self, x: Array) -> Array:",
    "def forward(self, x: Array, y: Array) -> Array:",
    symptom="`forward(x)` stops with a TypeError.",
    fails=["forward", "dx", "repeat", "unchanged"],
)
mend_tanh.bug(
    "dout-forgotten",
    BACKWARD,
    "return 1.0 - self.y**2",
    symptom="The gradient is right where the layer is the last one, and wrong wherever another layer follows.",
    fails=["dx", "repeat", "unchanged"],
)
mend_tanh.bug(
    "stored-once",
    "self.y = tanh(x)",
    'self.y = getattr(self, "y", tanh(x))',
    symptom="The first batch comes out right; after that the output no longer depends on the input.",
    fails=["repeat"],
)


softmax_with_loss.equivalent("stored-backward-0", "y and t have the same length")
affine.equivalent("constant-backward-0", "NumPy takes any negative length in reshape for unknown")
affine.equivalent("constant-backward-4", "NumPy takes any negative length in reshape for unknown")


delta_recursion.tell(
    "no-activation",
    "`z1` is the weighted sum. The activation is still to be applied.",
    "sec-06-delta",
)
delta_recursion.tell(
    "W1-transposed",
    "The weights of the first layer are used transposed.",
    "sec-06-delta",
)
delta_recursion.tell(
    "t-minus-y",
    "The error at the output has the wrong sign.",
    "sec-06-delta",
)
delta_recursion.tell(
    "derivative-forgotten",
    "The delta of the hidden layer lacks the derivative of the activation.",
    "sec-06-delta",
)
delta_recursion.tell(
    "weights-for-outputs",
    "A gradient of weights is the product of delta and what came into the layer, not of delta "
    "and the weights.",
    "sec-06-delta",
)
matrix_form.tell(
    "derivative-forgotten",
    "The delta lacks the derivative of the activation.",
    "sec-06-matrix",
)
matrix_form.tell(
    "derivative-at-output",
    "The derivative is taken at z, as if z were what goes into the activation. z is what "
    "comes out of it.",
    "sec-06-matrix",
)
matrix_form.tell(
    "value-for-derivative",
    "Delta is multiplied by z, the value of the activation. Its derivative belongs there.",
    "sec-06-matrix",
)
relu.tell(
    "mask-of-dout",
    "Negative entries of `dout` are set to 0. It is the sign of the input that decides.",
    "sec-06-relu",
)
sigmoid.tell(
    "derivative-at-output",
    "The sigmoid is applied once more, to its own output. The derivative can be written with "
    "the stored output itself.",
    "sec-06-sigmoid",
)

sigmoid.tell(
    "inner-derivative-forgotten-2.0",
    "The derivative of what stands inside the sigmoid is missing.",
    "sec-06-chain-one",
)
sigmoid.tell(
    "inner-derivative-forgotten-0.5",
    "The derivative of what stands inside the sigmoid is missing.",
    "sec-06-chain-one",
)
