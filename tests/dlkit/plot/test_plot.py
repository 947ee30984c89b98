"""Every function draws into the Axes that it is given, returns them, and shows what it was given."""

import subprocess
import sys

import numpy as np
import pytest

from dlkit import fast, layers, plot
from dlkit.errors import ArgumentError, ShapeError
from dlkit.models import AND


@pytest.fixture
def ax():
    return plot.figure()[1][0, 0]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def image(ax):
    return np.asarray(ax.images[0].get_array())


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 3)])
def test_a_figure_has_its_axes_and_size(rows, columns):
    drawing, axes = plot.figure(rows, columns, width=2.0, height=1.5)
    assert axes.shape == (rows, columns)
    assert list(drawing.get_size_inches()) == [2.0 * columns, 1.5 * rows]
    (one, other), *_ = plot.figure(1, 2, sharey=True)[1]
    assert one.get_shared_y_axes().joined(one, other)


def test_nothing_touches_pyplot():
    code = "import sys, dlkit.plot; dlkit.plot.figure(); print('matplotlib.pyplot' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_a_credit_stands_under_the_figure(tmp_path):
    drawing, _ = plot.figure()
    assert plot.credit(drawing, "Photograph: A. Nonymous") is drawing
    drawing.savefig(tmp_path / "figure.svg")
    assert "Photograph: A. Nonymous" in (tmp_path / "figure.svg").read_text("utf-8")


def test_learning_curves_show_the_numbers_against_the_epoch(ax):
    history = {"loss": [3.0, 2.0, 1.0], "accuracy": [0.1, 0.2, 0.3], "val_loss": [3.0, 2.5, 2.2]}
    assert plot.learning_curves(ax, history) is ax
    assert [line.get_label() for line in ax.lines] == legend(ax) == ["loss", "val_loss"]
    for line, name in zip(ax.lines, legend(ax), strict=True):
        assert list(line.get_xdata()) == [1, 2, 3]
        assert list(line.get_ydata()) == history[name]
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--"]
    assert ax.get_xlabel() == "epoch"


def test_learning_curves_leave_out_what_the_history_lacks(ax):
    plot.learning_curves(ax, {"loss": [1.0]}, names=("loss", "val_loss"))
    assert legend(ax) == ["loss"]
    with pytest.raises(ArgumentError, match=r"that the history has: loss; got \('precision',\)\."):
        plot.learning_curves(ax, {"loss": [1.0]}, names=("precision",))


def test_the_surface_carries_the_paths(ax):
    paths = {"SGD": np.array([[1.0, 1.0], [0.5, 0.2]]), "Adam": np.array([[1.0, 1.0], [0.7, 0.7]])}
    assert (
        plot.loss_surface(ax, lambda a, b: a**2 + 10 * b**2, paths, (-2, 2), (-1, 3), levels=7)
        is ax
    )
    assert legend(ax) == ["SGD", "Adam"]
    for line, path in zip(ax.lines, paths.values(), strict=True):
        np.testing.assert_array_equal(line.get_xydata(), path)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-2, 2), (-1, 3))
    assert len(ax.collections[0].levels) == 7


def test_the_contours_are_those_of_the_loss(ax):
    plot.loss_surface(ax, lambda a, b: a**2 + b**2, {}, (-2, 2), (-2, 2), levels=5)
    contours = ax.collections[0]
    for level, path in list(zip(contours.levels, contours.get_paths(), strict=True))[1:-1]:
        np.testing.assert_allclose((path.vertices**2).sum(axis=1), level, atol=0.01)
    assert ax.get_legend() is None


def test_a_path_has_two_coordinates(ax):
    with pytest.raises(
        ShapeError, match=r"The path SGD needs points \(steps, 2\); got path \(2, 5\)"
    ):
        plot.loss_surface(ax, lambda a, b: a + b, {"SGD": np.zeros((2, 5))}, (0, 1), (0, 1))


def test_histograms_count_every_activation(rng):
    outputs = {
        "layer 1": rng.standard_normal((30, 5)),
        "layer 2": 0.01 * rng.standard_normal((30, 5)),
    }
    axes = plot.figure(columns=2)[1][0]
    assert plot.activation_histograms(axes, outputs, bins=9) is axes
    for ax, (name, values) in zip(axes, outputs.items(), strict=True):
        assert [bar.get_height() for bar in ax.patches] == list(np.histogram(values, bins=9)[0])
        assert ax.get_title() == f"{name}  σ = {values.std():.2g}"


def test_pictures_stand_side_by_side(ax, rng):
    x = rng.random((5, 1, 3, 4))
    assert plot.pictures(ax, x, columns=3) is ax
    sheet = image(ax)
    for i in range(5):
        top, left = i // 3 * 4, i % 3 * 5
        np.testing.assert_array_equal(sheet[top : top + 3, left : left + 4], x[i, 0])
    assert ax.images[0].get_clim() == (x.min(), x.max())


def test_filters_have_zero_in_the_middle_and_colours_are_clipped(ax, rng):
    plot.pictures(ax, rng.random((2, 1, 3, 3)), grey_from=-1)
    assert ax.images[0].get_clim() == (-1, 1)
    x = rng.normal(0.5, 2.0, (2, 3, 4, 4))
    plot.pictures(ax, x, columns=2)
    sheet = np.asarray(ax.images[1].get_array())
    np.testing.assert_array_equal(sheet[:4, :4], np.clip(x[0].transpose(1, 2, 0), 0, 1))


@pytest.mark.parametrize("shape", [(0, 1, 3, 3), (2, 2, 3, 3), (3, 3)])
def test_pictures_have_one_or_three_channels(ax, shape):
    with pytest.raises(
        ShapeError, match=r"needs x \(N, C, H, W\) with N > 0 and C = 1 or 3; got x"
    ):
        plot.pictures(ax, np.zeros(shape))


def test_a_confusion_matrix_shows_its_counts(ax):
    counts = np.array([[5, 0, 1], [0, 4, 0], [2, 0, 3]])
    assert plot.confusion_matrix(ax, counts, names=["a", "b", "c"]) is ax
    shown = {text.get_position(): text.get_text() for text in ax.texts}
    assert shown == {(j, i): str(n) for (i, j), n in np.ndenumerate(counts) if n}
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")
    with pytest.raises(ShapeError, match=r"counts \(classes, classes\); got matrix \(2, 3\)"):
        plot.confusion_matrix(ax, counts[:2])


def test_an_attention_map_has_queries_as_rows(ax, rng):
    weights = rng.random((2, 3))
    assert (
        plot.attention_map(ax, weights, queries=["le", "chat"], keys=["the", "black", "cat"]) is ax
    )
    np.testing.assert_array_equal(image(ax), weights)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["le", "chat"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["the", "black", "cat"]
    with pytest.raises(ShapeError, match=r"needs weights \(3, 2\) .* got weights \(2, 3\)"):
        plot.attention_map(ax, weights, queries=["a", "b", "c"], keys=["d", "e"])


def test_gates_are_drawn_over_time(rng):
    N, T, D, H = 2, 5, 3, 4
    arguments = rng.standard_normal((D, 4 * H)), rng.standard_normal((H, 4 * H)), np.zeros(4 * H)
    lstm, xs = layers.LSTM(*arguments), rng.standard_normal((N, T, D))
    lstm.forward(xs)
    axes = plot.figure(rows=5)[1][:, 0]
    assert plot.lstm_gates(axes, lstm, sample=1, steps=list("abcde")) is axes
    for ax, gate in zip(axes, "fgioc", strict=True):
        want = np.stack([getattr(cell, gate)[1] for cell in lstm.cells], axis=1)
        np.testing.assert_array_equal(image(ax), want)
        assert want.shape == (H, T)
    assert [label.get_text() for label in axes[-1].get_xticklabels()] == list("abcde")

    twin = fast.LSTM(*arguments)
    twin.forward(xs)
    with pytest.raises(
        ArgumentError, match=r"dlkit\.fast\.lstm\.LSTM has none\. Call forward of a dlkit"
    ):
        plot.lstm_gates(axes, twin)


def test_as_many_axes_as_there_is_to_draw(rng):
    axes = plot.figure(columns=2)[1][0]
    with pytest.raises(
        ArgumentError, match=r"histograms draws into 1 Axes here; got 2\. .*columns=1"
    ):
        plot.activation_histograms(axes, {"layer": rng.random(3)})


def test_regions_are_those_of_the_classifier(ax):
    x, t = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 0, 0, 1])
    seen = []

    def classify(points):
        seen.append(points)
        return AND(points)

    assert plot.decision_regions(ax, classify, x, t, points=21) is ax
    (points,) = seen
    assert points.shape == (21 * 21, 2)
    plane, samples = ax.collections
    np.testing.assert_array_equal(np.asarray(plane.get_array()).ravel(), AND(points))
    np.testing.assert_array_equal(samples.get_offsets(), x)
    assert list(samples.get_array()) == list(t)
    assert plane.get_cmap() is samples.get_cmap()
    assert plane.get_clim() == samples.get_clim() == (0, 1)
    assert points.min() < 0
    assert points.max() > 1


@pytest.mark.parametrize(("x", "t"), [((4, 3), (4,)), ((4, 2), (3,)), ((0, 2), (0,))])
def test_regions_are_those_of_a_plane(ax, x, t):
    with pytest.raises(
        ShapeError, match=r"samples x \(N, 2\) with N > 0 and labels t \(N,\); got x"
    ):
        plot.decision_regions(ax, AND, np.zeros(x), np.zeros(t, int))


def test_every_public_name_has_an_example():
    assert len(set(plot.__all__)) == len(plot.__all__)
    assert all(">>>" in getattr(plot, name).__doc__ for name in plot.__all__)
