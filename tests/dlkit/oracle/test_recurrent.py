"""Recurrent layers against PyTorch, float64, with converters between the two conventions.

dlkit: row vectors, Wx (D, G H), Wh (H, G H), one bias (G H,). PyTorch: weights transposed, two biases
that are added. Gate orders: LSTM f, g, i, o here and i, f, g, o there.

GRU: the update gate is z = sigmoid(u), h' = (1 - z) h + z n here, and h' = (1 - z) n + z h there, which is
the same network for -u; the order is z, r, n here and r, z, n there. But the candidate is
n = tanh(x Wxn + (r h) Whn + bn) here and n = tanh(x Wxn + bn + r (h Whn + bhn)) there. The two agree where
Whn is diagonal and bhn = 0; for any Whn the formula of dlkit is written out in PyTorch, whose automatic
differentiation gives the gradients.
"""

import numpy as np
import pytest

from dlkit.layers import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell

torch = pytest.importorskip("torch", reason="PyTorch is the oracle: pip install torch==2.13.0")
pytestmark = pytest.mark.oracle

N, T, D, H = 3, 6, 5, 4
GATES = {RNNCell: 1, LSTMCell: 4, GRUCell: 3, RNN: 1, LSTM: 4, GRU: 3}
COUNTERPARTS = {
    RNNCell: torch.nn.RNNCell,
    LSTMCell: torch.nn.LSTMCell,
    GRUCell: torch.nn.GRUCell,
    RNN: torch.nn.RNN,
    LSTM: torch.nn.LSTM,
    GRU: torch.nn.GRU,
}
# The blocks of columns of dlkit in PyTorch's order, each with its sign.
BLOCKS = {1: [(0, 1)], 4: [(2, 1), (0, 1), (1, 1), (3, 1)], 3: [(1, 1), (0, -1), (2, 1)]}


def blocks(W, gates):
    """W with its blocks of columns in PyTorch's order."""
    parts = np.split(W, gates, axis=-1)
    return np.concatenate([sign * parts[i] for i, sign in BLOCKS[gates]], axis=-1)


def blocks_back(W, gates):
    """Inverse of `blocks`."""
    parts = np.split(W, gates, axis=-1)
    places = {i: sign * part for (i, sign), part in zip(BLOCKS[gates], parts, strict=True)}
    return np.concatenate([places[i] for i in range(gates)], axis=-1)


def to_torch(layer):
    """PyTorch's module with the weights of a recurrent layer of dlkit; its second bias is zero."""
    kind = type(layer)
    gates = GATES[kind]
    over_time = kind in (RNN, LSTM, GRU)
    size = layer.Wx.shape[0], layer.Wh.shape[0]
    options = {"batch_first": True} if over_time else {}
    module = COUNTERPARTS[kind](*size, dtype=torch.float64, **options)
    suffix = "_l0" if over_time else ""
    state = {
        f"weight_ih{suffix}": torch.tensor(blocks(layer.Wx, gates).T.copy()),
        f"weight_hh{suffix}": torch.tensor(blocks(layer.Wh, gates).T.copy()),
        f"bias_ih{suffix}": torch.tensor(blocks(layer.b, gates)),
        f"bias_hh{suffix}": torch.zeros(gates * size[1], dtype=torch.float64),
    }
    module.load_state_dict(state)
    return module


def gradients_from_torch(module, gates):
    """Gradients of PyTorch's parameters in the layout of dlkit: dWx, dWh, db."""
    grads = {name.removesuffix("_l0"): p.grad.numpy() for name, p in module.named_parameters()}
    parts = grads["weight_ih"].T, grads["weight_hh"].T, grads["bias_ih"]
    return [blocks_back(part, gates) for part in parts]


def make(kind, rng, diagonal=False):
    G = GATES[kind]
    Wx, Wh, b = (rng.standard_normal(shape) for shape in [(D, G * H), (H, G * H), (G * H,)])
    if diagonal:
        Wh[:, 2 * H :] *= np.eye(H)
    return kind(Wx, Wh, b)


def tensors(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def assert_agree(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        b = b.detach().numpy() if isinstance(b, torch.Tensor) else b
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)


def inputs_and_cotangents(kind, rng, *shape):
    states = 2 if kind in (LSTM, LSTMCell) else 1
    x = rng.standard_normal((*shape, D))
    start, last = rng.standard_normal((2, states, shape[0], H))
    return x, list(start), list(last)


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell, GRUCell])
def test_cells(kind):
    rng = np.random.default_rng(0)
    cell = make(kind, rng, diagonal=kind is GRUCell)
    module = to_torch(cell)
    x, start, cotangents = inputs_and_cotangents(kind, rng, N)
    tx, *tstart = tensors(x, *start)

    y = cell.forward(x, *start)
    y = list(y) if isinstance(y, tuple) else [y]
    ty = module(tx, tuple(tstart) if len(start) == 2 else tstart[0])
    ty = list(ty) if isinstance(ty, tuple) else [ty]
    assert_agree(y, ty)

    torch.autograd.backward(ty, [torch.tensor(c) for c in cotangents])
    assert_agree(cell.backward(*cotangents), [tx.grad, *(s.grad for s in tstart)])
    dWx, dWh, db = gradients_from_torch(module, GATES[kind])
    assert_agree(
        [cell.dWx, diagonal_of(kind, cell.dWh), cell.db], [dWx, diagonal_of(kind, dWh), db]
    )


def diagonal_of(kind, dWh):
    """Gradient of Wh along the diagonal candidates alone, where the two forms of GRU agree."""
    if kind not in (GRU, GRUCell):
        return dWh
    return np.concatenate([dWh[:, : 2 * H], dWh[:, 2 * H :] * np.eye(H)], axis=1)


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_layers_over_time(kind):
    rng = np.random.default_rng(1)
    layer = make(kind, rng, diagonal=kind is GRU)
    layer.stateful = True
    module = to_torch(layer)
    xs, start, dlast = inputs_and_cotangents(kind, rng, N, T)
    dhs = rng.standard_normal((N, T, H))
    for name, state in zip(layer.state_names, start, strict=True):
        setattr(layer, name, state)
    txs, *tstart = tensors(xs, *start)
    first = [s[None] for s in tstart]  # PyTorch has an axis of stacked layers in front

    hs = layer.forward(xs)
    ths, tlast = module(txs, tuple(first) if len(first) == 2 else first[0])
    tlast = list(tlast) if isinstance(tlast, tuple) else [tlast]
    last = [getattr(layer, name) for name in layer.state_names]
    assert_agree([hs, *last], [ths, *(s[0] for s in tlast)])

    torch.autograd.backward(
        [ths, *tlast], [torch.tensor(d) for d in (dhs, *(d[None] for d in dlast))]
    )
    dxs = layer.backward(dhs, *dlast)
    dstart = [getattr(layer, f"d{name}0") for name in layer.state_names]
    assert_agree([dxs, *dstart], [txs.grad, *(s.grad for s in tstart)])
    dWx, dWh, db = gradients_from_torch(module, GATES[kind])
    assert_agree(
        [layer.dWx, diagonal_of(kind, layer.dWh), layer.db], [dWx, diagonal_of(kind, dWh), db]
    )


def gru_of_dlkit(x, h, Wx, Wh, b):
    """The formula of `dlkit.layers.GRUCell`, in PyTorch."""
    Wxz, Wxr, Wxn = Wx.chunk(3, dim=1)
    Whz, Whr, Whn = Wh.chunk(3, dim=1)
    bz, br, bn = b.chunk(3)
    z = torch.sigmoid(x @ Wxz + h @ Whz + bz)
    r = torch.sigmoid(x @ Wxr + h @ Whr + br)
    n = torch.tanh(x @ Wxn + (r * h) @ Whn + bn)
    return (1 - z) * h + z * n


def test_gru_by_its_formula():
    rng = np.random.default_rng(2)
    layer = make(GRU, rng)
    layer.stateful = True
    xs, start, dlast = inputs_and_cotangents(GRU, rng, N, T)
    dhs = rng.standard_normal((N, T, H))
    (layer.h,) = start
    txs, th0, tWx, tWh, tb = tensors(xs, *start, layer.Wx, layer.Wh, layer.b)
    h, ths = th0, []
    for t in range(T):
        h = gru_of_dlkit(txs[:, t], h, tWx, tWh, tb)
        ths.append(h)
    ths = torch.stack(ths, dim=1)
    assert_agree([layer.forward(xs)], [ths])

    torch.autograd.backward([ths, h], [torch.tensor(d) for d in (dhs, *dlast)])
    dxs = layer.backward(dhs, *dlast)
    ours = [dxs, layer.dh0, layer.dWx, layer.dWh, layer.db]
    assert_agree(ours, [t.grad for t in (txs, th0, tWx, tWh, tb)])


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_truncation_is_a_state_detached_from_the_graph(kind):
    rng = np.random.default_rng(3)
    layer = make(kind, rng, diagonal=kind is GRU)
    layer.stateful = True
    module = to_torch(layer)
    xs, dhs = rng.standard_normal((N, T, D)), rng.standard_normal((N, T, H))
    state = None
    for piece in (slice(0, 2), slice(2, T)):
        module.zero_grad()
        (txs,) = tensors(xs[:, piece])
        ths, state = module(txs, state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        ths.backward(torch.tensor(dhs[:, piece]))
        assert_agree([layer.forward(xs[:, piece])], [ths])
        assert_agree([layer.backward(dhs[:, piece])], [txs.grad])
        dWx, dWh, db = gradients_from_torch(module, GATES[kind])
        assert_agree(
            [layer.dWx, diagonal_of(kind, layer.dWh), layer.db], [dWx, diagonal_of(kind, dWh), db]
        )
