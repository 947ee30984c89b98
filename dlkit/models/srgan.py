"""SRGAN: super-resolution judged by a discriminator."""

from typing import Any

from dlkit.errors import ArgumentError
from dlkit.layers import MeanSquaredError, Sequential
from dlkit.models.build import Builder
from dlkit.models.gan import GAN
from dlkit.typing import Array


class SRGAN(GAN):
    r"""A GAN whose generator gets small pictures, and has to keep to the true ones as well.

    G minimizes the mean squared error of its pictures plus `weight` times their adversarial loss,
    :math:`-\log \sigma(D(G(x)))`. The discriminator's step is that of `GAN`, with the small pictures for z.

    Source: Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial
    Network (2017), section 2.2, where the weight is 0.001.

    >>> import numpy as np
    >>> from dlkit.layers import Affine
    >>> from dlkit.optim import SGD
    >>> G = Sequential(Affine(np.eye(2), np.zeros(2)))
    >>> D = Sequential(Affine(np.ones((2, 1)), np.zeros(1)))
    >>> srgan = SRGAN(G, D, SGD(), SGD())
    >>> adversarial, content = srgan.enlarging_step(np.array([[1.0, -1.0]]), np.array([[1.0, 1.0]]))
    >>> round(adversarial, 4), content
    (0.6931, 2.0)
    """

    def enlarging_step(self, x: Array, t: Array, weight: float = 0.001) -> tuple[float, float]:
        """Update G once by both losses, for small pictures x of the true ones t; return both.

        The adversarial loss comes first, without its `weight`.
        """
        squared = MeanSquaredError()
        y = self.generator.forward(x, training=True)
        adversarial, dy = self.generator_loss(y)
        content = squared.forward(y, t)
        self.generator.backward(weight * dy + squared.backward())
        self.generator_optimizer.update(self.generator.params, self.generator.grads)
        return adversarial, float(content)


class SRGenerator(Sequential):
    """Generator of SRGAN: residual blocks at low resolution, then sub-pixel convolutions that enlarge.

    Input: pictures (N, C, H, W); output: (N, C, rH, rW).

    build: see `Builder`. channels: C. r: factor, a power of two; each doubling is a convolution to four
    times the channels and a pixel shuffle. width: channels inside. blocks: residual blocks.
    kernel: size of the first and of the last convolution, odd.

    Source: Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial
    Network (2017), figure 4, with ReLU for PReLU and without batch normalization, which Lim et al.,
    Enhanced Deep Residual Networks for Single Image Super-Resolution (2017), found to do harm here.

    >>> import numpy as np
    >>> model = SRGenerator(Builder(np.random.default_rng(0)), r=4, width=8, blocks=1)
    >>> model.forward(np.zeros((2, 3, 5, 6))).shape
    (2, 3, 20, 24)
    """

    def __init__(
        self,
        build: Builder,
        channels: int = 3,
        r: int = 4,
        width: int = 64,
        blocks: int = 16,
        kernel: int = 9,
    ) -> None:
        if r < 2 or r & (r - 1):
            raise ArgumentError(f"SRGenerator enlarges by a power of two: 2, 4, 8, …; got r = {r}.")
        if kernel % 2 == 0:
            raise ArgumentError(
                f"SRGenerator needs an odd kernel, so that sizes stay; got {kernel}."
            )
        of = build.layers
        residuals = [of.Residual(self._body(build, width)) for _ in range(blocks)]
        residuals.append(build.conv2d(width, width, 3, padding=1))
        enlarging: list[Any] = []
        for _ in range(r.bit_length() - 1):
            conv = build.conv2d(width, 4 * width, 3, padding=1)
            enlarging += [conv, of.PixelShuffle(2), of.ReLU()]
        super().__init__(
            build.conv2d(channels, width, kernel, padding=kernel // 2),
            of.ReLU(),
            of.Residual(Sequential(*residuals)),
            *enlarging,
            build.conv2d(width, channels, kernel, padding=kernel // 2),
        )

    @staticmethod
    def _body(build: Builder, width: int) -> Sequential:
        return Sequential(
            build.conv2d(width, width, 3, padding=1),
            build.layers.ReLU(),
            build.conv2d(width, width, 3, padding=1),
        )


class SRDiscriminator(Sequential):
    """Discriminator of SRGAN: convolutions, every second one halving the picture; one score a picture.

    Input: pictures (N, C, H, W), H and W divisible by 2 for each doubling of the channels; output: scores
    (N, 1), positive for real.

    build: see `Builder`. shape: of a picture, (C, H, W). width: channels of the first convolution.
    doublings: how often the channels double and the picture halves; 4 in the paper. hidden: units of the
    affine layer.

    Source: Ledig et al. (2017), figure 4, without batch normalization.

    >>> import numpy as np
    >>> model = SRDiscriminator(Builder(np.random.default_rng(0)), (3, 16, 16), width=4, doublings=2)
    >>> model.forward(np.zeros((2, 3, 16, 16))).shape
    (2, 1)
    """

    def __init__(
        self,
        build: Builder,
        shape: tuple[int, int, int],
        width: int = 64,
        doublings: int = 4,
        hidden: int = 1024,
    ) -> None:
        C, height, wide = shape
        if height % 2**doublings or wide % 2**doublings:
            raise ArgumentError(
                f"SRDiscriminator with {doublings} doublings needs H and W divisible by {2**doublings}; "
                f"got {height} x {wide}."
            )
        of = build.layers
        layers: list[Any] = []
        for i in range(doublings):
            F = width * 2**i
            layers += [build.conv2d(C, F, 3, padding=1), of.LeakyReLU(0.2)]
            layers += [build.conv2d(F, F, 3, stride=2, padding=1), of.LeakyReLU(0.2)]
            C, height, wide = F, height // 2, wide // 2
        super().__init__(
            *layers,
            of.Flatten(),
            build.affine(C * height * wide, hidden),
            of.LeakyReLU(0.2),
            build.affine(hidden, 1),
        )
