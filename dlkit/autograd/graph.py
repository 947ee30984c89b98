"""Graphs of computations as matrices: the order in which to walk back, and the gradients on the way."""

import numpy as np

from dlkit.errors import ArgumentError, expect
from dlkit.typing import Array

__all__ = ["accumulate", "generations"]


def generations(uses: Array) -> Array:
    """Generation of each node of a graph: the number of edges of the longest path that ends at it.

    uses: (n, n), True at (i, j) where node j is computed from node i. Returns integers (n,), 0 for what is
    given. Whoever goes through the nodes from the latest generation to the first meets each one after all
    that use it.

    >>> uses = np.zeros((4, 4), dtype=bool)
    >>> uses[0, 1] = uses[1, 2] = uses[0, 3] = uses[2, 3] = True
    >>> generations(uses)
    array([0, 1, 2, 3])
    """
    n = len(uses)
    expect(
        uses.shape == (n, n) and n > 0, "generations needs a square matrix, not empty", uses=uses
    )
    found = np.zeros(n, dtype=int)
    for _ in range(n):
        candidates = np.where(uses, found[:, np.newaxis] + 1, 0)
        later = candidates.max(axis=0)
        if np.array_equal(later, found):
            return found
        found = later
    raise ArgumentError(
        "generations needs a graph without a cycle: no node is computed from itself. Transpose an edge?"
    )


def accumulate(slopes: Array, result: int) -> Array:
    """Derivatives of one node of a graph with respect to all nodes, shape (n,), by one walk back.

    slopes: (n, n), at (i, j) the local derivative of node j with respect to node i, 0 where j does not use i;
    the nodes may stand in any order, without a cycle. result: number of the node that is differentiated.

    Source: Griewank and Walther, Evaluating Derivatives (2008), section 3.2.

    >>> slopes = np.zeros((4, 4))
    >>> slopes[0, 1], slopes[1, 2], slopes[0, 3], slopes[2, 3] = 2.0, 3.0, 5.0, 7.0
    >>> accumulate(slopes, 3)  # along two paths from node 0: 2 * 3 * 7 + 5
    array([47., 21.,  7.,  1.])
    """
    uses = (slopes != 0).sum(axis=1)  # of each node, those that have not been passed yet
    gradients = np.zeros(len(slopes), dtype=slopes.dtype)
    gradients[result] = 1.0
    complete = np.flatnonzero(uses == 0).tolist()
    while complete:
        j = complete.pop()
        gradients += slopes[:, j] * gradients[j]
        for i in np.flatnonzero(slopes[:, j]).tolist():
            uses[i] -= 1
            if uses[i] == 0:
                complete.append(i)
    return gradients
