"""Answer key of unit 11: filters, convolution over one and two axes, pooling, a network for digits."""

import numpy as np

from dlkit.layers import Affine, Conv2D, Flatten, MaxPool2D, ReLU, Sequential, SoftmaxWithLoss
from grader.checks import Case
from grader.exercises import Formula, Step, Unit, Worked

unit = Unit("11_convolution")

AROUND = "x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]"
CORNERS = "x[:-2, :-2] + x[2:, 2:] + x[2:, :-2] + x[:-2, 2:]"
NEIGHBOURS = r"x_{i,\,j+1} + x_{i+2,\,j+1} + x_{i+1,\,j} + x_{i+1,\,j+2}"


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"y_{ij} = \frac{1}{3} \left( x_{ij} + x_{i,\,j+1} + x_{i,\,j+2} \right)",
            "(x[:, :-2] + x[:, 1:-1] + x[:, 2:]) / 3",
            {
                "rows-for-columns": "(x[:-2] + x[1:-1] + x[2:]) / 3",
                "sum-for-mean": "x[:, :-2] + x[:, 1:-1] + x[:, 2:]",
                "first-twice": "(x[:, :-2] + x[:, :-2] + x[:, 2:]) / 3",
            },
        ),
        Formula(
            r"y_{ij} = x_{i+2,\,j} - x_{ij}",
            "x[2:] - x[:-2]",
            {
                "rows-for-columns": "x[:, 2:] - x[:, :-2]",
                "sign": "x[:-2] - x[2:]",
                "one-apart": "x[2:] - x[1:-1]",
            },
        ),
        Formula(
            rf"y_{{ij}} = {NEIGHBOURS} - 4\, x_{{i+1,\,j+1}}",
            f"{AROUND} - 4 * x[1:-1, 1:-1]",
            {
                "corners": f"{CORNERS} - 4 * x[1:-1, 1:-1]",
                "centre-once": f"{AROUND} - x[1:-1, 1:-1]",
                "centre-at-corner": f"{AROUND} - 4 * x[:-2, :-2]",
            },
        ),
        Formula(
            rf"y_{{ij}} = 3\, x_{{i+1,\,j+1}} - \frac{{1}}{{2}} \left( {NEIGHBOURS} \right)",
            f"3 * x[1:-1, 1:-1] - ({AROUND}) / 2",
            {
                "corners": f"3 * x[1:-1, 1:-1] - ({CORNERS}) / 2",
                "smoothed": f"3 * x[1:-1, 1:-1] + ({AROUND}) / 2",
                "half-forgotten": f"3 * x[1:-1, 1:-1] - ({AROUND})",
            },
        ),
    ],
)
def filters(draw):
    """Output of the filter for a picture x (H, W), at all positions where its window fits."""
    h, w = draw.sizes(2, low=4, high=8)
    return Case(inputs={"x": draw(h, w)})


def correlated(x, w, stride, padding):
    """Output, and for each output and weight the place of the input that they meet, of the padded input."""
    padded = np.pad(x, padding)
    size = (len(padded) - len(w)) // stride + 1
    met = stride * np.arange(size)[:, np.newaxis] + np.arange(len(w))
    return padded[met] @ w, met, padded


@unit.compute(points={"y": 2, "dw": 1.5, "dx": 1.5})
def by_hand(draw):
    n, stride, padding = draw.one_of([(5, 1, 0), (5, 2, 1), (4, 1, 1)])
    x, w = draw.nonzero(n), draw.nonzero(3)
    y, met, padded = correlated(x, w, stride, padding)
    g = draw.nonzero(len(y))
    inside = slice(padding, padding + n)

    def scattered(contributions):
        total = np.zeros(len(padded))
        np.add.at(total, met, contributions)
        return total[inside]

    dx = scattered(np.outer(g, w))
    return Worked(
        given={"x": x, "w": w, "s": stride, "p": padding, r"\partial L / \partial y": g},
        steps=[
            Step(
                "y", "X = pad(x, p); [sum(w * X[s * o : s * o + 3]) for o in range(len(dout))]", y
            ),
            Step(
                "dw",
                "X = pad(x, p); [sum(dout * X[k::s][: len(dout)]) for k in range(3)]",
                g @ padded[met],
            ),
            Step(
                "dx",
                "[sum([dout[o] * w[k] for o in range(len(dout)) for k in range(3) if s * o + k - p == i]) "
                "for i in range(len(x))]",
                dx,
            ),
        ],
        names={"x": x, "w": w, "s": stride, "p": padding, "dout": g},
        wrong={
            "kernel-flipped": {"y": padded[met] @ w[::-1]},
            "dw-flipped": {"dw": (g @ padded[met])[::-1]},
            "kernel-flipped-backward": {"dx": scattered(np.outer(g, w[::-1]))},
            "overlaps-averaged": {"dx": dx / scattered(np.ones(met.shape))},
        },
    )


@unit.compute(points={"size": 1.5, "parameters": 1, "multiplications": 1.5}, tolerance=1e-7)
def three_axes(draw):
    C, F = draw.one_of([5, 7, 11, 13]), draw.one_of(range(2, 12))
    I = draw.rng.choice(np.arange(5, 16), 3, replace=False)  # noqa: E741  (the name in the formula)
    K, s, p = (draw.rng.permutation(per_axis) for per_axis in ([2, 3, 3], [1, 2, 2], [0, 1, 2]))
    slack = I + 2 * p - K
    size, weights = slack // s + 1, C * np.prod(K)
    return Worked(
        given={"C": C, "F": F, "I": I, "K": K, "s": s, "p": p},
        steps=[
            Step("size", "(I + 2 * p - K) // s + 1", size),
            Step("parameters", "F * (C * K[0] * K[1] * K[2] + 1)", F * (weights + 1)),
            Step(
                "multiplications",
                "F * size[0] * size[1] * size[2] * C * K[0] * K[1] * K[2]",
                F * np.prod(size) * weights,
            ),
        ],
        names={"C": C, "F": F, "I": I, "K": K, "s": s, "p": p},
        wrong={
            "stride-forgotten": {"size": slack + 1},
            "padded-on-one-side": {"size": (slack - p) // s + 1},
            "first-position-forgotten": {"size": slack // s},
            "rounded-up": {"size": -(-slack // s) + 1},
            "biases-forgotten": {"parameters": F * weights},
            "one-kernel-a-filter": {
                "parameters": F * (np.prod(K) + 1),
                "multiplications": F * np.prod(size) * np.prod(K),
            },
            "depth-forgotten": {
                "parameters": F * (weights // K[0] + 1),
                "multiplications": F * np.prod(size) * weights // K[0],
            },
            "depth-as-channels": {"parameters": F * (weights // K[0] * I[0] + 1)},
            "every-entry-a-position": {"multiplications": F * np.prod(I) * weights},
        },
    )


POINTS = {"forward": 2, "dx": 2, "dW": 2, "db": 1, "repeat": 0.5, "unchanged": 0.5}
GRADIENTS = ["dx", "dW", "db"]


def convolution(draw, kernel, size, stride=1, padding=0):
    """A case of a convolution: sizes that differ in every axis, whatever the draw."""
    n, c, f = draw.sizes(3, high=4)
    init = {"W": draw(f, c, *kernel), "b": draw.nonzero(f)}
    if (stride, padding) != (1, 0):
        init |= {"stride": stride, "padding": padding}
    return Case(init=init, inputs={"x": draw(n, c, *size)})


@unit.implement("dlkit.layers.Conv1D", points=POINTS)
def conv1d(draw):
    return convolution(draw, (3,), (draw.one_of([5, 7]),))


# kernel, length, stride, padding: overlaps, gaps, and last columns that no window sees
LINES = [((3,), (6,), 2, 1), ((2,), (8,), 3, 0), ((4,), (5,), 2, 2)]


@conv1d.check("stride", like="forward", points=1)
def strided_line(draw):
    """Stride and padding: the output is right where windows move by more than one, and see the margin."""
    return convolution(draw, *LINES[draw.trial])


@conv1d.check("stride-dx", like="dx", points=1)
def strided_line_backward(draw):
    """Stride and padding: the gradient of `x` is right, and has the shape of `x`."""
    return convolution(draw, *LINES[draw.trial])


@conv1d.check("stride-dW", like="dW", points=1)
def strided_line_weights(draw):
    """Stride and padding: the gradient of `W` is right."""
    return convolution(draw, *LINES[draw.trial])


@unit.implement("dlkit.layers.Conv2D", points=POINTS)
def conv2d(draw):
    return convolution(draw, (3, 2), draw.one_of([(5, 4), (4, 6)]))


PLANES = [
    ((2, 3), (5, 6), (1, 2), (0, 1)),
    ((3, 2), (6, 4), (2, 1), (1, 0)),
    ((2, 2), (5, 8), (3, 3), (1, 1)),
]


@conv2d.check("stride", like="forward", points=1)
def strided_plane(draw):
    """Stride and padding, not the same along height and width: the output is right."""
    return convolution(draw, *PLANES[draw.trial])


@conv2d.check("stride-dx", like="dx", points=1)
def strided_plane_backward(draw):
    """Stride and padding, not the same along height and width: the gradient of `x` is right."""
    return convolution(draw, *PLANES[draw.trial])


@conv2d.check("stride-dW", like="dW", points=1)
def strided_plane_weights(draw):
    """Stride and padding, not the same along height and width: the gradient of `W` is right."""
    return convolution(draw, *PLANES[draw.trial])


EVERY = ["forward", *GRADIENTS, "repeat", "unchanged", "stride", "stride-dx", "stride-dW"]
LEFT_OUT = "self.b.reshape(-1, *(1 for _ in kernel))"
for exercise in (conv1d, conv2d):
    exercise.misconception(
        "kernel-flipped",
        "self.W[..., *tap] @ self._met_by",
        "np.flip(self.W, range(2, self.W.ndim))[..., *tap] @ self._met_by",
        fails=["forward", "repeat", "unchanged", "stride"],
    )
    exercise.misconception(
        "bias-forgotten",
        LEFT_OUT,
        f"0.0 * {LEFT_OUT}",
        fails=["forward", "repeat", "unchanged", "stride"],
    )
    exercise.misconception(
        "overlaps-overwritten",
        "dx[window] +=",
        "dx[window] =",
        fails=["dx", "repeat", "unchanged", "stride-dx"],
    )
    exercise.misconception(
        "margin-returned", "return unpad(dx, self.padding)", "return dx", fails=["stride-dx"]
    )
    exercise.misconception(
        "db-over-samples-only",
        "columns.sum(axis=(0, 2))",
        "columns.sum(axis=0)",
        fails=["db", "repeat", "unchanged"],
    )
    exercise.misconception(
        "last-sample-only",
        "swapaxes(1, 2)).sum(axis=0)",
        "swapaxes(1, 2))[-1]",
        fails=["dW", "repeat", "unchanged", "stride-dW"],
    )
    exercise.misconception(
        "mean-over-samples",
        "swapaxes(1, 2)).sum(axis=0)",
        "swapaxes(1, 2)).mean(axis=0)",
        fails=["dW", "repeat", "unchanged", "stride-dW"],
    )
    exercise.misconception(
        "dW-local",
        "self.dW[..., *tap] = (",
        "dW = (",
        fails=["dW", "repeat", "unchanged", "stride-dW"],
    )
conv2d.misconception(
    "height-and-width-exchanged",
    "(self.W[..., *tap] @ self._met_by(tap)).reshape(y.shape)",
    "(self.W[..., *tap] @ self._met_by(tap)).reshape(*y.shape[:2], *y.shape[:1:-1]).swapaxes(2, 3)",
    fails=["forward", "repeat", "unchanged", "stride"],
)
conv1d.misconception(
    "stride-forgotten-backward",
    "met_by(tap, self.size, self.stride, self.dilation)\n            dx",
    "met_by(tap, self.size, (1,), self.dilation)\n            dx",
    fails=["stride-dx"],
)


def pooling(draw, size, stride, shape, padding=(0, 0), values=None):
    """A case of a pooling layer whose entries all differ, so that each window has one winner."""
    n, c = draw.sizes(2, high=3)
    count = n * c * shape[0] * shape[1]
    x = (draw.rng.permutation(count) - count // 2) / 8 if values is None else values(n, c)
    init = {"size": size, "stride": stride}
    if padding != (0, 0):
        init["padding"] = padding
    return Case(init=init, inputs={"x": x.reshape(n, c, *shape)}, at_kink=values is not None)


@unit.implement(
    "dlkit.layers.MaxPool2D", points={"forward": 2, "dx": 2, "repeat": 0.5, "unchanged": 0.5}
)
def max_pool(draw):
    return pooling(draw, (2, 3), (2, 3), draw.one_of([(4, 6), (6, 9)]))


# size, stride, shape: windows that overlap, that leave gaps, and an edge that none of them sees
WINDOWS = [((3, 2), (2, 1), (7, 4)), ((2, 2), (1, 1), (3, 5)), ((1, 2), (2, 3), (5, 9))]


@max_pool.check("overlap", like="forward", points=1)
def overlapping(draw):
    """Windows may overlap or leave gaps: the output is right."""
    return pooling(draw, *WINDOWS[draw.trial])


@max_pool.check("overlap-dx", like="dx", points=1)
def overlapping_backward(draw):
    """Where windows overlap, an entry that wins several times gets several gradients."""
    return pooling(draw, *WINDOWS[draw.trial])


@max_pool.check("ties", like="dx", points=0.5)
def equal_entries(draw):
    """Of equal entries the first one, row by row, gets the gradient, and no other."""

    def few(n, c):
        x = draw.rng.integers(0, 3, (n, c, 6, 4)) / 2
        x[0, 0] = 0.5
        return x

    return pooling(draw, (3, 2), (3, 2), (6, 4), values=few)


@max_pool.check("padding", like="forward", points=0.5)
def negative_entries(draw):
    """Padding never wins, not even among negative numbers."""
    return pooling(
        draw, (3, 3), (2, 2), (5, 7), padding=(1, 1), values=lambda n, c: -np.abs(draw.nonzero(n, c, 5, 7))
    )  # fmt: skip


@max_pool.check("padding-dx", like="dx", points=0.5)
def padding_backward(draw):
    """With padding, the gradient of `x` has the shape of `x`."""
    return pooling(draw, (3, 2), (2, 2), (5, 6), padding=(1, 1))


BACK = ["dx", "repeat", "unchanged", "overlap-dx", "ties", "padding-dx"]
max_pool.misconception(
    "smallest",
    "taps.real.argmax(axis=0)",
    "taps.real.argmin(axis=0)",
    fails=["forward", "overlap", "padding", *BACK],
)
max_pool.misconception(
    "all-of-the-largest",
    "np.where(self.winner == k, dout, 0.0)",
    "np.where(self.taps[k] == self.taps.max(axis=0), dout, 0.0)",
    fails=BACK,
)
max_pool.misconception(
    "everybody-gets-it", "np.where(self.winner == k, dout, 0.0)", "dout", fails=BACK
)
max_pool.misconception(
    "shared-out",
    "np.where(self.winner == k, dout, 0.0)",
    "dout / prod(self.size)",
    fails=BACK,
)
max_pool.misconception(
    "overlaps-overwritten",
    "dx[self._met_by(tap)] += np.where(self.winner == k, dout, 0.0)",
    "dx[self._met_by(tap)] = np.where(self.winner == k, dout, dx[self._met_by(tap)])",
    fails=["overlap-dx", "padding-dx"],
)
max_pool.misconception(
    "zeros-as-padding", "self._padded(x, -np.inf)", "self._padded(x, 0.0)", fails=["padding", "padding-dx"]
)  # fmt: skip
max_pool.misconception(
    "margin-returned", "return unpad(dx, self.padding)", "return dx", fails=["padding-dx"]
)


@unit.fix_the_bug("dlkit.layers.AvgPool2D", points={"forward": 1, "dx": 2, "unchanged": 0.5})
def mend_avg_pool(draw):
    n, c = draw.sizes(2, high=3)
    size, stride, shape = WINDOWS[draw.trial]
    init = {"size": size, "stride": stride}
    return Case(init=init, inputs={"x": draw(n, c, *shape)})


@mend_avg_pool.check("padding", like="dx", points=0.5)
def averages_with_padding(draw):
    """With padding, the gradient of `x` has the shape of `x`."""
    n, c = draw.sizes(2, high=3)
    init = {"size": (3, 2), "stride": (2, 2), "padding": (1, 1)}
    return Case(init=init, inputs={"x": draw(n, c, 5, 6)})


@mend_avg_pool.check("margin", like="forward", points=0.5)
def margin_counts(draw):
    """Padding is zeros, and they count in the mean."""
    return averages_with_padding(draw)


mend_avg_pool.bug(
    "stride-for-size",
    "dout / prod(self.size)",
    "dout / prod(self.stride)",
    symptom="The gradient is right as long as the stride is the size of the window, and wrong otherwise.",
    fails=["dx", "unchanged", "padding"],
)
mend_avg_pool.bug(
    "overlaps-overwritten",
    "dx[self._met_by(tap)] += dout",
    "dx[self._met_by(tap)] = dout",
    symptom="Where windows overlap, the gradient is too small; elsewhere it is right.",
    fails=["dx", "unchanged", "padding"],
)
mend_avg_pool.bug(
    "sum-for-mean",
    "taps.sum(axis=0) / len(taps)",
    "taps.sum(axis=0)",
    symptom="A picture of ones does not stay a picture of ones.",
    fails=["forward", "unchanged", "margin"],
)
mend_avg_pool.bug(
    "margin-returned",
    "return unpad(dx, self.padding)",
    "return dx",
    symptom="With padding, the gradient is larger than the picture; without, it is right.",
    fails=["padding"],
)


@unit.experiment(
    points={"learned": 3, "reproducible": 1},
    tasks=["digits-01234", "digits-56789", "digits-13579"],
    reach=0.9,
)
def train(x, t, seed):
    """Train on pictures x (N, 1, 9, 8) of classes t (N,); return a function from pictures to scores (M, 5)."""
    rng = np.random.default_rng(seed)
    model = Sequential(
        Conv2D(rng.standard_normal((24, 1, 5, 3)) / 4, np.zeros(24), padding=(2, 1)),
        ReLU(),
        MaxPool2D((9, 8)),  # wherever in the picture the filter answers most
        Flatten(),
        Affine(rng.standard_normal((24, 5)) / 5, np.zeros(5)),
    )
    judge = SoftmaxWithLoss()
    velocity = {name: np.zeros_like(W) for name, W in model.params.items()}
    for _ in range(20):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 30):
            batch = order[start : start + 30]
            judge.forward(model.forward(x[batch]), t[batch])
            model.backward(judge.backward(1.0))
            for name, W in model.params.items():
                velocity[name] = 0.9 * velocity[name] + model.grads[name]
                W -= 0.05 * velocity[name]
    return model.forward


NOTHING_LEARNED = ["learned", "reproducible"]
train.misconception("no-training", "range(20)", "range(0)", fails=NOTHING_LEARNED)
train.misconception(
    "without-convolution",
    """        Conv2D(rng.standard_normal((24, 1, 5, 3)) / 4, np.zeros(24), padding=(2, 1)),
        ReLU(),
        MaxPool2D((9, 8)),  # wherever in the picture the filter answers most
        Flatten(),
        Affine(rng.standard_normal((24, 5)) / 5, np.zeros(5)),
""",
    """        Flatten(),
        Affine(rng.standard_normal((72, 5)) / 8, np.zeros(5)),
""",
    fails=NOTHING_LEARNED,
)
train.misconception(
    "labels-left-behind",
    "model.forward(x[batch]), t[batch]",
    "model.forward(x[batch]), t[: len(batch)]",
    fails=NOTHING_LEARNED,
)
train.misconception(
    "seed-ignored", "np.random.default_rng(seed)", "np.random.default_rng()", fails=["reproducible"]
)


@unit.compute(
    points={"side": 0.5, "conv1": 1, "conv2": 1, "conv3": 1, "fc1": 1, "fc2": 0.5, "total": 0.5},
    tolerance=1e-6,
)
def vgg(draw):
    C, size = draw.one_of([1, 3]), draw.one_of([16, 20, 24, 28, 32])
    F1, F2 = draw.one_of(range(3, 12)), draw.one_of(range(12, 25))
    H, classes = draw.one_of(range(12, 81)), draw.one_of(range(4, 16))
    side = size // 4
    D = F2 * side**2
    counts = [
        F1 * (9 * C + 1),
        F1 * (9 * F1 + 1),
        F2 * (9 * F1 + 1),
        (D + 1) * H,
        (H + 1) * classes,
    ]
    conv1, conv2, conv3, fc1, fc2 = counts
    return Worked(
        given={
            "C": C, "S": size, "F_1": F1, "F_2": F2, "H": H, r"\text{classes}": classes,
        },
        steps=[
            Step("side", "S // 2 // 2", np.array(side)),
            Step("conv1", "F1 * (9 * C + 1)", np.array(conv1)),
            Step("conv2", "F1 * (9 * F1 + 1)", np.array(conv2)),
            Step("conv3", "F2 * (9 * F1 + 1)", np.array(conv3)),
            Step("fc1", "(F2 * side * side + 1) * H", np.array(fc1)),
            Step("fc2", "(H + 1) * classes", np.array(fc2)),
            Step("total", "conv1 + conv2 + conv3 + fc1 + fc2", np.array(sum(counts))),
        ],
        names={"C": C, "S": size, "F1": F1, "F2": F2, "H": H, "classes": classes},
        wrong={
            "biases-forgotten": {
                "conv1": 9 * C * F1, "conv2": 9 * F1 * F1, "conv3": 9 * F1 * F2,
                "fc1": D * H, "fc2": H * classes,
            },
            "one-kernel-a-filter": {"conv2": 10 * F1, "conv3": 10 * F2},
            "side-not-squared": {"fc1": (F2 * side + 1) * H},
            "pooled-once": {"side": size // 2, "fc1": (F2 * (size // 2) ** 2 + 1) * H},
        },
    )  # fmt: skip


DTYPE = "all arrays here are float64: a dtype promoted from others of them is the same"
SHAPE = "the two have the same length, or the same shape"
WRITTEN = "every entry of dW is written, tap by tap"
for exercise in (conv1d, conv2d):
    exercise.equivalent("kept-forward-0", "one layer is asked for pictures of one size")
    for mutant in (
        "arguments-forward-2", "arguments-forward-3", "stored-forward-20", "stored-forward-23",
        "stored-forward-24", "stored-forward-29", "arguments-backward-2", "stored-backward-47",
        "arguments-backward-4", "stored-backward-56",
    ):  # fmt: skip
        exercise.equivalent(mutant, DTYPE)
    exercise.equivalent("rebound-forward-0", "what is returned is the new array")
    exercise.equivalent("stored-forward-32", SHAPE)
    exercise.equivalent("stored-backward-97", SHAPE)
    exercise.equivalent("constant-forward-2", "NumPy takes any negative length for unknown")
    exercise.equivalent("kept-backward-0", WRITTEN)
    exercise.equivalent("added-up-backward-0", WRITTEN)
    exercise.equivalent("arguments-backward-8", "two axes exchanged are exchanged in either order")
max_pool.equivalent("constant-forward-3", "the axis has one entry, the first and the last")
for exercise in (max_pool, mend_avg_pool):
    exercise.equivalent("arguments-backward-1", DTYPE)
    exercise.equivalent("constant-backward-0", DTYPE)
    exercise.equivalent("constant-backward-1", DTYPE)

filters.tell(
    "rows-for-columns",
    "The neighbours are taken along the other axis.",
    "sec-11-filters",
)
filters.tell(
    "sum-for-mean",
    "The neighbours are only added; the mean divides by their number.",
    "sec-11-filters",
)
filters.tell(
    "first-twice",
    "One neighbour is used twice, and another one not at all.",
    "sec-11-filters",
)
by_hand.tell(
    "kernel-flipped",
    "The kernel is turned round, as in the convolution of mathematics; a layer slides it as it "
    "stands.",
    "sec-11-correlation",
)
by_hand.tell(
    "dw-flipped",
    "The gradient of the kernel is in reverse: its entry k belongs to the input at the place k "
    "of each window.",
    "sec-11-backward",
)
by_hand.tell(
    "kernel-flipped-backward",
    "Entry k of the kernel carries the gradient back to where entry k took the input from; here "
    "the kernel is turned round.",
    "sec-11-backward",
)
by_hand.tell(
    "overlaps-averaged",
    "An input that several windows use gets the sum of their gradients, not the mean.",
    "sec-11-backward",
)
three_axes.tell(
    "stride-forgotten",
    "The window seems to move by one entry; it moves by the stride of each axis.",
    "sec-11-layer",
)
three_axes.tell(
    "padded-on-one-side",
    "The padding is counted once; it stands on both sides of each axis.",
    "sec-11-layer",
)
three_axes.tell(
    "first-position-forgotten",
    "The steps of the window are counted; its positions are one more, since it starts at 0.",
    "sec-11-layer",
)
three_axes.tell(
    "rounded-up",
    "The quotient is rounded up; a window that does not end inside has no position, so round down.",
    "sec-11-layer",
)
three_axes.tell(
    "biases-forgotten",
    "The biases are not counted: one for each filter.",
    "sec-11-layer",
)
three_axes.tell(
    "one-kernel-a-filter",
    "A filter has a kernel for each channel of its input, not one alone.",
    "sec-11-layer",
)
three_axes.tell(
    "depth-forgotten",
    "A kernel reaches over three axes; its depth is not counted.",
    "sec-11-layer",
)
three_axes.tell(
    "depth-as-channels",
    "Each slice counts as a channel here, as in a `Conv2D`; a `Conv3D` has the same kernel for all "
    "depths.",
    "sec-11-layer",
)
three_axes.tell(
    "every-entry-a-position",
    "The positions are counted over the input; there is one for each entry of the output.",
    "sec-11-layer",
)
conv1d.tell(
    "kernel-flipped",
    "The kernel is turned round, as in the convolution of mathematics; a layer slides it as it "
    "stands.",
    "sec-11-correlation",
)
conv1d.tell(
    "bias-forgotten",
    "The bias is not added: one number for each filter.",
    "sec-11-layer",
)
conv1d.tell(
    "overlaps-overwritten",
    "Windows overlap: where they do, each one overwrites the gradient of the one before. Add, "
    "with `+=`.",
    "sec-11-backward",
)
conv1d.tell(
    "margin-returned",
    "The gradient still has the margin of the padding; the input has none, so cut it off.",
    "sec-11-backward",
)
conv1d.tell(
    "db-over-samples-only",
    "A bias is used at every place of every sample: sum over the places as well.",
    "sec-11-backward",
)
conv1d.tell(
    "last-sample-only",
    "The gradient of the weights holds one sample's share alone; sum over the batch.",
    "sec-11-backward",
)
conv1d.tell(
    "mean-over-samples",
    "It is averaged over the batch; the loss has divided by N already, so sum.",
    "sec-11-backward",
)
conv1d.tell(
    "dW-local",
    "The gradient of the weights stays in a local variable; store it in `self.dW`.",
    "sec-11-backward",
)
conv1d.tell(
    "stride-forgotten-backward",
    "`backward` goes through the windows with stride 1; they are where `forward` had them.",
    "sec-11-backward",
)
conv2d.tell(
    "kernel-flipped",
    "The kernel is turned round, as in the convolution of mathematics; a layer slides it as it "
    "stands.",
    "sec-11-correlation",
)
conv2d.tell(
    "bias-forgotten",
    "The bias is not added: one number for each filter.",
    "sec-11-layer",
)
conv2d.tell(
    "overlaps-overwritten",
    "Windows overlap: where they do, each one overwrites the gradient of the one before. Add, "
    "with `+=`.",
    "sec-11-backward",
)
conv2d.tell(
    "margin-returned",
    "The gradient still has the margin of the padding; the input has none, so cut it off.",
    "sec-11-backward",
)
conv2d.tell(
    "db-over-samples-only",
    "A bias is used at every place of every sample: sum over the places as well.",
    "sec-11-backward",
)
conv2d.tell(
    "last-sample-only",
    "The gradient of the weights holds one sample's share alone; sum over the batch.",
    "sec-11-backward",
)
conv2d.tell(
    "mean-over-samples",
    "It is averaged over the batch; the loss has divided by N already, so sum.",
    "sec-11-backward",
)
conv2d.tell(
    "dW-local",
    "The gradient of the weights stays in a local variable; store it in `self.dW`.",
    "sec-11-backward",
)
conv2d.tell(
    "height-and-width-exchanged",
    "Height and width are exchanged, which only pictures that are no squares show.",
    "sec-11-layer",
)
max_pool.tell(
    "smallest",
    "The smallest entry of each window is taken, not the largest.",
    "sec-11-pooling",
)
max_pool.tell(
    "all-of-the-largest",
    "Where several entries of a window are equally large, only the first one gets the gradient.",
    "sec-11-pooling",
)
max_pool.tell(
    "everybody-gets-it",
    "Every entry of a window gets the gradient; only the largest one has had a say in the output.",
    "sec-11-pooling",
)
max_pool.tell(
    "shared-out",
    "The gradient is shared out evenly, as for the mean; here all of it belongs to the largest "
    "entry.",
    "sec-11-pooling",
)
max_pool.tell(
    "overlaps-overwritten",
    "An entry that wins in several windows gets the sum of their gradients; here the last one "
    "overwrites the others.",
    "sec-11-pooling",
)
max_pool.tell(
    "zeros-as-padding",
    "The margin is 0, which beats negative entries; with minus infinity it never wins.",
    "sec-11-pooling",
)
max_pool.tell(
    "margin-returned",
    "The gradient still has the margin of the padding; the input has none, so cut it off.",
    "sec-11-pooling",
)
mend_avg_pool.tell(
    "stride-for-size",
    "It is divided by the stride; a mean divides by the number of entries in the window.",
    "sec-11-pooling",
)
mend_avg_pool.tell(
    "overlaps-overwritten",
    "Windows overlap: where they do, gradients are added, not overwritten.",
    "sec-11-pooling",
)
mend_avg_pool.tell(
    "sum-for-mean",
    "This is the sum of each window; the mean divides by the number of its entries.",
    "sec-11-pooling",
)
mend_avg_pool.tell(
    "margin-returned",
    "The gradient still has the margin of the padding; the input has none, so cut it off.",
    "sec-11-pooling",
)
vgg.tell(
    "biases-forgotten",
    "The biases are not counted: one for each filter.",
    "sec-11-vgg",
)
vgg.tell(
    "one-kernel-a-filter",
    "A filter has a kernel for each channel of its input, not one alone.",
    "sec-11-vgg",
)
vgg.tell(
    "side-not-squared",
    "A kernel and a picture have two sides: the length of the side is squared.",
    "sec-11-vgg",
)
vgg.tell(
    "pooled-once",
    "Every pooling halves the sides; they are all to be counted.",
    "sec-11-vgg",
)
