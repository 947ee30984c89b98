"""Attention against PyTorch, float64.

Masks: `scaled_dot_product_attention` takes booleans as dlkit does, True where a query may attend;
`MultiheadAttention` takes the opposite, True where it may not. Weights: PyTorch stacks Wq, Wk and Wv, each
transposed, into `in_proj_weight` (3E, E), and has Wo transposed as `out_proj.weight`.
"""

import numpy as np
import pytest

from dlkit.layers import (
    MultiHeadAttention,
    ScaledDotProductAttention,
    causal_mask,
    padding_mask,
)

torch = pytest.importorskip("torch", reason="PyTorch is the oracle: pip install torch==2.13.0")
pytestmark = pytest.mark.oracle

N, T, E, HEADS = 3, 4, 6, 3
nothing_for_one = np.ones((T, T), bool)
nothing_for_one[2] = False
MASKS = {
    "none": None,
    "causal": causal_mask(T),
    "padding": padding_mask([1, 4, 2], T),
    "both": causal_mask(T) & padding_mask([1, 4, 2], T),
}


def assert_agree(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b.detach().numpy(), rtol=1e-10, atol=1e-10)


def tensors(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


@pytest.mark.parametrize("mask", [*MASKS.values(), nothing_for_one], ids=[*MASKS, "nothing"])
def test_scaled_dot_product_attention(mask):
    rng = np.random.default_rng(0)
    q, k, v = (rng.standard_normal((N, T, width)) for width in (5, 5, 2))
    dout = rng.standard_normal((N, T, 2))
    inputs = tensors(q, k, v)
    attn_mask = None if mask is None else torch.tensor(mask)
    y = torch.nn.functional.scaled_dot_product_attention(*inputs, attn_mask=attn_mask)
    y.backward(torch.tensor(dout))

    layer = ScaledDotProductAttention()
    assert_agree([layer.forward(q, k, v, mask)], [y])
    assert_agree(layer.backward(dout), [x.grad for x in inputs])


def to_torch(layer):
    """PyTorch's module with the weights of a multi-head attention of dlkit."""
    module = torch.nn.MultiheadAttention(
        E, layer.heads, bias=False, batch_first=True, dtype=torch.float64
    )
    stacked = np.concatenate([layer.Wq.T, layer.Wk.T, layer.Wv.T])
    module.load_state_dict(
        {
            "in_proj_weight": torch.tensor(stacked),
            "out_proj.weight": torch.tensor(layer.Wo.T.copy()),
        }
    )
    return module


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_multi_head_attention(mask):
    rng = np.random.default_rng(1)
    layer = MultiHeadAttention(*rng.standard_normal((4, E, E)), heads=HEADS)
    module = to_torch(layer)
    q, k, v, dout = rng.standard_normal((4, N, T, E))
    inputs = tensors(q, k, v)
    blocked = None
    if mask is not None:
        each_head = np.broadcast_to(~mask, (N, T, T))[:, np.newaxis].repeat(HEADS, axis=1)
        blocked = torch.tensor(each_head.reshape(N * HEADS, T, T))
    y, weights = module(*inputs, attn_mask=blocked, average_attn_weights=False)
    y.backward(torch.tensor(dout))

    assert_agree([layer.forward(q, k, v, mask), layer.weights], [y, weights])
    assert_agree(layer.backward(dout), [x.grad for x in inputs])
    dWq, dWk, dWv = (part.T for part in module.in_proj_weight.grad.chunk(3))
    assert_agree(layer.grads.values(), [dWq, dWk, dWv, module.out_proj.weight.grad.T])


def test_self_attention_sums_three_gradients():
    rng = np.random.default_rng(2)
    layer = MultiHeadAttention(*rng.standard_normal((4, E, E)), heads=HEADS)
    x, dout = rng.standard_normal((2, N, T, E))
    (tx,) = tensors(x)
    y, _ = to_torch(layer)(tx, tx, tx)
    y.backward(torch.tensor(dout))
    assert_agree([layer.forward(x, x, x), sum(layer.backward(dout))], [y, tx.grad])
