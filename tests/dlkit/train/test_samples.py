import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.errors import ArgumentError, ShapeError
from dlkit.train import Batches, Standardizer, k_fold, split

seeds = st.integers(0, 2**31)


@given(n=st.integers(0, 40), cuts=st.lists(st.integers(1, 9), min_size=1, max_size=4), seed=seeds)
def test_a_split_deals_out_every_sample_once(n, cuts, seed):
    parts = np.array(cuts) / sum(cuts)
    x, t = np.arange(n) * 2.0, np.arange(n)
    dealt = split(x, t, parts=parts, rng=np.random.default_rng(seed))
    assert len(dealt) == len(cuts)
    assert sorted(np.concatenate([labels for _, labels in dealt])) == list(range(n))
    for (inputs, labels), share in zip(dealt, parts, strict=True):
        np.testing.assert_array_equal(inputs, labels * 2.0)
        assert abs(len(labels) - n * share) <= 1


def test_a_split_gives_copies(rng):
    x = np.zeros(4)
    ((part,),) = split(x, parts=(1.0,), rng=rng)
    part[:] = 1.0
    assert not x.any()


@pytest.mark.parametrize("parts", [(0.5, 0.4), (1.2, -0.2)])
def test_parts_sum_to_one(parts, rng):
    with pytest.raises(ArgumentError, match=r"parts that sum to 1, none negative; got \("):
        split(np.zeros(4), parts=parts, rng=rng)


@given(n=st.integers(2, 40), data=st.data(), seed=seeds)
def test_folds_validate_every_sample_once(n, data, seed):
    k = data.draw(st.integers(2, n))
    folds = list(k_fold(n, k, np.random.default_rng(seed)))
    assert len(folds) == k
    assert sorted(np.concatenate([validation for _, validation in folds])) == list(range(n))
    for training, validation in folds:
        assert sorted([*training, *validation]) == list(range(n))
        assert len(validation) in (n // k, n // k + 1)


@pytest.mark.parametrize(("n", "k"), [(5, 1), (5, 6), (0, 2)])
def test_folds_are_at_most_the_samples(n, k, rng):
    with pytest.raises(ArgumentError, match=rf"2 <= k <= n.*got k = {k}, n = {n}\."):
        next(k_fold(n, k, rng))


@given(n=st.integers(2, 30), seed=seeds)
def test_standardized_training_data_has_mean_0_and_deviation_1(n, seed):
    x = np.random.default_rng(seed).normal(5.0, 3.0, (n, 4))
    standardize = Standardizer.fit(x)
    y = standardize(x)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-9)
    np.testing.assert_allclose(standardize.inverse(y), x)


def test_other_data_is_standardized_by_what_was_fitted():
    standardize = Standardizer.fit(np.array([[0.0, 7.0], [4.0, 7.0]]))
    np.testing.assert_array_equal(standardize(np.array([[6.0, 7.0], [2.0, 9.0]])), [[2, 0], [0, 2]])


def test_standardizing_keeps_float32_and_the_argument():
    x = np.arange(6, dtype=np.float32).reshape(3, 2)
    x.flags.writeable = False
    standardize = Standardizer.fit(x)
    assert standardize(x).dtype == standardize.inverse(x).dtype == np.float32


def test_nothing_can_be_fitted_to_nothing():
    with pytest.raises(ShapeError, match=r"at least one sample; got x \(0, 3\)"):
        Standardizer.fit(np.zeros((0, 3)))


@given(n=st.integers(0, 20), size=st.integers(1, 8), seed=st.none() | seeds)
def test_an_epoch_has_every_sample_once(n, size, seed):
    rng = None if seed is None else np.random.default_rng(seed)
    batches = Batches(np.arange(n) * 2.0, np.arange(n), size=size, rng=rng)
    for _ in range(2):
        seen = list(batches)
        assert len(seen) == len(batches)
        assert all(len(t) == size for _, t in seen[:-1])
        order = [int(i) for _, t in seen for i in t]
        assert sorted(order) == list(range(n))
        assert rng is not None or order == list(range(n))
        for x, t in seen:
            np.testing.assert_array_equal(x, 2.0 * t)


def test_each_epoch_is_dealt_out_anew(rng):
    batches = Batches(np.arange(50), size=50, rng=rng)
    (first,), (second,) = next(iter(batches)), next(iter(batches))
    assert (first != second).any()


def test_augmentation_reaches_the_inputs_of_every_batch_alone():
    batches = Batches(np.zeros(5), np.zeros(5), size=2, augment=lambda x: x + 1)
    for x, t in batches:
        assert (x == 1).all()
        assert (t == 0).all()


def test_arrays_that_do_not_belong_together_are_named(rng):
    rule = r"need the same first axis; got array 1 \(5, 2\), array 2 \(4,\)"
    with pytest.raises(ShapeError, match=rule):
        Batches(np.zeros((5, 2)), np.zeros(4), size=2)
    with pytest.raises(ShapeError, match=rule):
        split(np.zeros((5, 2)), np.zeros(4), parts=(1.0,), rng=rng)
    with pytest.raises(ArgumentError, match=r"size of at least 1; got 0\."):
        Batches(np.zeros(5), size=0)
