"""Pooling against loops over windows, ties, padding, errors."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dlkit.errors import ArgumentError, ShapeError
from dlkit.gradcheck import check_layer
from dlkit.layers import AvgPool, AvgPool1D, AvgPool2D, MaxPool, MaxPool1D, MaxPool2D
from dlkit.layers.windows import output_size

layer_of = {
    ("max", 1): MaxPool1D,
    ("max", 2): MaxPool2D,
    ("avg", 1): AvgPool1D,
    ("avg", 2): AvgPool2D,
}


@st.composite
def poolings(draw):
    """Kind, layer and an input that its window fits into; windows overlap, leave gaps, stick out."""
    kind, axes = draw(st.sampled_from(sorted(layer_of)))

    def per_axis(least, most):
        return draw(st.tuples(*[st.integers(least, most)] * axes))

    size, stride, spatial = per_axis(1, 3), per_axis(1, 3), per_axis(1, 6)
    padding = tuple(draw(st.integers(0, k - 1)) for k in size)
    geometry = zip(spatial, size, stride, padding, strict=True)
    assume(all(output_size(*axis) > 0 for axis in geometry))
    n, c = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    r = np.random.default_rng(draw(st.integers(0, 99)))
    return kind, layer_of[kind, axes](size, stride, padding), r.standard_normal((n, c, *spatial))


def by_loops(kind, layer, x):
    """Largest entry or mean of every window, one at a time."""
    value = -np.inf if kind == "max" else 0.0
    widths = [(0, 0), (0, 0), *((p, p) for p in layer.padding)]
    padded = np.pad(x, widths, constant_values=value)
    geometry = zip(x.shape[2:], layer.size, layer.stride, layer.padding, strict=True)
    y = np.zeros((*x.shape[:2], *(output_size(*axis) for axis in geometry)))
    for n, c, *o in np.ndindex(y.shape):
        starts = zip(o, layer.stride, layer.size, strict=True)
        window = padded[(n, c, *(slice(s * i, s * i + k) for i, s, k in starts))]
        y[(n, c, *o)] = window.max() if kind == "max" else window.mean()
    return y


@given(poolings())
def test_the_output_is_that_of_every_window(case):
    np.testing.assert_allclose(case[1].forward(case[2]), by_loops(*case), rtol=1e-12, atol=1e-14)


@given(poolings())
def test_gradients_agree_with_complex_steps(case):
    _, layer, x = case
    report = check_layer(layer, x, rng=np.random.default_rng(0), tolerance=1e-13)
    assert report.passed, str(report)


def test_windows_do_not_overlap_unless_asked():
    x = np.arange(6.0).reshape(1, 1, 6)
    np.testing.assert_array_equal(MaxPool1D(3).forward(x), [[[2.0, 5.0]]])
    np.testing.assert_array_equal(MaxPool1D(3, stride=1).forward(x), [[[2.0, 3.0, 4.0, 5.0]]])


@pytest.mark.parametrize(("general", "fixed"), [(MaxPool, MaxPool2D), (AvgPool, AvgPool2D)])
def test_the_general_layer_takes_the_number_of_axes_from_its_size(general, fixed, rng):
    x = rng.standard_normal((2, 3, 6, 5))
    np.testing.assert_array_equal(general((3, 2)).forward(x), fixed((3, 2)).forward(x))
    with pytest.raises(ShapeError, match="with 1 spatial axes; got"):
        general(2).forward(x)


def test_the_first_of_equal_entries_gets_the_gradient():
    layer = MaxPool2D(2)
    layer.forward(np.ones((1, 1, 2, 4)))
    dx = layer.backward(np.array([[[[5.0, 7.0]]]]))
    np.testing.assert_array_equal(dx[0, 0], [[5.0, 0.0, 7.0, 0.0], [0.0, 0.0, 0.0, 0.0]])


def test_overlapping_windows_add_their_gradients():
    layer = MaxPool1D(2, stride=1)
    layer.forward(np.array([[[0.0, 9.0, 0.0]]]))
    np.testing.assert_array_equal(layer.backward(np.array([[[2.0, 3.0]]])), [[[0.0, 5.0, 0.0]]])


def test_padding_never_is_the_largest():
    x = np.full((1, 1, 3), -5.0)
    np.testing.assert_array_equal(MaxPool1D(3, stride=1, padding=1).forward(x), x)


def test_padding_counts_in_the_mean():
    y = AvgPool1D(2, padding=1).forward(np.array([[[4.0, 6.0]]]))
    np.testing.assert_array_equal(y, [[[2.0, 3.0]]])


def test_nan_is_not_hidden():
    y = MaxPool1D(2).forward(np.array([[[1.0, np.nan, 2.0, 3.0]]]))
    np.testing.assert_array_equal(y, [[[np.nan, 3.0]]])


def test_padding_as_large_as_the_window_is_refused():
    with pytest.raises(ArgumentError) as error:
        MaxPool2D((3, 2), padding=2)
    assert str(error.value) == (
        "padding is less than the size (3, 2), or windows would hold padding alone; got (2, 2)."
    )


def test_a_window_that_does_not_fit_is_refused():
    with pytest.raises(ShapeError) as error:
        AvgPool2D((3, 2)).forward(np.zeros((1, 1, 2, 9)))
    assert str(error.value) == (
        "The window (3, 2) must fit into the input with padding (0, 0); got x (1, 1, 2, 9)."
    )


def test_another_number_of_axes_is_refused():
    with pytest.raises(ShapeError) as error:
        MaxPool2D(2).forward(np.zeros((3, 4, 4)))
    assert str(error.value) == "MaxPool2D needs x (N, C, ...) with 2 spatial axes; got x (3, 4, 4)."


def test_a_size_that_makes_no_sense_is_refused():
    with pytest.raises(
        ArgumentError, match="size is a whole number of at least 1, or a tuple of 2"
    ):
        MaxPool2D(0)
