"""Graphs as matrices, compared with the sums over all their paths."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.autograd.graph import accumulate, generations
from dlkit.errors import ArgumentError, ShapeError


@st.composite
def graphs(draw):
    """Local derivatives of a graph without a cycle, its nodes in any order."""
    n = draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    slopes = np.triu(rng.uniform(0.5, 2.0, (n, n)) * (rng.random((n, n)) < 0.6), k=1)
    order = rng.permutation(n)
    return slopes[np.ix_(order, order)]


@given(graphs())
def test_gradients_are_the_sums_over_all_paths(slopes):
    n = len(slopes)
    paths = np.linalg.inv(np.eye(n) - slopes)  # 1 + J + J² + ...: paths of all lengths
    for result in range(n):
        np.testing.assert_allclose(accumulate(slopes, result), paths[:, result], atol=1e-12)


@given(graphs())
def test_a_generation_is_the_length_of_the_longest_path(slopes):
    uses = (slopes != 0).astype(float)
    longest, power, length = np.zeros(len(uses), int), np.eye(len(uses)), 0
    while power.any():
        longest[power.any(axis=0)] = length
        power, length = power @ uses, length + 1
    np.testing.assert_array_equal(generations(slopes != 0), longest)


def test_a_cycle_is_refused_with_the_next_step():
    with pytest.raises(ArgumentError, match="without a cycle: no node is computed from itself"):
        generations(np.array([[False, True], [True, False]]))


def test_a_matrix_that_is_not_square_is_refused():
    with pytest.raises(ShapeError, match="needs a square matrix, not empty"):
        generations(np.zeros((2, 3), dtype=bool))
    with pytest.raises(ShapeError, match="needs a square matrix, not empty"):
        generations(np.zeros((0, 0), dtype=bool))
