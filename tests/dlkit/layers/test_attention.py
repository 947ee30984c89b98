"""Attention and positions: gradients, masks, weights, dtypes and errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.errors import ArgumentError, ShapeError
from dlkit.gradcheck import check_layer
from dlkit.layers import (
    MultiHeadAttention,
    PositionalEncoding,
    ScaledDotProductAttention,
    causal_mask,
    padding_mask,
    positional_encoding,
)

sizes = st.integers(1, 4)


def sequences(rng, *leading, Tq=3, Tk=4, D=5, Dv=2):
    shapes = [(*leading, Tq, D), (*leading, Tk, D), (*leading, Tk, Dv)]
    return tuple(rng.standard_normal(shape) for shape in shapes)


def multi_head(rng, D=5, Dv=2, E=6, heads=3):
    shapes = [(D, E), (D, E), (Dv, E), (E, D)]
    return MultiHeadAttention(*(rng.standard_normal(shape) for shape in shapes), heads=heads)


class Masked(ScaledDotProductAttention):
    """Attention with a fixed mask, for the check of gradients, which gives arrays alone."""

    def __init__(self, mask):
        self.mask = mask

    def forward(self, q, k, v):
        return super().forward(q, k, v, self.mask)


@given(leading=st.sampled_from([(), (2,), (0,), (2, 3)]), Tq=sizes, Tk=sizes, D=sizes, Dv=sizes)
def test_gradients_of_scaled_dot_product_attention(leading, Tq, Tk, D, Dv):
    rng = np.random.default_rng(0)
    inputs = sequences(rng, *leading, Tq=Tq, Tk=Tk, D=D, Dv=Dv)
    report = check_layer(ScaledDotProductAttention(), *inputs, rng=rng)
    assert report.passed, str(report)


@given(
    shape=st.sampled_from([(4,), (3, 4), (1, 4), (3, 1), (2, 3, 4), (2, 1, 4)]),
    allowed=st.floats(0, 1),
    seed=st.integers(0, 99),
)
def test_gradients_under_a_mask(shape, allowed, seed):
    rng = np.random.default_rng(seed)
    layer = Masked(rng.random(shape) < allowed)
    inputs = sequences(rng, 2)
    report = check_layer(layer, *inputs, rng=rng)
    assert report.passed, str(report)
    layer.forward(*inputs)
    mask = np.broadcast_to(layer.mask, layer.weights.shape)
    assert (layer.weights[~mask] == 0).all()
    np.testing.assert_allclose(layer.weights.sum(axis=-1), mask.any(axis=-1), rtol=1e-12)


@given(N=st.integers(0, 2), Tq=sizes, Tk=sizes, heads=st.integers(1, 3), width=st.integers(1, 2))
def test_gradients_of_multi_head_attention(N, Tq, Tk, heads, width):
    rng = np.random.default_rng(1)
    layer = multi_head(rng, E=heads * width, heads=heads)
    report = check_layer(layer, *sequences(rng, N, Tq=Tq, Tk=Tk), rng=rng)
    assert [check.name for check in report.checks] == [
        "dx0",
        "dx1",
        "dx2",
        "dWq",
        "dWk",
        "dWv",
        "dWo",
    ]
    assert report.passed, str(report)


@pytest.mark.parametrize("mask", [causal_mask(4), padding_mask([2, 4], 4), np.zeros((4, 4), bool)])
def test_gradients_of_multi_head_attention_under_a_mask(mask):
    class MaskedHeads(MultiHeadAttention):
        def forward(self, q, k, v):
            return super().forward(q, k, v, mask)

    rng = np.random.default_rng(2)
    layer = MaskedHeads(*multi_head(rng).params.values(), heads=3)
    report = check_layer(layer, *sequences(rng, 2, Tq=4), rng=rng)
    assert report.passed, str(report)


def test_a_query_that_may_attend_to_nothing_gets_zeros():
    rng = np.random.default_rng(3)
    mask = np.array([[True, True, False, True], [False] * 4, [True] * 4])
    attention = ScaledDotProductAttention()
    y = attention.forward(*sequences(rng, 2), mask=mask)
    assert not y[:, 1].any()
    assert not attention.weights[:, 1].any()
    dq, dk, dv = attention.backward(np.ones_like(y))
    assert not dq[:, 1].any()
    assert all(np.isfinite(d).all() for d in (dq, dk, dv))


def test_hidden_keys_do_not_matter():
    rng = np.random.default_rng(4)
    q, k, v = sequences(rng, 2)
    mask = padding_mask([4, 2], 4)
    y = ScaledDotProductAttention().forward(q, k, v, mask)
    k, v = k.copy(), v.copy()
    k[1, 2:], v[1, 2:] = 1e3, -1e3
    np.testing.assert_array_equal(ScaledDotProductAttention().forward(q, k, v, mask), y)
    alone = ScaledDotProductAttention().forward(q[1], k[1, :2], v[1, :2])
    np.testing.assert_allclose(y[1], alone, rtol=1e-12)


def test_a_causal_output_depends_on_the_past_alone():
    rng = np.random.default_rng(5)
    layer = multi_head(rng, Dv=5)
    x = rng.standard_normal((2, 4, 5))
    y = layer.forward(x, x, x, causal_mask(4))
    changed = x.copy()
    changed[:, 2] += 1.0
    z = layer.forward(changed, changed, changed, causal_mask(4))
    np.testing.assert_array_equal(z[:, :2], y[:, :2])
    assert (z[:, 2:] != y[:, 2:]).all()


def test_large_scores_do_not_overflow():
    q = np.array([[1e4, 0.0]], dtype=np.float32)
    attention = ScaledDotProductAttention()
    attention.forward(q, q, q, mask=np.array([True]))
    assert attention.weights == 1.0


def test_multi_head_attention_is_one_attention_a_head():
    rng = np.random.default_rng(6)
    layer = multi_head(rng, E=6, heads=3)
    q, k, v = sequences(rng, 2)
    y = layer.forward(q, k, v)
    heads, weights = [], []
    for columns in (slice(0, 2), slice(2, 4), slice(4, 6)):
        one = ScaledDotProductAttention()
        projected = (q @ layer.Wq[:, columns], k @ layer.Wk[:, columns], v @ layer.Wv[:, columns])
        heads.append(one.forward(*projected))
        weights.append(one.weights)
    np.testing.assert_allclose(y, np.concatenate(heads, axis=-1) @ layer.Wo, rtol=1e-12)
    np.testing.assert_allclose(layer.weights, np.stack(weights, axis=1), rtol=1e-12)


@pytest.mark.parametrize("masked", [False, True])
def test_a_second_backward_gives_the_same_and_arguments_are_left_alone(masked):
    rng = np.random.default_rng(7)
    layer = multi_head(rng)
    inputs = sequences(rng, 2)
    mask = rng.random((3, 4)) < 0.5 if masked else np.ones((3, 4), bool)
    dout = rng.standard_normal((2, 3, 5))
    everything = [*inputs, mask, dout, *layer.params.values()]
    before = [array.copy() for array in everything]
    layer.forward(*inputs, mask=mask)
    first = [*layer.backward(dout), *layer.grads.values()]
    second = [*layer.backward(dout), *layer.grads.values()]
    for a, b in zip(everything + first, before + second, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("mask", [None, np.ones((3, 4), bool)])
@pytest.mark.parametrize(
    ("dtype", "result"),
    [(np.float32, np.float32), (np.int64, np.float64), (np.complex64, np.complex64)],
)
def test_dtypes(dtype, result, mask):
    rng = np.random.default_rng(8)
    inputs = [x.astype(dtype) for x in sequences(rng, 2)]
    attention = ScaledDotProductAttention()
    y = attention.forward(*inputs, mask=mask)
    assert y.dtype == result
    assert {d.dtype for d in attention.backward(y)} == {np.dtype(result)}
    if dtype is np.float32:
        weights = [W.astype(dtype) for W in multi_head(rng).params.values()]
        layer = MultiHeadAttention(*weights, heads=2)
        y = layer.forward(*inputs, mask=mask)
        dtypes = {d.dtype for d in (y, *layer.backward(y), *layer.grads.values())}
        assert dtypes == {np.dtype(np.float32)}


def test_padding_and_causal_masks_combine():
    mask = causal_mask(3) & padding_mask([2, 3], 3)
    expected = [[[1, 0, 0], [1, 1, 0], [1, 1, 0]], [[1, 0, 0], [1, 1, 0], [1, 1, 1]]]
    np.testing.assert_array_equal(mask, np.array(expected, bool))


@given(T=st.integers(1, 30), D=st.integers(1, 9))
def test_positional_encoding_by_its_formula(T, D):
    encoding = positional_encoding(T, D)
    assert encoding.shape == (T, D)
    for t in (0, T - 1):
        for column in range(D):
            angle = t / 10000 ** ((column - column % 2) / D)
            value = np.cos(angle) if column % 2 else np.sin(angle)
            np.testing.assert_allclose(encoding[t, column], value, rtol=1e-12, atol=1e-12)


def test_the_encoding_of_a_shifted_position_is_a_rotation():
    """The property for which the sinusoids were chosen: the same matrix takes every t to t + 3."""
    encoding = positional_encoding(50, 8)
    M, *_ = np.linalg.lstsq(encoding[:20], encoding[3:23])
    np.testing.assert_allclose(encoding[:47] @ M, encoding[3:], atol=1e-8)


@pytest.mark.parametrize("leading", [(), (2,), (0,)])
def test_positional_encoding_layer(leading):
    rng = np.random.default_rng(9)
    x = rng.standard_normal((*leading, 4, 3))
    report = check_layer(PositionalEncoding(), x, rng=rng)
    assert report.passed, str(report)
    np.testing.assert_array_equal(PositionalEncoding().forward(x), x + positional_encoding(4, 3))


@pytest.mark.parametrize(
    ("dtype", "result"),
    [(np.float32, np.float32), (np.int64, np.float64), (np.complex64, np.complex64)],
)
def test_positional_encoding_keeps_the_dtype(dtype, result):
    assert PositionalEncoding().forward(np.ones((2, 3), dtype)).dtype == result


@pytest.mark.parametrize(
    "shapes",
    [
        [(3, 5), (2, 4, 5), (2, 4, 2)],
        [(2, 3, 5), (2, 4, 5), (2, 3, 2)],
        [(2, 3, 5), (2, 0, 5), (2, 0, 2)],
        [(5,), (5,), (5,)],
    ],
)
@pytest.mark.parametrize("heads", [False, True])
def test_sequences_that_do_not_belong_together(shapes, heads):
    layer = multi_head(np.random.default_rng(0)) if heads else ScaledDotProductAttention()
    q, k, v = (np.zeros(shape) for shape in shapes)
    with pytest.raises(ShapeError) as error:
        layer.forward(q, k, v)
    assert str(error.value) == (
        f"{type(layer).__name__} needs q (..., Tq, D), k and v (..., Tk, D) with Tk > 0; "
        f"got q {shapes[0]}, k {shapes[1]}, v {shapes[2]}."
    )


def test_widths_that_do_not_fit():
    with pytest.raises(ShapeError) as error:
        ScaledDotProductAttention().forward(np.zeros((3, 5)), np.zeros((4, 6)), np.zeros((4, 2)))
    assert str(error.value) == "Queries and keys need the same width; got q (3, 5), k (4, 6)."
    layer = multi_head(np.random.default_rng(0))
    with pytest.raises(ShapeError) as error:
        layer.forward(np.zeros((3, 5)), np.zeros((4, 6)), np.zeros((4, 2)))
    assert str(error.value) == (
        "MultiHeadAttention needs q.shape[-1] == Wq.shape[0], and so for k and v; "
        "got q (3, 5), Wq (5, 6), k (4, 6), Wk (5, 6), v (4, 2), Wv (2, 6)."
    )


@pytest.mark.parametrize("heads", [False, True])
def test_a_mask_of_another_dtype_or_shape(heads):
    rng = np.random.default_rng(0)
    layer = multi_head(rng) if heads else ScaledDotProductAttention()
    name = type(layer).__name__
    inputs = sequences(rng, 2)
    with pytest.raises(ArgumentError) as error:
        layer.forward(*inputs, mask=np.ones((3, 4)))
    assert str(error.value) == (
        f"{name} needs a mask of booleans, True where a query may attend to a key; got float64. "
        "Compare, for instance `mask == 1`?"
    )
    for shape in [(4, 3), (3, 3, 4), (1, 2, 3, 4)]:
        with pytest.raises(ShapeError) as error:
            layer.forward(*inputs, mask=np.ones(shape, bool))
        assert str(error.value) == (
            f"{name} needs a mask that broadcasts to (..., Tq, Tk) = (2, 3, 4); got mask {shape}."
        )


@pytest.mark.parametrize("heads", [False, True])
def test_a_gradient_of_the_wrong_shape(heads):
    rng = np.random.default_rng(0)
    layer = multi_head(rng) if heads else ScaledDotProductAttention()
    y = layer.forward(*sequences(rng, 2))
    with pytest.raises(ShapeError) as error:
        layer.backward(y[0])
    assert str(error.value) == (
        f"{type(layer).__name__}.backward needs dout in the shape of the output, {y.shape}; "
        f"got dout {y.shape[1:]}."
    )
    encoding = PositionalEncoding()
    encoding.forward(np.zeros((2, 3)))
    with pytest.raises(ShapeError, match=r"output, \(2, 3\); got dout \(3, 2\)\.$"):
        encoding.backward(np.zeros((3, 2)))
    with pytest.raises(
        ShapeError, match=r"^PositionalEncoding needs x \(..., T, D\); got x \(3,\)\.$"
    ):
        encoding.forward(np.zeros(3))


def test_parameters_that_do_not_fit():
    W = np.zeros((4, 6))
    with pytest.raises(ShapeError) as error:
        MultiHeadAttention(W, W, W, W, heads=2)
    assert str(error.value) == (
        "MultiHeadAttention needs Wq, Wk, Wv (D, E) and Wo (E, D); "
        "got Wq (4, 6), Wk (4, 6), Wv (4, 6), Wo (4, 6). Transpose Wo?"
    )
    with pytest.raises(ArgumentError) as wrong:
        MultiHeadAttention(W, W, W, W.T, heads=4)
    assert str(wrong.value) == (
        "MultiHeadAttention needs a number of heads that divides E; got 4 heads and E = 6. "
        "Choose one of [1, 2, 3, 6]."
    )
