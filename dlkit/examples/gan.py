"""Handwritten digits out of random numbers: a generator and a discriminator learn from each other.

Both are perceptrons with two hidden layers of 128 units; the samples are the 1,797 digits of 8 x 8 pixels of
scikit-learn. How near the drawn digits come to the real ones is measured by the Fréchet distance of their
pixels' means and covariances; digits whose pixels are dealt out anew, each among all samples, are the
comparison: they have the right mean and no shape. A classifier trained on the real digits says which classes
are drawn; one that has at least 1 % of the samples counts.

Reached: all 10 classes; distance 0.25 against 1.68, 6.6 times nearer. 25 s.
"""

from pathlib import Path

import numpy as np

from dlkit import fast, plot
from dlkit.data import digits
from dlkit.examples.common import main, progress, save_figure
from dlkit.layers import SoftmaxWithLoss
from dlkit.models import GAN, MLP, Builder, mlp_discriminator, mlp_generator
from dlkit.optim import Adam
from dlkit.train import Batches, Trainer, predict
from dlkit.typing import Array

STATED = {"classes drawn, of 10": 9, "times nearer": 3}
Z = 16


def run(out: Path, epochs: int = 200, seed: int = 0) -> dict[str, float]:
    """Train on all digits; return how real what is drawn looks, and how many classes it has."""
    rng = np.random.default_rng(seed)
    x, t = digits(np.float32)
    x = x.reshape(len(x), -1)
    build = Builder(rng, np.float32, fast)
    gan = GAN(
        mlp_generator(build, Z, H=128, D=64), mlp_discriminator(build, D=64, H=128),
        Adam(lr=0.0005, beta1=0.5), Adam(lr=0.0005, beta1=0.5), real=0.9,
    )  # fmt: skip
    history: dict[str, list[float]] = {"discriminator": [], "generator": []}
    report = progress(epochs)
    for epoch in range(1, epochs + 1):
        losses = []
        for (real,) in Batches(x, size=64, rng=rng):
            d_loss = gan.discriminator_step(real, noise(rng, len(real)))
            g_loss = gan.generator_step(noise(rng, len(real)))
            losses.append((d_loss, g_loss))
        numbers = dict(zip(history, np.mean(losses, axis=0).tolist(), strict=True))
        for name, number in numbers.items():
            history[name].append(number)
        report(epoch, numbers)

    drawn = predict(gan.generator, noise(rng, len(x)))
    judge = MLP([64, 100, 10], Builder(rng, np.float32, fast))
    Trainer(judge, SoftmaxWithLoss(), Adam()).fit(Batches(x, t, size=32, rng=rng), epochs=10)
    counts = np.bincount(predict(judge, drawn).argmax(axis=1), minlength=10)

    drawing, axes = plot.figure(1, 3)
    plot.learning_curves(axes[0, 0], history, names=tuple(history))
    plot.pictures(axes[0, 1], x[:40].reshape(-1, 1, 8, 8)).set_title("real")
    plot.pictures(axes[0, 2], drawn[:40].reshape(-1, 1, 8, 8)).set_title("drawn")
    save_figure(drawing, out, "gan")
    near, far = (frechet_distance(x, other) for other in (drawn, independent_pixels(x, rng)))
    return {
        "classes drawn, of 10": float((counts > len(drawn) / 100).sum()),
        "distance, drawn": near,
        "distance, pixels dealt out anew": far,
        "times nearer": far / near,
    }


def noise(rng: np.random.Generator, n: int) -> Array:
    """What the generator starts from: (n, Z), standard normal."""
    return rng.standard_normal((n, Z), dtype=np.float32)


def independent_pixels(x: Array, rng: np.random.Generator) -> Array:
    """Samples whose pixels are each dealt out anew among all samples: right in the mean, no digits."""
    return rng.permuted(x, axis=0)


def frechet_distance(a: Array, b: Array) -> float:
    r"""Distance of two samples (N, D), each taken for normally distributed; 0 where all moments agree.

    .. math:: \lVert \mu_a - \mu_b \rVert^2 + \mathrm{tr}(C_a + C_b - 2 (C_a C_b)^{1/2})

    Source: Heusel et al., GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
    Equilibrium (2017), section 4, who compare features of a network; here the pixels themselves.
    """
    means, covariances = zip(
        *[(x.mean(axis=0), np.cov(x.T.astype(np.float64))) for x in (a, b)], strict=True
    )
    eigenvalues = np.linalg.eigvals(covariances[0] @ covariances[1]).real.clip(0)
    squared = ((means[0] - means[1]) ** 2).sum()
    return float(squared + sum(np.trace(C) for C in covariances) - 2 * np.sqrt(eigenvalues).sum())


if __name__ == "__main__":
    main(run, STATED)
