"""Numerical derivatives and the verdicts of the gradient check: right, wrong, and how wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.errors import ShapeError
from dlkit.functions import softmax
from dlkit.gradcheck import (
    check_gradient,
    check_layer,
    complex_step_gradient,
    directional_derivative,
    numerical_diff,
    numerical_gradient,
)
from dlkit.layers import (
    Add,
    Affine,
    BatchNorm,
    Dropout,
    Layer,
    Multiply,
    Sequential,
    SoftmaxWithLoss,
)

A = np.array([[2.0, -1.0, 0.5], [0.0, 3.0, 1.0]])


def quadratic(x):
    """Sum of the squares of Ax."""
    return ((A @ x) ** 2).sum()


@given(st.lists(st.floats(-10, 10), min_size=3, max_size=3))
def test_all_ways_agree_with_the_formula(x):
    x = np.array(x)
    exact = 2 * A.T @ A @ x
    v = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(numerical_gradient(quadratic, x), exact, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(complex_step_gradient(quadratic, x), exact, rtol=1e-13, atol=1e-13)
    assert directional_derivative(quadratic, x, v) == pytest.approx(v @ exact, rel=1e-12, abs=1e-11)
    central = directional_derivative(quadratic, x, v, method="central")
    assert central == pytest.approx(v @ exact, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("gradient", [numerical_gradient, complex_step_gradient])
def test_the_argument_is_not_modified(gradient):
    x = np.array([1.0, 2.0, 3.0])
    x.flags.writeable = False
    assert gradient(quadratic, x).dtype == np.float64


@pytest.mark.parametrize("gradient", [numerical_gradient, complex_step_gradient])
def test_integers_and_float32_are_differentiated_in_float64(gradient):
    exact = 2 * A.T @ A @ [1, 2, 3]
    for dtype in (np.int64, np.float32):
        found = gradient(quadratic, np.array([1, 2, 3], dtype))
        np.testing.assert_allclose(found, exact, rtol=1e-9)


@pytest.mark.parametrize("gradient", [numerical_gradient, complex_step_gradient])
@pytest.mark.parametrize("shape", [(), (0,), (2, 1, 3)])
def test_the_gradient_has_the_shape_of_its_argument(gradient, shape):
    found = gradient(lambda x: (x**2).sum(), np.ones(shape))
    assert found.shape == shape
    np.testing.assert_allclose(found, 2.0, rtol=1e-9)


def test_a_direction_of_another_shape_is_refused():
    with pytest.raises(
        ShapeError, match=r"A direction v needs the shape of x; got x \(3,\), v \(2,\)"
    ):
        directional_derivative(quadratic, np.zeros(3), np.zeros(2))


def test_a_right_gradient_passes_and_says_so():
    x = np.array([1.0, 2.0, 3.0])
    check = check_gradient(quadratic, x, 2 * A.T @ A @ x, name="dx")
    assert check.passed
    assert check.error < 1e-14
    assert str(check).startswith("dx is right: error ")


def test_the_worst_entry_is_named():
    x, exact = np.ones(3), 2 * A.T @ A @ np.ones(3)
    wrong = exact + np.array([0.0, 0.5, 0.0])
    check = check_gradient(quadratic, x, wrong, name="dx")
    assert not check.passed
    assert check.index == (1,)
    assert (check.analytic, check.numerical) == (wrong[1], pytest.approx(exact[1]))
    assert check.error == pytest.approx(0.5 / np.abs(wrong).max())
    assert (
        str(check)
        == "dx is wrong: error 2.3e-02, tolerance 1e-10; worst at [1]: 21.5 instead of 21 (complex)."
    )


@pytest.mark.parametrize(
    ("distort", "remark"),
    [
        (lambda g: -g, "It has the wrong sign."),
        (lambda g: 4 * g, "It is 4 times the right one."),
        (lambda g: 0 * g, "It is 0 everywhere."),
        (lambda g: g * [1, np.nan, 1], "It holds NaN or infinity."),
        (lambda g: g[:2], "It has shape (2,); that of its variable is (3,)."),
        (lambda g: g + np.eye(3)[2], ""),
    ],
)
def test_the_remark_says_how_a_gradient_is_wrong(distort, remark):
    x = np.array([1.0, 2.0, 3.0])
    check = check_gradient(quadratic, x, distort(2 * A.T @ A @ x))
    assert not check.passed
    assert check.remark == remark
    assert str(check).endswith(f"(complex). {remark}".rstrip())


def test_a_transposed_gradient_is_recognized(rng):
    W = rng.standard_normal((3, 3))
    exact = 2 * W @ (A.T @ A)
    check = check_gradient(lambda w: ((w @ A.T) ** 2).sum(), W, exact.T)
    assert check.remark == "It is the transpose of the right one."


def test_a_gradient_where_there_should_be_none():
    check = check_gradient(lambda x: (x * 0).sum(), np.ones(3), np.ones(3))
    assert check.remark == "The derivative is 0."
    assert check_gradient(lambda x: (x * 0).sum(), np.ones(3), np.zeros(3)).passed


def test_a_lost_imaginary_part_is_told_apart_from_a_wrong_gradient():
    x = np.array([1.0, 2.0])
    check = check_gradient(lambda z: (np.abs(z) ** 3).sum(), x, 3 * x**2)
    assert not check.passed
    assert check.remark == (
        "Central differences agree with it: forward loses the imaginary part of its input."
    )
    assert check_gradient(lambda z: (np.abs(z) ** 3).sum(), x, 3 * x**2, method="central").passed


@pytest.mark.parametrize("method", ["complex", "central"])
def test_one_direction_notices_one_percent_in_one_entry_of_a_thousand(method, rng):
    W = rng.standard_normal((40, 25))
    W[17, 3] = 1.0
    exact = 3 * W**2
    wrong = exact.copy()
    wrong[17, 3] *= 1.01
    f = lambda w: (w**3).sum()  # noqa: E731
    right = [check_gradient(f, W, exact, rng=rng, method=method) for _ in range(20)]
    caught = [check_gradient(f, W, wrong, rng=rng, method=method) for _ in range(20)]
    assert all(check.passed for check in right)
    assert not any(check.passed for check in caught)
    assert {check.index for check in caught} == {(17, 3)}


class WrongAffine(Affine):
    """Takes a mean over the batch where dW is a sum."""

    def backward(self, dout):
        dx = super().backward(dout)
        self.dW = self.dW / len(dout)
        return dx


def test_check_layer_says_which_parameter_is_wrong(rng):
    layer = WrongAffine(rng.standard_normal((3, 4)), rng.standard_normal(4))
    for every_entry in (True, False):
        report = check_layer(layer, rng.standard_normal((5, 3)), rng=rng, every_entry=every_entry)
        assert [check.passed for check in report.checks] == [True, False, True]
        assert not report.passed
        assert report.worst.name == "dW"
        assert report.worst.remark == "It is 0.2 times the right one."
    assert [line.split(":")[0] for line in str(report).splitlines()] == [
        "dx0 is right",
        "dW is wrong",
        "db is right",
    ]


def test_nested_parameters_are_checked(rng):
    model = Sequential(
        WrongAffine(rng.standard_normal((3, 4)), np.zeros(4)), BatchNorm(np.ones(4), np.zeros(4))
    )
    report = check_layer(model, rng.standard_normal((5, 3)), rng=rng)
    assert [c.name for c in report.checks] == ["dx0", "d0.W", "d0.b", "d1.gamma", "d1.beta"]
    assert report.worst.name == "d0.W"


def test_a_gradient_that_vanishes_up_to_rounding_is_right(rng):
    model = Sequential(
        Affine(rng.standard_normal((3, 4)), rng.standard_normal(4)),
        BatchNorm(rng.standard_normal(4), np.zeros(4)),
    )
    for method in ("complex", "central"):
        report = check_layer(model, rng.standard_normal((5, 3)), rng=rng, method=method)
        assert report.passed, str(report)
    assert check_gradient(lambda x: 0 * x.sum(), np.ones(2), np.full(2, 1e-17), scale=1e-3).passed


def test_nan_is_the_worst(rng):
    class NaN(Multiply):
        def backward(self, dout):
            return dout * 0, dout * np.nan

    report = check_layer(NaN(), np.ones(3), np.full(3, 2.0), rng=rng)
    assert not report.passed
    assert report.worst.name == "dx1"


def test_one_array_given_twice_is_two_inputs(rng):
    x = rng.standard_normal((2, 3))
    assert check_layer(Add(), x, x, rng=rng).passed
    assert check_layer(Multiply(), x, x, rng=rng).passed


def test_labels_are_skipped_and_losses_checked(rng):
    report = check_layer(
        SoftmaxWithLoss(), rng.standard_normal((4, 3)), np.array([0, 1, 2, 0]), rng=rng
    )
    assert [check.name for check in report.checks] == ["dx0"]
    assert report.passed


def test_layers_with_several_outputs_are_checked(rng):
    class Split(Layer):
        def forward(self, x):
            self.y = softmax(x)
            return self.y[:, :1], self.y[:, 1:]

        def backward(self, left, right):
            weighted = self.y * np.concatenate([left, right], axis=1)
            return weighted - self.y * weighted.sum(axis=1, keepdims=True)

    assert check_layer(Split(), rng.standard_normal((4, 3)), rng=rng).passed


def test_the_layer_its_generator_and_the_inputs_stay_as_they_are(rng):
    layer = Sequential(Dropout(rate=0.4, rng=rng), BatchNorm(np.ones(3), np.zeros(3)))
    x = rng.standard_normal((8, 3))
    x.flags.writeable = False
    state = rng.bit_generator.state
    assert check_layer(layer, x, rng=np.random.default_rng(0)).passed
    assert rng.bit_generator.state == state
    np.testing.assert_array_equal(layer.layers[1].running_mean, 0.0)
    assert not hasattr(layer.layers[0], "mask")


def test_the_check_may_share_its_generator_with_the_layer(rng):
    assert check_layer(Dropout(rate=0.4, rng=rng), np.ones((4, 5)), rng=rng).passed


def test_options_reach_forward(rng):
    layer = BatchNorm(rng.standard_normal(3), np.zeros(3))
    assert check_layer(layer, rng.standard_normal((1, 3)), rng=rng, training=False).passed


def test_numerical_diff_is_the_central_difference():
    assert numerical_diff(np.sin, 0.5) == pytest.approx(np.cos(0.5), abs=1e-8)
    # exact for a parabola, whatever the step, as no one-sided difference is
    assert numerical_diff(lambda x: x * x, 3.0, h=0.5) == 6.0
