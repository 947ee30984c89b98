"""Augmentation: new training pictures from old ones. Pictures are x (N, C, H, W); each sample draws by itself.

Augment training data alone, and only by changes that leave the class as it is: a mirrored 2 is no digit.
"""

import numpy as np

from dlkit.errors import ArgumentError, expect
from dlkit.functions import as_float
from dlkit.typing import Array


def shift(x: Array, pixels: int, rng: np.random.Generator) -> Array:
    """Pictures moved by up to so many whole pixels along both axes; zeros come in.

    x: (N, C, H, W); the result has its shape and dtype.

    >>> x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    >>> shift(x, 1, np.random.default_rng(0))
    array([[[[4., 5., 6.],
             [7., 8., 9.],
             [0., 0., 0.]]]])
    """
    check_pictures(x)
    if pixels < 0:
        raise ArgumentError(f"shift needs a number of pixels of at least 0; got {pixels}.")
    n, _, height, width = x.shape
    padded = np.pad(x, [(0, 0), (0, 0), (pixels, pixels), (pixels, pixels)])
    dy, dx = rng.integers(0, 2 * pixels + 1, size=(2, n, 1))
    rows = (dy + np.arange(height))[:, np.newaxis, :, np.newaxis]
    columns = (dx + np.arange(width))[:, np.newaxis, np.newaxis, :]
    samples = np.arange(n)[:, np.newaxis, np.newaxis, np.newaxis]
    channels = np.arange(x.shape[1])[np.newaxis, :, np.newaxis, np.newaxis]
    moved: Array = padded[samples, channels, rows, columns]
    return moved


def rotate(x: Array, degrees: float, rng: np.random.Generator) -> Array:
    """Pictures turned around their middle by up to so many degrees either way; zeros come in.

    x: (N, C, H, W); the result has its shape and its dtype. An entry of the result is the bilinear mean
    of the four entries around the place it came from.

    >>> x = np.zeros((1, 1, 3, 3))
    >>> x[0, 0, 1, 1] = 1.0  # the middle stays where it is
    >>> float(rotate(x, 30.0, np.random.default_rng(0))[0, 0, 1, 1])
    1.0
    """
    check_pictures(x)
    n, _, height, width = x.shape
    angle = np.deg2rad(rng.uniform(-degrees, degrees, size=(n, 1, 1)))
    y = np.arange(height)[:, np.newaxis] - (height - 1) / 2
    z = np.arange(width) - (width - 1) / 2
    row = np.cos(angle) * y - np.sin(angle) * z + (height - 1) / 2
    column = np.sin(angle) * y + np.cos(angle) * z + (width - 1) / 2
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    down, right = row - top, column - left

    x = as_float(x)
    turned: Array = np.zeros_like(x)
    for i, weight_y in ((0, 1 - down), (1, down)):
        for j, weight_x in ((0, 1 - right), (1, right)):
            weight = (weight_y * weight_x).astype(x.dtype)[:, np.newaxis]
            turned += weight * _entries(x, top + i, left + j)
    return turned


def _entries(x: Array, rows: Array, columns: Array) -> Array:
    """Entries (N, C, H, W) of x at places (N, H, W) of each sample; 0 outside the picture."""
    n, _, height, width = x.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    samples = np.arange(n)[:, np.newaxis, np.newaxis]
    found = x[samples, :, np.where(inside, rows, 0), np.where(inside, columns, 0)]
    entries: Array = np.moveaxis(np.where(inside[..., np.newaxis], found, 0), -1, 1)
    return entries


def flip(x: Array, rng: np.random.Generator) -> Array:
    """Pictures of which each is mirrored, left for right, with probability 1/2.

    x: (N, C, H, W); the result has its shape and dtype.

    >>> flip(np.array([1.0, 2.0]).reshape(1, 1, 1, 2), np.random.default_rng(2)).ravel()
    array([2., 1.])
    """
    check_pictures(x)
    mirrored = rng.random(len(x)) < 0.5
    return np.where(mirrored[:, np.newaxis, np.newaxis, np.newaxis], x[..., ::-1], x)


def noise(x: Array, std: float, rng: np.random.Generator) -> Array:
    """Add normal noise of that standard deviation to x, of any shape; the dtype stays.

    >>> noise(np.ones(2), 0.0, np.random.default_rng(0))
    array([1., 1.])
    """
    noisy: Array = x + (std * rng.standard_normal(x.shape)).astype(x.dtype)
    return noisy


def check_pictures(x: Array) -> None:
    """Raise `ShapeError` unless x has the axes of pictures."""
    expect(x.ndim == 4, "Augmentation needs pictures x (N, C, H, W)", x=x)
