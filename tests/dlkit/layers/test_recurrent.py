"""Recurrent cells and layers over time: gradients, state, dtypes and errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.errors import ShapeError
from dlkit.gradcheck import check_layer, complex_step_gradient
from dlkit.layers import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell

GATES = {RNNCell: 1, LSTMCell: 4, GRUCell: 3, RNN: 1, LSTM: 4, GRU: 3}
CELLS = [RNNCell, LSTMCell, GRUCell]
LAYERS = [RNN, LSTM, GRU]
sizes = st.integers(1, 4)


def make(kind, D, H, rng, **options):
    G = GATES[kind]
    Wx, Wh, b = (rng.standard_normal(shape) for shape in [(D, G * H), (H, G * H), (G * H,)])
    return kind(Wx, Wh, b, **options)


def states(kind, N, H, rng):
    return [rng.standard_normal((N, H)) for _ in range(2 if kind in (LSTM, LSTMCell) else 1)]


def assert_gradients(report):
    assert report.passed, str(report)


@pytest.mark.parametrize("kind", CELLS)
@given(N=st.integers(0, 3), D=sizes, H=sizes, seed=st.integers(0, 9))
def test_gradients_of_a_cell(kind, N, D, H, seed):
    rng = np.random.default_rng(seed)
    cell = make(kind, D, H, rng)
    assert_gradients(
        check_layer(cell, rng.standard_normal((N, D)), *states(kind, N, H, rng), rng=rng)
    )


@pytest.mark.parametrize("kind", LAYERS)
@given(N=st.integers(0, 3), T=sizes, D=sizes, H=sizes, seed=st.integers(0, 9))
def test_gradients_over_time(kind, N, T, D, H, seed):
    rng = np.random.default_rng(seed)
    layer = make(kind, D, H, rng)
    assert_gradients(check_layer(layer, rng.standard_normal((N, T, D)), rng=rng))


@pytest.mark.parametrize("kind", LAYERS)
def test_central_differences_agree_too(kind):
    rng = np.random.default_rng(1)
    layer = make(kind, 3, 4, rng)
    xs = rng.standard_normal((2, 5, 3))
    assert_gradients(check_layer(layer, xs, rng=rng, method="central", tolerance=1e-8))


@pytest.mark.parametrize("kind", LAYERS)
def test_the_last_state_receives_a_gradient_and_the_first_gives_one(kind):
    rng = np.random.default_rng(2)
    layer = make(kind, 3, 4, rng, stateful=True)
    xs, dhs = rng.standard_normal((2, 5, 3)), rng.standard_normal((2, 5, 4))
    start, dlast = states(kind, 2, 4, rng), states(kind, 2, 4, rng)
    names = layer.state_names

    def loss(xs, *start):
        for name, state in zip(names, start, strict=True):
            setattr(layer, name, state)
        hs = layer.forward(xs)
        last = [getattr(layer, name) for name in names]
        return (dhs * hs).sum() + sum((d * s).sum() for d, s in zip(dlast, last, strict=True))

    numerical = [complex_step_gradient(lambda x: loss(x, *start), xs)]
    for i, state in enumerate(start):
        replaced = lambda s, i=i: loss(xs, *start[:i], s, *start[i + 1 :])  # noqa: E731
        numerical.append(complex_step_gradient(replaced, state))

    loss(xs, *start)
    dxs = layer.backward(dhs, *dlast)
    analytic = [dxs, *(getattr(layer, f"d{name}0") for name in names)]
    for a, n in zip(analytic, numerical, strict=True):
        np.testing.assert_allclose(a, n, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", LAYERS)
def test_a_second_backward_gives_the_same_and_nothing_adds_up(kind):
    rng = np.random.default_rng(3)
    layer = make(kind, 3, 4, rng)
    hs = layer.forward(rng.standard_normal((2, 5, 3)))
    dhs = rng.standard_normal(hs.shape)
    first = [layer.backward(dhs), *layer.grads.values()]
    second = [layer.backward(dhs), *layer.grads.values()]
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("kind", CELLS + LAYERS)
def test_arguments_are_left_as_they_are(kind):
    rng = np.random.default_rng(4)
    layer = make(kind, 3, 4, rng)
    over_time = kind in LAYERS
    x = rng.standard_normal((2, 5, 3) if over_time else (2, 3))
    inputs = [x] if over_time else [x, *states(kind, 2, 4, rng)]
    dlast = states(kind, 2, 4, rng)
    douts = [rng.standard_normal((2, 5, 4)), *dlast] if over_time else dlast
    everything = [*inputs, *douts, *layer.params.values()]
    before = [array.copy() for array in everything]
    layer.forward(*inputs)
    layer.backward(*douts)
    for array, copy in zip(everything, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize(
    ("weights", "inputs", "result"),
    [
        (np.float32, np.float32, np.float32),
        (np.float64, np.float64, np.float64),
        (np.float64, np.int64, np.float64),
        (np.float32, np.complex64, np.complex64),
        (np.complex128, np.float64, np.complex128),
    ],
)
def test_dtypes(kind, weights, inputs, result):
    rng = np.random.default_rng(5)
    layer = make(kind, 3, 4, rng)
    layer = kind(*(W.astype(weights) for W in layer.params.values()))
    hs = layer.forward(rng.standard_normal((2, 5, 3)).astype(inputs))
    assert hs.dtype == result
    dxs = layer.backward(np.ones_like(hs))
    assert dxs.dtype == result
    assert {gradient.dtype for gradient in layer.grads.values()} == {np.dtype(result)}


@pytest.mark.parametrize("kind", LAYERS)
def test_a_reversed_and_strided_input_gives_what_its_copy_gives(kind):
    rng = np.random.default_rng(6)
    layer = make(kind, 3, 4, rng)
    xs = rng.standard_normal((3, 10, 2)).T[::1, ::-2]
    np.testing.assert_array_equal(layer.forward(xs), layer.forward(xs.copy()))


@pytest.mark.parametrize("kind", LAYERS)
@given(T=st.integers(2, 6), cut=st.integers(1, 5))
def test_a_stateful_layer_goes_on_where_it_stopped(kind, T, cut):
    cut = min(cut, T - 1)
    rng = np.random.default_rng(7)
    layer = make(kind, 3, 4, rng, stateful=True)
    xs = rng.standard_normal((2, T, 3))
    whole = layer.forward(xs)
    layer.reset_state()
    parts = [layer.forward(xs[:, :cut]), layer.forward(xs[:, cut:])]
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)


@pytest.mark.parametrize("kind", LAYERS)
def test_a_layer_that_is_not_stateful_starts_from_zeros(kind):
    rng = np.random.default_rng(8)
    layer = make(kind, 3, 4, rng)
    xs = rng.standard_normal((2, 5, 3))
    np.testing.assert_array_equal(layer.forward(xs), layer.forward(xs))


@pytest.mark.parametrize("kind", LAYERS)
def test_gradients_stop_at_the_border_of_a_sequence(kind):
    """Truncated backpropagation: the second piece alone, its first state taken as a constant."""
    rng = np.random.default_rng(9)
    layer = make(kind, 3, 4, rng, stateful=True)
    xs, dhs = rng.standard_normal((2, 6, 3)), rng.standard_normal((2, 6, 4))
    layer.forward(xs)
    layer.backward(dhs)
    through_all = layer.dWh

    layer.reset_state()
    truncated = 0.0
    for piece in (slice(0, 3), slice(3, 6)):
        layer.forward(xs[:, piece])
        layer.backward(dhs[:, piece])
        truncated = truncated + layer.dWh
    assert abs(layer.dh0).max() > 1e-3  # what is cut off
    assert abs(through_all - truncated).max() > 1e-3

    twin = make(kind, 3, 4, np.random.default_rng(9), stateful=True)
    twin.forward(xs[:, :3])
    frozen = [getattr(twin, name) for name in twin.state_names]

    def second_piece(Wh):
        for name, state in zip(twin.state_names, frozen, strict=True):
            setattr(twin, name, state)
        twin.Wh = Wh
        return (dhs[:, 3:] * twin.forward(xs[:, 3:])).sum()

    numerical = complex_step_gradient(second_piece, layer.Wh)
    np.testing.assert_allclose(layer.dWh, numerical, rtol=1e-9, atol=1e-12)


def test_lstm_gates_are_in_the_order_forget_candidate_input_output():
    x, h_prev, c_prev = np.zeros((1, 1)), np.zeros((1, 1)), np.array([[0.25]])
    shut, opened, half = -1000.0, 1000.0, np.arctanh(0.5)
    b = np.array([opened, half, shut, opened])
    cell = LSTMCell(np.zeros((1, 4)), np.zeros((1, 4)), b)
    h, c = cell.forward(x, h_prev, c_prev)  # keeps everything, lets nothing in
    np.testing.assert_allclose(c, 0.25, rtol=1e-12)
    np.testing.assert_allclose(h, np.tanh(0.25), rtol=1e-12)
    cell.b = np.array([shut, half, opened, shut])
    h, c = cell.forward(
        x, h_prev, c_prev
    )  # forgets everything, lets the candidate in, shows nothing
    np.testing.assert_allclose(c, 0.5, rtol=1e-12)
    assert h.item() == 0.0


def test_gru_gates_are_in_the_order_update_reset_candidate():
    x, h_prev = np.zeros((1, 1)), np.array([[0.25]])
    shut, opened = -1000.0, 1000.0
    Wh = np.array([[0.0, 0.0, 2.0]])
    cell = GRUCell(np.zeros((1, 3)), Wh, np.array([shut, opened, 0.0]))
    assert cell.forward(x, h_prev).item() == 0.25  # not updated
    cell.b = np.array([opened, opened, 0.0])
    np.testing.assert_allclose(cell.forward(x, h_prev), np.tanh(0.5), rtol=1e-12)
    cell.b = np.array([opened, shut, 0.0])
    assert cell.forward(x, h_prev).item() == 0.0  # the candidate does not see the state


@pytest.mark.parametrize("kind", CELLS + LAYERS)
def test_parameters_of_the_wrong_shape(kind):
    G = GATES[kind]
    right = [(3, 2 * G), (2, 2 * G), (2 * G,)]
    width = {1: "H", 3: "3H", 4: "4H"}[G]
    for i, wrong in enumerate([(2 * G, 3), (3, 2 * G), (2 * G + 1,)]):
        Wx, Wh, b = shapes = [*right[:i], wrong, *right[i + 1 :]]
        with pytest.raises(ShapeError) as error:
            kind(*map(np.zeros, shapes))
        assert str(error.value) == (
            f"{kind.__name__} needs Wx (D, {width}), Wh (H, {width}) and b ({width},); "
            f"got Wx {Wx}, Wh {Wh}, b {b}. Transpose Wx and Wh?"
        )


def test_a_step_from_states_of_the_wrong_shape():
    cell = make(LSTMCell, 3, 4, np.random.default_rng(0))
    for c_shape in [(1, 4), (2, 3), (2, 4, 1)]:
        with pytest.raises(ShapeError) as error:
            cell.forward(np.zeros((2, 3)), np.zeros((2, 4)), np.zeros(c_shape))
        assert str(error.value) == (
            "LSTMCell needs x (N, D) and h_prev and c_prev (N, H), here D = 3 and H = 4; "
            f"got x (2, 3), h_prev (2, 4), c_prev {c_shape}."
        )


@pytest.mark.parametrize("kind", CELLS)
def test_a_step_with_an_input_of_the_wrong_shape(kind):
    cell = make(kind, 3, 4, np.random.default_rng(0))
    h_and_c = states(kind, 2, 4, np.random.default_rng(0))
    start = rf"^{kind.__name__} needs x \(N, D\) and h_prev .*\(N, H\), here D = 3 and H = 4; "
    with pytest.raises(ShapeError, match=start + r"got x \(2, 4\), .*\)\.$"):
        cell.forward(np.zeros((2, 4)), *h_and_c)
    with pytest.raises(
        ShapeError, match=start + r"got x \(3,\), .* For one sample, x\[np.newaxis, :\]\?$"
    ):
        cell.forward(np.zeros(3), *h_and_c)


@pytest.mark.parametrize("kind", CELLS)
def test_a_gradient_of_the_wrong_shape_for_a_cell(kind):
    rng = np.random.default_rng(0)
    cell = make(kind, 3, 4, rng)
    cell.forward(np.zeros((2, 3)), *states(kind, 2, 4, rng))
    with pytest.raises(
        ShapeError, match=rf"^{kind.__name__}.backward needs dh.* of shape \(2, 4\); got dh"
    ):
        cell.backward(*[np.zeros((2, 3))] * (2 if kind is LSTMCell else 1))


@pytest.mark.parametrize("kind", LAYERS)
def test_sequences_of_the_wrong_shape(kind):
    layer = make(kind, 3, 4, np.random.default_rng(0))
    name = kind.__name__
    for xs in (np.zeros((2, 5, 4)), np.zeros((2, 0, 3))):
        with pytest.raises(ShapeError) as error:
            layer.forward(xs)
        assert str(error.value) == (
            f"{name} needs xs (N, T, D) with T > 0, and D == Wx.shape[0]; "
            f"got xs {xs.shape}, Wx {layer.Wx.shape}."
        )
    with pytest.raises(ShapeError, match=r"Add the axis of time, xs\[:, np.newaxis, :\]\?$"):
        layer.forward(np.zeros((2, 3)))
    layer.forward(np.zeros((2, 5, 3)))
    with pytest.raises(ShapeError) as error:
        layer.backward(np.zeros((2, 4, 4)))
    assert str(error.value) == f"{name}.backward needs dhs of shape (2, 5, 4); got dhs (2, 4, 4)."
    with pytest.raises(
        ShapeError, match=rf"^{name}.backward needs dh.* of shape \(2, 4\); got dh \(4,\)"
    ):
        layer.backward(np.zeros((2, 5, 4)), np.zeros(4))


@pytest.mark.parametrize("kind", LAYERS)
def test_a_kept_state_of_another_batch(kind):
    layer = make(kind, 3, 4, np.random.default_rng(0), stateful=True)
    layer.forward(np.zeros((2, 5, 3)))
    with pytest.raises(ShapeError) as error:
        layer.forward(np.zeros((3, 5, 3)))
    assert str(error.value) == (
        f"{kind.__name__} continues from its last h, which needs shape (N, H) = (3, 4); got h (2, 4). "
        "Call reset_state() before a batch of another size?"
    )
    layer.reset_state()
    assert layer.forward(np.zeros((3, 5, 3))).shape == (3, 5, 4)
