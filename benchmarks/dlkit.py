"""How fast dlkit trains: forward and backward against PyTorch and against the textbook way.

Run it on a quiet machine:  python benchmarks/dlkit.py [--repeats 15] [--json FILE]

All candidates of a task run interleaved in one process, float32, two threads each; after a warm-up the
minimum over the repeats is taken, since whatever disturbs a run makes it longer. "Products alone" are the
matrix products of the plain formulas: for the LSTM the limit of what NumPy can reach on this machine, while
Winograd's algorithm, in `dlkit.fast`, does with fewer for the convolution. Convolution and LSTM also compute
the gradient of their input, the networks do not, where a candidate can leave it out. `dlkit` is the reference
that students read, `dlkit.fast` its twins for training.

"Textbook" is the code as a textbook prints it. Its leaner form keeps the convolution in float32, where the
printed one goes over to float64, and leaves out the LSTM's gradient arrays for every step.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")
os.environ.setdefault("OMP_NUM_THREADS", "2")

import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # this file would hide the package dlkit

import click
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import textbook
from dlkit import fast, layers

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError:
    torch = None

Step = Callable[[], object]
RNG = np.random.default_rng(0)


def normal(*shape: int, scale: float = 1.0) -> np.ndarray:
    """Normal random numbers, float32."""
    return (scale * RNG.standard_normal(shape)).astype(np.float32)


def numpy_step(net: list, loss: object, x: np.ndarray, t: np.ndarray) -> Step:
    """Forward and backward through a list of layers and a loss."""

    def step() -> None:
        out = x
        for layer in net:
            out = layer.forward(out)
        loss.forward(out, t)
        dout = loss.backward()
        for layer in reversed(net):
            dout = layer.backward(dout)

    return step


def products(*sizes: tuple[int, int, int]) -> Step:
    """Matrix products (M, K) times (K, N), and nothing else."""
    pairs = [(normal(m, k), normal(k, n), np.empty((m, n), np.float32)) for m, k, n in {*sizes}]
    by_size = {(*a.shape, b.shape[1]): (a, b, out) for a, b, out in pairs}

    def step() -> None:
        for size in sizes:
            a, b, out = by_size[size]
            np.dot(a, b, out=out)

    return step


def torch_step(net: "nn.Module", x: np.ndarray, t: np.ndarray) -> Step:
    """The same in PyTorch; gradients are made anew in each step, as an optimizer's zero_grad does."""
    inputs, targets = torch.from_numpy(x), torch.from_numpy(t)

    def step() -> None:
        net.zero_grad(set_to_none=True)
        functional.cross_entropy(net(inputs), targets).backward()

    return step


def mlp() -> dict[str, Step]:
    """MLP 784-512-512-10, batch 128."""
    sizes = [784, 512, 512, 10]
    x, t = normal(128, 784), RNG.integers(0, 10, 128)
    weights = [(normal(m, n, scale=0.05), np.zeros(n, np.float32)) for m, n in pairwise(sizes)]

    def net(kind, **first):
        stack = []
        for k, (W, b) in enumerate(weights):
            stack += [kind.Affine(W, b, **(first if k == 0 else {})), kind.ReLU()]
        return stack[:-1]

    loss = layers.SoftmaxWithLoss()
    steps = {
        "textbook": numpy_step(net(textbook), loss, x, t),
        "dlkit": numpy_step(net(layers), loss, x, t),
        "dlkit.fast": numpy_step(net(fast, input_gradient=False), loss, x, t),
    }
    if torch:
        module = nn.Sequential(
            nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
        )
        steps["PyTorch"] = torch_step(module, x, t)
    return steps


def convolution() -> dict[str, Step]:
    """Conv2D 3x3, 32 to 64 channels, 28x28, batch 64."""
    x, dout = normal(64, 32, 28, 28), normal(64, 64, 28, 28)
    W, b = normal(64, 32, 3, 3, scale=0.06), np.zeros(64, np.float32)

    def step(layer) -> Step:
        return lambda: (layer.forward(x), layer.backward(dout))

    steps = {
        "textbook": step(textbook.Conv2D(W, b, padding=1)),
        "textbook, leaner": step(textbook.Conv2D(W, b, padding=1, keep=True)),
        "products alone": products((64, 288, 64 * 784), (64, 64 * 784, 288), (32, 576, 64 * 784)),
        "dlkit": step(layers.Conv2D(W, b, padding=1)),
        "dlkit.fast": step(fast.Conv2D(W, b, padding=1)),
    }
    if torch:
        tx = torch.from_numpy(x).requires_grad_()
        tW, tb = torch.from_numpy(W).requires_grad_(), torch.from_numpy(b).requires_grad_()

        def torch_conv() -> None:
            tx.grad = tW.grad = tb.grad = None
            functional.conv2d(tx, tW, tb, padding=1).backward(torch.from_numpy(dout))

        steps["PyTorch"] = torch_conv
    return steps


def cnn() -> dict[str, Step]:
    """CNN 16-32-128-10 on 28x28, batch 128."""
    x, t = normal(128, 1, 28, 28), RNG.integers(0, 10, 128)
    kernels = [normal(16, 1, 3, 3, scale=0.3), normal(32, 16, 3, 3, scale=0.08)]
    weights = [normal(32 * 49, 128, scale=0.03), normal(128, 10, scale=0.1)]
    zeros = [np.zeros(n, np.float32) for n in (16, 32, 128, 10)]

    def net(kind, pool, **first):
        return [
            kind.Conv2D(kernels[0], zeros[0], padding=1, **first), kind.ReLU(), pool(),
            kind.Conv2D(kernels[1], zeros[1], padding=1), kind.ReLU(), pool(),
            layers.Flatten(), kind.Affine(weights[0], zeros[2]), kind.ReLU(),
            kind.Affine(weights[1], zeros[3]),
        ]  # fmt: skip

    loss = layers.SoftmaxWithLoss()
    steps = {
        "textbook": numpy_step(net(textbook, textbook.MaxPool2D), loss, x, t),
        "dlkit": numpy_step(net(layers, lambda: layers.MaxPool2D(2)), loss, x, t),
        "dlkit.fast": numpy_step(
            net(fast, lambda: fast.MaxPool2D(2), input_gradient=False), loss, x, t
        ),
    }
    if torch:
        module = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * 49, 128), nn.ReLU(), nn.Linear(128, 10),
        )  # fmt: skip
        steps["PyTorch"] = torch_step(module, x, t)
    return steps


def lstm() -> dict[str, Step]:
    """LSTM 256 to 256, 50 steps, batch 64."""
    D = H = 256
    xs, dhs = normal(64, 50, D), normal(64, 50, H)
    Wx, Wh, b = (
        normal(D, 4 * H, scale=0.06),
        normal(H, 4 * H, scale=0.06),
        np.zeros(4 * H, np.float32),
    )

    def step(layer) -> Step:
        return lambda: (layer.forward(xs), layer.backward(dhs))

    steps = {
        "textbook": step(textbook.LSTM(Wx, Wh, b)),
        "textbook, leaner": step(textbook.LSTM(Wx, Wh, b, own=False)),
        "products alone": products(
            (3200, 256, 1024),
            *[(64, 256, 1024), (64, 1024, 256)] * 50,
            (3200, 1024, 256),
            (256, 3200, 1024),
            (256, 3200, 1024),
        ),
        "dlkit": step(layers.LSTM(Wx, Wh, b)),
        "dlkit.fast": step(fast.LSTM(Wx, Wh, b)),
    }
    if torch:
        module = nn.LSTM(D, H, batch_first=True)
        txs = torch.from_numpy(xs).requires_grad_()

        def torch_lstm() -> None:
            module.zero_grad(set_to_none=True)
            txs.grad = None
            module(txs)[0].backward(torch.from_numpy(dhs))

        steps["PyTorch"] = torch_lstm
    return steps


def measure(steps: dict[str, Step], repeats: int, title: str) -> dict[str, float]:
    """Minimum time of each candidate in milliseconds, measured in turn."""
    for step in steps.values():
        step()
        step()
    best = dict.fromkeys(steps, float("inf"))
    for _ in track(range(repeats), description=title, transient=True):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            best[name] = min(best[name], 1000 * (time.perf_counter() - started))
    return best


def peak_memory() -> dict[str, float]:
    """Peak of NumPy's memory in one forward and backward of the convolution, in MiB."""
    peaks = {}
    for name, step in convolution().items():
        if name != "PyTorch":
            tracemalloc.start()
            step()
            peaks[name] = tracemalloc.get_traced_memory()[1] / 2**20
            tracemalloc.stop()
    return peaks


def import_ratio() -> float:
    """Time of `import dlkit` over that of `import numpy`: minima over processes of their own."""
    import subprocess
    import sys

    def seconds(module: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
        return time.perf_counter() - started

    times = {m: min(seconds(m) for _ in range(7)) for m in ("numpy", "dlkit", "dlkit.layers")}
    return max(times["dlkit"], times["dlkit.layers"]) / times["numpy"]


@click.command()
@click.option("--repeats", default=15, show_default=True)
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path), help="Write the figures there."
)
def main(repeats: int, json_file: Path | None) -> None:
    """Measure, and print a table."""
    console = Console(width=150)
    if torch:
        torch.set_num_threads(2)
    else:
        console.print("PyTorch is not installed: no ratios to it (pip install torch==2.13.0).")
    columns = ("textbook", "textbook, leaner", "products alone", "dlkit", "dlkit.fast", "PyTorch")
    table = Table(title="forward + backward, float32, 2 threads: minimum of "
                        f"{repeats} in ms (ratio to dlkit.fast)")  # fmt: skip
    table.add_column("task")
    for name in columns:
        table.add_column(name, justify="right")
    figures = {}
    for task in (mlp, convolution, cnn, lstm):
        best = figures[task.__name__] = measure(task(), repeats, task.__name__)
        shown = [f"{best[c]:.1f} ({best[c] / best['dlkit.fast']:.2f}x)" if c in best else ""
                 for c in columns]  # fmt: skip
        table.add_row(task.__doc__, *shown)
    console.print(table)
    memory = {name: round(mib, 1) for name, mib in peak_memory().items()}
    ratio = import_ratio()
    console.print(f"Peak memory of the convolution, MiB: {memory}")
    console.print(f"import dlkit.layers / import numpy: {ratio:.2f}")
    if json_file:
        json_file.write_text(json.dumps({**figures, "memory": memory, "import": ratio}, indent=1))


if __name__ == "__main__":
    main()
