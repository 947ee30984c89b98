import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from dlkit.errors import ArgumentError, ShapeError
from dlkit.train import accuracy, confusion_matrix, psnr

labels = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@given(labels)
def test_the_confusion_matrix_is_that_of_scikit_learn(pairs):
    predicted, t = np.array(pairs).T
    want = sklearn_metrics.confusion_matrix(t, predicted, labels=range(4))
    np.testing.assert_array_equal(confusion_matrix(predicted, t, classes=4), want)
    scores = np.eye(4)[predicted]
    assert accuracy(scores, t) == pytest.approx(np.trace(want) / want.sum())


def test_accuracy_of_two_classes_is_decided_at_zero():
    y = np.array([[-0.1], [0.1], [0.0]])
    assert accuracy(y, np.array([[0], [1], [0]])) == 1.0
    assert accuracy(y, np.array([[1], [0], [1]])) == 0.0


def test_accuracy_over_time_leaves_out_steps_without_a_target():
    y = np.eye(3)[[[0, 1, 2], [2, 2, 2]]]
    assert accuracy(y, np.array([[0, -1, 1], [-1, -1, 2]])) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("y", "t"), [((5, 3), (4,)), ((0, 3), (0,)), ((5, 3), (5, 2))])
def test_accuracy_needs_labels_that_fit(y, t):
    with pytest.raises(ShapeError, match=r"accuracy needs labels t of shape y\.shape\[:-1\]"):
        accuracy(np.zeros(y), np.zeros(t, int))


def test_labels_beyond_the_classes_are_named():
    with pytest.raises(ArgumentError, match=r"0 to classes - 1 = 1; got the true label 2\."):
        confusion_matrix(np.array([0, 1]), np.array([0, 2]), classes=2)
    with pytest.raises(ArgumentError, match=r"got the predicted label -1\."):
        confusion_matrix(np.array([-1, 1]), np.array([0, 1]), classes=2)
    with pytest.raises(ShapeError, match=r"same shape; got predicted \(2,\), t \(3,\)"):
        confusion_matrix(np.zeros(2, int), np.zeros(3, int), classes=2)


@given(st.integers(0, 2**31), st.floats(0.1, 255.0))
def test_psnr_is_its_formula_and_counts_tenths(seed, peak):
    rng = np.random.default_rng(seed)
    t, error = rng.random((2, 3, 4, 5))
    assert psnr(t + error, t, peak) == pytest.approx(10 * np.log10(peak**2 / (error**2).mean()))
    gain = psnr(t + error / np.sqrt(10), t) - psnr(t + error, t)
    assert gain == pytest.approx(10)


def test_equal_pictures_have_no_noise_at_all():
    assert psnr(np.ones((2, 2)), np.ones((2, 2))) == np.inf


def test_psnr_does_not_lose_digits_in_float32():
    t = np.full((100, 100), 0.5, np.float32)
    assert psnr(t + np.float32(2**-10), t) == pytest.approx(20 * np.log10(2**10), rel=1e-6)


def test_psnr_compares_pictures_of_one_shape():
    with pytest.raises(ShapeError, match=r"same shape; got y \(2, 2\), t \(2, 3\)"):
        psnr(np.zeros((2, 2)), np.zeros((2, 3)))
