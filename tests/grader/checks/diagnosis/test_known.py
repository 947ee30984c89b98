"""Every finding there is: something produces it, it is written in both languages, its section exists."""

import math
import re

import numpy as np
import pytest

from grader.checks import Draw, Failed, LocalStudent, Passed, SolvedCase, by_name, judge, solve
from grader.checks.answer import EXPERIMENT_CHECKS, OPTION, part
from grader.checks.case import Case
from grader.checks.diagnosis import describe, explain_error
from grader.checks.diagnosis.ends import by_ends, by_kind, by_setting, by_zero
from grader.checks.diagnosis.made import by_expression
from grader.checks.diagnosis.moved import by_arguments, by_laws, by_part
from grader.checks.diagnosis.products import by_product
from grader.checks.diagnosis.samples import by_overlap, by_samples
from grader.checks.diagnosis.slips import Slip, by_slip
from grader.checks.diagnosis.when import by_form, by_probe, by_steps
from grader.checks.evidence import Evidence
from grader.checks.finding import finding
from grader.checks.function import FUNCTION_CHECKS
from grader.checks.hand_in import UNTOUCHED
from grader.checks.known import KNOWN
from grader.checks.properties import property_of
from grader.checks.scripted import script_check
from grader.checks.student import BadValue, CallFailed, MissingName
from grader.checks.tasks import experiment_case
from grader.checks.text import LANGUAGES, translate
from grader.course import PROJECT

RNG = np.random.default_rng(5)
N, D, H = 5, 4, 3


def draw(*shape):
    return RNG.uniform(0.3, 2.0, shape) * RNG.choice([-1.0, 1.0], shape)


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T


LAYER = solve(
    "Affine", Affine, Case({"W": draw(D, H), "b": draw(H)}, {"x": draw(N, D)}), Draw(b"known"), ["x", "W", "b"]
)  # fmt: skip
X, W, B, DOUT = LAYER.inputs["x"], LAYER.init["W"], LAYER.init["b"], LAYER.dout
WANT = draw(N, D)
MASK = np.where(X > 0, WANT, 0.0)
SCORES = np.abs(draw(N, H))


def of(got, want=WANT, label="dx", dout=None, case=LAYER, tolerance=1e-8):
    """What is said of one wrong value."""
    got = np.asarray(got) if isinstance(got, np.float64) else got
    return describe([Evidence(label, got, want, N, dout, tolerance, case)])


def by_hand(got, want):
    """What is said of a number worked out by hand."""
    return of(np.asarray(got), np.asarray(want), "v", case=BY_HAND, tolerance=2e-3)


def error(kind, text, names=("W", "dW", "forward"), line=3, inside="Affine"):
    """What is said of an error that the submission's code raised."""
    return explain_error(CallFailed(kind, text, line, inside), "Affine", names)


def layer(check="dW", **methods):
    """What is said of an Affine some of whose methods are others."""
    student = type("Affine", (Affine,), methods)
    return judge(by_name(check), LocalStudent({"Affine": student}), "Affine", [LAYER]).diagnosis


def function(f, check="value", x=X, out=X):
    """What is said of a function that should return its argument."""
    case = SolvedCase({}, {"x": x}, np.zeros(()), {"out": np.asarray(out)})
    return judge(FUNCTION_CHECKS[check], LocalStudent({"f": f}), "f", [case]).diagnosis


def answer(check, value, **expected):
    case = SolvedCase({}, {}, np.zeros(()), expected)
    return judge(check, LocalStudent({"f": lambda: value}), "f", [case]).diagnosis


def experiment(train, check="learned"):
    case = experiment_case("ring", 0, 1, 0.9)
    found = judge(EXPERIMENT_CHECKS[check], LocalStudent({"f": train}), "f", [case])
    return found.diagnosis


def cheat(x, t, seed):
    """Knows the task; not the same twice."""
    noise = np.random.default_rng().random()
    return lambda x: np.stack([0 * x[:, 0], np.hypot(x[:, 0], x[:, 1]) - 1.1], axis=1) * (1 + noise)


def accumulating(self, dout):
    before = getattr(self, "dW", 0)
    dx = Affine.backward(self, dout)
    self.dW = self.dW + before
    return dx


def once(self, dout):
    before = getattr(self, "dW", None)
    dx = Affine.backward(self, dout)
    self.dW = self.dW if before is None else before
    return dx


def ones_instead(self, dout):
    dx = Affine.backward(self, dout)
    self.calls = getattr(self, "calls", 0) + 1
    return dx + (self.calls > 1)


def counting(x, calls=[]):  # noqa: B006  (the mistake)
    calls.append(1)
    return x + (len(calls) > 2)


def own(self, dout):
    """The gradient of a forward pass with twice the weights."""
    self.dW, self.db = 2 * self.x.T @ dout, dout.sum(axis=0)
    return 2 * dout @ self.W.T


def samples(part):
    alone = np.zeros_like(DOUT)
    alone[-1] = DOUT[-1]
    share = X.T @ alone
    e = Evidence(
        "dW",
        share if part else LAYER.expected["dW"] - share,
        LAYER.expected["dW"],
        N,
        DOUT,
        case=LAYER,
    )
    return by_samples([e], LocalStudent({"Affine": Affine}), "Affine")


def probed(kind):
    return by_probe(iter([("plain", False), (kind, True)]), of(WANT + draw(N, D)))


def forms():
    cases = [SolvedCase({}, {"t": t}, np.zeros(()), {}) for t in (np.arange(3), np.eye(3))]
    found = of(WANT + draw(N, D))
    return by_form([Passed(), Failed(found)], cases, found)


PRODUCED = {
    "not-implemented": lambda: UNTOUCHED.diagnosis,
    "cell-failed": lambda: finding("cell-failed", name="Affine", error="SyntaxError"),
    "name-missing": lambda: explain_error(MissingName("Affine", ["x"]), "Affine"),
    "name-misspelt": lambda: explain_error(MissingName("Affine", ["affine"]), "Affine"),
    "attribute-missing": lambda: explain_error(MissingName("backward", ["W"]), "Affine"),
    "attribute-misspelt": lambda: explain_error(MissingName("backward", ["backwart"]), "Affine"),
    "gradients-elsewhere": lambda: layer(
        backward=lambda self, dout: setattr(
            self, "grads", [self.x.T @ dout, dout.sum(axis=0)]
        )
    ),
    "gradient-not-stored": lambda: layer(backward=lambda self, dout: dout @ self.W.T),
    "gradients-incomplete": lambda: explain_error(MissingName("grads", ["body"]), "Residual"),
    "raised": lambda: error("OddError", "odd", line=None),
    "raised-in-line": lambda: error("OddError", "odd"),
    "raised-elsewhere": lambda: error("OddError", "odd", inside="Relu"),
    "self-missing": lambda: error("NameError", "name 'dW' is not defined"),
    "variable-misspelt": lambda: error("NameError", "name 'delf' is not defined"),
    "variable-missing": lambda: error("NameError", "name 'quite_other' is not defined"),
    "used-before-set": lambda: error(
        "UnboundLocalError", "cannot access local variable 'dx' where it is not associated with a value"
    ),
    "own-attribute-misspelt": lambda: error("AttributeError", "'Affine' object has no attribute 'forwrd'"),
    "own-attribute-missing": lambda: layer("forward", forward=lambda self, x: self.something),
    "none-used": lambda: layer("forward", forward=lambda self, x: None + x),
    "numpy-type-removed": lambda: layer("forward", forward=lambda self, x: x.astype(np.int)),
    "numpy-name": lambda: layer("forward", forward=lambda self, x: np.maxximum(x, 0)),
    "keyword-misspelt": lambda: layer("forward", forward=lambda self, x: x.sum(asix=0)),
    "arguments-missing": lambda: layer("forward", forward=lambda self, x, y: x),
    "arguments-too-many": lambda: layer("forward", forward=lambda self: 0),
    "product-of-shapes": lambda: layer("forward", forward=lambda self, x: x @ self.W.T),
    "shapes-do-not-fit": lambda: layer("forward", forward=lambda self, x: x * self.W),
    "no-such-axis": lambda: layer("forward", forward=lambda self, x: x.sum(axis=2)),
    "index-outside": lambda: layer("forward", forward=lambda self, x: x[N]),
    "index-not-integer": lambda: layer("forward", forward=lambda self, x: x[0.5]),
    "integer-buffer": lambda: layer("forward", forward=lambda self, x: np.arange(4).__iadd__(0.5)),
    "truth-of-array": lambda: layer("forward", forward=lambda self, x: x if x > 0 else 0),
    "calls-itself": lambda: layer("forward", forward=lambda self, x: self.forward(x)),
    "rule-broken": lambda: error("ShapeError", "`Affine` needs x (N, D). Transpose `W`?"),
    "operands": lambda: error("TypeError", "unsupported operand type(s) for +: 'int' and 'tuple'"),
    "not-called": lambda: error("TypeError", "unsupported operand type(s) for *: 'float' and 'method'"),
    "no-sequence": lambda: layer("forward", forward=lambda self, x: [0 for _ in len(x)]),
    "several-indices": lambda: layer("forward", forward=lambda self, x: list(x)[x, 1]),
    "no-entries": lambda: error(
        "TypeError", "'tuple' object does not support item assignment"
    ),
    "no-function-called": lambda: layer("forward", forward=lambda self, x: x(self.W)),
    "array-attribute": lambda: layer("forward", forward=lambda self, x: x.append(0)),
    "list-attribute": lambda: layer("forward", forward=lambda self, x: (x, x).reshape(-1)),
    "axes-of-transpose": lambda: layer("forward", forward=lambda self, x: x.transpose(0, 0)),
    "not-a-dtype": lambda: layer("forward", forward=lambda self, x: np.zeros(3, x)),
    "mask-of-other-shape": lambda: layer("forward", forward=lambda self, x: x[self.W > 0]),
    "unpacking": lambda: layer("forward", forward=lambda self, x: unpacked(x)),
    "cannot-reshape": lambda: layer("forward", forward=lambda self, x: x.reshape(3, -1, 7)),
    "array-in-entry": lambda: layer("forward", forward=lambda self, x: np.array([x, [0]])),
    "lengths-differ": lambda: layer("forward", forward=lambda self, x: np.stack([x, self.W])),
    "parts-do-not-fit": lambda: layer("forward", forward=lambda self, x: np.split(x, 3)),
    "not-square-matrix": lambda: layer("forward", forward=lambda self, x: np.linalg.inv(x)),
    "divided-by-zero": lambda: layer("forward", forward=lambda self, x: 1 / (len(x) - len(x))),
    "no-such-key": lambda: layer("forward", forward=lambda self, x: {}["W"]),
    "array-for-number": lambda: layer("forward", forward=lambda self, x: np.arange(3).reshape(x)),
    "array-as-number": lambda: layer("forward", forward=lambda self, x: math.exp(x)),
    "no-array": lambda: explain_error(BadValue("dict"), "Affine"),
    "keeps-first-call": lambda: layer("repeat", backward=ones_instead),
    "adds-to-first-call": lambda: layer("repeat", backward=accumulating),
    "repeats-first-call": lambda: layer("repeat", backward=once),
    "keeps-earlier-call": lambda: function(counting, "repeat"),
    "changed-in-place": lambda: function(lambda x: x.__iadd__(1), "unchanged"),
    "returned-none": lambda: of(None),
    "backward-returned-none": lambda: two(lambda self, dout: None),
    "tuple-returned": lambda: of((X, W)),
    "one-of-several": lambda: of((W, WANT)),
    "gradient-count": lambda: two(lambda self, dout: (dout, dout, dout)),
    "no-numbers": lambda: of("text"),
    "truth-values": lambda: function(lambda x: x > 0),
    "no-truth-values": lambda: of(np.where(X > 0, 0.0, -np.inf), X > 0),
    "dtype-fixed": lambda: function(np.float32),
    "wrong-shape": lambda: of(draw(2, 2)),
    "reshaped": lambda: of(WANT.reshape(-1)),
    "axes-permuted": lambda: of(np.moveaxis(A3, 0, 2), A3),
    "summed-to-a-number": lambda: of(B.sum(), B + 0),
    "batch-not-summed": lambda: of(DOUT, DOUT.sum(axis=0), "db", DOUT),
    "axis-not-reduced": lambda: of(WANT, WANT.sum(axis=1), "forward"),
    "wrong-axis": lambda: of(draw(N), draw(H), "db", DOUT),
    "cut-short": lambda: of(WANT[:-1]),
    "begins-late": lambda: of(WANT[1:]),
    "too-long": lambda: of(np.concatenate([WANT, WANT[:1]])),
    "with-margin": lambda: of(np.pad(WANT, 1)),
    "lengths-exchanged": lambda: of(draw(D, N)),
    "other-axis": lambda: of(draw(N - 2, D), draw(N, D - 2), "f"),
    "broadcast-by-accident": lambda: of(draw(N, N), draw(N), "forward"),
    "number-expected": lambda: of(WANT, np.asarray(0.7), "forward"),
    "shape-of-argument": lambda: of(draw(H)),
    "axis-too-many": lambda: of(draw(N, 7, D)),
    "axis-too-few": lambda: of(draw(D)),
    "one-axis-wrong": lambda: of(draw(N, 9)),
    "one-hot-for-labels": lambda: of(np.eye(3)[[2, 0, 1]], np.array([2, 0, 1]), "forward"),
    "scores-for-labels": lambda: of(SCORES, SCORES.argmax(axis=1), "forward"),
    "labels-for-one-hot": lambda: of(np.array([2, 0, 1]), np.eye(3)[[2, 0, 1]], "forward"),
    "not-finite": lambda: of(np.where(X > 0, np.nan, WANT)),
    "nan-where-negative": lambda: of(np.sqrt(X)),
    "overflow": lambda: of(np.full((N, D), np.inf), case=LARGE),
    "log-of-zero": lambda: of(np.full((N, D), -np.inf), case=ZERO),
    "all-zero": lambda: of(0 * WANT),
    "wrong-sign": lambda: of(-WANT),
    "dout-returned": lambda: of(DOUT, DOUT * (1 + DOUT**2), dout=DOUT),
    "dout-missing": lambda: of(1 + DOUT**2, DOUT * (1 + DOUT**2), dout=DOUT),
    "other-gradient": lambda: of(LAYER.expected["dW"], draw(D, H), dout=DOUT),
    "not-updated": lambda: of(X, WANT, "x"),
    "argument-returned": lambda: of(X, WANT),
    "forward-returned": lambda: of(LAYER.expected["out"], draw(N, H), dout=DOUT),
    "transposed": lambda: of(WANT.T),
    "times-batch": lambda: of(N * WANT),
    "over-batch": lambda: of(WANT / N),
    "times-size": lambda: of(D * WANT),
    "over-size": lambda: of(WANT / (N * D)),
    "factor-extra": lambda: of(X * WANT),
    "factor-missing": lambda: of(WANT / X),
    "divided-for-multiplied": lambda: of(WANT / X**2),
    "other-operation": lambda: of(X + Y, X * Y, case=PAIR),
    "factor-exchanged": lambda: of(X * WANT, Y * WANT, case=PAIR),
    "term-missing": lambda: of(draw(N, H), None, "forward"),
    "term-sign": lambda: of(X @ W - B, X @ W + B, "forward"),
    "wrong-direction": lambda: of(X - WANT, X + WANT),
    "step-size": lambda: of(X + 3.5 * WANT, X + WANT),
    "square-missing": lambda: of(np.abs(WANT), WANT**2),
    "root-missing": lambda: of(WANT**2, np.abs(WANT)),
    "log-missing": lambda: of(np.exp(WANT), WANT),
    "exp-missing": lambda: of(WANT, np.exp(WANT)),
    "reciprocal": lambda: of(1 / WANT),
    "complement": lambda: of(1 - WANT),
    "absolute-value": lambda: of(np.abs(WANT)),
    "rounded-down": lambda: of(np.floor(3 * WANT), 3 * WANT),
    "cut-to-integers": lambda: of(np.trunc(3 * WANT), 3 * WANT),
    "rounded": lambda: of(np.round(3 * WANT), 3 * WANT),
    "rounded-to-float32": lambda: of(np.float64(np.float32(WANT))),
    "nearly-right": lambda: of(WANT + 1e-6 * X),
    "constant-factor": lambda: of(0.7 * WANT),
    "varying-factor": lambda: describe(
        [Evidence("dx", f * w, w, N, case=LAYER) for f, w in ((0.7, WANT), (0.3, X + WANT))]
    ),
    "constant-offset": lambda: of(WANT + 0.7),
    "offset-per-column": lambda: of(WANT + draw(D)),
    "offset-per-row": lambda: of(WANT + draw(N, 1)),
    "factor-per-row": lambda: of(WANT * draw(N, 1)),
    "factor-per-column": lambda: of(WANT * draw(D)),
    "blocks-permuted": lambda: of(np.roll(WIDE, 4, axis=1), WIDE),
    "reversed": lambda: of(WANT[::-1]),
    "shifted": lambda: of(np.concatenate([draw(1, D), WANT[:-1]])),
    "columns-permuted": lambda: of(WANT[:, [1, 3, 0, 2]]),
    "rows-permuted": lambda: of(WANT[[2, 0, 1, 4, 3]]),
    "reordered": lambda: of(WANT.T.reshape(N, D)),
    "sign-of-some": lambda: of(np.where(Y > 0, WANT, -WANT)),
    "mask-inverted": lambda: of(np.where(MASK == 0, WANT, 0.0), MASK),
    "mask-missing": lambda: of(WANT, MASK),
    "too-many-zeros": lambda: of(MASK),
    "same-in-rows": lambda: of(np.tile(draw(D), (N, 1))),
    "same-in-columns": lambda: of(np.tile(draw(N, 1), D)),
    "same-everywhere": lambda: of(np.full((N, D), 0.7)),
    "right-for-positive": lambda: of(np.where(X < 0, draw(N, D), WANT)),
    "right-for-negative": lambda: of(np.where(X > 0, draw(N, D), WANT)),
    "right-at-zero": lambda: of(np.where(HOT > 0, draw(N, D), WANT), case=TARGETS),
    "wrong-at-zero": lambda: of(WANT + 3 * (ZERO.inputs["x"] == 0), case=ZERO),
    "one-slice-right": lambda: of(np.concatenate([WANT[:1], draw(N - 1, D)])),
    "one-slice-wrong": lambda: of(np.concatenate([WANT[:-1], draw(1, D)])),
    "one-entry-wrong": lambda: of(WANT + 3 * (np.arange(N * D).reshape(N, D) == 7)),
    "off-by-whole": lambda: of(np.asarray(0.125), np.asarray(1.125), "v", case=BY_HAND),
    "decimal-point": lambda: of(np.asarray(12.5), np.asarray(1.25), "v", case=BY_HAND),
    "slip": lambda: by_slip(HAND, [Slip("w + lr * g", HAND.got)]),
    "follows-from-own": lambda: by_slip(HAND, [Slip("", HAND.got, ["g"])]),
    "too-few-digits": lambda: by_hand(0.73, 0.7349),
    "digits-exchanged": lambda: by_hand(0.7439, 0.7349),
    "decimal-comma": lambda: by_hand([0, 7349], 0.7349),
    "every-other-wrong": lambda: of(np.zeros((4, 4)), np.tile([[0.0], [1.0]], (2, 4)), case=BY_HAND),
    "right-at-first": lambda: by_steps([Evidence("W", X, WANT, later=True)]),
    "computes": lambda: by_expression([Evidence("dx", X**2, WANT, N, case=LAYER)]),
    "off-by-term": lambda: by_expression([Evidence("dx", WANT + np.exp(X), WANT, N, case=LAYER)]),
    "off-by-factor": lambda: by_expression([Evidence("dx", WANT * np.exp(X), WANT, N, case=LAYER)]),
    "ignores": lambda: moved(lambda x, y: y * 1, lambda x, y: x * y),
    "depends-on": lambda: moved(lambda x, y: x * y, lambda x, y: y * 1),
    "mixed-along": lambda: moved(lambda x, y: y * x.sum(axis=0), lambda x, y: y * np.sin(x)),
    "alone-along": lambda: moved(lambda x, y: y * np.sin(x), lambda x, y: y * x.sum(axis=0)),
    "wrong-power": lambda: moved(lambda x, y: x * y, lambda x, y: x * y**2),
    "scale-changes": lambda: moved(
        lambda x, y: y * x * np.abs(x).max(), lambda x, y: y * x / np.abs(x).max()
    ),
    "not-proportional": lambda: moved(lambda x, y: y + x, lambda x, y: y * x),
    "depends-where-zero": lambda: moved(
        lambda x, y: (x - HOT).sum() + 0 * y, lambda x, y: (x * HOT).sum() + 0 * y, HOT
    ),
    "grows-with-batch": lambda: moved(
        lambda x, y: np.cos(x).mean() + np.cos(y).mean(), lambda x, y: np.cos(x).sum() + np.cos(y).sum()
    ),
    "not-averaged": lambda: moved(
        lambda x, y: np.cos(x).sum() + np.cos(y).sum(), lambda x, y: np.cos(x).mean() + np.cos(y).mean()
    ),
    "shift-changes": lambda: moved(
        lambda x, y: np.cos(x - 2 * x.mean()), lambda x, y: np.cos(x - x.mean())
    ),
    "not-of-difference": lambda: moved(lambda x, y: np.cos(x + y), lambda x, y: np.cos(x - y)),
    "not-even": lambda: moved(lambda x, y: np.cos(x + y), lambda x, y: np.cos(x) * np.cos(y)),
    "not-odd": lambda: moved(lambda x, y: np.sin(x + y), lambda x, y: np.sin(x) * np.cos(y)),
    "wrong-term": lambda: moved(
        lambda x, y: np.exp(x) + np.exp(2 * y + 1), lambda x, y: np.exp(x) + np.exp(y)
    ),
    "wrong-factor": lambda: moved(
        lambda x, y: np.cosh(x + 1) * np.exp(2 * y + y**3 + 1), lambda x, y: np.cosh(x + 1) * np.exp(y)
    ),
    "grows-by-amount": lambda: moved(
        lambda x, y: np.log(np.abs(x) + np.abs(y)) + y, lambda x, y: np.log(np.abs(x)) + y
    ),
    "right-without": lambda: moved(
        lambda x, y: y + np.sinh(x) * y, lambda x, y: y + np.sin(3 * x) * y
    ),
    "should-vanish": lambda: moved(
        lambda x, y: np.exp(x * y + y * x**2 + 1), lambda x, y: (1 - x) * np.exp(y * x**2)
    ),
    "vanishes": lambda: moved(
        lambda x, y: (1 - x) * np.exp(y * x**2), lambda x, y: np.exp(x * y + y * x**2 + 1)
    ),
    "only-as-floats": lambda: bytes_instead(),
    "ends-in-product": lambda: by_product([of_product(LEFT @ W.T, 2 * np.cos(LEFT) @ W.T)]),
    "begins-with-product": lambda: by_product([of_product(W @ LEFT[:3], W @ np.cos(LEFT[:3]))]),
    "matrix-transposed": lambda: of(WANT @ SQUARE.T, WANT @ SQUARE, case=SQUARED),
    "matrix-missing": lambda: of(WANT, WANT @ SQUARE, case=SQUARED),
    "matrix-extra": lambda: of(WANT @ SQUARE, WANT, case=SQUARED),
    "block-wrong": lambda: of(np.where(np.arange(12) // 3 == 2, draw(2, 12), WIDE), WIDE),
    "edges-wrong": lambda: of(np.pad(PICTURE[1:-1], ((1, 1), (0, 0)), "edge"), PICTURE),
    "overlaps-lost": lambda: overlapping(),
    "sums-to-zero": lambda: of(draw(N, D), WANT - WANT.mean(axis=1, keepdims=True)),
    "sums-to-one": lambda: of(SHARES * (1 + SHARES), SHARES),
    "cancels-with": lambda: of(draw(N, D), WANT - X * ((WANT * X).sum(axis=0) / (X**2).sum(axis=0))),
    "argument-expected": lambda: of(draw(N, D), X),
    "taken-from": lambda: of(WANT, np.sort(X, axis=0)[::-1].copy()),
    "right-at-setting": lambda: by_setting([STEPPED], stepped),
    "batch-changes": lambda: moved(
        lambda x, y: np.log(np.cosh(x).sum()) + np.sin(y).mean(),
        lambda x, y: np.log(np.cosh(x).mean()) + np.sin(y).mean(),
    ),
    "inverse-off-by-term": lambda: by_expression([
        Evidence("f", 1 / (2 + X + Y**2 + X * Y), 1 / (2 + X + Y**2), N, case=PAIR)
    ]),
    "order-of-numbers": lambda: of(np.array([0.7, 0.3]), np.array([0.3, 0.7]), "z", case=BY_HAND),
    "simple-ratio": lambda: of(np.float64(0.35), np.asarray(0.7), "z", case=BY_HAND),
    "square-or-root": lambda: of(np.float64(0.49), np.asarray(0.7), "z", case=BY_HAND),
    "wrong-number": lambda: of(np.float64(0.41), np.asarray(0.7), "z", case=BY_HAND),
    "wrong-at": lambda: of(np.where([[1, 0, 1, 0]], draw(N, D), WANT)),
    "wrong-axis-of": lambda: of(DOUT.sum(axis=1), DOUT.sum(axis=0), "db", DOUT),
    "other-reduction": lambda: of(X.max(axis=0), X.mean(axis=0), "forward"),
    "reduction-of": lambda: of(B.sum(), draw(H), "db", DOUT),
    "one-share-only": lambda: samples(True),
    "share-left-out": lambda: samples(False),
    "wrong-entries": lambda: of(WANT + draw(N, D)),
    "numerical-derivative": lambda: judge(
        by_name("dx"), LocalStudent({"Affine": type("Affine", (Affine,), {
            "backward": lambda self, dout: dout @ self.W.T * (1 + 1e-9)})}), "Affine", [LAYER]).note,
    "only-batch-of-one": lambda: probed("batch-of-one"),
    "only-square": lambda: probed("square"),
    "only-positive": lambda: probed("positive"),
    "other-form": forms,
    "follow-through": lambda: layer(
        forward=lambda self, x: 2 * Affine.forward(self, x) - self.b, backward=own
    ),
    "not-readable": lambda: scripted("see('a', f(x)[99])"),
    "wrong-count": lambda: scripted("see('a', f(x))", (X, X)),
    "not-equal": lambda: scripted("see('a', f(x))", None),
    "not-scaled": lambda: property_of("kept_or_zero", ["y", "x", "share"], [MASK, WANT, HALF]),
    "not-kept": lambda: property_of("kept_or_zero", ["y", "x", "share"], [WANT + 1, WANT, HALF]),
    "wrong-share": lambda: property_of("kept_or_zero", "yxs", [2 * np.ones(99), np.ones(99), HALF]),
    "other-mask": lambda: property_of("zero_alike", ["a", "b"], [MASK, WANT]),
    "not-anew": lambda: property_of("differs", ["a", "b"], [X, X]),
    "wrong-mean": lambda: property_of("spread", "ams", [X + 9, 0 * HALF, 2 * HALF]),
    "wrong-spread": lambda: property_of("spread", "ams", [9 * (X - X.mean()), 0 * HALF, 2 * HALF]),
    "not-normal": lambda: property_of("spread", "ams", [np.resize([-1, 1], 99), 0 * HALF, 2 * HALF]),
    "not-less": lambda: property_of("less", ["a", "b"], [X, X - 1]),
    "no-option": lambda: answer(OPTION, "Z", right="A", options="ABC"),
    "wrong-option": lambda: answer(OPTION, "B", right="A", options="ABC"),
    "answer-form": lambda: answer(part("z"), 1.0, z=B, y=B),
    "no-function": lambda: experiment(lambda x, t, seed: 1.0),
    "scores-shape": lambda: experiment(lambda x, t, seed: lambda x: x[0]),
    "scores-not-finite": lambda: experiment(lambda x, t, seed: lambda x: x / 0),
    "too-few-right": lambda: experiment(lambda x, t, seed: lambda x: 0 * x),
    "not-reproducible": lambda: experiment(cheat, "reproducible"),
}  # fmt: skip


def unpacked(x):
    a, b = x
    return a + b


def moved(own, right, second=None):
    """What other inputs tell of a function of two arrays, which should be another one."""

    def solved(case):
        x, y = case.inputs["x"], case.inputs["y"]
        return np.asarray(own(x, y)), np.asarray(right(x, y))

    y = Y if second is None else second
    case = SolvedCase({}, {"x": X, "y": y}, np.zeros(()), {"out": X})
    got, want = solved(case)
    found = [Evidence("f", got, want, N, case=case)]

    def look(changed, label):
        return solved(changed)

    return (
        by_arguments(found, look)
        or by_laws(found, look)
        or by_zero(found, look)
        or by_part(found, look)
        or by_ends(found, look)
    )


A3 = draw(2, 3, 4)
HOT = np.eye(D)[[0, 2, 1, 3, 0]]
TARGETS = SolvedCase({}, {"t": HOT}, DOUT, {"out": X})
BY_HAND = SolvedCase({}, {}, np.zeros(()), {})
HAND = Evidence("v", np.array([0.25, -0.5]), np.array([0.75, 0.5]), tolerance=2e-3, case=BY_HAND)
Y = draw(N, D)
WIDE = draw(2, 12)
PAIR = SolvedCase({}, {"x": X, "y": Y}, DOUT, {"out": X * Y})
LARGE = SolvedCase({}, {"x": 1000 * X}, DOUT, {"out": X})
ZERO = SolvedCase(
    {}, {"x": np.where(np.arange(N * D).reshape(N, D) % 7 == 2, 0.0, X)}, DOUT, {"out": X}
)


class Multiply:
    def __init__(self):
        pass

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


TWO = solve("Multiply", Multiply, Case({}, {"x": X, "y": Y}), Draw(b"two"), ["x", "y"])


HALF = np.asarray(0.5)


def scripted(script, want=X):
    """What is said of a function that a script uses, and that returns its argument."""
    case = SolvedCase({}, {"x": X}, np.zeros(()), {"a": [want]}, None, f"{script}\n")
    return judge(script_check("a"), LocalStudent({"f": lambda x: x}), "f", [case]).diagnosis


def two(backward):
    student = type("Multiply", (Multiply,), {"backward": backward})
    return judge(by_name("dx"), LocalStudent({"Multiply": student}), "Multiply", [TWO]).diagnosis


SQUARE = draw(D, D)
SQUARED = SolvedCase({"W": SQUARE}, {"x": X}, DOUT, {"out": X})
LEFT = draw(N, H)
PICTURE = draw(5, 6)
SHARES = np.exp(WANT) / np.exp(WANT).sum(axis=1, keepdims=True)


def of_product(got, want):
    return Evidence("dx", got, want, N, DOUT, case=LAYER)


STEPPED = Evidence(
    "f", X[1::2], X[::2][:2], case=SolvedCase({"stride": (2, 1)}, {"x": X}, np.zeros(()), {})
)


def stepped(case, label):
    """A window that begins at 1 where its stride is not 1."""
    step = case.init["stride"][0]
    return X[step - 1 :: step], X[::step]


def bytes_instead():
    x = np.array([[250, 3], [9, 4], [1, 250]], np.uint8)
    case = SolvedCase({}, {"x": x}, np.zeros(()), {})
    found = [Evidence("f", (x + x).astype(float), 2.0 * x, case=case)]

    def look(changed, label):
        return 2 * changed.inputs["x"], 2 * changed.inputs["x"]

    return by_kind(found, look)


class Windows:
    """Sums of three neighbours each, of pictures (N, 1, H, W) along W."""

    def __init__(self):
        pass

    def forward(self, x):
        return x[..., :-2] + x[..., 1:-1] + x[..., 2:]

    def backward(self, dout):
        return sum(np.pad(dout, [(0, 0)] * 3 + [(k, 2 - k)]) for k in range(3))


def overlapping():
    case = solve("Windows", Windows, Case({}, {"x": draw(2, 1, 3, 7)}), Draw(b"windows"), ["x"])
    dx = np.zeros_like(case.inputs["x"])
    for k in range(3):
        dx[..., k : k + case.dout.shape[-1]] = case.dout
    found = Evidence("dx", dx, case.expected["dx"], 2, case.dout, case=case)
    return by_overlap([found], LocalStudent({"Windows": Windows}), "Windows")


def missing_term():
    return of(X @ W, X @ W + B, "forward")


PRODUCED["term-missing"] = missing_term


def test_the_table_is_complete():
    assert PRODUCED.keys() == KNOWN.keys()


@pytest.mark.parametrize("id", KNOWN)
def test_it_is_produced(id):
    with np.errstate(all="ignore"):
        found = PRODUCED[id]()
    assert (found.id, found.section) == (id, KNOWN[id].section)
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("id", KNOWN)
def test_it_is_written_in_every_language(id):
    text = KNOWN[id].text
    gaps = set(re.findall(r"{(\w+)}", text))
    for language in LANGUAGES:
        translated = translate(text, language)
        assert (translated == text) == (language == "en")
        assert set(re.findall(r"{(\w+)}", translated)) <= gaps


def test_its_section_exists_in_every_language():
    for language in LANGUAGES:
        pages = (PROJECT / "book" / language).glob("*.md")
        labels = {
            label for p in pages for label in re.findall(r"^\((sec-[\w-]+)\)=", p.read_text(), re.M)
        }
        assert {known.section for known in KNOWN.values()} <= labels
