"""Answer key of unit 07: stochastic gradient descent, accuracy, saving."""

from io import BytesIO

import numpy as np

from dlkit.layers import Affine, ReLU, SoftmaxWithLoss
from grader.checks import Case
from grader.exercises import Step, Unit, Worked

unit = Unit("07_training")


def samples(draw, rest):
    """Samples of a linear unit, and a size of batches: with a smaller last batch, or without."""
    batches, d = draw.sizes(2)
    size = 3
    n = batches * size + (draw.one_of([1, 2]) if rest else 0)
    return {"x": draw(n, d), "t": draw(n), "w": draw.nonzero(d), "lr": 0.25, "size": size}


@unit.implement("dlkit.train.sgd_epoch", points={"value": 2, "unchanged": 0.5})
def sgd_epoch(draw):
    return Case(inputs=samples(draw, rest=False))


@sgd_epoch.check("rest", like="value", points=1)
def last_batch_is_smaller(draw):
    """A last batch that is smaller counts as well, with a mean over its own samples."""
    return Case(inputs=samples(draw, rest=True))


@sgd_epoch.check("default", like="value", points=0.5)
def by_its_signature(draw):
    """Without a learning rate and a size it takes those in its signature."""
    given = samples(draw, rest=False)
    return Case(inputs={name: given[name] for name in ("x", "t", "w")})


@sgd_epoch.check("integers", like="value", points=0.5)
def integers(draw):
    """Samples, targets and weights may be integers: the new weights are not rounded."""
    batches, d = draw.sizes(2)
    x, t, w = (draw.rng.integers(-3, 4, shape) for shape in ((2 * batches, d), 2 * batches, d))
    return Case(inputs={"x": x, "t": t, "w": w, "lr": 0.125, "size": 2})


for rate in ("0.05", "0.2", "0.25"):
    sgd_epoch.alternative("lr: float = 0.1", f"lr: float = {rate}")

EVERY = ["value", "unchanged", "rest", "default", "integers"]
sgd_epoch.misconception("uphill", "w - lr *", "w + lr *", fails=EVERY)
sgd_epoch.misconception(
    "sum-for-mean",
    "(batch.T @ error) / len(batch)",
    "(batch.T @ error)",
    fails=["value", "unchanged", "rest", "integers"],
)
sgd_epoch.misconception("divided-by-the-size", "/ len(batch)", "/ size", fails=["rest"])
sgd_epoch.misconception(
    "rest-dropped",
    "range(0, len(x), size)",
    "range(0, len(x) - size + 1, size)",
    fails=["rest"],
)
sgd_epoch.misconception(
    "one-step-for-all",
    "range(0, len(x), size)",
    "range(0, size, size)",
    fails=EVERY,
)
sgd_epoch.misconception(
    "changes-the-weights", "w = w - lr *", "w -= lr *", fails=["unchanged", "integers"]
)


@unit.compute(points={"y": 1, "g": 1, "w_new": 1})
def one_step(draw):
    x, t, w = draw.nonzero(2, 2), draw.nonzero(2), draw.nonzero(2)
    lr = draw.one_of([0.125, 0.25, 0.5])
    y = x @ w
    g = x.T @ (y - t) / 2
    return Worked(
        given={"X": x, "t": t, "w": w, r"\eta": lr},
        steps=[
            Step("y", "X @ w", y),
            Step("g", "X.T @ (y - t) / 2", g),
            Step("w_new", "w - lr * g", w - lr * g),
        ],
        names={"X": x, "t": t, "w": w, "lr": lr},
        wrong={
            "sum-for-mean": {"g": 2 * g, "w_new": w - 2 * lr * g},
            "not-transposed": {"g": x @ (y - t) / 2, "w_new": w - lr * x @ (y - t) / 2},
            "uphill": {"w_new": w + lr * g},
            "targets-forgotten": {"g": x.T @ y / 2, "w_new": w - lr * x.T @ y / 2},
        },
    )


NET = """
net = TwoLayerNet(D, H, C, default_rng(seed))
net.W1, net.b1, net.W2, net.b2 = W1, b1, W2, b2
see("scores", net.predict(x))
see("loss", net.loss(x, t))
see("gradient", net.gradient(x, t))
see("next-batch", net.gradient(x2, one_hot), net.loss(x2, one_hot))
net.forward(x)
see("backward", net.backward(dout))
net.W1, net.W2 = -W1, W2 / 2
see("new-weights", net.predict(x))
""".strip()


@unit.implement(
    "dlkit.models.TwoLayerNet",
    methods=["forward", "backward", "loss", "gradient"],
    points={
        "scores": 1,
        "loss": 1,
        "gradient": 2,
        "next-batch": 1,
        "backward": 0.5,
        "new-weights": 0.5,
        "unchanged": 0.5,
    },
    says={
        "scores": "`predict` returns the scores of the classes.",
        "loss": "`loss` returns the mean cross entropy.",
        "gradient": "`gradient` returns the gradient of each parameter under its name.",
        "next-batch": "On a second batch, with one-hot targets, gradient and loss are right as well.",
        "backward": "`backward` returns the gradient with respect to the inputs.",
        "new-weights": "Weights that are replaced after a step are the ones that count.",
    },
)
def two_layer_net(draw):
    d, h, c, n = draw.sizes(4)
    parameters = {"W1": draw(d, h), "b1": draw(h), "W2": draw(h, c) / 4, "b2": draw(c) / 4}
    batches = {"x": draw(n, d), "t": draw.labels(n, c), "x2": draw(n + 1, d)}
    batches["one_hot"] = np.eye(c)[draw.labels(n + 1, c)]
    batches["dout"] = draw(n, c)
    sizes = {"D": d, "H": h, "C": c, "seed": 7}
    return Case(inputs=sizes | parameters | batches, script=NET, tolerance=1e-4)


two_layer_net.misconception(
    "one-activation-missing",
    "self.relu.forward(self.affine1.forward(x))",
    "self.affine1.forward(x)",
    fails=["scores", "loss", "gradient", "next-batch", "backward", "new-weights", "unchanged"],
)
two_layer_net.misconception(
    "gradients-exchanged",
    "self.dW1, self.db1 = self.affine1.dW, self.affine1.db\n"
    "        self.dW2, self.db2 = self.affine2.dW, self.affine2.db",
    "self.dW1, self.db1 = self.affine2.dW, self.affine2.db\n"
    "        self.dW2, self.db2 = self.affine1.dW, self.affine1.db",
    fails=["gradient", "next-batch", "unchanged"],
)
two_layer_net.misconception(
    "gradient-of-an-old-batch",
    "self.loss(x, t)\n        self.backward",
    'getattr(self, "last", None) or self.loss(x, t)\n        self.backward',
    fails=["next-batch", "unchanged"],
)
two_layer_net.misconception(
    "loss-of-the-inputs",
    "self.last.forward(self.forward(x), t)",
    "self.last.forward(x @ self.W1 @ self.W2, t)",
    fails=["loss", "gradient", "next-batch", "backward", "new-weights", "unchanged"],
)


@unit.fix_the_bug("dlkit.train.accuracy", points={"value": 1, "unchanged": 0.5})
def mend_accuracy(draw):
    n, c = draw.sizes(2, low=3)
    y = draw.rng.permuted(np.tile(np.arange(c) / 4.0, (2 * n + 1, 1)), axis=1)  # no ties
    return Case(inputs={"y": y, "t": mostly_right(draw, y.argmax(axis=1), c)})


def mostly_right(draw, t, classes):
    """Labels of which the first is wrong, and some others perhaps; most are right."""
    t = t.copy()
    t[0] = (t[0] + 1) % classes
    t[1:3] = draw.labels(2, classes)
    return t


@mend_accuracy.check("two-classes", like="value", points=0.5)
def one_score_a_sample(draw):
    """With one score a sample, class 1 is predicted where the score is above 0."""
    n = 2 * draw.sizes(1, low=3)[0] + 1
    y = draw.nonzero(n) / 4
    y[:3] = 0.25, 0.125, 0.0
    t = mostly_right(draw, (y > 0).astype(int), 2)
    t[1:3] = 1, 0
    return Case(inputs={"y": y, "t": t})


@mend_accuracy.check("not-counted", like="value", points=0.5)
def negative_labels(draw):
    """Samples with a negative label do not count."""
    case = mend_accuracy.cases(draw)
    t = case.inputs["t"].copy()
    t[-2:] = -1
    return Case(inputs={"y": case.inputs["y"], "t": t})


@mend_accuracy.check("axes", like="value", points=0.5)
def more_axes(draw):
    """Samples may stand along more than one axis."""
    n, m, c = draw.sizes(3, low=3)
    y = draw.rng.permuted(np.tile(np.arange(c) / 4.0, (n * m, 1)), axis=1)
    t = mostly_right(draw, y.argmax(axis=1), c)
    return Case(inputs={"y": y.reshape(n, m, c), "t": t.reshape(n, m)})


mend_accuracy.bug(
    "worst-class",
    "y.argmax(axis=-1)",
    "y.argmin(axis=-1)",
    symptom="The better a network with several classes is, the lower its accuracy comes out.",
    fails=["value", "unchanged", "not-counted", "axes"],
)
mend_accuracy.bug(
    "share-of-mistakes",
    "predicted == t",
    "predicted != t",
    symptom="A network without mistakes has the accuracy 0.",
    fails=["value", "unchanged", "two-classes", "not-counted", "axes"],
)
mend_accuracy.bug(
    "negative-labels-counted",
    "[counts].mean()",
    ".mean()",
    symptom="Samples with the label -1, which should not count, lower the accuracy.",
    fails=["not-counted"],
)
mend_accuracy.bug(
    "threshold-of-a-probability",
    "y > 0 if",
    "y > 0.5 if",
    symptom="With one score a sample, too few samples are given class 1.",
    fails=["two-classes"],
)


@unit.experiment(
    points={"learned": 3, "reproducible": 1},
    # Digits with much in common: of 80 seeds each, a network without a hidden layer reached this share once.
    tasks=["middle-02679", "middle-04567", "middle-13578"],
    reach=0.92,
)
def train(x, t, seed):
    """Train on pictures x (N, 1, 9, 8) of classes t (N,); return a function from pictures to scores (M, 5)."""
    rng = np.random.default_rng(seed)
    first = Affine(rng.standard_normal((72, 64)) / 6, np.zeros(64))
    second = Affine(rng.standard_normal((64, 5)) / 6, np.zeros(5))
    relu, loss = ReLU(), SoftmaxWithLoss()

    def predict(x):
        flat = x.reshape(len(x), -1)
        return second.forward(relu.forward(first.forward(flat)))

    for _ in range(30):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 20):
            batch = order[start : start + 20]
            loss.forward(predict(x[batch]), t[batch])
            first.backward(relu.backward(second.backward(loss.backward(1.0))))
            for layer in (first, second):
                layer.W = layer.W - 0.2 * layer.dW
                layer.b = layer.b - 0.2 * layer.db
    return predict


train.misconception(
    "no-hidden-layer",
    "return second.forward(relu.forward(first.forward(flat)))",
    "return second.forward(first.forward(flat))",
    fails=["learned", "reproducible"],
)
train.misconception(
    "uphill",
    "layer.W - 0.2 * layer.dW",
    "layer.W + 0.2 * layer.dW",
    fails=["learned", "reproducible"],
)
train.misconception(
    "always-the-same-batch",
    "order[start : start + 20]",
    "order[:1] * 0",
    fails=["learned", "reproducible"],
)
train.misconception(
    "seed-ignored", "np.random.default_rng(seed)", "np.random.default_rng()", fails=["reproducible"]
)


FILES = """
old, new = {"W": W, "b": b}, {"W": V, "b": c}
first, second = ParameterFile(), ParameterFile()
first.save(old)
second.save(new)
see("round-trip", second.load({"b": b, "W": W}), W, b)
see("old-values", first.load({"W": V, "b": c}), V, c)
"""


@unit.implement(
    "dlkit.train.ParameterFile",
    methods=["save", "load"],
    points={"round-trip": 1, "old-values": 0.5},
    says={
        "round-trip": "What was saved comes back, in place and by name, in whatever order it is asked for.",
        "old-values": "A file holds the values at the time of saving, whatever becomes of the arrays.",
    },
)
def parameter_file(draw):
    n = draw.sizes(1)[0]
    shapes = {"W": (n, n), "b": (n, n), "V": (n, n), "c": (n, n)}  # by shape none can be told apart
    return Case(inputs={name: draw(*shape) for name, shape in shapes.items()}, script=FILES.strip())


def npz(**arrays):
    """The bytes of an .npz file."""
    file = BytesIO()
    np.savez(file, **arrays)
    return np.frombuffer(file.getvalue(), np.uint8)


@parameter_file.check("others", like="others", points=0.5)
def file_of_others(draw):
    """A file that another program wrote is read, though it holds more than is asked for."""
    n, d = draw.sizes(2)
    saved = {"epoch": draw(1), "b": draw(n, d), "W": draw(n, d)}
    inputs = {"data": npz(**saved), "W": draw(n, d), "b": draw(n, d)}
    script = 'see("others", ParameterFile(data).load({"W": W, "b": b}), W, b)'
    return Case(inputs=inputs, script=script)


@parameter_file.check("pickles", like="pickles", points=1)
def pickled_objects(draw):
    """A file with a pickled object is refused, and nothing has been changed."""
    n = draw.sizes(1)[0]
    inputs = {"data": npz(b=draw(n), W=draw(n).astype(object)), "b": draw(n), "W": draw(n)}
    script = 'see("pickles", ParameterFile(data).load({"b": b, "W": W}), b, W)'
    return Case(inputs=inputs, script=script)


COPIED = "array[...] = saved[name]"
READ = "saved = {name: file[name] for name in params}"
parameter_file.misconception(
    "pickles-loaded", "allow_pickle=False", "allow_pickle=True", fails=["pickles"]
)
parameter_file.misconception(
    "names-forgotten",
    "np.savez(file, **params)",
    "np.savez(file, *params.values())",
    fails=["round-trip", "old-values"],
)
parameter_file.misconception(
    "by-position",
    READ,
    "saved = {name: file[file.files[n]] for n, name in enumerate(params)}",
    fails=["round-trip", "others"],
)
parameter_file.misconception(
    "not-in-place", COPIED, "array = saved[name]", fails=["round-trip", "old-values", "others"]
)
parameter_file.misconception(
    "half-loaded",
    READ,
    "saved = {}\n                for name in params:\n"
    "                    saved[name] = file[name]\n"
    "                    params[name][...] = saved[name]",
    fails=["pickles"],
)


saving = unit.choose(
    "saving",
    points=1,
    right="B",
    wrong={"A": "name-decides", "C": "pickles-allowed", "D": "look-afterwards"},
)
saving.tell(
    "name-decides",
    "A name does not say what a file holds, and `pickle.load` runs the code in it.",
)
saving.tell(
    "pickles-allowed",
    "With `allow_pickle=True`, `np.load` unpickles objects, which can run any code.",
)
saving.tell(
    "look-afterwards",
    "The code in a pickle runs while it is loaded; to look afterwards is too late.",
)

REFUSED = "what it refuses, and how, is not asked for"
ONE_AXIS = "the transpose of an array of one axis is the array itself"
parameter_file.equivalent("keyword-load-0", "to refuse pickles is NumPy's default")
parameter_file.equivalent(
    "added-up-save-0", "an archive is read from its end, whatever stands before"
)
for mutant in ("single-load-0", "single-load-1"):
    parameter_file.equivalent(mutant, "a number is as true, or as false")
two_layer_net.equivalent("kept-forward-1", "ReLU keeps nothing but the mask of its last input")
two_layer_net.equivalent("kept-loss-0", "the loss keeps nothing but what its last batch left")
sgd_epoch.equivalent("constant-sgd_epoch-7", REFUSED)
sgd_epoch.equivalent("call-sgd_epoch-0", REFUSED)
sgd_epoch.equivalent("transposed-sgd_epoch-0", ONE_AXIS)
sgd_epoch.equivalent("transposed-sgd_epoch-1", ONE_AXIS)
mend_accuracy.equivalent("dropped-accuracy-0", "the labels are an array already")
mend_accuracy.equivalent("call-accuracy-0", "the labels are an array already")
mend_accuracy.equivalent("call-accuracy-2", "NumPy's number is the same number")


parameter_file.tell(
    "names-forgotten",
    "The arrays are saved without their names, so that nobody can ask for them by name.",
    "sec-07-saving",
)
parameter_file.tell(
    "by-position",
    "The arrays are taken in the order of the file. It is their names that say which is which.",
    "sec-07-saving",
)
parameter_file.tell(
    "not-in-place",
    "The values are read, but the arrays that were given keep their old ones. Write into them.",
    "sec-07-saving",
)
parameter_file.tell(
    "pickles-loaded",
    "A pickled object is loaded, and whatever code it holds has run. Leave `allow_pickle` off.",
    "sec-07-saving",
)
parameter_file.tell(
    "half-loaded",
    "Some arrays are changed before a pickled object is met. Read all of them, then copy.",
    "sec-07-saving",
)
sgd_epoch.tell(
    "uphill",
    "The steps go along the gradient, uphill.",
    "sec-05-descent",
)
sgd_epoch.tell(
    "sum-for-mean",
    "The gradient of a batch is a sum over its samples. It should be their mean.",
    "sec-07-batch",
)
sgd_epoch.tell(
    "divided-by-the-size",
    "The last batch is divided by the size of a full one. It has fewer samples.",
    "sec-07-batch",
)
sgd_epoch.tell(
    "rest-dropped",
    "The samples that do not fill a batch are left out.",
    "sec-07-batch",
)
one_step.tell(
    "sum-for-mean",
    "The gradient is a sum over the samples. It should be their mean.",
    "sec-07-batch",
)
one_step.tell(
    "not-transposed",
    "The data are multiplied without being transposed: samples and features are mixed up.",
    "sec-07-batch",
)
one_step.tell(
    "uphill",
    "The step goes along the gradient, uphill.",
    "sec-05-descent",
)
one_step.tell(
    "targets-forgotten",
    "The targets are not subtracted from the predictions.",
    "sec-07-batch",
)
mend_accuracy.tell(
    "worst-class",
    "The class with the smallest score is taken.",
    "sec-04-accuracy",
)
mend_accuracy.tell(
    "negative-labels-counted",
    "Samples with a negative label count as wrong. They should not count at all.",
    "sec-04-accuracy",
)
mend_accuracy.tell(
    "threshold-of-a-probability",
    "The score is compared with 0.5. A score is no probability: it is positive where the "
    "class 1 is more likely.",
    "sec-04-accuracy",
)

two_layer_net.tell(
    "gradients-exchanged",
    "The gradients of the two layers are exchanged.",
    "sec-07-network",
)
two_layer_net.tell(
    "gradient-of-an-old-batch",
    "The gradient belongs to an earlier batch: run forward on the new one first.",
    "sec-07-network",
)
two_layer_net.tell(
    "loss-of-the-inputs",
    "The loss does not go through the network's own `forward`.",
    "sec-07-network",
)
