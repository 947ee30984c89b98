"""Logic gates: what a perceptron learns, what it cannot, and what two layers can.

The learning rule finds weights for AND, OR and NAND after a few mistakes. For XOR it never ends: no
straight line has the two classes on its two sides. Two layers of neurons, with weights chosen by hand or
learned by gradient descent, do it.

Reached: every gate right, but XOR with one layer 50 %; a second.
"""

from pathlib import Path

import numpy as np

from dlkit import plot
from dlkit.data import logic_gate
from dlkit.examples.common import main, save_figure
from dlkit.layers import SoftmaxWithLoss
from dlkit.models import XOR, Perceptron, TwoLayerNet
from dlkit.optim import SGD
from dlkit.train import Trainer

STATED = {
    "AND": 1.0,
    "OR": 1.0,
    "NAND": 1.0,
    "XOR, two layers by hand": 1.0,
    "XOR, two layers learned": 1.0,
}


def run(out: Path, epochs: int = 100, steps: int = 500) -> dict[str, float]:
    """Learn each gate; return the share of right answers. epochs: of the rule. steps: of gradient descent."""
    drawing, axes = plot.figure(1, 5, width=2.6, height=2.8)
    reached: dict[str, float] = {}
    for ax, name in zip(axes[0], ("AND", "OR", "NAND", "XOR"), strict=False):
        x, t = logic_gate(name)
        perceptron = Perceptron(w=np.zeros(2))
        mistakes = perceptron.learn(x, t, epochs=epochs)
        label = name if name != "XOR" else "XOR, one layer"
        reached[label] = float((perceptron.forward(x) == t).mean())
        plot.decision_regions(ax, perceptron.forward, x, t)
        ax.set_title(
            f"{name}, {sum(mistakes)} mistakes" if mistakes[-1] == 0 else f"{name}: no end"
        )

    x, t = logic_gate("XOR")
    reached["XOR, two layers by hand"] = float((XOR(x) == t).mean())
    net = TwoLayerNet(D=2, H=8, C=2, rng=np.random.default_rng(1))
    trainer = Trainer(net, SoftmaxWithLoss(), SGD(lr=0.5))
    trainer.fit([(x, t)], epochs=steps)
    reached["XOR, two layers learned"] = net.accuracy(x, t)
    plot.decision_regions(axes[0, 4], lambda points: net.predict(points).argmax(axis=1), x, t)
    axes[0, 4].set_title("XOR, two layers")
    save_figure(drawing, out, "logic_gates")
    return reached


if __name__ == "__main__":
    main(run, STATED)
