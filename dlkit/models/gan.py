"""Generative adversarial networks: a generator and a discriminator that learn from each other."""

import numpy as np

from dlkit.layers import Layer, Sequential, SigmoidWithLoss
from dlkit.models.build import Builder
from dlkit.optim import Optimizer
from dlkit.typing import Array


class GAN:
    r"""A generator G makes samples from something, a discriminator D scores how real they look.

    D minimizes the binary cross entropy with targets 1 for real samples and 0 for those of G; G
    minimizes :math:`-\log \sigma(D(G(z)))`, the form whose gradient does not vanish while D wins.

    discriminator: its output is one score a sample, (N, 1). real: target for real samples; a little less
    than 1 keeps D from growing too sure.

    Sources: Goodfellow et al., Generative Adversarial Nets (2014), algorithm 1 and section 3; Salimans
    et al., Improved Techniques for Training GANs (2016), section 3.4, for one-sided label smoothing.

    >>> from dlkit.optim import Adam
    >>> rng = np.random.default_rng(0)
    >>> build = Builder(rng)
    >>> gan = GAN(mlp_generator(build, Z=2, H=8, D=3), mlp_discriminator(build, D=3, H=8), Adam(), Adam())
    >>> d_loss = gan.discriminator_step(x=rng.random((5, 3)), z=rng.standard_normal((4, 2)))
    >>> g_loss = gan.generator_step(z=rng.standard_normal((4, 2)))
    >>> d_loss > 0, g_loss > 0
    (True, True)
    """

    def __init__(
        self,
        generator: Layer,
        discriminator: Layer,
        generator_optimizer: Optimizer,
        discriminator_optimizer: Optimizer,
        real: float = 1.0,
    ) -> None:
        self.generator = generator
        self.discriminator = discriminator
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer
        self.real = real
        self.judge = SigmoidWithLoss()

    def discriminator_step(self, x: Array, z: Array) -> float:
        """Update D once by real samples x and those that G makes from z; return its loss.

        x: in the shape of what G makes but for the number of samples.
        """
        fake = self.generator.forward(z, training=True)
        t = np.concatenate([np.full((len(x), 1), self.real), np.zeros((len(fake), 1))])
        scores = self.discriminator.forward(np.concatenate([x, fake]), training=True)
        loss = self.judge.forward(scores, t)
        self.discriminator.backward(self.judge.backward())
        self.discriminator_optimizer.update(self.discriminator.params, self.discriminator.grads)
        return float(loss)

    def generator_loss(self, fake: Array) -> tuple[float, Array]:
        """Loss of G by what D thinks of its samples, and the gradient with respect to them.

        Changes the parameters of neither.
        """
        scores = self.discriminator.forward(fake, training=True)
        loss = self.judge.forward(scores, np.ones_like(scores))
        return float(loss), self.discriminator.backward(self.judge.backward())

    def generator_step(self, z: Array) -> float:
        """Update G once by what D thinks of the samples made from z; return the loss of G."""
        loss, dfake = self.generator_loss(self.generator.forward(z, training=True))
        self.generator.backward(dfake)
        self.generator_optimizer.update(self.generator.params, self.generator.grads)
        return loss


def mlp_generator(build: Builder, Z: int, H: int, D: int) -> Sequential:
    """Generator from Z random numbers to samples (N, D) with entries in [0, 1], H units a hidden layer.

    >>> generator = mlp_generator(Builder(np.random.default_rng(0)), Z=2, H=8, D=64)
    >>> generator.forward(np.zeros((5, 2)), training=False).shape
    (5, 64)
    """
    of = build.layers
    return Sequential(
        build.affine(Z, H), build.batch_norm(H), of.ReLU(),
        build.affine(H, H), build.batch_norm(H), of.ReLU(),
        build.affine(H, D), of.Sigmoid(),
    )  # fmt: skip


def mlp_discriminator(build: Builder, D: int, H: int, dropout: float = 0.3) -> Sequential:
    """Discriminator of samples (N, D): one score each, (N, 1), positive for real.

    >>> discriminator = mlp_discriminator(Builder(np.random.default_rng(0)), D=64, H=8)
    >>> discriminator.forward(np.zeros((5, 64)), training=False).shape
    (5, 1)
    """
    of = build.layers
    return Sequential(
        build.affine(D, H), of.LeakyReLU(0.2), of.Dropout(dropout, build.rng),
        build.affine(H, H), of.LeakyReLU(0.2), of.Dropout(dropout, build.rng),
        build.affine(H, 1),
    )  # fmt: skip
