"""Properties of values that chance decides: each fails for its own reason."""

import numpy as np
import pytest

from grader.checks import Case
from grader.checks.properties import property_of
from grader.checks.scripted import solve_script
from tests.grader.checks.test_script import verdict, why

RNG = np.random.default_rng(5)
X = RNG.uniform(0.5, 1.5, (40, 50))
MASK = RNG.random(X.shape) >= 0.25
HALF = np.float64(0.75)


def found(name, *values):
    wrong = property_of(name, "abc"[: len(values)], values)
    return "" if wrong is None else wrong.id


@pytest.mark.parametrize(
    ("name", "values", "id"),
    [
        ("kept_or_zero", (X * MASK / 0.75, X, HALF), ""),
        ("kept_or_zero", (X * MASK, X, HALF), "not-scaled"),
        ("kept_or_zero", (X * MASK / 0.25, X, HALF), "not-kept"),
        ("kept_or_zero", (X * MASK / 0.75 + 1, X, HALF), "not-kept"),
        ("kept_or_zero", (X * ~MASK / 0.75, X, HALF), "wrong-share"),
        ("kept_or_zero", (X / 0.75, X, HALF), "wrong-share"),
        ("kept_or_zero", ((X * MASK / 0.75).T, X, HALF), "lengths-exchanged"),
        ("kept_or_zero", (None, X, HALF), "no-numbers"),
        ("zero_alike", (X * MASK, MASK * 1.0), ""),
        ("zero_alike", (X * MASK, ~MASK * 1.0), "other-mask"),
        ("zero_alike", (X, X[1:]), "other-mask"),
        ("differs", (X, X + 1), ""),
        ("differs", (X, X), "not-anew"),
        ("differs", (X, X * np.nan), "not-finite"),
        ("less", (np.float64(-np.inf), np.float64(1)), "not-finite"),
        ("spread", (RNG.normal(0, 2, 4000), np.float64(0), np.float64(2)), ""),
        ("spread", (RNG.normal(1, 2, 4000), np.float64(0), np.float64(2)), "wrong-mean"),
        ("spread", (RNG.normal(0, 3, 4000), np.float64(0), np.float64(2)), "wrong-spread"),
        (
            "spread",
            (RNG.uniform(-(12**0.5), 12**0.5, 4000), np.float64(0), np.float64(2)),
            "not-normal",
        ),
        ("less", (X, X + 1), ""),
        ("less", (X, X), "not-less"),
        ("less", (X * np.nan, X), "not-finite"),
    ],
)
def test_each_property_says_what_is_wrong(name, values, id):
    assert found(name, *values) == id


class Dropout:
    def __init__(self, rate, rng):
        self.rate, self.rng = rate, rng

    def forward(self, x, training=True):
        self.mask = self.rng.random(x.shape) >= self.rate if training else np.ones(x.shape)
        return x * self.mask / (1 - self.rate if training else 1)

    def backward(self, dout):
        return dout * self.mask / (1 - self.rate)


class FromTheTextbook(Dropout):
    """Another draw, of another generator: another mask, as good as the reference's."""

    def forward(self, x, training=True):
        self.mask = np.random.default_rng(99).standard_normal(x.shape) > -0.6745
        return x * self.mask / (1 - self.rate)


class NotInverted(Dropout):
    def forward(self, x, training=True):
        return super().forward(x, training) * (1 - self.rate)


CASE = Case(
    inputs={"x": X, "dout": X + 1, "rate": 0.25},
    script="""
layer = Dropout(rate, default_rng(1))
y = layer.forward(x)
dx = layer.backward(dout)
see("scaled", kept_or_zero(y, x, 1 - rate))
see("mask", kept_or_zero(dx, dout, 1 - rate), zero_alike(dx, y))
see("anew", differs(layer.forward(x), y))
""",
)


def test_a_layer_is_judged_by_properties():
    for check in ("scaled", "mask"):
        assert why(check, FromTheTextbook, CASE, Dropout) == ""
    assert why("anew", FromTheTextbook, CASE, Dropout).startswith(
        "`layer.forward(x)` and `y` should differ"
    )
    assert why("scaled", NotInverted, CASE, Dropout).startswith(
        "`y`: what is kept has to be divided"
    )
    assert verdict("mask", NotInverted, CASE, Dropout) == verdict("mask", Dropout, CASE, Dropout)


def test_a_property_that_the_reference_breaks_is_an_error():
    with pytest.raises(
        ValueError, match=r"the reference breaks the property kept_or_zero: `y`: what is kept"
    ):
        solve_script({"Dropout": NotInverted}, CASE)
