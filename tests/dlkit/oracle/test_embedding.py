"""Embedding against PyTorch, float64. Weights have the same layout."""

import numpy as np
import pytest

from dlkit.layers import Embedding

torch = pytest.importorskip("torch", reason="PyTorch is the oracle: pip install torch==2.13.0")
pytestmark = pytest.mark.oracle


def test_embedding():
    rng = np.random.default_rng(0)
    W = rng.standard_normal((7, 3))
    ids = rng.integers(7, size=(4, 10))  # more ids than words: some repeat
    dout = rng.standard_normal((4, 10, 3))
    module = torch.nn.Embedding.from_pretrained(torch.tensor(W), freeze=False)
    y = module(torch.tensor(ids))
    y.backward(torch.tensor(dout))

    layer = Embedding(W)
    np.testing.assert_array_equal(layer.forward(ids), y.detach().numpy())
    layer.backward(dout)
    np.testing.assert_allclose(layer.dW, module.weight.grad.numpy(), rtol=1e-10, atol=1e-10)
