"""Flatten and PixelShuffle: where every entry goes, and that backward brings it back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.errors import ArgumentError, ShapeError
from dlkit.layers import Flatten, PixelShuffle

sizes = st.integers(1, 3)


@given(n=sizes, c=sizes, r=sizes, h=sizes, w=sizes)
def test_pixel_shuffle_puts_channels_into_blocks(n, c, r, h, w):
    x = np.arange(float(n * c * r * r * h * w)).reshape(n, c * r * r, h, w)
    layer = PixelShuffle(r)
    y = layer.forward(x)
    assert y.shape == (n, c, r * h, r * w)
    for b, k, i, j, row, column in np.ndindex(n, c, r, r, h, w):
        assert y[b, k, r * row + i, r * column + j] == x[b, k * r * r + i * r + j, row, column]
    np.testing.assert_array_equal(layer.backward(y), x)


@given(shape=st.lists(sizes, min_size=1, max_size=4))
def test_flatten_keeps_the_batch_and_backward_brings_the_shape_back(shape):
    x = np.arange(float(np.prod(shape))).reshape(shape)
    layer = Flatten()
    y = layer.forward(x)
    assert y.shape == (shape[0], x.size // shape[0])
    np.testing.assert_array_equal(layer.backward(y), x)


@pytest.mark.parametrize("shape", [(1, 6, 2, 2), (4, 2, 2)])
def test_channels_that_make_no_blocks_are_refused(shape):
    with pytest.raises(ShapeError) as error:
        PixelShuffle(2).forward(np.zeros(shape))
    assert str(error.value) == (
        f"PixelShuffle needs x (N, C, H, W) with a multiple of r² = 4 channels; got x {shape}."
    )


def test_a_factor_below_one_is_refused():
    with pytest.raises(ArgumentError, match="PixelShuffle needs a factor r of at least 1; got 0"):
        PixelShuffle(0)
