"""SRCNN: super-resolution as a regression from a blurred picture to a sharp one."""

from dlkit.errors import ArgumentError
from dlkit.layers import Sequential
from dlkit.models.build import Builder


class SRCNN(Sequential):
    """Super-resolution by three convolutions: patches, a non-linear mapping, reconstruction.

    Input: pictures (N, C, H, W) already enlarged by bicubic interpolation; output: the same shape. Zeros
    are padded so that the size stays, where the paper loses a margin.

    build: see `Builder`. channels: C, 1 for luminance alone. filters: of the first and the second
    convolution. kernels: sizes of the three, odd.

    Source: Dong, Loy, He and Tang, Image Super-Resolution Using Deep Convolutional Networks (2016),
    section 3.1.

    >>> import numpy as np
    >>> model = SRCNN(Builder(np.random.default_rng(0)))
    >>> model.forward(np.zeros((2, 1, 12, 15))).shape
    (2, 1, 12, 15)
    """

    def __init__(
        self,
        build: Builder,
        channels: int = 1,
        filters: tuple[int, int] = (64, 32),
        kernels: tuple[int, int, int] = (9, 1, 5),
    ) -> None:
        if any(k % 2 == 0 for k in kernels):
            raise ArgumentError(
                f"SRCNN needs odd sizes of kernels, so that the padding keeps the size of the picture; "
                f"got {kernels}."
            )
        (f1, f2), (k1, k2, k3) = filters, kernels
        super().__init__(
            build.conv2d(channels, f1, k1, padding=k1 // 2),
            build.layers.ReLU(),
            build.conv2d(f1, f2, k2, padding=k2 // 2),
            build.layers.ReLU(),
            build.conv2d(f2, channels, k3, padding=k3 // 2),
        )
