"""Automatic differentiation against PyTorch, float64: random programs, first and second derivatives.

A program is written once, in operations that `Variable` and PyTorch's tensor spell alike, and run by both.
"""

import numpy as np
import pytest

from dlkit import autograd
from dlkit.autograd import Variable

torch = pytest.importorskip("torch", reason="PyTorch is the oracle: pip install torch==2.13.0")
pytestmark = pytest.mark.oracle

SHAPES = [(3, 4), (4,), (3, 1), (), (4, 3), (2, 3, 4)]
UNARY = {
    "exp": lambda F, x: F.exp(F.sin(x)),
    "log": lambda F, x: F.log(x * x + 1.0),
    "sin": lambda F, x: F.sin(x),
    "cos": lambda F, x: F.cos(x),
    "tanh": lambda F, x: F.tanh(x),
    "sigmoid": lambda F, x: F.sigmoid(x),
    "relu": lambda F, x: F.relu(x),
    "negative": lambda F, x: -x,
    "square": lambda F, x: F.sin(x) ** 2,
    "root": lambda F, x: (x * x + 1.0) ** 0.5,
    "sum": lambda F, x: x.sum(),
    "sum of an axis": lambda F, x: x.sum(-1, True) if x.ndim else x,
    "transpose": lambda F, x: x.mT if x.ndim > 1 else x,
    "reshape": lambda F, x: x.reshape(-1, 1, x.shape[-1]) if x.ndim else x.reshape(1, 1),
    "item": lambda F, x: x[-1] if x.ndim else x,
    "slice": lambda F, x: x[..., :2] if x.ndim else x,
    "repeated rows": lambda F, x: x[[0, -1, 0]] if x.ndim else x,
}
BINARY = {
    "add": lambda F, a, b: a + b,
    "subtract": lambda F, a, b: a - b,
    "multiply": lambda F, a, b: F.tanh(a) * b,
    "divide": lambda F, a, b: a / (b * b + 1.0),
    "matmul": lambda F, a, b: F.tanh(a @ b),
}


def fits(name, a, b):
    """Whether two arrays can be operands: matrices to multiply, or shapes that broadcast."""
    if name == "matmul":
        if min(a.ndim, b.ndim) < 2 or a.shape[-1] != b.shape[-2]:
            return False
        a, b = np.empty(a.shape[:-2]), np.empty(b.shape[:-2])
    try:
        np.broadcast_shapes(tuple(a.shape), tuple(b.shape))
    except ValueError:
        return False
    return True


def run(F, values, seed):
    """Result of a random program, a number, and the names of its operations."""
    rng = np.random.default_rng(seed)
    values, names = list(values), []
    for _ in range(15):
        if rng.random() < 0.4:
            name = list(UNARY)[rng.integers(len(UNARY))]
            y = UNARY[name](F, values[rng.integers(len(values))])
        else:
            name = list(BINARY)[rng.integers(len(BINARY))]
            pairs = [(a, b) for a in values for b in values if fits(name, a, b)]
            y = BINARY[name](F, *pairs[rng.integers(len(pairs))])
        names.append(name)
        values.append(y)
    return sum((F.sin(y)).sum() for y in values[len(SHAPES) :]), names


def leaves(seed):
    rng = np.random.default_rng([seed, 1])
    return [rng.standard_normal(shape) for shape in SHAPES], [
        rng.standard_normal(s) for s in SHAPES
    ]


def by_dlkit(seed):
    data, weights = leaves(seed)
    variables = [Variable(x) for x in data]
    y, _ = run(autograd, variables, seed)
    y.backward(create_graph=True)
    first = [x.grad for x in variables]
    for x in variables:
        x.cleargrad()
    pairs = zip(weights, first, strict=True)
    sum((w * g).sum() for w, g in pairs if g is not None).backward()
    return [y.data], [g and g.data for g in first], [x.grad and x.grad.data for x in variables]


def by_torch(seed):
    data, weights = leaves(seed)
    tensors = [torch.tensor(x, requires_grad=True) for x in data]
    y, _ = run(torch, tensors, seed)
    first = torch.autograd.grad(y, tensors, create_graph=True, allow_unused=True)
    pairs = zip(weights, first, strict=True)
    total = sum((torch.tensor(w) * g).sum() for w, g in pairs if g is not None)
    second = torch.autograd.grad(total, tensors, allow_unused=True)
    return [y.item()], *(
        [g if g is None else g.detach().numpy() for g in gs] for gs in (first, second)
    )


@pytest.mark.parametrize("seed", range(60))
def test_random_programs(seed):
    for ours, theirs in zip(by_dlkit(seed), by_torch(seed), strict=True):
        for a, b, shape in zip(ours, theirs, SHAPES, strict=False):
            zero = np.zeros(shape)  # None: the result does not depend on this variable
            a, b = (zero if g is None else g for g in (a, b))
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)


def test_the_programs_use_every_operation_and_every_variable():
    used = {
        name
        for seed in range(60)
        for name in run(torch, map(torch.tensor, leaves(seed)[0]), seed)[1]
    }
    assert used == UNARY.keys() | BINARY.keys()
    gradients = [by_dlkit(seed)[1] for seed in range(60)]
    assert all(any(g is not None for g in column) for column in zip(*gradients, strict=True))
