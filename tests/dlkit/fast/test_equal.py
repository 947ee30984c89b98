"""Each fast twin gives the values, gradients and errors of the layer that it replaces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit import fast, layers
from dlkit.errors import ShapeError
from dlkit.fast import winograd


def same(one, other, forward_arguments, dout_seed=0):
    """Run both layers twice and compare outputs, gradients of the input and of the parameters."""
    rng = np.random.default_rng(dout_seed)
    for _ in range(2):
        out, want = one.forward(*forward_arguments), other.forward(*forward_arguments)
        assert out.dtype == want.dtype
        tolerance = 1e-12 if want.dtype == np.float64 else 3e-5
        np.testing.assert_allclose(out, want, rtol=tolerance, atol=tolerance)
        dout = rng.standard_normal(want.shape).astype(want.dtype)
        before = dout.copy()
        dx, dx_want = one.backward(dout), other.backward(dout)
        assert dx.dtype == dx_want.dtype
        np.testing.assert_array_equal(dout, before)
        np.testing.assert_allclose(dx, dx_want, rtol=tolerance, atol=tolerance)
        for name in other.param_names:
            got, expected = getattr(one, f"d{name}"), getattr(other, f"d{name}")
            assert got.dtype == expected.dtype
            np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance)


DTYPES = st.sampled_from([np.float32, np.float64])


def drawn(seed, dtype, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


@given(
    seed=st.integers(0, 2**31),
    dtype=DTYPES,
    batch=st.integers(0, 3),
    channels=st.integers(1, 3),
    filters=st.integers(1, 3),
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    extra=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    padding=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    stride=st.integers(1, 2),
    dilation=st.integers(1, 2),
)
def test_conv2d(seed, dtype, batch, channels, filters, kernel, extra, padding, stride, dilation):
    size = [dilation * (k - 1) + 1 + e for k, e in zip(kernel, extra, strict=True)]
    shapes = (filters, channels, *kernel), (filters,), (batch, channels, *size)
    W, b, x = drawn(seed, dtype, *shapes)
    arguments = (W, b, stride, padding, dilation)
    same(fast.Conv2D(*arguments), layers.Conv2D(*arguments), (x,))


@given(
    seed=st.integers(0, 2**31),
    dtype=DTYPES,
    batch=st.integers(0, 3),
    channels=st.integers(1, 3),
    filters=st.integers(1, 3),
    size=st.tuples(st.integers(1, 13), st.integers(1, 13)),
    padding=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    band=st.integers(1, 5),
)
def test_winograd(seed, dtype, batch, channels, filters, size, padding, band):
    """Of any size: odd ones, a row, tiles that reach beyond the image, bands of several images and of one."""
    shapes = (filters, channels, 3, 3), (filters,), (batch, channels, *size)
    W, b, x = drawn(seed, dtype, *shapes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(winograd, "pays", lambda *_: True)
        patch.setattr(winograd, "BAND", band)
        same(fast.Conv2D(W, b, 1, padding), layers.Conv2D(W, b, 1, padding), (x,))


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 5e-6)])
def test_winograd_is_chosen_where_it_pays_and_exact_to_the_stated_tolerance(
    dtype, tolerance, monkeypatch
):
    """Relative to the largest value, for inputs that are neither contiguous nor modified."""
    monkeypatch.delattr("dlkit.fast.convolution.correlate")  # the other way
    rng = np.random.default_rng(0)
    W, b = rng.standard_normal((64, 32, 3, 3)), rng.standard_normal(64)
    x = rng.standard_normal((2, 28, 28, 32)).astype(dtype).transpose(0, 3, 1, 2)
    x = np.concatenate([x] * 8)[::2]
    dout = rng.standard_normal((28, 8, 64, 28)).astype(dtype).transpose(1, 2, 0, 3)
    kept = x.copy(), dout.copy()
    one = fast.Conv2D(W.astype(dtype), b.astype(dtype), padding=1)
    other = layers.Conv2D(W, b, padding=1)
    pairs = {
        "y": (one.forward(x), other.forward(x.astype(np.float64))),
        "dx": (one.backward(dout), other.backward(dout.astype(np.float64))),
        "dW": (one.dW, other.dW),
        "db": (one.db, other.db),
    }
    for name, (got, want) in pairs.items():
        assert got.dtype == dtype
        error = np.abs(got - want.astype(dtype)).max() / np.abs(want).max()
        assert error < tolerance, name
    np.testing.assert_array_equal(x, kept[0])
    np.testing.assert_array_equal(dout, kept[1])


@pytest.mark.parametrize(
    ("x", "W"),
    [
        ((64, 1, 28, 28), (16, 1, 3, 3)),  # one channel: the transforms cost more than they save
        ((64, 32, 28, 28), (64, 32, 5, 5)),
        ((1, 32, 28, 28), (64, 32, 3, 3)),  # one image: few tiles for each matrix
        ((64, 256, 2, 2), (256, 256, 3, 3)),  # most of a tile is beyond the image
    ],
)
def test_winograd_is_not_chosen_where_it_does_not_pay(x, W):
    assert not winograd.pays(x, W, x[2:])


def test_integers_are_convolved_as_integers():
    x, W = np.ones((8, 32, 16, 16), int), np.ones((32, 32, 3, 3), int)
    assert winograd.pays(x.shape, W.shape, (14, 14))
    y = fast.Conv2D(W, np.zeros(32, int)).forward(x)
    assert y.dtype == int
    np.testing.assert_array_equal(y, 32 * 9)


def test_conv2d_states_the_same_rules():
    layer = fast.Conv2D(W=np.zeros((1, 2, 3, 3)), b=np.zeros(1))
    with pytest.raises(ShapeError, match=r"Conv2D needs x \(N, C, \.\.\.\).*x \(1, 3, 8, 8\)"):
        layer.forward(np.zeros((1, 3, 8, 8)))
    layer.forward(np.zeros((1, 2, 8, 8)))
    with pytest.raises(ShapeError, match=r"needs dout in the shape of the output, \(1, 1, 6, 6\)"):
        layer.backward(np.zeros((1, 1, 8, 8)))


@given(
    seed=st.integers(0, 2**31),
    dtype=DTYPES,
    shape=st.tuples(*[st.integers(1, 3)] * 2, *[st.integers(3, 7)] * 2),
    size=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    stride=st.one_of(st.none(), st.integers(1, 3)),
)
def test_max_pool_also_with_ties(seed, dtype, shape, size, stride):
    x = np.random.default_rng(seed).integers(0, 3, shape).astype(dtype)
    same(fast.MaxPool2D(size, stride), layers.MaxPool2D(size, stride), (x,))


@given(
    seed=st.integers(0, 2**31),
    dtype=DTYPES,
    batch=st.integers(0, 3),
    steps=st.integers(1, 4),
    inputs=st.integers(1, 4),
    units=st.integers(1, 3),
    stateful=st.booleans(),
)
def test_lstm(seed, dtype, batch, steps, inputs, units, stateful):
    rng = np.random.default_rng(seed)
    Wx = rng.standard_normal((inputs, 4 * units)).astype(dtype)
    Wh = rng.standard_normal((units, 4 * units)).astype(dtype)
    b = rng.standard_normal(4 * units).astype(dtype)
    xs = rng.standard_normal((batch, steps, inputs)).astype(dtype)
    one, other = fast.LSTM(Wx, Wh, b, stateful), layers.LSTM(Wx, Wh, b, stateful)
    same(one, other, (xs,))
    np.testing.assert_allclose(one.dh0, other.dh0, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(one.dc0, other.dc0, rtol=1e-4, atol=1e-4)
    last = [rng.standard_normal((batch, units)).astype(dtype) for _ in range(2)]
    dhs = rng.standard_normal((batch, steps, units)).astype(dtype)
    kept = [array.copy() for array in last]
    np.testing.assert_allclose(
        one.backward(dhs, *last), other.backward(dhs, *last), rtol=1e-4, atol=1e-4
    )
    for array, before in zip(last, kept, strict=True):
        np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("bias", [-200.0, 200.0])
def test_gates_far_from_zero_are_0_or_1_without_a_warning(bias):
    """In float32 the exponential of 200 is infinite; pytest makes its warning an error."""
    Wx, Wh, b = np.zeros((1, 4)), np.zeros((1, 4)), np.full(4, bias)
    parameters = [array.astype(np.float32) for array in (Wx, Wh, b)]
    layer = fast.LSTM(*parameters)
    same(layer, layers.LSTM(*parameters), (np.ones((1, 2, 1), np.float32),))
    f, g, i, o = layer.gate_values[0, :, 0, 0]
    assert f == i == o == (bias > 0)
    assert g == np.sign(bias)


@given(seed=st.integers(0, 2**31), dtype=DTYPES)
def test_affine_and_relu(seed, dtype):
    rng = np.random.default_rng(seed)
    W, b = rng.standard_normal((3, 4)).astype(dtype), rng.standard_normal(4).astype(dtype)
    x = rng.standard_normal((5, 3)).astype(dtype)
    x[0, 0] = 0.0
    same(fast.Affine(W, b), layers.Affine(W, b), (x,))
    same(fast.ReLU(), layers.ReLU(), (x,))


@pytest.mark.parametrize("shape", [(2, 3), (2, 1, 4, 4)])
def test_without_the_gradient_of_the_input_the_parameters_have_theirs(shape):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape)
    W = rng.standard_normal((3, 2) if len(shape) == 2 else (2, 1, 3, 3))
    name = "Affine" if len(shape) == 2 else "Conv2D"
    one = getattr(fast, name)(W, np.zeros(2), input_gradient=False)
    other = getattr(layers, name)(W, np.zeros(2))
    dout = np.ones(other.forward(x).shape)
    one.forward(x)
    other.backward(dout)
    assert one.backward(dout) is None
    np.testing.assert_allclose(one.dW, other.dW)
    np.testing.assert_allclose(one.db, other.db)


@pytest.mark.parametrize("name", fast.__all__)
def test_a_twin_is_a_subclass(name):
    assert issubclass(getattr(fast, name), getattr(layers, name))
