"""A residual network on digits, beside the same layers without their shortcuts.

30 layers with weights, of 8 and 16 channels, on the 8 x 8 digits of scikit-learn; both networks have batch
normalization and see the same batches in the same order. Depth alone makes the plain one hard to train:
it is worse on the training data already, so that it does not overfit, it fails to fit.

Reached: the residual network 96.1 % of the test digits, training loss 0.10; the plain one 59.6 % and
1.14. How convolutions round moves these by one or two points. 60 s for both.
"""

from pathlib import Path

import numpy as np

from dlkit import fast, plot
from dlkit.data import digits
from dlkit.examples.common import main, progress, save_figure
from dlkit.layers import SoftmaxWithLoss
from dlkit.models import Builder, ResNet
from dlkit.optim import Momentum, cosine_decay
from dlkit.train import Batches, Trainer, accuracy, shift, split

STATED = {"test accuracy, ResNet": 0.94, "gain by the shortcuts": 0.1}


def run(out: Path, epochs: int = 12, blocks: int = 7, seed: int = 0) -> dict[str, float]:
    """Train both on the same batches; return their accuracies. The layers are 4 · blocks + 2."""
    drawing, axes = plot.figure(1, 2)
    reached: dict[str, float] = {}
    for name, shortcuts in (("ResNet", True), ("plain", False)):
        history, test_accuracy = train(name, shortcuts, epochs, blocks, seed)
        for ax, number in zip(axes[0], ("loss", "accuracy"), strict=True):
            ax.plot(range(1, epochs + 1), history[number], label=name)
            ax.set(xlabel="epoch", ylabel=f"training {number}")
            ax.legend(frameon=False)
        reached[f"training loss, {name}"] = history["loss"][-1]
        reached[f"test accuracy, {name}"] = test_accuracy
    save_figure(drawing, out, "resnet")
    gain = reached["test accuracy, ResNet"] - reached["test accuracy, plain"]
    return reached | {"gain by the shortcuts": gain}


def train(
    name: str, shortcuts: bool, epochs: int, blocks: int, seed: int
) -> tuple[dict[str, list[float]], float]:
    """Train with or without shortcuts; return the history and the test accuracy."""
    rng = np.random.default_rng(seed)
    x, t = digits(np.float32)
    (x_train, t_train), (x_test, t_test) = split(x, t, parts=(0.8, 0.2), rng=rng)
    build = Builder(rng, np.float32, fast)
    model = ResNet(build, (1, 8, 8), widths=(8, 16), blocks=blocks, shortcuts=shortcuts)
    batches = Batches(x_train, t_train, size=64, rng=rng, augment=lambda x: shift(x, 1, rng))
    steps = epochs * len(batches)
    trainer = Trainer(
        model, SoftmaxWithLoss(), Momentum(weight_decay=1e-4), accuracy,
        schedule=lambda step: cosine_decay(step, lr=0.1, steps=steps),
    )  # fmt: skip
    history = trainer.fit(batches, epochs, report=progress(epochs, f"{name}: epoch"))
    return history, trainer.evaluate(x_test, t_test)["accuracy"]


if __name__ == "__main__":
    main(run, STATED)
