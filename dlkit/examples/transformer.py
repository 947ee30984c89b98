"""A small Transformer learns to add: it continues "47+85=" with the digits of the sum.

Two blocks of width 64 with four heads read and write one digit at a time; the sum is written from its last
digit on, as one adds on paper. Of the 10,000 pairs of numbers with two digits 80 % are for training. No
rule of addition is built in. The figure shows what it looks at in 47+85=231: in the second block, while it
writes the tens, at the tens of both numbers; while it writes the ones, at those of the second number and
at the sign behind those of the first.

Reached: 100 % of the 2,000 unseen sums right in every digit; 96 s.
"""

from pathlib import Path

import numpy as np

from dlkit import fast, plot
from dlkit.examples.common import main, progress, save_figure
from dlkit.models import Builder, TimeSoftmaxWithLoss, Transformer
from dlkit.optim import AdamW, cosine_decay
from dlkit.train import Batches, Trainer, accuracy, split
from dlkit.typing import Array, Labels

STATED = {"sums right, unseen pairs": 0.95}
SYMBOLS = "0123456789+="
START = len("47+85=")


def run(out: Path, epochs: int = 20, pairs: int = 10_000, seed: int = 0) -> dict[str, float]:
    """Train on 80 % of so many of the 10,000 pairs of two-digit numbers; test on the others."""
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(10_000)[:pairs]
    (training,), (test,) = split(sums(chosen), parts=(0.8, 0.2), rng=rng)

    model = Transformer(Builder(rng, np.float32, fast), V=len(SYMBOLS), D=64, heads=4, blocks=2)
    x, t = training[:, :-1], training[:, 1:].copy()
    t[:, : START - 1] = -1  # what is asked cannot be foreseen
    batches = Batches(x, t, size=100, rng=rng)
    steps = epochs * len(batches)
    trainer = Trainer(
        model, TimeSoftmaxWithLoss(), AdamW(), accuracy, max_norm=1.0,
        schedule=lambda step: cosine_decay(step, lr=0.003, steps=steps),
    )  # fmt: skip
    history = trainer.fit(batches, epochs, report=progress(epochs))

    drawing, axes = plot.figure(1, 3)
    plot.learning_curves(axes[0, 0], history)
    shown = sums(np.array([4785]))
    model.forward(shown[:, :-1], training=False)
    letters = [SYMBOLS[i] for i in shown[0]]
    for ax, weights in zip(axes[0, 1:], model.weights, strict=True):
        rows = weights[0].mean(axis=0)[START - 1 :]  # mean over the heads, where digits are written
        writing = [f"→ {letter}" for letter in letters[START:]]
        plot.attention_map(ax, rows, queries=writing, keys=letters[:-1])
    axes[0, 1].set_title("attention, first block")
    axes[0, 2].set_title("second block")
    save_figure(drawing, out, "transformer")
    return {
        "sums right, training pairs": share_right(model, training),
        "sums right, unseen pairs": share_right(model, test),
    }


def sums(numbers: Labels) -> Labels:
    """Lines such as "47+85=231" for numbers such as 4785, as positions in SYMBOLS: shape (N, 9).

    The digits of the sum come from the last to the first, as one adds on paper, so that a carry goes
    from left to right.
    """
    texts = [
        f"{n // 100:02}+{n % 100:02}={str(n // 100 + n % 100).zfill(3)[::-1]}" for n in numbers
    ]
    return np.array([[SYMBOLS.index(symbol) for symbol in text] for text in texts])


def share_right(model: Transformer, lines: Array) -> float:
    """Share of the lines whose sum the model writes without any mistake."""
    written = model.complete(lines[:, :START], lines.shape[1] - START)
    return float((written == lines[:, START:]).all(axis=1).mean())


if __name__ == "__main__":
    main(run, STATED)
