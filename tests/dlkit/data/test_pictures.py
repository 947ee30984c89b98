import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dlkit.data import luminance, patches, pictures, resize
from dlkit.errors import ArgumentError, MissingDataError, ShapeError

sizes = st.integers(1, 12)


def test_photographs_are_colours_between_0_and_1():
    found = pictures(np.float32)
    assert set(found) == {"china", "flower"}
    for x in found.values():
        assert x.shape == (3, 427, 640)
        assert x.dtype == np.float32
        assert 0 <= x.min() < 0.1
        assert 0.9 < x.max() <= 1


def test_photographs_that_are_not_installed_say_how(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(MissingDataError, match=r"^pictures reads .* pip install scikit-learn$"):
        pictures()


def test_luminance_is_that_of_pillow():
    raw = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    want = np.asarray(Image.fromarray(raw).convert("L"))
    y = luminance(raw.transpose(2, 0, 1))
    assert y.shape == (1, 9, 7)
    np.testing.assert_allclose(y[0], want, atol=1)


def test_luminance_needs_three_channels():
    with pytest.raises(ShapeError, match=r"needs x \(\.\.\., 3, H, W\); got x \(1, 4, 4\)"):
        luminance(np.zeros((1, 4, 4)))


@given(
    st.integers(1, 3), st.integers(3, 9), st.integers(3, 9), st.integers(1, 3), st.integers(1, 4)
)
def test_patches_are_windows_row_by_row(channels, height, width, size, stride):
    picture = np.arange(channels * height * width).reshape(channels, height, width)
    tops, lefts = range(0, height - size + 1, stride), range(0, width - size + 1, stride)
    want = [picture[:, i : i + size, j : j + size] for i in tops for j in lefts]
    np.testing.assert_array_equal(patches(picture, size, stride), want)


def test_patches_state_their_rules():
    with pytest.raises(ShapeError, match=r"A patch of 5 must fit .* got picture \(1, 4, 9\)"):
        patches(np.zeros((1, 4, 9)), size=5, stride=1)
    with pytest.raises(ShapeError, match=r"needs a picture \(C, H, W\); got picture \(4, 9\)"):
        patches(np.zeros((4, 9)), size=2, stride=1)
    with pytest.raises(ArgumentError, match=r"at least 1; got size = 2, stride = 0"):
        patches(np.zeros((1, 4, 9)), size=2, stride=0)


@given(sizes, sizes, sizes, sizes, st.integers(0, 2**31))
def test_resizing_is_that_of_pillow(height, width, new_height, new_width, seed):
    x = np.random.default_rng(seed).random((height, width), dtype=np.float32)
    want = Image.fromarray(x).resize((new_width, new_height), Image.Resampling.BICUBIC)
    np.testing.assert_allclose(resize(x, new_height, new_width), np.asarray(want), atol=2e-6)


@given(sizes, sizes, st.floats(-3, 3))
def test_a_flat_picture_stays_flat_in_any_size(height, width, value):
    x = np.full((2, 5, 4), value)
    np.testing.assert_allclose(resize(x, height, width), value, atol=1e-12)


def test_the_same_size_leaves_a_picture_as_it_is(rng):
    x = rng.random((2, 3, 5, 4))
    np.testing.assert_allclose(resize(x, 5, 4), x, atol=1e-15)


def test_resizing_keeps_float32_and_takes_integers(rng):
    x = rng.integers(0, 256, (6, 6), dtype=np.uint8)
    assert resize(x.astype(np.float32), 3, 3).dtype == np.float32
    np.testing.assert_allclose(resize(x, 3, 3), resize(x.astype(float), 3, 3))


def test_resizing_states_its_rules():
    with pytest.raises(ArgumentError, match=r"at least 1 x 1; got 0 x 3\."):
        resize(np.zeros((4, 4)), 0, 3)
    with pytest.raises(ShapeError, match=r"resize needs x \(\.\.\., H, W\); got x \(4,\)"):
        resize(np.zeros(4), 2, 2)
