"""Layers against PyTorch, float64: outputs, gradients of inputs and of parameters, to 1e-10."""

from copy import deepcopy

import numpy as np
import pytest

from dlkit import layers
from tests.dlkit.oracle.convert import to_torch

torch = pytest.importorskip("torch", reason="PyTorch is the oracle: pip install torch==2.13.0")
pytestmark = pytest.mark.oracle

f64 = {"dtype": torch.float64}
r = np.random.default_rng(4).standard_normal
nn = torch.nn


class Multiply(nn.Module):
    def forward(self, x, y):
        return x * y


class Add(nn.Module):
    def forward(self, x, y):
        return x + y


class Residual(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return self.body(x) + x


def conv(layer, module, shape, f=4, c=3, kernel=(3, 2, 2), **geometry):
    """A convolution of dlkit and the same of PyTorch, with an input of that shape."""
    kernel = kernel[: len(shape)]
    here = layer(r((f, c, *kernel)), r(f), **geometry)
    return here, module(c, f, kernel, **geometry, **f64), (2, c, *shape)


def pool(layer, module, shape, size, **geometry):
    return layer(size, **geometry), module(size, **geometry), (2, 3, *shape)


def batch_norm(module, shape, **options):
    return layers.BatchNorm(r(3), r(3), **options), module(3, **options, **f64), shape


PAIRS = {
    "Affine": (layers.Affine(r((3, 4)), r(4)), nn.Linear(3, 4, **f64), (5, 3)),
    "Affine over time": (layers.Affine(r((3, 4)), r(4)), nn.Linear(3, 4, **f64), (2, 5, 3)),
    "MatMul": (layers.MatMul(r((3, 4))), nn.Linear(3, 4, bias=False, **f64), (5, 3)),
    "Add": (layers.Add(), Add(), (5, 3), (5, 3)),
    "Multiply": (layers.Multiply(), Multiply(), (5, 3), (5, 3)),
    "ReLU": (layers.ReLU(), nn.ReLU(), (5, 3)),
    "LeakyReLU": (layers.LeakyReLU(0.2), nn.LeakyReLU(0.2), (5, 3)),
    "Sigmoid": (layers.Sigmoid(), nn.Sigmoid(), (5, 3)),
    "Tanh": (layers.Tanh(), nn.Tanh(), (5, 3)),
    "GELU": (layers.GELU(), nn.GELU(approximate="tanh"), (5, 3)),
    "Softmax": (layers.Softmax(), nn.Softmax(dim=-1), (2, 5, 3)),
    "Softmax of axis 1": (layers.Softmax(axis=1), nn.Softmax(dim=1), (2, 5, 3)),
    "BatchNorm": batch_norm(nn.BatchNorm1d, (5, 3)),
    "BatchNorm of pictures": batch_norm(nn.BatchNorm2d, (2, 3, 4, 5), eps=1e-3, momentum=0.3),
    "LayerNorm": (layers.LayerNorm(r(4), r(4)), nn.LayerNorm(4, **f64), (2, 5, 4)),
    "Conv1D": conv(layers.Conv1D, nn.Conv1d, (9,)),
    "Conv1D, everything": conv(layers.Conv1D, nn.Conv1d, (9,), stride=2, padding=3, dilation=2),
    "Conv2D": conv(layers.Conv2D, nn.Conv2d, (5, 7)),
    "Conv2D, padding": conv(layers.Conv2D, nn.Conv2d, (5, 7), padding=(2, 1)),
    "Conv2D, everything": conv(
        layers.Conv2D, nn.Conv2d, (8, 9), stride=(3, 2), padding=(0, 1), dilation=(1, 2)
    ),
    "Conv2D, gaps": conv(layers.Conv2D, nn.Conv2d, (8, 9), kernel=(1, 2), stride=3),
    "Conv3D": conv(layers.Conv3D, nn.Conv3d, (4, 5, 3), stride=(1, 2, 1), padding=1),
    "MaxPool1D": pool(layers.MaxPool1D, nn.MaxPool1d, (9,), 3, stride=2, padding=1),
    "MaxPool2D": pool(layers.MaxPool2D, nn.MaxPool2d, (6, 7), 2),
    "MaxPool2D, overlapping": pool(
        layers.MaxPool2D, nn.MaxPool2d, (6, 7), (3, 2), stride=(1, 2), padding=(1, 0)
    ),
    "AvgPool1D": pool(layers.AvgPool1D, nn.AvgPool1d, (9,), 3, stride=2, padding=1),
    "AvgPool2D": pool(
        layers.AvgPool2D, nn.AvgPool2d, (6, 7), (3, 2), stride=(1, 2), padding=(1, 0)
    ),
    "PixelShuffle": (layers.PixelShuffle(2), nn.PixelShuffle(2), (2, 12, 3, 4)),
    "Flatten": (layers.Flatten(), nn.Flatten(), (2, 3, 4, 5)),
    "Residual": (layers.Residual(layers.Tanh()), Residual(nn.Tanh()), (5, 3)),
}


def close(here, there):
    """Equal to 1e-10 of the largest entry."""
    there = there.detach().numpy()
    np.testing.assert_allclose(here, there, rtol=1e-10, atol=1e-10 * np.abs(there).max())


def load(module, layer):
    state = {k: torch.tensor(a) for k, a in to_torch(layer, layer.params).items()}
    missing, unexpected = module.load_state_dict(state, strict=False)
    assert not unexpected
    assert not set(missing) & {name for name, _ in module.named_parameters()}


def compare(layer, module, inputs, rng, **options):
    """Run both forwards and backwards on the same inputs and weights and compare everything."""
    load(module, layer)
    tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
    there = module(*tensors)
    here = layer.forward(*inputs, **options)
    close(here, there)
    dout = rng.standard_normal(here.shape)
    there.backward(torch.tensor(dout))
    dinputs = layer.backward(dout)
    for dx, tensor in zip(
        dinputs if isinstance(dinputs, tuple) else (dinputs,), tensors, strict=True
    ):
        close(dx, tensor.grad)
    parameters = dict(module.named_parameters())
    grads = to_torch(layer, layer.grads)
    assert set(grads) == set(parameters)
    for name, gradient in grads.items():
        close(gradient, parameters[name].grad)


@pytest.mark.parametrize("name", PAIRS)
def test_values_and_gradients(name, rng):
    layer, module, *shapes = deepcopy(PAIRS[name])
    compare(layer, module, [rng.standard_normal(shape) for shape in shapes], rng)


@pytest.mark.parametrize("name", [name for name in PAIRS if "BatchNorm" in name])
def test_batch_norm_over_several_batches_and_in_evaluation(name, rng):
    layer, module, shape = deepcopy(PAIRS[name])
    load(module, layer)
    layer.running_mean, layer.running_var = rng.standard_normal(3), np.exp(rng.standard_normal(3))
    module.running_mean[:] = torch.tensor(layer.running_mean)
    module.running_var[:] = torch.tensor(layer.running_var)
    for _ in range(5):
        x = 3.0 * rng.standard_normal(shape) + 2.0
        close(layer.forward(x), module(torch.tensor(x)))
    close(layer.running_mean, module.running_mean)
    close(layer.running_var, module.running_var)
    module.eval()
    module.zero_grad()
    compare(layer, module, [rng.standard_normal(shape)], rng, training=False)


@pytest.mark.parametrize("name", [name for name in PAIRS if "MaxPool" in name])
def test_the_first_of_equal_entries_wins(name, rng):
    layer, module, shape = deepcopy(PAIRS[name])
    compare(layer, module, [np.round(rng.standard_normal(shape))], rng)


@pytest.mark.parametrize("name", ["ReLU", "LeakyReLU"])
def test_the_derivative_at_zero(name, rng):
    layer, module, shape = deepcopy(PAIRS[name])
    compare(layer, module, [np.round(0.7 * rng.standard_normal(shape))], rng)


@pytest.mark.parametrize("name", ["Sigmoid", "Tanh", "GELU", "Softmax"])
def test_values_far_out(name, rng):
    layer, module, shape = deepcopy(PAIRS[name])
    compare(layer, module, [100.0 * rng.standard_normal(shape)], rng)
    compare(layer, module, [1000.0 * rng.standard_normal(shape)], rng)


def test_dropout_with_the_same_mask_is_a_product(rng):
    layer = layers.Dropout(rate=0.3, rng=np.random.default_rng(0))
    x, dout = rng.standard_normal((5, 3)), rng.standard_normal((5, 3))
    tensor = torch.tensor(x, requires_grad=True)
    y = layer.forward(x)
    there = tensor * torch.tensor(layer.mask) / 0.7
    there.backward(torch.tensor(dout))
    close(y, there)
    close(layer.backward(dout), tensor.grad)
