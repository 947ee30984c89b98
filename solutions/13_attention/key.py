"""Answer key of unit 13: attention, masks, heads and positions."""

import numpy as np

from grader.checks import Case
from grader.exercises import Formula, Step, Unit, Worked

unit = Unit("13_attention")


def softmax(s):
    e = np.exp(s - s.max())
    return e / e.sum()


@unit.compute(points={"s": 1, "a": 1, "y": 1, "ds": 1.5})
def by_hand(draw):
    q, keys = draw.nonzero(4), draw.nonzero(3, 4)  # width 4: the root is a whole number
    values, g = draw.nonzero(3, 2), draw.nonzero(2)
    s = keys @ q / 2
    a = softmax(s)
    da = values @ g
    ds = a * (da - a @ da)
    return Worked(
        given={
            "q": q, "K": keys, "V": values, "g": g,
        },
        steps=[
            Step("s", "K @ q / sqrt(4)", s),
            Step("a", "exp(s) / sum(exp(s))", a),
            Step("y", "a @ V", a @ values),
            Step("ds", "da = V @ g; a * (da - a @ da)", ds),
        ],
        names={"q": q, "K": keys, "V": values, "g": g},
        wrong={
            "not-scaled": {"s": keys @ q},
            "divided-by-width": {"s": keys @ q / 4},
            "not-normalized": {"a": np.exp(s)},
            "mean-not-subtracted": {"ds": a * da},
            "plain-mean-subtracted": {"ds": a * (da - da.mean())},
        },
    )  # fmt: skip


word_order = unit.choose(
    "order",
    points=1,
    right="A",
    wrong={"B": "invariant", "C": "distances", "D": "left-to-right", "E": "plain-mean"},
)
word_order.tell(
    "invariant",
    "An output belongs to the word at its place; where the word goes, its output goes.",
)
word_order.tell(
    "distances",
    "Without positions a score depends on two words alone, and not on how far apart they stand.",
)
word_order.tell(
    "left-to-right",
    "Softmax divides by a sum over all keys, and a sum knows no order.",
)
word_order.tell(
    "plain-mean",
    "Queries and keys are the same as before, and so are the weights between any two words.",
)


def sequences(draw, mask=False):
    """Queries, keys and values whose lengths and widths all differ, in a batch."""
    n, tq, tk, d, e = (2, 1, 3, 4, 2) if draw.public else draw.sizes(5)
    inputs = {"q": draw(n, tq, d), "k": draw(n, tk, d), "v": draw(n, tk, e)}
    if mask:
        seen = draw.rng.random((n, tq, tk)) < 0.6
        seen[:, :, 0] = True  # each query has a key, and one key hidden
        seen[:, 0, -1] = False
        inputs["mask"] = seen
    return Case(inputs=inputs)


SDPA = {"forward": 2, "dq": 1.5, "dk": 1.5, "dv": 1, "repeat": 0.5, "unchanged": 0.5}


@unit.implement("dlkit.layers.ScaledDotProductAttention", points=SDPA)
def scaled_dot_product_attention(draw):
    return sequences(draw)


@scaled_dot_product_attention.check("masked", like="forward", points=1)
def hidden_keys(draw):
    """Where the mask is False, a query takes nothing from the key, and the others' weights add up to 1."""
    return sequences(draw, mask=True)


@scaled_dot_product_attention.check("masked-again", like="repeat", points=0.5)
def hidden_keys_twice(draw):
    """With a mask, too, a second batch owes nothing to the first."""
    return sequences(draw, mask=True)


@scaled_dot_product_attention.check("masked-gradient", like="dk", points=0.5)
def gradient_of_hidden_keys(draw):
    """A hidden key gets no gradient from the query that does not see it."""
    return sequences(draw, mask=True)


@scaled_dot_product_attention.check("no-key", like="forward", points=0.5)
def nothing_to_see(draw):
    """A query that may attend to no key gets zeros, not NaN and not a mean."""
    case = sequences(draw, mask=True)
    case.inputs["mask"][0, 0] = False
    return case


@scaled_dot_product_attention.check("more-axes", like="forward", points=0.5)
def any_axes_before(draw):
    """There may be no axis before time and width, or more than one."""
    case = sequences(draw)
    if draw.trial % 2:
        return Case(inputs={name: x[0] for name, x in case.inputs.items()})
    return Case(inputs={name: np.stack([x, 2 * x]) for name, x in case.inputs.items()})


ATTENTION = scaled_dot_product_attention
EVERY = ["forward", "dq", "dk", "dv", "masked", "masked-again", "masked-gradient", "no-key", "more-axes",
         "repeat", "unchanged"]  # fmt: skip
GRADIENTS = ["repeat", "unchanged"]
SCORES = "scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])"
ATTENTION.misconception("not-scaled", SCORES, "scores = q @ k.swapaxes(-1, -2)", fails=EVERY)
ATTENTION.misconception(
    "divided-by-width", SCORES, "scores = q @ k.swapaxes(-1, -2) / q.shape[-1]", fails=EVERY
)
ATTENTION.misconception(
    "scaled-by-length",
    SCORES,
    "scores = q @ k.swapaxes(-1, -2) / math.sqrt(k.shape[-2])",
    fails=EVERY,
)
ATTENTION.misconception(
    "softmax-over-queries",
    "self.weights = softmax(scores)\n",
    "self.weights = softmax(scores, axis=-2)\n",
    fails=["forward", "dq", "dk", "dv", "more-axes", *GRADIENTS],
)
ATTENTION.misconception(
    "mask-inverted", "np.where(mask, scores,", "np.where(~mask, scores,",
    fails=["masked", "masked-again", "masked-gradient", "no-key"],
)  # fmt: skip
ATTENTION.misconception(
    "mask-after-softmax",
    "scores = np.where(mask, scores, np.finfo(scores.dtype).min)",
    "scores = scores * 1.0",
    fails=["masked", "masked-again", "masked-gradient", "no-key"],
)
ATTENTION.misconception(
    "zero-for-minus-infinity",
    "np.where(mask, scores, np.finfo(scores.dtype).min)",
    "np.where(mask, scores, 0.0)",
    fails=["masked", "masked-again", "masked-gradient", "no-key"],
)
ATTENTION.misconception(
    "minus-infinity-makes-nan",
    "np.finfo(scores.dtype).min)",
    "-np.inf)",
    fails=["no-key"],
)
ATTENTION.misconception(
    "keys-for-values",
    "return self.weights @ v",
    "return self.weights @ k",
    fails=["forward", "masked", "masked-again", "no-key", "more-axes", *GRADIENTS],
)
ATTENTION.misconception(
    "scale-forgotten-backwards",
    "(dweights - mean) / math.sqrt(self.q.shape[-1])",
    "(dweights - mean)",
    fails=["dq", "dk", "masked-again", "masked-gradient", *GRADIENTS],
)
ATTENTION.misconception(
    "mean-not-subtracted",
    "self.weights * (dweights - mean)",
    "self.weights * dweights",
    fails=["dq", "dk", "masked-again", "masked-gradient", *GRADIENTS],
)
ATTENTION.misconception(
    "sigmoid-for-softmax",
    "self.weights * (dweights - mean)",
    "self.weights * (1.0 - self.weights) * dweights",
    fails=["dq", "dk", "masked-again", "masked-gradient", *GRADIENTS],
)
ATTENTION.misconception(
    "dk-not-transposed",
    "dk = dscores.swapaxes(-1, -2) @ self.q",
    "dk = dscores @ self.q",
    fails=["dq", "dk", "dv", "masked-again", "masked-gradient", *GRADIENTS],
)
ATTENTION.misconception(
    "first-sample-kept",
    "dv = self.weights.swapaxes(-1, -2) @ dout",
    'self.held = getattr(self, "held", self.weights)\n'
    "        dv = self.held[-len(dout):].swapaxes(-1, -2) @ dout",
    fails=["repeat", "masked-again"],
)


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"S = Q\, W K^{\top}",
            "ds @ k @ W.T",
            {"W-not-transposed": "ds @ k @ W", "weights-forgotten": "ds @ k",
             "scaled-anyway": "ds @ k @ W.T / np.sqrt(q.shape[1])"},
        ),
        Formula(
            r"s_{ij} = -\tfrac12 \lVert q_i - k_j \rVert^2",
            "ds @ k - ds.sum(axis=1, keepdims=True) * q",
            {"query-forgotten": "ds @ k", "sign": "ds.sum(axis=1, keepdims=True) * q - ds @ k",
             "counted-instead-of-weighted": "ds @ k - ds.shape[1] * q"},
        ),
        Formula(
            r"S = \frac{\tanh(Q)\, K^{\top}}{\sqrt d}",
            "(ds @ k) * (1 - np.tanh(q) ** 2) / np.sqrt(q.shape[1])",
            {"derivative-forgotten": "ds @ k / np.sqrt(q.shape[1])",
             "scale-forgotten": "(ds @ k) * (1 - np.tanh(q) ** 2)",
             "derivative-at-output": "(ds @ k) * (1 - q**2) / np.sqrt(q.shape[1])"},
        ),
        Formula(
            r"S = \left( Q K^{\top} \right) \odot \left( Q K^{\top} \right)",
            "2 * (ds * (q @ k.T)) @ k",
            {"two-forgotten": "(ds * (q @ k.T)) @ k", "outer-derivative-forgotten": "ds @ k",
             "squared-inside": "(ds * (q @ k.T) ** 2) @ k"},
        ),
    ],
)  # fmt: skip
def scores_gradient(draw):
    """Gradient with respect to q (Tq, d), from ds (Tq, T), keys k (T, d) and a matrix W (d, d)."""
    tq, t, d = draw.sizes(3)
    return Case(
        inputs={"ds": draw(tq, t), "q": draw.nonzero(tq, d), "k": draw(t, d), "W": draw(d, d)}
    )


@unit.implement("dlkit.layers.attention.causal_mask", points={"value": 1})
def causal_mask(draw):
    """Hidden sequences are longer than the visible one, whose mask could be known by heart."""
    return Case(inputs={"T": 3 if draw.public else draw.sizes(1, low=4)[0]})


@causal_mask.check("one-step", like="value", points=0.5)
def a_single_step(draw):
    """A sequence of one step sees itself."""
    return Case(inputs={"T": 1})


causal_mask.misconception("future-instead", "np.tril(", "np.triu(", fails=["value"])
causal_mask.misconception(
    "not-itself", "dtype=bool))", "dtype=bool), k=-1)", fails=["value", "one-step"]
)
causal_mask.misconception(
    "one-too-far", "dtype=bool))", "dtype=bool), k=1)", fails=["value"]
)  # fmt: skip


@unit.implement("dlkit.layers.attention.padding_mask", points={"value": 1.5, "unchanged": 0.5})
def padding_mask(draw):
    n, t = draw.sizes(2, low=3)
    return Case(inputs={"lengths": np.append(t, draw.rng.integers(1, t, n - 1)), "T": t})


padding_mask.misconception(
    "one-too-many", "np.arange(T) <", "np.arange(T) <=", fails=["value", "unchanged"]
)
padding_mask.misconception(
    "inverted", "np.arange(T) <", "np.arange(T) >=", fails=["value", "unchanged"]
)
padding_mask.misconception(
    "queries-forgotten",
    "[:, np.newaxis, np.newaxis]",
    "[:, np.newaxis]",
    fails=["value", "unchanged"],
)
padding_mask.misconception(
    "hides-queries",
    "np.arange(T) < np.asarray(lengths)[:, np.newaxis, np.newaxis]",
    "np.arange(T)[:, np.newaxis] < np.asarray(lengths)[:, np.newaxis, np.newaxis]",
    fails=["value", "unchanged"],
)


@unit.implement("dlkit.layers.attention.split_heads", points={"value": 1.5, "unchanged": 0.5})
def split_heads(draw):
    n, t, heads, width = (1, 3, 2, 2) if draw.public else draw.sizes(4)
    return Case(inputs={"x": draw(n, t, heads * width), "heads": heads})


@split_heads.check("one-sequence", like="value", points=0.5)
def without_a_batch(draw):
    """A single sequence (T, E) is shared out as well; so are more axes before it."""
    case = split_heads.cases(draw)
    x = case.inputs["x"]
    return Case(
        inputs={"x": x[0] if draw.trial % 2 == 0 else x[np.newaxis], "heads": case.inputs["heads"]}
    )


SPLIT = "x.reshape(*leading, T, heads, E // heads).swapaxes(-2, -3)"
THREE = ["value", "unchanged", "one-sequence"]
split_heads.misconception(
    "reshape-alone", SPLIT, "x.reshape(*leading, heads, T, E // heads)", fails=THREE
)
split_heads.misconception(
    "not-exchanged", SPLIT, "x.reshape(*leading, T, heads, E // heads)", fails=THREE
)
split_heads.misconception(
    "interleaved",
    SPLIT,
    "np.moveaxis(x.reshape(*leading, T, E // heads, heads), -1, -3)",
    fails=THREE,
)


def multi_head(draw, mask=False):
    """Weights and inputs; number and width of heads, lengths and widths all differ."""
    heads, width, d, tq, tk = 2, 1, 3, 1, 3
    if not draw.public:
        heads, width = draw.sizes(2, high=3)
        d, tq, tk = (int(n) for n in draw.rng.permutation([3, 4, 5]))
    e = heads * width
    init = {"Wq": draw(d, e), "Wk": draw(d, e), "Wv": draw(d, e), "Wo": draw(e, d)}
    n = 2
    inputs = {"q": draw(n, tq, d), "k": draw(n, tk, d), "v": draw(n, tk, d)}
    if mask:
        seen = draw.rng.random((n, tq, tk)) < 0.6
        seen[:, :, 0] = True
        seen[:, 0, -1] = False
        inputs["mask"] = seen
    return Case(init={**init, "heads": heads}, inputs=inputs)


MHA = {"forward": 2, "dq": 0.5, "dk": 0.5, "dv": 0.5, "dWq": 1, "dWk": 0.5, "dWv": 0.5, "dWo": 1,
       "repeat": 0.5, "unchanged": 0.5}  # fmt: skip


@unit.implement("dlkit.layers.MultiHeadAttention", points=MHA)
def multi_head_attention(draw):
    return multi_head(draw)


@multi_head_attention.check("masked", like="forward", points=0.5)
def the_same_for_all_heads(draw):
    """A mask (N, Tq, Tk), or one of fewer axes, hides the same keys from all heads."""
    case = multi_head(draw, mask=True)
    mask = case.inputs["mask"]
    case.inputs["mask"] = (mask, mask[0], mask[0, 0])[draw.trial % 3]
    return case


HEADS = multi_head_attention
ALL = [*MHA, "masked"]
BACK = ["dq", "dk", "dv", "dWq", "dWk", "dWv", *GRADIENTS]
HEADS.misconception(
    "one-head", "split_heads(x, self.heads) for", "split_heads(x, 1) for", fails=ALL
)
HEADS.misconception(
    "reshape-alone",
    "split_heads(x, self.heads) for",
    "x.reshape(*x.shape[:-2], self.heads, x.shape[-2], -1) for",
    fails=ALL,
)
HEADS.misconception(
    "output-matrix-forgotten",
    "return self.joined @ self.Wo",
    "return self.joined",
    fails=["forward", "masked", *GRADIENTS],
)
HEADS.misconception(
    "keys-from-queries", "(q @ self.Wq, k @ self.Wk,", "(q @ self.Wq, k @ self.Wq,", fails=ALL
)
HEADS.misconception(
    "mask-of-the-first-head",
    "np.broadcast_to(mask, shape)[..., np.newaxis, :, :]",
    "np.broadcast_to(mask, shape)[..., np.newaxis, :, :] | (np.arange(self.heads) > 0)[:, None, None]",
    fails=["masked"],
)
HEADS.misconception(
    "dWo-from-gradient-before", "rows(self.joined).T @ rows(dout)", "rows(dout).T @ rows(self.joined)",
    fails=["dWo", *GRADIENTS],
)  # fmt: skip
HEADS.misconception(
    "dWq-of-the-first-sample",
    "self.dWq = rows(self.q).T @ rows(dq)",
    "self.dWq = self.q[0].T @ dq[0]",
    fails=["dWq", *GRADIENTS],
)
HEADS.misconception(
    "Wo-not-used-backwards",
    "self.attention.backward(split_heads(djoined, self.heads))",
    "self.attention.backward(split_heads(dout @ np.ones_like(self.Wo.T), self.heads))",
    fails=BACK,
)
HEADS.misconception(
    "keys-and-values-added",
    "dk @ self.Wk.T, dv @ self.Wv.T",
    "dk @ self.Wk.T + dv @ self.Wv.T, dv @ self.Wv.T",
    fails=["dk", *GRADIENTS],
)


@unit.fix_the_bug("dlkit.layers.positional.positional_encoding", points={"value": 2})
def mend_positions(draw):
    t, d = draw.sizes(2, low=3)
    return Case(inputs={"T": t, "D": 2 * d})


@mend_positions.check("odd", like="value", points=0.5)
def odd_width(draw):
    """An odd width ends with a sine."""
    t, d = draw.sizes(2, low=3)
    return Case(inputs={"T": t, "D": 2 * d + 1})


BOTH = ["value", "odd"]
mend_positions.bug(
    "frequency-by-column",
    "(column // 2 * 2 / D)",
    "(column / D)",
    symptom="The squares of a sine and of the cosine beside it do not add up to 1.",
    fails=BOTH,
)
mend_positions.bug(
    "sides-exchanged",
    "np.where(column % 2 == 0, np.sin(angle), np.cos(angle))",
    "np.where(column % 2 == 0, np.cos(angle), np.sin(angle))",
    symptom="Position 0 is encoded as 1, 0, 1, 0, … instead of 0, 1, 0, 1, …",
    fails=BOTH,
)
mend_positions.bug(
    "halves-of-exponent",
    "(column // 2 * 2 / D)",
    "(column // 2 / D)",
    symptom="The slowest pair of columns turns as fast as the pair in the middle should.",
    fails=BOTH,
)
mend_positions.bug(
    "frequencies-grow",
    "t / 10000.0",
    "t * 10000.0",
    symptom="The first pair of columns is right. In all others neighbouring positions look unrelated.",
    fails=BOTH,
)

REFUSED = "what it refuses, and how, is not asked for"
NUMBERS = "0 and 1 count as truth values"
NUMBER = "a number cannot change in place"
DRAWING = "kept for drawing alone, not asked for"
EXCHANGED = "two axes exchanged are the same two axes in either order"
WIDTHS = "queries and keys have one width"
causal_mask.equivalent("single-causal_mask-0", NUMBERS)
causal_mask.equivalent("keyword-causal_mask-0", NUMBERS)
causal_mask.equivalent("in-place-causal_mask-0", NUMBER)
padding_mask.equivalent("single-padding_mask-0", NUMBERS)
padding_mask.equivalent("in-place-padding_mask-1", NUMBER)
padding_mask.equivalent("call-padding_mask-1", "the lengths are an array already")
split_heads.equivalent("in-place-split_heads-1", NUMBER)
split_heads.equivalent("arguments-split_heads-0", EXCHANGED)
mend_positions.equivalent("in-place-positional_encoding-0", NUMBER)
mend_positions.equivalent("in-place-positional_encoding-1", NUMBER)
for mutant in (
    "arguments-forward-3",
    "arguments-backward-2",
    "arguments-backward-3",
    "arguments-backward-4",
):
    ATTENTION.equivalent(mutant, EXCHANGED)
for mutant in (
    "arguments-forward-2",
    "call-forward-0",
    "call-forward-4",
    "call-backward-0",
    "stored-backward-5",
):
    ATTENTION.equivalent(mutant, REFUSED)
ATTENTION.equivalent("stored-backward-18", WIDTHS)
for mutant in (
    "arguments-forward-2",
    "call-forward-0",
    "call-forward-4",
    "call-backward-0",
    "stored-backward-23",
):
    HEADS.equivalent(mutant, REFUSED)
for number in (0, 2, 11, 12, 20, 22):
    HEADS.equivalent(f"stored-forward-{number}", REFUSED)
for mutant in ("dropped-forward-4", "kept-forward-1", "local-forward-1", "added-up-forward-1"):
    HEADS.equivalent(mutant, DRAWING)


NOT_SCALED = "The scores are not divided by the root of the width d."
BY_WIDTH = "The scores are divided by d. It is the root of d that makes their variance 1."
NO_MEAN = "The gradient of the scores lacks what softmax takes back from all: the weighted mean of the row."
by_hand.tell("not-scaled", NOT_SCALED, "sec-13-scale")
by_hand.tell("divided-by-width", BY_WIDTH, "sec-13-scale")
by_hand.tell("not-normalized", "The weights do not add up to 1.", "sec-13-lookup")
by_hand.tell("mean-not-subtracted", NO_MEAN, "sec-13-backward")
ATTENTION.tell("not-scaled", NOT_SCALED, "sec-13-scale")
ATTENTION.tell("divided-by-width", BY_WIDTH, "sec-13-scale")
ATTENTION.tell("mean-not-subtracted", NO_MEAN, "sec-13-backward")
ATTENTION.tell(
    "softmax-over-queries",
    "Softmax runs over the queries. The weights of each query add up to 1, so it runs over the keys.",
    "sec-13-lookup",
)
ATTENTION.tell(
    "mask-inverted",
    "The mask hides what it should show: True stands where a query may attend to a key.",
    "sec-13-mask",
)
ATTENTION.tell(
    "zero-for-minus-infinity",
    "A hidden score is set to 0. Its exponential is 1, so the key is still seen.",
    "sec-13-mask",
)
ATTENTION.tell(
    "scale-forgotten-backwards",
    "The gradient of the scores is right; on the way back to `q` and `k` the root of d is missing.",
    "sec-13-backward",
)
causal_mask.tell(
    "future-instead", "Each step sees what comes after it, not what was before.", "sec-13-mask"
)
causal_mask.tell("not-itself", "A step does not see itself.", "sec-13-mask")
split_heads.tell(
    "reshape-alone",
    "A single reshape mixes steps and columns. Cut the last axis in two first, then exchange axes.",
    "sec-13-heads",
)
HEADS.tell(
    "output-matrix-forgotten",
    "The joined heads are returned as they are; `Wo` is still to be applied.",
    "sec-13-heads",
)

by_hand.tell(
    "plain-mean-subtracted",
    "What is subtracted is the mean under the weights of attention, not the plain mean.",
    "sec-13-backward",
)
scaled_dot_product_attention.tell(
    "scaled-by-length",
    "The scores are divided by the root of the number of keys; it is the width of a key that "
    "makes them grow.",
    "sec-13-scale",
)
scaled_dot_product_attention.tell(
    "mask-after-softmax",
    "The mask does not reach the scores before the softmax: what is hidden still takes its share "
    "of the weights.",
    "sec-13-mask",
)
scaled_dot_product_attention.tell(
    "minus-infinity-makes-nan",
    "A query that may see no key has minus infinity everywhere, and the softmax of that is NaN; "
    "the lowest finite number is safe.",
    "sec-13-mask",
)
scaled_dot_product_attention.tell(
    "keys-for-values",
    "The weights average the keys; they are for the values.",
    "sec-13-lookup",
)
scaled_dot_product_attention.tell(
    "sigmoid-for-softmax",
    "Each weight is differentiated like a sigmoid of its own; in a softmax every score moves all "
    "weights.",
    "sec-13-backward",
)
scaled_dot_product_attention.tell(
    "dk-not-transposed",
    "For the keys the gradient of the scores is transposed: a key collects from all queries.",
    "sec-13-backward",
)
scaled_dot_product_attention.tell(
    "first-sample-kept",
    "The weights of an earlier call are still in use in `backward`.",
    "sec-13-backward",
)
scores_gradient.tell(
    "W-not-transposed",
    "On the way back to the queries the gradient passes the transpose of W.",
    "sec-13-backward",
)
scores_gradient.tell(
    "weights-forgotten",
    "The scores contain W between queries and keys, so that the gradient passes it, too.",
    "sec-13-backward",
)
scores_gradient.tell(
    "scaled-anyway",
    "These scores are not scaled, so that their gradient is not, either.",
    "sec-13-backward",
)
causal_mask.tell(
    "one-too-far",
    "Each position sees one of the future: the diagonal is the last that it may see.",
    "sec-13-mask",
)
padding_mask.tell(
    "one-too-many",
    "One place too many is visible: with length n the places 0 to n - 1 are real.",
    "sec-13-mask",
)
padding_mask.tell(
    "inverted",
    "The padding is visible and the words are hidden: True means visible.",
    "sec-13-mask",
)
padding_mask.tell(
    "queries-forgotten",
    "The axis of the queries is missing: the mask is for samples, queries and keys.",
    "sec-13-mask",
)
padding_mask.tell(
    "hides-queries",
    "Queries are hidden; it is the keys of the padding that nobody may look at.",
    "sec-13-mask",
)
split_heads.tell(
    "not-exchanged",
    "The axis of the heads stands behind the positions; attention needs it before them.",
    "sec-13-heads",
)
split_heads.tell(
    "interleaved",
    "Each head gets every h-th column; it should get neighbouring columns.",
    "sec-13-heads",
)
multi_head_attention.tell(
    "one-head",
    "There is one head alone, whatever `heads` says.",
    "sec-13-heads",
)
multi_head_attention.tell(
    "reshape-alone",
    "`reshape` alone mixes positions and heads: split the last axis first, then exchange the axes.",
    "sec-13-heads",
)
multi_head_attention.tell(
    "keys-from-queries",
    "The keys are projected by Wq; they have weights of their own, Wk.",
    "sec-13-heads",
)
multi_head_attention.tell(
    "mask-of-the-first-head",
    "Only the first head obeys the mask.",
    "sec-13-mask",
)
multi_head_attention.tell(
    "dWo-from-gradient-before",
    "The two factors of the gradient of Wo are exchanged: it comes out transposed.",
    "sec-13-heads",
)
multi_head_attention.tell(
    "dWq-of-the-first-sample",
    "The gradient of Wq holds the first sample's share alone; sum over the batch.",
    "sec-13-heads",
)
multi_head_attention.tell(
    "Wo-not-used-backwards",
    "The gradient has to pass Wo on its way back, transposed, before it is split into heads.",
    "sec-13-heads",
)
multi_head_attention.tell(
    "keys-and-values-added",
    "The gradient of the keys contains that of the values; these are two inputs, each with its "
    "own gradient.",
    "sec-13-heads",
)
mend_positions.tell(
    "frequency-by-column",
    "Two neighbouring columns, sine and cosine, share a frequency; here each column has its own.",
    "sec-13-position",
)
mend_positions.tell(
    "sides-exchanged",
    "Even columns are sines and odd ones cosines; here they are exchanged.",
    "sec-13-position",
)
mend_positions.tell(
    "halves-of-exponent",
    "The exponent is half as large as it should be: the frequencies do not fall far enough.",
    "sec-13-position",
)
mend_positions.tell(
    "frequencies-grow",
    "The frequencies grow along the columns; they have to fall.",
    "sec-13-position",
)
