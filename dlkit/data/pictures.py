"""Photographs, and what super-resolution does to them before it learns: resizing, cutting, luminance."""

import numpy as np
import numpy.typing as npt

from dlkit.data.sources import missing
from dlkit.errors import ArgumentError, expect
from dlkit.functions import as_float
from dlkit.typing import Array


def pictures(dtype: npt.DTypeLike = np.float64) -> dict[str, Array]:
    """Two photographs by name, "china" and "flower": arrays (3, 427, 640), red, green, blue in [0, 1].

    Source: see ``SOURCES["pictures"]``; its `credit` belongs under every figure made from them.

    >>> pictures(dtype=np.float32)["china"].shape
    (3, 427, 640)
    """
    try:
        from sklearn.datasets import load_sample_image
    except ImportError:
        raise missing("pictures") from None
    raw = {name: load_sample_image(f"{name}.jpg") for name in ("china", "flower")}
    return {
        name: picture.transpose(2, 0, 1).astype(dtype) / np.asarray(255, dtype)
        for name, picture in raw.items()
    }


def luminance(x: Array) -> Array:
    """Brightness of pictures, shape (..., 1, H, W), for red, green and blue of shape (..., 3, H, W).

    Source: Recommendation ITU-R BT.601, section 2.5.1: 0.299 R + 0.587 G + 0.114 B.

    >>> luminance(np.array([1.0, 0.5, 0.0]).reshape(3, 1, 1)).round(4)
    array([[[0.5925]]])
    """
    expect(x.ndim >= 3 and x.shape[-3] == 3, "luminance needs x (..., 3, H, W)", x=x)
    x = as_float(x)
    weights = np.array([0.299, 0.587, 0.114], dtype=x.dtype).reshape(3, 1, 1)
    y: Array = (weights * x).sum(axis=-3, keepdims=True)
    return y


def patches(picture: Array, size: int, stride: int) -> Array:
    """Square parts of a picture (C, H, W), row by row: shape (N, C, size, size).

    >>> patches(np.zeros((3, 10, 15)), size=5, stride=5).shape
    (6, 3, 5, 5)
    """
    if size < 1 or stride < 1:
        raise ArgumentError(
            f"patches needs size and stride of at least 1; got size = {size}, stride = {stride}."
        )
    expect(picture.ndim == 3, "patches needs a picture (C, H, W)", picture=picture)
    rule = f"A patch of {size} must fit into the picture"
    expect(min(picture.shape[1:]) >= size, rule, picture=picture)
    windows = np.lib.stride_tricks.sliding_window_view(picture, (size, size), axis=(1, 2))
    chosen = windows[:, ::stride, ::stride].transpose(1, 2, 0, 3, 4)
    return chosen.reshape(-1, len(picture), size, size)


def resize(x: Array, height: int, width: int) -> Array:
    """Pictures in another size by bicubic interpolation: (..., H, W) becomes (..., height, width).

    A picture that shrinks is smoothed first: the kernel is widened by the factor, as in Pillow. An
    overshoot at an edge can leave the range of x.

    Source: Keys, Cubic Convolution Interpolation for Digital Image Processing (1981), with a = -1/2.

    >>> resize(np.array([[0.0, 0.0, 1.0, 1.0]]), height=1, width=2).round(4)
    array([[0.0826, 0.9174]])
    """
    expect(x.ndim >= 2, "resize needs x (..., H, W)", x=x)
    x = as_float(x)
    if height < 1 or width < 1:
        raise ArgumentError(f"resize needs a size of at least 1 x 1; got {height} x {width}.")
    rows, columns = cubic_weights(x.shape[-2], height), cubic_weights(x.shape[-1], width)
    y: Array = rows.astype(x.dtype) @ x @ columns.astype(x.dtype).T
    return y


def cubic_weights(n: int, size: int) -> Array:
    """Matrix (size, n), float64, that resamples n points on a line to `size` points.

    >>> cubic_weights(4, 2).round(3)
    array([[ 0.459,  0.459,  0.12 , -0.037],
           [-0.037,  0.12 ,  0.459,  0.459]])
    """
    step = n / size
    centre = (np.arange(size)[:, np.newaxis] + 0.5) * step - 0.5
    distance = np.abs(np.arange(n) - centre) / max(step, 1.0)
    near = 1.5 * distance**3 - 2.5 * distance**2 + 1.0
    far = -0.5 * distance**3 + 2.5 * distance**2 - 4.0 * distance + 2.0
    weights = np.where(distance < 1, near, np.where(distance < 2, far, 0.0))
    weights /= weights.sum(axis=1, keepdims=True)  # at the edges some are cut off
    return weights
