"""Optimizers, clipping and schedules against PyTorch over 20 steps, float64."""

from copy import deepcopy

import numpy as np
import pytest

from dlkit import optim

torch = pytest.importorskip("torch", reason="PyTorch is the oracle: pip install torch==2.13.0")
pytestmark = pytest.mark.oracle

there = torch.optim
PAIRS = {
    "SGD": (optim.SGD(0.1), lambda p: there.SGD(p, 0.1)),
    "SGD, decay": (optim.SGD(0.1, weight_decay=0.2), lambda p: there.SGD(p, 0.1, weight_decay=0.2)),
    "Momentum": (optim.Momentum(0.1), lambda p: there.SGD(p, 0.1, momentum=0.9)),
    "Momentum, decay": (
        optim.Momentum(0.1, 0.7, weight_decay=0.2),
        lambda p: there.SGD(p, 0.1, momentum=0.7, weight_decay=0.2),
    ),
    "Nesterov": (optim.Nesterov(0.1), lambda p: there.SGD(p, 0.1, momentum=0.9, nesterov=True)),
    "AdaGrad": (optim.AdaGrad(0.1), lambda p: there.Adagrad(p, 0.1)),
    "AdaGrad, decay": (
        optim.AdaGrad(0.1, weight_decay=0.2),
        lambda p: there.Adagrad(p, 0.1, weight_decay=0.2),
    ),
    "RMSProp": (optim.RMSProp(), lambda p: there.RMSprop(p)),
    "RMSProp, decay": (
        optim.RMSProp(0.1, rho=0.8, eps=1e-3, weight_decay=0.2),
        lambda p: there.RMSprop(p, 0.1, alpha=0.8, eps=1e-3, weight_decay=0.2),
    ),
    "Adam": (optim.Adam(), lambda p: there.Adam(p)),
    "Adam, decay": (
        optim.Adam(0.1, 0.7, 0.9, eps=1e-3, weight_decay=0.2),
        lambda p: there.Adam(p, 0.1, betas=(0.7, 0.9), eps=1e-3, weight_decay=0.2),
    ),
    "AdamW": (optim.AdamW(), lambda p: there.AdamW(p)),
    "AdamW, decay": (
        optim.AdamW(0.1, weight_decay=0.2),
        lambda p: there.AdamW(p, 0.1, weight_decay=0.2),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_twenty_steps(name, rng):
    here, make = deepcopy(PAIRS[name])
    params = {"W": rng.standard_normal((3, 4)), "b": rng.standard_normal(4)}
    tensors = {k: torch.tensor(w, requires_grad=True) for k, w in params.items()}
    other = make(tensors.values())
    for _ in range(20):
        grads = {k: rng.standard_normal(w.shape) for k, w in params.items()}
        for k, g in grads.items():
            tensors[k].grad = torch.tensor(g)
        here.update(params, grads)
        other.step()
        for k, w in params.items():
            np.testing.assert_allclose(w, tensors[k].detach().numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("max_norm", [0.5, 100.0])
def test_clipping(max_norm, rng):
    grads = {"W": rng.standard_normal((3, 4)), "b": rng.standard_normal(4)}
    tensors = {
        k: torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for k, g in grads.items()
    }
    for k, g in grads.items():
        tensors[k].grad = torch.tensor(g)
    torch.nn.utils.clip_grad_norm_(tensors.values(), max_norm)
    for k, g in optim.clip_by_norm(grads, max_norm).items():
        np.testing.assert_allclose(g, tensors[k].grad.numpy(), rtol=1e-12)


@pytest.mark.parametrize(
    ("here", "make"),
    [
        (
            lambda t: optim.step_decay(t, 0.5, every=7, factor=0.3),
            lambda o: there.lr_scheduler.StepLR(o, 7, gamma=0.3),
        ),
        (
            lambda t: optim.exponential_decay(t, 0.5, factor=0.9),
            lambda o: there.lr_scheduler.ExponentialLR(o, gamma=0.9),
        ),
        (
            lambda t: optim.cosine_decay(t, 0.5, steps=20, least=0.1),
            lambda o: there.lr_scheduler.CosineAnnealingLR(o, T_max=20, eta_min=0.1),
        ),
        (
            lambda t: optim.warm_up(t, 0.5, steps=10),
            lambda o: there.lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=9),
        ),
    ],
    ids=["step", "exponential", "cosine", "warm-up"],
)
def test_schedules(here, make):
    other = there.SGD([torch.zeros(1)], lr=0.5)
    schedule = make(other)
    for t in range(20):
        assert here(t) == pytest.approx(other.param_groups[0]["lr"], rel=1e-12)
        other.step()
        schedule.step()
