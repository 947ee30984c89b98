"""Sum, product and matrix product: the book's worked example, and shapes that do not fit."""

import numpy as np
import pytest

from dlkit.errors import ShapeError
from dlkit.layers import Add, MatMul, Multiply


def test_two_apples_with_tax():
    apples, tax = Multiply(), Multiply()
    assert tax.forward(apples.forward(100, 2), 1.1) == pytest.approx(220)
    dprice, dtax = tax.backward(1)
    dapple, dnumber = apples.backward(dprice)
    assert (dapple, dnumber, dtax) == (pytest.approx(2.2), pytest.approx(110), 200)


def test_a_sum_passes_the_gradient_to_both():
    layer = Add()
    assert layer.forward(2, 3) == 5
    assert layer.backward(7) == (7, 7)


@pytest.mark.parametrize("layer", [Add(), Multiply()])
def test_broadcasting_is_refused(layer):
    name = type(layer).__name__
    with pytest.raises(ShapeError) as error:
        layer.forward(np.zeros((5, 3)), np.zeros(3))
    assert str(error.value).startswith(
        f"{name} needs x and y of the same shape; got x (5, 3), y (3,)."
    )


def test_multiply_points_to_matmul():
    with pytest.raises(ShapeError, match=r"For a matrix product use MatMul\?$"):
        Multiply().forward(np.zeros((5, 3)), np.zeros((3, 2)))


def test_a_matrix_that_does_not_fit_is_refused():
    with pytest.raises(ShapeError) as error:
        MatMul(W=np.zeros((2, 3))).forward(np.zeros((5, 3)))
    assert str(error.value) == (
        "MatMul needs x.shape[-1] == W.shape[0]; got x (5, 3), W (2, 3). Transpose W?"
    )


def test_weights_that_are_no_matrix_are_refused():
    with pytest.raises(ShapeError, match=r"MatMul needs W \(D, H\); got W \(3,\)\."):
        MatMul(W=np.zeros(3))


def test_a_gradient_of_another_shape_is_refused():
    layer = Multiply()
    layer.forward(np.zeros((5, 3)), np.zeros((5, 3)))
    with pytest.raises(ShapeError) as error:
        layer.backward(np.zeros(3))
    assert str(error.value) == (
        "Multiply.backward needs dout in the shape of the output, (5, 3); got dout (3,)."
    )
