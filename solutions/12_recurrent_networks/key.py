"""Answer key of unit 12: recurrent cells, backpropagation through time, embeddings, sentences."""

import numpy as np

from dlkit.functions import sigmoid
from dlkit.layers import Affine, Embedding, LSTMCell, SoftmaxWithLoss
from dlkit.optim import Adam
from grader.checks import Case
from grader.exercises import Formula, Step, Unit, Worked

unit = Unit("12_recurrent_networks")


def cell(draw, gates, scale=0.5):
    """Weights of a cell with so many gates, one batch, a state before it; sizes differ, D is not H."""
    n, d, h = draw.sizes(3)
    init = {
        "Wx": scale * draw(d, gates * h),
        "Wh": scale * draw(h, gates * h),
        "b": scale * draw.nonzero(gates * h),
    }
    return init, {"x": draw(n, d), "h_prev": scale * draw.nonzero(n, h)}


CELL = {"forward": 2, "dx": 1, "dh_prev": 1.5, "dWx": 1, "dWh": 1.5, "db": 1, "repeat": 0.5,
        "unchanged": 0.5}  # fmt: skip
BACK = ["dx", "dh_prev", "dWx", "dWh", "db"]
AFTER = ["repeat", "unchanged"]


@unit.implement("dlkit.layers.RNNCell", points=CELL)
def rnn_cell(draw):
    init, inputs = cell(draw, 1)
    return Case(init=init, inputs=inputs)


RETURNED = "return da @ self.Wx.T, da @ self.Wh.T"
rnn_cell.misconception(
    "bias-forgotten", "h_prev @ self.Wh + self.b", "h_prev @ self.Wh", fails=["forward", *BACK, *AFTER]
)  # fmt: skip
rnn_cell.misconception(
    "derivative-of-the-input", "(1 - self.h**2)", "(1 - np.tanh(self.h) ** 2)", fails=[*BACK, *AFTER]
)  # fmt: skip
rnn_cell.misconception(
    "derivative-forgotten", "da = dh * (1 - self.h**2)", "da = dh", fails=[*BACK, *AFTER]
)
rnn_cell.misconception(
    "state-for-previous-state", "self.h_prev.T @ da", "self.h.T @ da", fails=["dWh", *AFTER]
)
rnn_cell.misconception(
    "Wh-not-transposed", RETURNED, "return da @ self.Wx.T, da @ self.Wh", fails=["dh_prev", *AFTER]
)
rnn_cell.misconception(
    "gradients-exchanged", RETURNED, "return da @ self.Wh.T, da @ self.Wx.T", fails=["dx", "dh_prev", *AFTER]
)  # fmt: skip
rnn_cell.misconception(
    "db-not-summed", "self.db = da.sum(axis=0)", "self.db = da", fails=["db", *AFTER]
)


@unit.fix_the_bug(
    "dlkit.layers.RNN",
    points={"forward": 1, "dxs": 2, "dWx": 1, "dWh": 1, "db": 1, "repeat": 0.5, "unchanged": 0.5},
)
def mend_rnn(draw):
    """A hidden batch of two would hide a sum that is kept: without its first sample it is broadcast."""
    n, t, d, h = draw.sizes(4, low=2 if draw.public else 3)
    init = {"Wx": draw(d, h) / 2, "Wh": draw(h, h) / 2, "b": draw(h) / 2}
    return Case(init=init, inputs={"xs": draw(n, t, d)})


SUMS = ["dWx", "dWh", "db", *AFTER]
mend_rnn.bug(
    "state-left-out",
    "self.cells[t].backward(dhs[:, t] + dh)",
    "self.cells[t].backward(dhs[:, t])",
    symptom="The network does not learn what lies more than one step back.",
    fails=["dxs", *SUMS],
)
mend_rnn.bug(
    "first-step-only",
    "self.dWh = sum(cell.dWh for cell in self.cells)",
    "self.dWh = self.cells[0].dWh",
    symptom="For sequences of one step all gradients are right; for longer ones that of Wh is too small.",
    fails=["dWh", *AFTER],
)
mend_rnn.bug(
    "order-kept",
    "np.stack(dxs[::-1], axis=1)",
    "np.stack(dxs, axis=1)",
    symptom="The gradients of all weights are right, that of the inputs is not.",
    fails=["dxs", *AFTER],
)
mend_rnn.bug(
    "forwards-in-time",
    "for t in reversed(range(T)):",
    "for t in range(T):",
    symptom="Only for sequences of one step are the gradients right.",
    fails=["dxs", *SUMS],
)


def scalar_states(x, w):
    """States of a network of one unit, from a state of 0."""
    states = [0.0]
    for entry in x:
        states.append(np.tanh(entry + w * states[-1]))
    return np.array(states[1:])


def scalar_gradients(h, factor, derivative):
    """Gradients of tanh's arguments for the loss h[-1]; by way of each step back comes the factor."""
    slopes = 1 - h**2 if derivative else np.ones_like(h)
    steps_back = np.arange(len(h))[::-1]
    return factor**steps_back * np.cumprod(slopes[::-1])[::-1]


def four_steps(draw):
    """Inputs, weight, states and gradients; no state is nearly the one beside it, and no gradient."""
    while True:
        w = float(draw.rng.integers(70, 131) / 100 * draw.one_of([-1, 1]))
        # Signs with which all terms of the sum have one: nothing cancels, and four digits are enough.
        signs = draw.one_of([-1, 1]) * np.sign(w) ** np.arange(4)
        x = draw.rng.integers(10, 41, 4) / 100 * signs
        h = scalar_states(x, w)
        da = scalar_gradients(h, w, True)
        if min(np.abs(np.diff(np.abs(values))).min() for values in (h, da)) > 0.02:
            return x, w, h, da


@unit.compute(points={"h": 1, "da": 1.5, "dw": 1, "dw_cut": 1, "lost": 0.5}, tolerance=5e-3)
def truncated(draw):
    x, w, h, da = four_steps(draw)
    dw, dw_cut = h[:3] @ da[1:], h[1:3] @ da[2:]
    anew = scalar_states(x[2:], w)  # the second piece, as if it were a sequence of its own
    return Worked(
        given={"x": x, "w": w},
        steps=[
            Step(
                "h",
                "h1 = tanh(x[0]); h2 = tanh(x[1] + w * h1); h3 = tanh(x[2] + w * h2); "
                "h4 = tanh(x[3] + w * h3); array([h1, h2, h3, h4])",
                h,
            ),
            Step(
                "da",
                "a4 = 1 - h[3]**2; a3 = a4 * w * (1 - h[2]**2); a2 = a3 * w * (1 - h[1]**2); "
                "a1 = a2 * w * (1 - h[0]**2); array([a1, a2, a3, a4])",
                da,
            ),
            Step("dw", "h[0] * da[1] + h[1] * da[2] + h[2] * da[3]", np.asarray(dw)),
            Step("dw_cut", "h[1] * da[2] + h[2] * da[3]", np.asarray(dw_cut)),
            Step("lost", "dw - dw_cut", np.asarray(dw - dw_cut)),
        ],
        names={"x": x, "w": w},
        wrong={
            "recurrence-forgotten": {"h": np.tanh(x)},
            "derivative-forgotten": {"da": scalar_gradients(h, w, False)},
            "weight-forgotten": {"da": scalar_gradients(h, 1.0, True)},
            "state-after-the-step": {"dw": h @ da, "dw_cut": h[2:] @ da[2:]},
            "last-step-only": {"dw": h[2] * da[3]},
            "last-piece-only": {"dw": dw_cut},
            "nothing-cut": {"dw_cut": dw},
            "state-cut-too": {"dw_cut": anew[0] * (1 - anew[1] ** 2)},
            "state-handed-on-not-counted": {"dw_cut": h[2] * da[3]},
        },
    )


@unit.compute(
    points={"f": 0.5, "g": 0.5, "i": 0.5, "o": 0.5, "c": 1, "h": 1, "dc_prev": 1, "daf": 1}
)
def lstm_by_hand(draw):
    x, h_prev, c_prev = draw.nonzero(3)
    wx, wh, b = draw.nonzero(4) / 2, draw.nonzero(4) / 2, draw.nonzero(4) / 2
    af, ag, ai, ao = x * wx + h_prev * wh + b
    f, g, i, o = sigmoid(af), np.tanh(ag), sigmoid(ai), sigmoid(ao)
    c = f * c_prev + g * i
    h = o * np.tanh(c)
    ds = o * (1 - np.tanh(c) ** 2)
    return Worked(
        given={
            "x_t": x, "h_{t-1}": h_prev, "c_{t-1}": c_prev, "W_x": wx, "W_h": wh, "b": b,
        },
        steps=[
            Step("f", "sigmoid(x * Wx[0] + h_prev * Wh[0] + b[0])", np.asarray(f)),
            Step("g", "tanh(x * Wx[1] + h_prev * Wh[1] + b[1])", np.asarray(g)),
            Step("i", "sigmoid(x * Wx[2] + h_prev * Wh[2] + b[2])", np.asarray(i)),
            Step("o", "sigmoid(x * Wx[3] + h_prev * Wh[3] + b[3])", np.asarray(o)),
            Step("c", "f * c_prev + g * i", np.asarray(c)),
            Step("h", "o * tanh(c)", np.asarray(h)),
            Step("dc_prev", "o * (1 - tanh(c)**2) * f", np.asarray(ds * f)),
            Step("daf", "o * (1 - tanh(c)**2) * c_prev * f * (1 - f)", np.asarray(ds * c_prev * f * (1 - f))),
        ],
        names={"x": x, "h_prev": h_prev, "c_prev": c_prev, "Wx": wx, "Wh": wh, "b": b},
        wrong={
            "candidate-through-sigmoid": {"g": sigmoid(ag)},
            "gates-in-another-order": {"g": np.tanh(ai), "i": sigmoid(ag)},
            "tanh-forgotten": {"h": o * c},
            "input-gate-forgotten": {"c": f * c_prev + g},
            "upstream-state": {"daf": ds * c * f * (1 - f)},
        },
    )  # fmt: skip


def rounded(values):
    """To multiples of 1/64, which a notebook shows in full."""
    return np.round(values * 64) / 64


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"\partial L / \partial a^{(f)}, \qquad c_t = f \odot c_{t-1} + g \odot i",
            "(dc + dh * o * (1 - np.tanh(c) ** 2)) * c_prev * f * (1 - f)",
            {
                "new-state": "(dc + dh * o * (1 - np.tanh(c) ** 2)) * c * f * (1 - f)",
                "path-through-h-forgotten": "dc * c_prev * f * (1 - f)",
                "gate-not-differentiated": "(dc + dh * o * (1 - np.tanh(c) ** 2)) * c_prev",
            },
        ),
        Formula(
            r"\partial L / \partial a^{(g)}, \qquad c_t = f \odot c_{t-1} + g \odot i",
            "(dc + dh * o * (1 - np.tanh(c) ** 2)) * i * (1 - g**2)",
            {
                "sigmoid-for-tanh": "(dc + dh * o * (1 - np.tanh(c) ** 2)) * i * g * (1 - g)",
                "path-through-h-forgotten": "dc * i * (1 - g**2)",
                "gates-exchanged": "(dc + dh * o * (1 - np.tanh(c) ** 2)) * g * i * (1 - i)",
            },
        ),
        Formula(
            r"\partial L / \partial a^{(i)}, \qquad c_t = f \odot c_{t-1} + g \odot i",
            "(dc + dh * o * (1 - np.tanh(c) ** 2)) * g * i * (1 - i)",
            {
                "tanh-for-sigmoid": "(dc + dh * o * (1 - np.tanh(c) ** 2)) * g * (1 - i**2)",
                "path-through-h-forgotten": "dc * g * i * (1 - i)",
                "gate-not-differentiated": "(dc + dh * o * (1 - np.tanh(c) ** 2)) * g",
            },
        ),
        Formula(
            r"\partial L / \partial a^{(o)}, \qquad h_t = o \odot \tanh(c_t)",
            "dh * np.tanh(c) * o * (1 - o)",
            {
                "tanh-forgotten": "dh * c * o * (1 - o)",
                "path-of-the-state": "(dc + dh * np.tanh(c)) * o * (1 - o)",
                "gate-not-differentiated": "dh * np.tanh(c)",
            },
        ),
    ],
)
def gate_gradient(draw):
    """Gradient of the gate's argument a, (N, H), from dh, dc and what the forward pass has: all (N, H)."""
    n, h = draw.sizes(2)
    sigma = lambda: rounded(1 / (1 + np.exp(-draw.nonzero(n, h))))  # noqa: E731
    inputs = {"dh": draw.nonzero(n, h), "dc": draw.nonzero(n, h)}
    g = rounded(np.tanh(draw.nonzero(n, h)))
    inputs |= {"f": sigma(), "g": g, "i": sigma(), "o": sigma()}
    return Case(inputs=inputs | {"c": draw.nonzero(n, h), "c_prev": draw.nonzero(n, h)})


ONE_STEP = """
cell = LSTMCell(Wx, Wh, b)
h, c = cell.forward(x, h_prev, c_prev)
see("states", h, c)
dx, dh_prev, dc_prev = cell.backward(dh, dc)
see("dx", dx)
see("dh_prev", dh_prev)
see("dc_prev", dc_prev)
see("weights", cell.dWx, cell.dWh, cell.db)
"""
TWO_STEPS = """
cell = LSTMCell(Wx, Wh, b)
h, c = cell.forward(x, h_prev, c_prev)
cell.backward(dh, dc)
h, c = cell.forward(x2, h, c)
dx, dh_prev, dc_prev = cell.backward(dh, dc)
see("again", h, c, dx, dh_prev, dc_prev, cell.dWx, cell.dWh, cell.db)
"""
LSTM_SAYS = {
    "states": "`forward` returns the right hidden state and cell state.",
    "dx": "The gradient of `x` is right.",
    "dh_prev": "The gradient of the previous hidden state is right.",
    "dc_prev": "The gradient of the previous cell state is right.",
    "weights": "The gradients of `Wx`, `Wh` and `b` are right, gate by gate in the order f, g, i, o.",
    "again": "A second step with the same cell owes nothing to the first.",
}


def lstm_step(draw, script):
    """A step of an LSTM; gradients arrive at both states."""
    init, inputs = cell(draw, 4)
    shape = inputs["h_prev"].shape
    inputs |= {
        "c_prev": draw.nonzero(*shape),
        "dh": draw.nonzero(*shape),
        "dc": draw.nonzero(*shape),
    }
    if "x2" in script:
        inputs["x2"] = draw(*inputs["x"].shape)
    return Case(inputs=init | inputs, script=script.strip())


@unit.implement(
    "dlkit.layers.LSTMCell",
    points={"states": 2, "dx": 1, "dh_prev": 1, "dc_prev": 1, "weights": 2, "unchanged": 0.5},
    says=LSTM_SAYS,
)
def lstm_cell(draw):
    return lstm_step(draw, ONE_STEP)


@lstm_cell.check("again", like="again", points=0.5)
def second_step(draw):
    """A second step with the same cell owes nothing to the first."""
    return lstm_step(draw, TWO_STEPS)


ALL_BACK = ["dx", "dh_prev", "weights", "unchanged", "again"]
EVERY = ["states", "dc_prev", *ALL_BACK]
lstm_cell.misconception("order-of-pytorch", "af, ag, ai, ao", "ai, af, ag, ao", fails=EVERY)
lstm_cell.misconception(
    "candidate-through-sigmoid", "g = np.tanh(ag)", "g = sigmoid(ag)", fails=EVERY
)
lstm_cell.misconception(
    "tanh-forgotten", "h = o * np.tanh(c)", "h = o * c", fails=["states", "unchanged", "again"]
)
lstm_cell.misconception(
    "path-through-h-forgotten",
    "ds = dc + dh * o * (1 - tanh_c**2)",
    "ds = dc",
    fails=["dc_prev", *ALL_BACK],
)
lstm_cell.misconception(
    "path-of-the-state-forgotten",
    "ds = dc + dh * o * (1 - tanh_c**2)",
    "ds = dh * o * (1 - tanh_c**2)",
    fails=["dc_prev", *ALL_BACK],
)
lstm_cell.misconception(
    "gradient-for-state", "daf = ds * self.c_prev", "daf = ds * dc", fails=ALL_BACK
)
lstm_cell.misconception(
    "new-state-for-old", "daf = ds * self.c_prev", "daf = ds * self.c", fails=ALL_BACK
)
lstm_cell.misconception(
    "candidate-as-a-sigmoid",
    "dag = ds * i * (1 - g**2)",
    "dag = ds * i * g * (1 - g)",
    fails=ALL_BACK,
)
lstm_cell.misconception(
    "input-gate-not-differentiated", "dai = ds * g * i * (1 - i)", "dai = ds * g", fails=ALL_BACK
)
lstm_cell.misconception(
    "previous-gradient-through-c",
    "da @ self.Wh.T, ds * f",
    "da @ self.Wh.T, dc * f",
    fails=["dc_prev", "unchanged", "again"],
)


@unit.implement("dlkit.layers.GRUCell", points=CELL)
def gru_cell(draw):
    init, inputs = cell(draw, 3)
    return Case(init=init, inputs=inputs)


NEW = "(1 - z) * h_prev + z * n"
gru_cell.misconception(
    "gates-exchanged", NEW, "z * h_prev + (1 - z) * n", fails=["forward", *AFTER]
)
gru_cell.misconception(
    "reset-after-the-product", "(r * h_prev) @ Whn)", "r * (h_prev @ Whn))", fails=["forward", *BACK, *AFTER]
)  # fmt: skip
gru_cell.misconception(
    "reset-forgotten-in-dWh", "(r * h_prev).T @ dan", "h_prev.T @ dan", fails=["dWh", *AFTER]
)
gru_cell.misconception(
    "direct-path-forgotten", "dh * (1 - z) + drh * r", "drh * r", fails=["dh_prev", *AFTER]
)
gru_cell.misconception(
    "path-of-the-reset-gate-forgotten",
    " + daz @ Whz.T + dar @ Whr.T",
    " + daz @ Whz.T",
    fails=["dh_prev", *AFTER],
)
gru_cell.misconception("sign-of-the-update", "(n - h_prev)", "(h_prev - n)", fails=[*BACK, *AFTER])


LOOK_UP = """
layer = Embedding(W)
see("forward", layer.forward(ids))
layer.backward(dout)
see("dW", layer.dW)
"""
LOOK_UP_TWICE = """
layer = Embedding(W)
layer.forward(ids)
layer.backward(dout)
y = layer.forward(other)
layer.backward(dother)
see("again", y, layer.dW)
"""
EMBEDDING_SAYS = {
    "forward": "`forward` takes the rows that the ids name.",
    "dW": "The gradient of `W` is right: rows of ids that repeat add up, rows that nobody named are 0.",
    "again": "A second batch, of another shape, owes nothing to the first.",
}


@unit.implement(
    "dlkit.layers.Embedding",
    points={"forward": 1, "dW": 2, "unchanged": 0.5},
    says=EMBEDDING_SAYS,
)
def embedding(draw):
    v, d = draw.sizes(2, low=3)
    ids = draw.rng.integers(0, v - 1, 2 * v)  # ids repeat, and the last one is named by nobody
    return Case(
        inputs={"W": draw(v, d), "ids": ids, "dout": draw.nonzero(2 * v, d)}, script=LOOK_UP.strip()
    )


@embedding.check("sentences", like="dW", points=0.5)
def two_axes(draw):
    """Ids may be of shape (N, T): the gradient adds up over both axes."""
    n, t, v, d = draw.sizes(4)
    ids = draw.rng.integers(0, v, (n, t))
    ids[-1, -1] = ids[0, 0]  # a word of two sentences
    return Case(
        inputs={"W": draw(v, d), "ids": ids, "dout": draw.nonzero(n, t, d)}, script=LOOK_UP.strip()
    )


@embedding.check("again", like="again", points=0.5)
def another_batch(draw):
    """A second batch, of another shape, owes nothing to the first."""
    n, t, v, d = draw.sizes(4)
    other = draw.rng.integers(0, v, t)
    other[-1] = other[0]  # an id that repeats
    inputs = {"W": draw(v, d), "ids": draw.rng.integers(0, v, n), "dout": draw.nonzero(n, d)}
    inputs |= {"other": other, "dother": draw.nonzero(t, d)}
    return Case(inputs=inputs, script=LOOK_UP_TWICE.strip())


ADDED = "np.add.at(self.dW, self.ids, dout)"
DW = ["dW", "unchanged", "sentences", "again"]
embedding.misconception("repeats-lost", ADDED, "self.dW[self.ids] += dout", fails=DW)
embedding.misconception(
    "never-cleared",
    "self.dW = np.zeros_like(self.W)",
    'self.dW = getattr(self, "dW", np.zeros_like(self.W))',
    fails=["again"],
)
embedding.misconception(
    "columns", "return self.W[ids]", "return self.W[:, ids % self.W.shape[1]]",
    fails=["forward", "unchanged", "again"],
)  # fmt: skip


@unit.experiment(
    points={"learned": 3, "reproducible": 1}, tasks=["negation", "contrast", "first"], reach=0.9
)
def train(x, t, seed):
    """Train on sentences x (N, 8) of words 0 to 11, of classes t (N,); return a function to scores (M, 2)."""
    rng = np.random.default_rng(seed)
    D, H = 6, 16
    words = Embedding(rng.standard_normal((12, D)))
    Wx, Wh = rng.standard_normal((D, 4 * H)) / 2, rng.standard_normal((H, 4 * H)) / 4
    b = np.repeat([1.0, 0.0, 0.0, 0.0], H)
    cells = [LSTMCell(Wx, Wh, b) for _ in range(8)]  # the same weights at every step
    affine = Affine(rng.standard_normal((H, 2)) / 4, np.zeros(2))
    judge = SoftmaxWithLoss()
    params = {"E": words.W, "Wx": Wx, "Wh": Wh, "b": b, "W": affine.W, "c": affine.b}
    optimizer = Adam(lr=0.05)

    def predict(x):
        vectors = words.forward(x)
        h = c = np.zeros((len(x), H))
        for step, cell in enumerate(cells):
            h, c = cell.forward(vectors[:, step], h, c)
        return affine.forward(h)

    for _ in range(15):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 40):
            batch = order[start : start + 40]
            judge.forward(predict(x[batch]), t[batch])
            dh, dvectors = affine.backward(judge.backward(1.0)), []
            dc = np.zeros_like(dh)
            for cell in reversed(cells):
                dx, dh, dc = cell.backward(dh, dc)
                dvectors.insert(0, dx)
            words.backward(np.stack(dvectors, axis=1))
            sums = [sum(getattr(cell, name) for cell in cells) for name in ("dWx", "dWh", "db")]
            grads = [words.dW, *sums, affine.dW, affine.db]
            optimizer.update(params, dict(zip(params, grads, strict=True)))
    return predict


NOTHING_LEARNED = ["learned", "reproducible"]
train.misconception("no-training", "range(15)", "range(0)", fails=NOTHING_LEARNED)
train.misconception(
    "order-ignored",
    "vectors = words.forward(x)",
    "vectors = words.forward(np.sort(x))",
    fails=NOTHING_LEARNED,
)
train.misconception(
    "labels-left-behind",
    "predict(x[batch]), t[batch]",
    "predict(x[batch]), t[: len(batch)]",
    fails=NOTHING_LEARNED,
)
# Not default_rng(): from about 1 start in 100 this training does not reach its aim, and a proof is no lottery.
train.misconception(
    "seed-ignored",
    "rng = np.random.default_rng(seed)",
    'train.calls = getattr(train, "calls", 0) + 1\n    rng = np.random.default_rng(seed + train.calls - 1)',
    fails=["reproducible"],
)


VALIDATION = "what is refused, and how, is not asked for"
SHAPE = "the two have the same shape"
START = "gradients of the first state are not asked for: every sequence here starts from zeros"
DECODER = "`dh`, which a decoder adds, and `dh0` are not asked for: the cases call backward(dhs)"
CALLS = ["keyword-forward-0", "call-forward-0", "keyword-backward-0", "call-backward-0"]
for exercise, reason, mutants in [
    (rnn_cell, VALIDATION, CALLS),
    (lstm_cell, VALIDATION, [*CALLS, "keyword-forward-1", "keyword-backward-1"]),
    (gru_cell, VALIDATION, CALLS),
    (embedding, VALIDATION, ["call-forward-0"]),
    (
        mend_rnn,
        VALIDATION,
        ["keyword-backward-0", "call-backward-1", "keyword-backward-1", "call-backward-3"],
    ),
    (mend_rnn, START, ["dropped-backward-6", "kept-backward-3", "local-backward-3"]),
    (mend_rnn, START, ["dropped-forward-3", "kept-forward-1", "local-forward-1"]),
    (mend_rnn, SHAPE, [f"constant-backward-{n}" for n in range(4)]),
    (mend_rnn, DECODER, ["branch-backward-0", "branch-backward-2", "single-backward-4"]),
    (rnn_cell, SHAPE, ["stored-backward-5"]),
    (lstm_cell, SHAPE, [f"stored-backward-{n}" for n in (2, 6, 7, 8, 9, 10)]),
    (gru_cell, SHAPE, [f"stored-backward-{n}" for n in (5, 6, 7)]),
]:
    for mutant in mutants:
        exercise.equivalent(mutant, reason)

rnn_cell.tell(
    "bias-forgotten",
    "The bias is not added.",
    "sec-12-rnn",
)
rnn_cell.tell(
    "derivative-of-the-input",
    "h is tanh of something already: its derivative is 1 - h**2, without another tanh.",
    "sec-12-bptt",
)
rnn_cell.tell(
    "derivative-forgotten",
    "The gradient does not pass the tanh: the factor 1 - h**2 is missing.",
    "sec-12-bptt",
)
rnn_cell.tell(
    "state-for-previous-state",
    "Wh multiplies the state before the step; its gradient is made from that one.",
    "sec-12-bptt",
)
rnn_cell.tell(
    "Wh-not-transposed",
    "The gradient goes back to the state through the transpose of Wh.",
    "sec-12-bptt",
)
rnn_cell.tell(
    "gradients-exchanged",
    "The gradients of the input and of the state are exchanged: the one of x goes through Wx.",
    "sec-12-bptt",
)
rnn_cell.tell(
    "db-not-summed",
    "The bias serves all samples: its gradient is the sum over the batch.",
    "sec-12-bptt",
)
mend_rnn.tell(
    "state-left-out",
    "A state is used twice, for the output and by the next step: the gradient that comes back "
    "from the next step is missing.",
    "sec-12-bptt",
)
mend_rnn.tell(
    "first-step-only",
    "All steps share the weights: their gradients are summed, and here only the first step's is "
    "kept.",
    "sec-12-bptt",
)
mend_rnn.tell(
    "order-kept",
    "The gradients of the inputs stand in the order of the backward pass, the last step first; "
    "turn them round.",
    "sec-12-bptt",
)
mend_rnn.tell(
    "forwards-in-time",
    "Backpropagation runs from the last step to the first; here it runs forwards.",
    "sec-12-bptt",
)
truncated.tell(
    "recurrence-forgotten",
    "From the second step on, the state before it enters too, times the recurrent weight.",
    "sec-12-rnn",
)
truncated.tell(
    "derivative-forgotten",
    "The gradient does not pass the tanh: at each step the factor 1 - h**2 is missing.",
    "sec-12-bptt",
)
truncated.tell(
    "weight-forgotten",
    "From one step to the one before, the gradient passes the recurrent weight: that factor is missing.",
    "sec-12-bptt",
)
truncated.tell(
    "state-after-the-step",
    "At step t the weight multiplies the state before it; here each gradient meets the state after it.",
    "sec-12-bptt",
)
truncated.tell(
    "last-step-only",
    "The weight is used at every step: its gradient is a sum over the steps, and here only the last "
    "one is kept.",
    "sec-12-bptt",
)
truncated.tell(
    "last-piece-only",
    "This is the gradient of the last piece; the whole one goes back through all steps.",
    "sec-12-bptt",
)
truncated.tell(
    "nothing-cut",
    "This is the whole gradient; the truncated one ends where the piece begins.",
    "sec-12-bptt",
)
truncated.tell(
    "state-cut-too",
    "The second piece starts from a state of 0 here; truncation hands the state on and cuts only the "
    "gradient.",
    "sec-12-bptt",
)
truncated.tell(
    "state-handed-on-not-counted",
    "In the first step of the piece the weight multiplies the state that was handed on: that term belongs "
    "to the sum.",
    "sec-12-bptt",
)
lstm_by_hand.tell(
    "candidate-through-sigmoid",
    "The candidate goes through tanh, since it may be negative; only the gates go through the "
    "sigmoid.",
    "sec-12-lstm",
)
lstm_by_hand.tell(
    "gates-in-another-order",
    "Candidate and input gate are exchanged: the order here is forget, candidate, input, output.",
    "sec-12-lstm",
)
lstm_by_hand.tell(
    "tanh-forgotten",
    "The output is the output gate times tanh of the cell state; the tanh is missing.",
    "sec-12-lstm",
)
lstm_by_hand.tell(
    "input-gate-forgotten",
    "The candidate is added whole; the input gate says how much of it.",
    "sec-12-lstm",
)
lstm_by_hand.tell(
    "upstream-state",
    "The forget gate multiplies the state before the step, not the new one.",
    "sec-12-lstm",
)
gate_gradient.tell(
    "new-state",
    "The forget gate multiplies the state before the step, not the new one.",
    "sec-12-lstm",
)
gate_gradient.tell(
    "path-through-h-forgotten",
    "The cell state also acts through the output h: that path is missing.",
    "sec-12-lstm",
)
gate_gradient.tell(
    "gate-not-differentiated",
    "This is the gradient of the gate; before the sigmoid its derivative is a factor more.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "order-of-pytorch",
    "The blocks of columns are taken in PyTorch's order; here it is forget, candidate, input, "
    "output.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "candidate-through-sigmoid",
    "The candidate goes through tanh, since it may be negative; only the gates go through the "
    "sigmoid.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "tanh-forgotten",
    "The output is the output gate times tanh of the cell state; the tanh is missing.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "path-through-h-forgotten",
    "The cell state also acts through the output h: the gradient along that path is missing.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "path-of-the-state-forgotten",
    "The gradient that the next step sends back to the cell state is not used.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "gradient-for-state",
    "In the gradient of the forget gate stands a gradient where the state before the step belongs.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "new-state-for-old",
    "The forget gate multiplies the state before the step, not the new one.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "candidate-as-a-sigmoid",
    "The candidate comes from tanh; here it is differentiated like a sigmoid.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "input-gate-not-differentiated",
    "The gradient of the input gate lacks the derivative of its sigmoid.",
    "sec-12-lstm",
)
lstm_cell.tell(
    "previous-gradient-through-c",
    "To the state before goes the whole gradient at the new state, the part through h too, times "
    "the forget gate.",
    "sec-12-lstm",
)
gru_cell.tell(
    "gates-exchanged",
    "The update gate is the wrong way round: here z weighs the new candidate.",
    "sec-12-gru",
)
gru_cell.tell(
    "reset-after-the-product",
    "The reset gate is applied after the matrix product, as PyTorch does it; here it acts on the "
    "state before.",
    "sec-12-gru",
)
gru_cell.tell(
    "reset-forgotten-in-dWh",
    "The candidate sees the state times the reset gate, and the gradient of its weights is made "
    "from that product.",
    "sec-12-gru",
)
gru_cell.tell(
    "direct-path-forgotten",
    "A part of the old state goes straight into the new one; the gradient along that path is "
    "missing.",
    "sec-12-gru",
)
gru_cell.tell(
    "path-of-the-reset-gate-forgotten",
    "The old state also acts through the reset gate; the gradient along that path is missing.",
    "sec-12-gru",
)
gru_cell.tell(
    "sign-of-the-update",
    "The gradient of the update gate has the wrong sign: more z means more of the candidate and "
    "less of the old state.",
    "sec-12-gru",
)
embedding.tell(
    "repeats-lost",
    "A word that occurs several times gets the gradient of one occurrence only: `+=` with "
    "repeated indices adds once. `np.add.at` adds them all.",
    "sec-12-words",
)
embedding.tell(
    "never-cleared",
    "The gradients of earlier calls stay in `dW`: begin each `backward` with zeros.",
    "sec-12-words",
)
embedding.tell(
    "columns",
    "A word's vector is a row of W.",
    "sec-12-words",
)
