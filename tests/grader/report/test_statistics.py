"""Difficulty and discrimination, against the textbook's formula."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.report.statistics import qualities

POINTS = np.array([1.0, 2.0, 1.0])


def point_biserial(right, rest):
    """The formula as it is printed: means of both groups, standard deviation, share."""
    yes = [r for r, x in zip(rest, right, strict=True) if x]
    no = [r for r, x in zip(rest, right, strict=True) if not x]
    p = len(yes) / len(right)
    return (np.mean(yes) - np.mean(no)) / np.std(rest) * math.sqrt(p * (1 - p))


@given(st.lists(st.tuples(*[st.booleans()] * 3), min_size=3, max_size=30))
def test_without_partial_points_it_is_the_point_biserial_correlation(rows):
    shares = np.array(rows, float)
    rest = shares[:, 1] * 2 + shares[:, 2]
    assume(0 < shares[:, 0].mean() < 1 and rest.std() > 0)
    quality = qualities(shares, POINTS)[0]
    assert quality.difficulty == pytest.approx(shares[:, 0].mean())
    assert quality.discrimination == pytest.approx(point_biserial(shares[:, 0], rest))


def test_the_check_itself_is_not_in_the_rest():
    shares = np.array([[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1]], float)
    assert qualities(shares, POINTS)[0].discrimination == pytest.approx(-1)


def test_where_all_are_alike_there_is_no_correlation():
    same = np.ones((4, 3))
    assert [(q.difficulty, q.discrimination) for q in qualities(same, POINTS)] == [(1.0, None)] * 3


def test_what_waits_for_a_person_does_not_count():
    shares = np.array([[1, 1, np.nan], [0, 0, np.nan], [1, np.nan, np.nan]])
    first, second, third = qualities(shares, POINTS)
    assert first.difficulty == pytest.approx(2 / 3)
    assert second.difficulty == pytest.approx(1 / 2)
    assert (third.difficulty, third.discrimination) == (None, None)


def test_nobody_is_no_error():
    assert qualities(np.zeros((0, 3)), POINTS)[0].difficulty is None
