"""Convolution against the formula written as loops, over shapes, strides, paddings and dilations."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dlkit.errors import ArgumentError, ShapeError
from dlkit.gradcheck import check_layer
from dlkit.layers import Conv1D, Conv2D, Conv3D, Convolution
from dlkit.layers.windows import output_size

layer_of = {1: Conv1D, 2: Conv2D, 3: Conv3D}


@st.composite
def convolutions(draw):
    """A layer of one to three spatial axes and an input that its kernel fits into."""
    axes = draw(st.integers(1, 3))

    def per_axis(least, most):
        return draw(st.tuples(*[st.integers(least, most)] * axes))

    n, c, f = (draw(st.integers(1, 3)) for _ in range(3))
    kernel, stride, padding = per_axis(1, 3), per_axis(1, 3), per_axis(0, 2)
    dilation, spatial = per_axis(1, 2), per_axis(1, 6 if axes < 3 else 4)
    geometry = zip(spatial, kernel, stride, padding, dilation, strict=True)
    assume(all(output_size(*axis) > 0 for axis in geometry))
    r = np.random.default_rng(draw(st.integers(0, 99))).standard_normal
    layer = layer_of[axes](r((f, c, *kernel)), r(f), stride, padding, dilation)
    return layer, r((n, c, *spatial))


def by_loops(layer, x):
    """The formula of the docstring, one output entry at a time."""
    p = layer.padding
    padded = np.zeros((*x.shape[:2], *(n + 2 * q for n, q in zip(x.shape[2:], p, strict=True))))
    padded[(..., *(slice(q, q + n) for n, q in zip(x.shape[2:], p, strict=True)))] = x
    kernel = layer.W.shape[2:]
    axes = zip(x.shape[2:], kernel, layer.stride, p, layer.dilation, strict=True)
    size = [(n + 2 * q - d * (k - 1) - 1) // s + 1 for n, k, s, q, d in axes]
    y = np.zeros((len(x), len(layer.W), *size))
    for index in np.ndindex(y.shape):
        n, f, *o = index
        y[index] = layer.b[f]
        for c, *k in np.ndindex(x.shape[1], *kernel):
            at = [
                s * i + d * j for s, i, d, j in zip(layer.stride, o, layer.dilation, k, strict=True)
            ]
            y[index] += layer.W[(f, c, *k)] * padded[(n, c, *at)]
    return y


@given(convolutions())
def test_the_output_is_that_of_the_formula(case):
    layer, x = case
    np.testing.assert_allclose(layer.forward(x), by_loops(layer, x), rtol=1e-11, atol=1e-12)


@given(convolutions())
def test_gradients_agree_with_complex_steps(case):
    layer, x = case
    report = check_layer(layer, x, rng=np.random.default_rng(0), every_entry=False, tolerance=1e-13)
    assert report.passed, str(report)


def test_a_difference_along_one_axis_finds_edges_across_it():
    picture = np.zeros((1, 1, 4, 5))
    picture[..., 2:] = 1.0
    along_width = Conv2D(np.array([[[[-1.0, 1.0]]]]), np.zeros(1)).forward(picture)
    along_height = Conv2D(np.array([[[[-1.0], [1.0]]]]), np.zeros(1)).forward(picture)
    np.testing.assert_array_equal(along_width[0, 0], [[0, 1, 0, 0]] * 4)
    np.testing.assert_array_equal(along_height, np.zeros((1, 1, 3, 5)))


def test_a_kernel_of_one_tap_is_an_affine_map_of_the_channels(rng):
    W, b, x = rng.standard_normal((4, 3)), rng.standard_normal(4), rng.standard_normal((2, 3, 5, 6))
    y = Conv2D(W[:, :, np.newaxis, np.newaxis], b).forward(x)
    np.testing.assert_allclose(y, np.moveaxis(np.moveaxis(x, 1, -1) @ W.T + b, -1, 1), rtol=1e-12)


def test_the_kernel_is_not_flipped():
    y = Conv1D(np.array([[[1.0, 2.0, 3.0]]]), np.zeros(1), padding=2).forward(np.array([[[1.0]]]))
    np.testing.assert_array_equal(y, [[[3.0, 2.0, 1.0]]])


@pytest.mark.parametrize(
    ("arguments", "size"),
    [
        ({"n": 28, "kernel": 5}, 24),
        ({"n": 28, "kernel": 3, "padding": 1}, 28),
        ({"n": 7, "kernel": 3, "stride": 2}, 3),
        ({"n": 8, "kernel": 3, "stride": 2}, 3),
        ({"n": 7, "kernel": 3, "dilation": 3}, 1),
    ],
)
def test_output_sizes(arguments, size):
    assert output_size(**arguments) == size


def test_a_kernel_that_does_not_fit_is_refused():
    with pytest.raises(ShapeError) as error:
        Conv2D(np.zeros((4, 3, 5, 5)), np.zeros(4)).forward(np.zeros((2, 3, 4, 8)))
    assert str(error.value) == (
        "The kernel must fit into the input with padding (0, 0) on each side; "
        "got x (2, 3, 4, 8), W (4, 3, 5, 5). A larger padding, or a smaller dilation?"
    )


@pytest.mark.parametrize("shape", [(2, 4, 8, 8), (3, 8, 8)])
def test_channels_or_axes_that_do_not_fit_are_refused(shape):
    with pytest.raises(ShapeError) as error:
        Conv2D(np.zeros((4, 3, 5, 5)), np.zeros(4)).forward(np.zeros(shape))
    assert str(error.value) == (
        "Conv2D needs x (N, C, ...) with the C and the number of axes of W; "
        f"got x {shape}, W (4, 3, 5, 5)."
    )


@pytest.mark.parametrize(("W", "b"), [((4, 3, 5), 4), ((4, 3, 5, 5), 3)])
def test_weights_of_another_shape_are_refused(W, b):
    with pytest.raises(
        ShapeError, match=r"Conv2D needs W \(F, C, and 2 kernel axes\) and b \(F,\); got W "
    ):
        Conv2D(np.zeros(W), np.zeros(b))


def test_convolution_takes_the_number_of_axes_from_its_kernel(rng):
    W, b, x = rng.standard_normal((4, 3, 2)), rng.standard_normal(4), rng.standard_normal((2, 3, 7))
    np.testing.assert_array_equal(Convolution(W, b).forward(x), Conv1D(W, b).forward(x))
    with pytest.raises(ShapeError, match="Convolution needs W"):
        Convolution(np.zeros((4, 3)), np.zeros(4))


@pytest.mark.parametrize(
    ("name", "value", "least"),
    [("stride", 0, 1), ("padding", -1, 0), ("dilation", (1, 2, 3), 1), ("stride", 1.5, 1)],
)
def test_a_geometry_that_makes_no_sense_is_refused(name, value, least):
    with pytest.raises(ArgumentError) as error:
        Conv2D(np.zeros((4, 3, 5, 5)), np.zeros(4), **{name: value})
    assert str(error.value) == (
        f"{name} is a whole number of at least {least}, or a tuple of 2 of them; got {value!r}."
    )
