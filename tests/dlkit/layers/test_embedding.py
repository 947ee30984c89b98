"""Embedding: gradients with ids that repeat, and the errors for ids that are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlkit.errors import ArgumentError, ShapeError
from dlkit.gradcheck import check_layer
from dlkit.layers import Embedding

V, D = 5, 3
any_ids = hnp.arrays(
    np.int64, hnp.array_shapes(min_dims=0, min_side=0), elements=st.integers(0, V - 1)
)


@given(ids=any_ids)
def test_gradients(ids):
    rng = np.random.default_rng(0)
    report = check_layer(Embedding(rng.standard_normal((V, D))), ids, rng=rng)
    assert [check.name for check in report.checks] == ["dW"]
    assert report.passed, str(report)


@given(ids=any_ids)
def test_it_equals_one_hot_rows_times_w(ids):
    rng = np.random.default_rng(1)
    layer = Embedding(rng.standard_normal((V, D)))
    one_hot = np.eye(V)[ids]
    np.testing.assert_allclose(layer.forward(ids), one_hot @ layer.W, rtol=1e-15)
    dout = rng.standard_normal((*ids.shape, D))
    assert layer.backward(dout) is None
    dW = one_hot.reshape(-1, V).T @ dout.reshape(-1, D)
    np.testing.assert_allclose(layer.dW, dW, rtol=1e-12, atol=1e-12)


def test_ids_that_repeat_add_up_and_others_get_zero():
    layer = Embedding(np.zeros((4, 2)))
    layer.forward(np.array([[2, 0], [2, 2]]))
    layer.backward(np.array([[[1.0, 2.0], [3.0, 4.0]], [[10.0, 20.0], [100.0, 200.0]]]))
    np.testing.assert_array_equal(layer.dW, [[3, 4], [0, 0], [111, 222], [0, 0]])


def test_a_second_backward_gives_the_same_and_arguments_are_left_alone():
    rng = np.random.default_rng(2)
    layer = Embedding(rng.standard_normal((V, D)))
    ids, dout = np.array([1, 1, 4]), rng.standard_normal((3, D))
    before = [layer.W.copy(), ids.copy(), dout.copy()]
    layer.forward(ids)
    layer.backward(dout)
    first = layer.dW
    layer.backward(dout)
    np.testing.assert_array_equal(layer.dW, first)
    for array, copy in zip([layer.W, ids, dout], before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
@pytest.mark.parametrize("integer", [np.int8, np.uint16, np.int64])
def test_dtypes(dtype, integer):
    layer = Embedding(np.ones((V, D), dtype))
    y = layer.forward(np.array([1, 2], integer))
    layer.backward(y)
    assert y.dtype == layer.dW.dtype == dtype


def test_the_output_is_a_copy():
    layer = Embedding(np.zeros((V, D)))
    layer.forward(np.array([1]))[...] = 1.0
    assert not layer.W.any()


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (
            np.array([0.0, 1.0]),
            "Embedding needs ids that are integers; got float64. Convert with ids.astype(int)?",
        ),
        (
            np.array([True, False]),
            "Embedding needs ids that are integers; got bool. Convert with ids.astype(int)?",
        ),
        (
            np.array([[0, 1], [5, 7]]),
            "Embedding needs ids from 0 to V - 1 = 4; got 5. Was W made for a smaller vocabulary?",
        ),
        (
            np.array([0, -1]),
            "Embedding needs ids from 0 to V - 1 = 4; got -1. Was W made for a smaller vocabulary?",
        ),
    ],
)
def test_ids_that_are_none(ids, message):
    with pytest.raises(ArgumentError) as error:
        Embedding(np.zeros((V, D))).forward(ids)
    assert str(error.value) == message


def test_wrong_shapes():
    with pytest.raises(ShapeError, match=r"^Embedding needs W \(V, D\); got W \(5,\)\.$"):
        Embedding(np.zeros(5))
    layer = Embedding(np.zeros((V, D)))
    layer.forward(np.array([[1, 2]]))
    with pytest.raises(ShapeError) as error:
        layer.backward(np.zeros((2, D)))
    assert str(error.value) == (
        "Embedding.backward needs dout in the shape of the output, ids.shape + (D,); "
        "got dout (2, 3), ids (1, 2)."
    )
