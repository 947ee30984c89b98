"""The picture of a wrong array."""

import math

import pytest
from bs4 import BeautifulSoup

from grader.checks.picture import Picture
from grader.feedback.figure import grid


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
