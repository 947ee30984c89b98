"""Relations: what holds of the right values in every case, and does not hold of those that came."""

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.relation import Gaps, relation
from grader.checks.evidence import Evidence

ZERO = 1e-10  # of the sum of the absolute values: it is 0 up to rounding
CLEAR = 1e-4  # and not 0


@relation("sums-to-zero")
def sums_to_zero(e: Evidence) -> Gaps | None:
    """The entries along an axis cancel, as a gradient's do where adding a constant changes nothing."""
    return _cancels(e, np.ones(()))


@relation("sums-to-one")
def sums_to_one(e: Evidence) -> Gaps | None:
    """The entries along an axis sum to 1, as probabilities do."""
    for axis in _axes(e.want):
        right, mine = (np.asarray(array.sum(axis=axis)) for array in (e.want, e.got))
        if np.abs(right - 1).max() < ZERO and np.abs(mine - 1).max() > CLEAR:
            return {"axis": axis}
    return None


@relation("cancels-with")
def cancels_with(e: Evidence) -> Gaps | None:
    """Weighted by a known array the entries cancel, as a gradient's do where a scale changes nothing."""
    for name, array in e.given():
        if array.shape == e.want.shape and array.ndim and (gaps := _cancels(e, array)):
            return {"name": name, **gaps}
    return None


def _cancels(e: Evidence, weights: Array) -> Gaps | None:
    for axis in _axes(e.want):
        right, mine = (_rest(weights * array, axis) for array in (e.want, e.got))
        if right.max() < ZERO and mine.max() > CLEAR:
            return {"axis": axis}
    return None


def _rest(array: Array, axis: int) -> Array:
    """How much is left of the entries along an axis when they are summed, of what they are without signs."""
    size = np.abs(array).sum(axis=axis)
    rest: Array = np.abs(array.sum(axis=axis)) / max(float(size.max(initial=0.0)), 1e-300)
    return np.atleast_1d(rest)


def _axes(array: Array) -> list[int]:
    return [axis for axis, length in enumerate(array.shape) if length > 1]
