"""Functions and losses against PyTorch, float64, to 1e-10.

A loss of dlkit is the mean over the batch of each sample's sum; PyTorch's "mean" of a distance or of a binary
cross entropy is over all entries, so that the two differ by the number of entries of a sample.
"""

import numpy as np
import pytest

from dlkit import functions, layers, losses

torch = pytest.importorskip("torch", reason="PyTorch is the oracle: pip install torch==2.13.0")
pytestmark = pytest.mark.oracle

there = torch.nn.functional
N, K = 5, 3
labels = np.array([2, 0, 1, 1, 2])


@pytest.mark.parametrize(
    ("here", "other"),
    [
        (functions.sigmoid, torch.sigmoid),
        (functions.tanh, torch.tanh),
        (functions.relu, torch.relu),
        (functions.leaky_relu, there.leaky_relu),
        (functions.gelu, lambda x: there.gelu(x, approximate="tanh")),
        (functions.softmax, lambda x: torch.softmax(x, dim=-1)),
        (functions.log_softmax, lambda x: torch.log_softmax(x, dim=-1)),
        (lambda x: functions.softmax(x, axis=0), lambda x: torch.softmax(x, dim=0)),
    ],
)
@pytest.mark.parametrize("size", [1.0, 100.0, 1e4])
def test_functions(here, other, size, rng):
    x = size * rng.standard_normal((N, K))
    np.testing.assert_allclose(
        here(x), other(torch.tensor(x)).numpy(), rtol=1e-10, atol=1e-14 * size
    )


@pytest.mark.parametrize(
    ("name", "other", "entries"),
    [
        ("l1_loss", there.l1_loss, K),
        ("l2_loss", there.mse_loss, K),
        ("sum_squared_error", there.mse_loss, K / 2),
        ("mean_squared_error", there.mse_loss, 1),
        ("sigmoid_cross_entropy", there.binary_cross_entropy_with_logits, K),
        ("softmax_cross_entropy", there.cross_entropy, 1),
    ],
)
def test_losses_and_their_gradients(name, other, entries, rng):
    y, t = rng.standard_normal((N, K)), functions.softmax(rng.standard_normal((N, K)))
    tensor = torch.tensor(y, requires_grad=True)
    expected = entries * other(tensor, torch.tensor(t))
    expected.backward()
    assert getattr(losses, name)(y, t) == pytest.approx(expected.item(), rel=1e-13)
    gradient = getattr(losses, f"{name}_gradient")(y, t)
    np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("size", [1.0, 100.0, 1e4])
def test_softmax_with_loss(size, rng):
    x = size * rng.standard_normal((N, K))
    tensor = torch.tensor(x, requires_grad=True)
    expected = there.cross_entropy(tensor, torch.tensor(labels))
    (2.5 * expected).backward()
    for t in (labels, np.eye(K)[labels]):
        layer = layers.SoftmaxWithLoss()
        assert layer.forward(x, t) == pytest.approx(expected.item(), rel=1e-13)
        np.testing.assert_allclose(layer.backward(2.5), tensor.grad.numpy(), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("size", [1.0, 100.0, 1e4])
def test_sigmoid_with_loss(size, rng):
    x, t = size * rng.standard_normal(N), (rng.standard_normal(N) > 0).astype(float)
    tensor = torch.tensor(x, requires_grad=True)
    expected = there.binary_cross_entropy_with_logits(tensor, torch.tensor(t))
    (2.5 * expected).backward()
    layer = layers.SigmoidWithLoss()
    assert layer.forward(x, t) == pytest.approx(expected.item(), rel=1e-13)
    np.testing.assert_allclose(layer.backward(2.5), tensor.grad.numpy(), rtol=1e-10, atol=1e-15)


def test_mean_squared_error(rng):
    x, t = rng.standard_normal((N, K)), rng.standard_normal((N, K))
    tensor = torch.tensor(x, requires_grad=True)
    expected = there.mse_loss(tensor, torch.tensor(t))
    (2.5 * expected).backward()
    layer = layers.MeanSquaredError()
    assert layer.forward(x, t) == pytest.approx(expected.item(), rel=1e-13)
    np.testing.assert_allclose(layer.backward(2.5), tensor.grad.numpy(), rtol=1e-10, atol=1e-15)


def test_labels_and_one_hot():
    rows = there.one_hot(torch.tensor(labels), K)
    np.testing.assert_array_equal(losses.one_hot(labels, K), rows.numpy())
