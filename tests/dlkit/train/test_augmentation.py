import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.errors import ArgumentError, ShapeError
from dlkit.train import flip, noise, rotate, shift

shapes = st.tuples(st.integers(0, 4), st.integers(1, 3), st.integers(1, 6), st.integers(1, 6))
seeds = st.integers(0, 2**31)
AUGMENTATIONS = [
    lambda x, rng: shift(x, 2, rng),
    lambda x, rng: rotate(x, 30.0, rng),
    flip,
    lambda x, rng: noise(x, 0.1, rng),
]
each = pytest.mark.parametrize("augment", AUGMENTATIONS, ids=["shift", "rotate", "flip", "noise"])


@each
@given(shape=shapes, seed=seeds, dtype=st.sampled_from([np.float32, np.float64]))
def test_shape_and_dtype_stay_and_so_does_the_argument(augment, shape, seed, dtype):
    x = np.random.default_rng(seed).random(shape).astype(dtype)
    x.flags.writeable = False
    y = augment(x, np.random.default_rng(seed))
    assert y.shape == shape
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, augment(x, np.random.default_rng(seed)))


@each
def test_samples_are_changed_each_in_its_own_way(augment, rng):
    x = np.tile(rng.random((1, 1, 6, 6)), (20, 1, 1, 1))
    y = augment(x, rng)
    assert len(np.unique(y.reshape(20, -1), axis=0)) > 1


@given(shape=shapes, pixels=st.integers(0, 3), seed=seeds)
def test_a_shift_moves_whole_pixels_and_fills_with_zeros(shape, pixels, seed):
    x = 1 + np.random.default_rng(seed).random(shape)
    y = shift(x, pixels, np.random.default_rng(seed))
    _, _, height, width = shape
    for before, after in zip(x, y, strict=True):
        padded = np.pad(before, [(0, 0), (pixels, pixels), (pixels, pixels)])
        moves = [
            padded[:, i : i + height, j : j + width]
            for i in range(2 * pixels + 1)
            for j in range(2 * pixels + 1)
        ]
        assert any((after == moved).all() for moved in moves)


def test_all_shifts_occur_equally_often(rng):
    x = np.zeros((9000, 1, 5, 5))
    x[:, :, 2, 2] = 1.0
    counts = shift(x, 1, rng).sum(axis=(0, 1))
    np.testing.assert_allclose(counts[1:4, 1:4], 1000, atol=150)
    assert counts.sum() == 9000


def test_no_shift_and_no_angle_leave_pictures_as_they_are(rng):
    x = rng.random((3, 2, 5, 4))
    np.testing.assert_array_equal(shift(x, 0, rng), x)
    np.testing.assert_array_equal(rotate(x, 0.0, rng), x)


class Angle:
    """A generator that draws one angle."""

    def __init__(self, degrees):
        self.degrees = degrees

    def uniform(self, low, high, size):
        assert low <= self.degrees <= high
        return np.full(size, float(self.degrees))


@pytest.mark.parametrize(("degrees", "turns"), [(90, -1), (180, 2), (-90, 1)])
def test_right_angles_turn_pictures_exactly(rng, degrees, turns):
    x = rng.random((2, 3, 5, 5))
    turned = rotate(x, 180.0, Angle(degrees))
    np.testing.assert_allclose(turned, np.rot90(x, turns, axes=(2, 3)), atol=1e-14)


def test_turning_and_turning_back_comes_close(rng):
    y, z = np.mgrid[-1:1:41j, -1:1:41j]
    x = np.exp(-8 * ((y - 0.2) ** 2 + z**2))[np.newaxis, np.newaxis]
    there = rotate(x, 45.0, Angle(33))
    assert abs(there - x).max() > 0.1
    np.testing.assert_allclose(rotate(there, 45.0, Angle(-33)), x, atol=0.02)


def test_half_of_the_pictures_are_mirrored(rng):
    x = np.tile(np.array([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3), (4000, 1, 1, 1))
    y = flip(x, rng)
    mirrored = y[:, 0, 0, 0] == 3.0
    np.testing.assert_array_equal(
        y[mirrored][:, 0, 0], np.tile([3.0, 2.0, 1.0], (mirrored.sum(), 1))
    )
    np.testing.assert_array_equal(y[~mirrored], x[~mirrored])
    assert abs(mirrored.mean() - 0.5) < 0.03


def test_noise_has_its_standard_deviation_and_any_shape(rng):
    errors = noise(np.ones(50_000), 0.3, rng) - 1
    assert abs(errors.mean()) < 0.01
    assert abs(errors.std() - 0.3) < 0.01


def test_whole_numbers_are_turned_as_floats_are(rng):
    x = rng.integers(0, 255, (2, 1, 5, 5))
    turned = rotate(x, 45.0, Angle(20))
    np.testing.assert_allclose(turned, rotate(x.astype(float), 45.0, Angle(20)))


@pytest.mark.parametrize("augment", AUGMENTATIONS[:3])
def test_pictures_have_four_axes(augment, rng):
    with pytest.raises(ShapeError, match=r"needs pictures x \(N, C, H, W\); got x \(8, 8\)"):
        augment(np.zeros((8, 8)), rng)


def test_a_shift_is_not_negative(rng):
    with pytest.raises(ArgumentError, match=r"at least 0; got -1\."):
        shift(np.zeros((1, 1, 2, 2)), -1, rng)
