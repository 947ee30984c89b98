"""The picture of a wrong array."""

import math

import pytest
from bs4 import BeautifulSoup

from grader.checks.curve import Curve
from grader.checks.picture import Picture
from grader.feedback.figure import figure, grid


def drawn(got, want, language="en"):
    rows = (tuple(map(tuple, side)) for side in (got, want))
    return BeautifulSoup(str(grid(Picture("dW", *rows), language)), "html.parser").svg


def test_wrong_entries_are_framed_and_hold_both_values():
    svg = drawn([[1.0, 2.5], [3.0, -4.0]], [[1.0, 2.0], [3.0, 4.0]])
    assert [text.get_text() for text in svg.select("text")] == [
        "1", "✗ 2.5", "2", "3", "✗ −4", "4"
    ]  # fmt: skip
    assert len(svg.select("rect")) == 4
    assert len(svg.select("rect.off")) == 2
    assert svg["aria-label"].endswith("wrong entries (1, 2), (2, 2)")


def test_the_larger_the_error_the_darker():
    light, dark = (
        float(r["fill-opacity"]) for r in drawn([[1.1, 4.0]], [[1.0, 2.0]]).select(".off")
    )
    assert light < dark == 1.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_wrong(value):
    svg = drawn([[value, 1.0]], [[1.0, 1.0]])
    assert len(svg.select("rect.off")) == 1


def test_the_spoken_text_has_a_language():
    assert "行, 列" in drawn([[1.0]], [[2.0]], "ja")["aria-label"]


@pytest.mark.parametrize(
    ("language", "caption", "spoken"),
    [
        (
            "en",
            "The loss while your code trains on the data of the notebook.",
            "Loss over 400 steps of training: 2 at first, 0.5 at last, 0.25 at least",
        ),
        (
            "ja",
            "ノートブックのデータで訓練したときの損失の推移です。",
            "訓練400ステップの損失：最初は2、最後は0.5、最小は0.25",
        ),
    ],
)
def test_a_training_is_drawn_as_its_loss_from_left_to_right(language, caption, spoken):
    found = figure(Curve((2.0, 0.25, 0.5), 400), language)
    svg = BeautifulSoup(str(found.svg), "html.parser").svg
    places = [tuple(map(float, p.split(","))) for p in svg.polyline["points"].split()]
    (x0, y0), (x1, y1), (x2, y2) = places
    assert (x0 < x1 < x2, y0 < y2 < y1) == (True, True)  # down is up in SVG
    assert (found.caption, svg["aria-label"]) == (caption, spoken)
    assert "400" in [text.get_text() for text in svg.select("text")]


@pytest.mark.parametrize("losses", [(0.0, 0.0), (-1.0, -2.0), (1e300, 1.0)])
def test_any_finite_losses_can_be_drawn(losses):
    svg = BeautifulSoup(str(figure(Curve(losses, 2), "en").svg), "html.parser").svg
    for point in svg.polyline["points"].split():
        assert all(math.isfinite(float(number)) for number in point.split(","))
