"""Mistakes that learners make in the later units, and what is said of them where the key is silent."""

from functools import cache

import numpy as np
import pytest

from grader.checks import Failed, LocalStudent, judge
from grader.course import PROJECT, PUBLIC_SECRET, Course
from grader.exercises import Insight, load_unit


class Unknowing(Insight):
    """A key that does not name its misconceptions."""

    def suspects(self):
        return ()


@cache
def unit(name):
    return load_unit(Course(PROJECT).key(name))


#: Unit, exercise, check; the right code and what is written for it; what is said.
MISTAKES = [
    (
        "09_deep_networks",
        "batch-norm",
        "forward",
        "np.sqrt(var + self.eps)",
        "np.sqrt(var)",
        "`layer.forward(x)` does not depend on `eps`, and should: it stays the same whatever `eps` is.",
    ),
    (
        "09_deep_networks",
        "batch-norm",
        "dx",
        "            dx_hat = dx_hat - dx_hat.mean(axis=0) - self.x_hat * along",
        "            pass",
        "Along axis 0 the right `layer.backward(dout)` sums to 0 in every case; yours does not.",
    ),
    (
        "10_generalization",
        "dropout",
        "backward",
        "return dout * self.mask / (1.0 - self.rate)",
        "return dout / (1.0 - self.rate)",
        "`dx`: 100% of the entries are kept, expected about ",  # the share is drawn by the version of the key
    ),
    (
        "11_convolution",
        "conv2d",
        "db",
        "columns.sum(axis=(0, 2))",
        "columns.sum(axis=2).mean(axis=0)",
        "`db` is too small by the factor 1/N, N = ",
    ),
    (
        "11_convolution",
        "conv1d",
        "stride-dx",
        "met_by(tap, self.size, self.stride, self.dilation)\n            dx",
        "met_by(tap, self.size, (1,), self.dilation)\n            dx",
        "`dx` is right with `stride` = 1 and wrong with another one: look at where it comes in.",
    ),
    (
        "11_convolution",
        "conv1d",
        "dx",
        "dx[window] +=",
        "dx[window] =",
        "`dx` is right where one place of the output alone depends on an entry, and wrong where several do",
    ),
    (
        "11_convolution",
        "max-pool",
        "forward",
        "y: Array = np.take_along_axis(taps, self.winner[np.newaxis], axis=0)[0]",
        "y = taps.mean(axis=0)",
        "Every entry of the right `forward` is an entry of `x` as it stands there",
    ),
    (
        "12_recurrent_networks",
        "lstm-cell",
        "weights",
        "dag = ds * i * (1 - g**2)",
        "dag = ds * i * g * (1 - g)",
        "Of 4 blocks of columns, as gates stand side by side, `cell.dWx` is wrong in block 2 alone",
    ),
    (
        "12_recurrent_networks",
        "lstm-cell",
        "weights",
        "np.hstack([daf, dag, dai, dao])",
        "np.hstack([dai, daf, dag, dao])",
        "`cell.dWx` has the right values, but its 4 blocks of columns",
    ),
    (
        "12_recurrent_networks",
        "rnn-cell",
        "dh_prev",
        "da @ self.Wh.T",
        "da @ self.Wh",
        "`dh_prev` has the product with `Wh` where its transpose belongs, or the other way about.",
    ),
    (
        "12_recurrent_networks",
        "rnn-cell",
        "dx",
        "(1 - self.h**2)",
        "self.h * (1 - self.h)",
        "`dx` ends, as it should, in a product with `Wx.T` on the right. What is multiplied by it is wrong",
    ),
    (
        "12_recurrent_networks",
        "gru-cell",
        "dWx",
        "daz = dh * (n - h_prev) * z * (1 - z)",
        "daz = dh * (n - h_prev)",
        "Of 3 blocks of columns, as gates stand side by side, `dWx` is wrong in block 1",
    ),
    (
        "13_attention",
        "scaled-dot-product-attention",
        "forward",
        "math.sqrt(q.shape[-1])",
        "math.sqrt(v.shape[-1])",
        "`forward` is right as soon as one of these is 0 everywhere: `q`, `k`.",
    ),
    (
        "13_attention",
        "scaled-dot-product-attention",
        "dq",
        "(self.weights * dweights).sum(axis=-1, keepdims=True)",
        "(self.weights * dweights).sum(axis=-2, keepdims=True)",
        "Along axis 1 the entries of `dq` should not depend on the entries of `q` at another",
    ),
    (
        "13_attention",
        "causal-mask",
        "value",
        "np.tril(np.ones((T, T), dtype=bool))",
        "np.where(np.tril(np.ones((T, T))), 0.0, -np.inf)",
        "`causal_mask` returns other numbers than 0 and 1",
    ),
    (
        "13_attention",
        "causal-mask",
        "value",
        "np.tril(np.ones((T, T), dtype=bool))",
        "np.ones((T, T), dtype=bool)",
        "`causal_mask` is right except where it should be 0: is a mask missing?",
    ),
    (
        "14_generative",
        "psnr",
        "peak",
        "peak**2 / error",
        "255**2 / error",
        "`psnr` does not depend on `peak`, and should",
    ),
    (
        "14_generative",
        "psnr",
        "value",
        "error = np.mean((y.astype(np.float64) - t) ** 2)",
        "error = np.mean(np.abs(y.astype(np.float64) - t))",
        "When `y`, `t` is doubled, the right `psnr` changes by -6.021 whatever it is, as a logarithm does",
    ),
    (
        "14_generative",
        "psnr",
        "bytes",
        "y.astype(np.float64) - t",
        "y - t",
        "`psnr` is right for the same numbers given as floats, and wrong for `y`, `t` of dtype uint8",
    ),
    (
        "14_generative",
        "discriminator",
        "value",
        "p / (p + 3 * q)",
        "p / (p + 4 * q)",
        "1 divided by `discriminator` is off by exactly `q / p`: look at the denominator",
    ),
]


@pytest.mark.parametrize(("of", "exercise", "check", "old", "new", "says"), MISTAKES)
def test_the_mistake_is_told(of, exercise, check, old, new, says):
    asked = unit(of).exercises[exercise]
    assert old in asked.source.text
    student = LocalStudent(asked.source.names(asked.source.text.replace(old, new)))
    graded = next(c for c in asked.checks if c.name == check)
    cases = asked.hidden_cases(graded, PUBLIC_SECRET, unit(of).version)
    with np.errstate(all="ignore"):
        verdict = judge(graded.check, student, asked.name, cases, Unknowing(asked, graded))
    assert isinstance(verdict, Failed)
    assert verdict.diagnosis.text.render().startswith(says)
