"""Each way of being wrong is told by its relation to what is right, and by nothing that gives it away."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.checks import Draw, SolvedCase, seed
from grader.checks.diagnosis import describe
from grader.checks.diagnosis.ends import by_ends
from grader.checks.diagnosis.made import by_expression
from grader.checks.evidence import Evidence

N, D, H = 5, 4, 3
DRAW = Draw(seed(b"diagnosis"))
DW = DRAW.nonzero(D, H)
DB = DRAW.nonzero(H)
SQUARE = DRAW.nonzero(D, D)
DOUT = DRAW.nonzero(N, H)
LOSS = np.float64(1.5)


def said(label, got, want, dout=DOUT):
    return describe([Evidence(label, got, want, N, None if label == "forward" else dout)]).render()


def one_off(array, by):
    other = array.copy()
    other.reshape(-1)[2] += by
    return other


@pytest.mark.parametrize(
    ("label", "got", "want", "text"),
    [
        ("dW", None, DW, "`dW` is None. Is a `return` missing?"),
        ("dx", (DB, DB), DW,
         "`dx` is a list or tuple of length 2; one array of shape (4, 3) is expected."),
        ("dx", "dout", DW, "`dx` is not an array of numbers."),
        ("dx", object(), DW, "`dx` is not an array of numbers."),
        ("dW", DW.T, DW, "`dW` is the transpose of the right one."),
        ("dW", SQUARE.T, SQUARE, "`dW` is the transpose of the right one."),
        ("db", DB[None], DB, "`db` has the right values in shape (1, 3); expected is shape (3,)."),
        ("db", np.asarray(DB.sum()), DB,
         "`db` is a single number; an array of shape (3,) is expected. Is the `axis` of a sum missing?"),
        ("db", DOUT, DB, "`db` has shape (5, 3), expected (3,): is the sum over the batch missing?"),
        ("db", DOUT.sum(axis=1), DB,
         "`db` has shape (5,), expected (3,): is the sum taken over the wrong axis?"),
        ("dW", DW[1:] + 1, DW, "`dW` has shape (3, 3), expected (4, 3): it is along axis 0 alone"),
        ("forward", DB, np.asarray(LOSS), "`forward` is an array of shape (3,); a single number"),
        ("forward", np.asarray(DB.sum() + 1), DB, "`forward` has shape (), expected (3,): an axis of"),
        ("forward", one_off(DW, np.nan), DW,
         "`forward` holds NaN or infinite values. Where could an overflow, a logarithm of 0, a division by 0 "
         "or a root of a negative number come from?"),
        ("dW", one_off(DW, np.inf), DW,
         "`dW` holds NaN or infinite values. Where could an overflow, a logarithm of 0, a division by 0 or a "
         "root of a negative number come from?"),
        ("dW", 0 * DW, DW, "`dW` is 0 everywhere."),
        ("dW", -DW, DW, "`dW` has the wrong sign."),
        ("dx", DW, DW * DRAW.nonzero(D, H), "`dx` has the right shape, but 12 of its 12 entries are wrong "),
        ("dW", N * DW, DW, "`dW` is too large by the factor N = 5, the number of samples: is the mean over the "
                           "batch missing?"),
        ("dW", DW / N, DW, "`dW` is too small by the factor 1/N, N = 5 the number of samples: is a mean taken "
                           "where a sum belongs?"),
        ("dW", -0.75 * DW, DW, "`dW` is -0.75 times the right one, in every entry."),
        ("dW", one_off(DW, 0.25), DW, "One entry of `dW` alone is wrong, the one at [0, 2]"),
        ("dW", one_off(one_off(DW, 0.25).T, 0.5).T, DW,
         "`dW` has the right shape, but 2 of its 12 entries are wrong (largest error relative to the largest "
         "entry: "),
    ],
)  # fmt: skip
def test_what_is_said(label, got, want, text):
    assert said(label, got, want).startswith(text)


def test_a_factor_dout_that_is_missing():
    text = "`dx` lacks the factor `dout`: the chain rule multiplies by the gradient that arrives."
    assert said("dx", DW, DW * 1.75, dout=1.75) == text  # of a loss
    assert said("dx", DOUT + 1, DOUT * (DOUT + 1)) == text  # of a product, entry by entry
    assert said("dx", DOUT + 1, DOUT * (DOUT + 1), dout=DOUT[1:]) != text


def test_a_single_number_has_no_ratio_to_speak_of():
    assert "times" not in said("forward", np.asarray(2.0), np.asarray(3.0))


def test_one_sample_has_no_mean_over_the_batch():
    assert (
        "times the right one" in describe([Evidence("dW", -DW * 1.0000001, DW, 1, DOUT)]).render()
    )


def test_numbers_of_any_kind_are_compared_without_a_warning():
    for got in (np.ones((D, H), bool), np.ones((D, H), np.uint8), np.full((D, H), 1e308), 1j * DW):
        assert said("dW", got, DW)
        assert said("dW", got, 0 * DW)


@given(st.integers(0, 2**32), st.sampled_from([-3.0, -1.0, 0.01, 0.5, 7.0, 1e6]), st.integers(2, 6))
def test_a_multiple_is_recognized_whatever_the_array(number, factor, batch):
    want = Draw(seed(b"", str(number))).nonzero(3, 4)
    assume(factor not in (batch, 1 / batch))
    text = describe([Evidence("dW", factor * want, want, batch, np.ones(3))]).render()
    assert text == ("`dW` has the wrong sign." if factor == -1 else
                    f"`dW` is {factor:.4g} times the right one, in every entry.")  # fmt: skip


@given(st.integers(0, 2**32))
def test_the_expected_values_are_never_told(number):
    draw = Draw(seed(b"", str(number)))
    want, got = draw.nonzero(3, 2), draw.nonzero(3, 2)
    text = said("dW", got, want)
    assert not any(f"{value:.4f}" in text for value in want.reshape(-1))


def test_an_empty_answer_is_not_told_the_formula():
    """What is right is the product of two given arrays; whoever returns ones, or minus ones, is not told so."""
    x, y = (np.random.default_rng(n).uniform(0.5, 2.0, (3, 4)) for n in (1, 2))
    case = SolvedCase({}, {"x": x, "y": y}, np.zeros(()), {"out": x * y})
    for got in (np.ones((3, 4)), -np.ones((3, 4)), np.full((3, 4), 0.5)):
        assert by_expression([Evidence("f", got, x * y, 3, case=case)]) is None
    found = by_expression([Evidence("f", x * y + np.exp(y), x * y, 3, case=case)])
    assert found is not None
    assert "`np.exp(y)`" in found.text.render()


def test_of_yes_or_no_nothing_is_concluded_from_where_it_is_0():
    """As of an early stopping's `is_time`: that it is 0 where weights are 0 is chance."""
    case = SolvedCase({}, {"x": np.ones(3)}, np.zeros(()), {"out": np.ones(())})
    e = Evidence("is_time", np.asarray(0.0), np.asarray(1.0), case=case)

    def look(case, label):
        return np.asarray(1.0), np.asarray(0.0)

    assert by_ends([e], look) is None
    assert by_ends([replace(e, want=np.asarray(0.7))], look).id == "should-vanish"
