"""Draws: reproducible, different for another secret, and such that no two axes can be mixed up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import Draw, seed

SEEDS = st.integers(0, 2**64).map(lambda n: seed(b"test", str(n)))
COUNTS = st.integers(1, 5)


@given(st.binary(max_size=40), st.lists(st.text(max_size=5), max_size=4))
def test_the_same_parts_give_the_same_seed(secret, parts):
    assert seed(secret, *parts) == seed(secret, *parts)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_another_secret_gives_another_seed(one, other):
    # HMAC pads a key with zeros
    same = one.rstrip(b"\0") == other.rstrip(b"\0")
    assert (seed(one, "a") == seed(other, "a")) == same


def test_other_parts_give_another_seed():
    seeds = {
        seed(b"s", *parts)
        for parts in [(), ("a",), ("a", "b"), ("ab",), ("b", "a"), ("a", "b", "")]
    }
    assert len(seeds) == 6


def test_the_same_seed_gives_the_same_draws_in_the_same_order():
    def draws(secret):
        draw = Draw(seed(secret, "x"))
        return [
            draw(2, 3).tolist(),
            draw.nonzero(4).tolist(),
            draw.sizes(3),
            draw.labels(5, 3).tolist(),
        ]

    assert draws(b"one") == draws(b"one")
    assert draws(b"one") != draws(b"two")


@given(SEEDS, COUNTS, st.integers(2, 4), st.booleans())
def test_sizes_differ_from_each_other_and_from_what_is_too_small(of, count, low, public):
    sizes = Draw(of, public=public).sizes(count, low=low, high=low + 4)
    assert len(set(sizes)) == count
    assert min(sizes) >= low
    assert max(sizes) <= (low + max(2, count - 1) if public else low + 4)
    assert all(type(size) is int for size in sizes)


@given(SEEDS)
def test_public_draws_are_multiples_of_an_eighth(of):
    draw = Draw(of, public=True)
    for array in (draw(3, 4), draw.nonzero(3, 4)):
        assert np.array_equal(array * 8, np.round(array * 8))
        assert np.abs(array).max() <= 2


@given(SEEDS, st.booleans())
def test_nonzero_stays_away_from_zero(of, public):
    array = Draw(of, public=public).nonzero(40)
    assert 0.25 <= np.abs(array).min() <= np.abs(array).max() <= 2
    assert array.min() < 0 < array.max()


@given(SEEDS)
def test_labels_are_classes(of):
    labels = Draw(of).labels(20, 3)
    assert labels.dtype == np.int64
    assert set(labels.tolist()) <= {0, 1, 2}


@pytest.mark.parametrize("public", [False, True])
def test_arrays_are_of_the_shape_and_of_double_precision(public):
    draw = Draw(seed(b"s"), public=public)
    for array in (draw(2, 3), draw.nonzero(2, 3)):
        assert (array.shape, array.dtype) == ((2, 3), np.float64)
    assert draw().shape == ()
