"""Relations: what holds of the right values in every case, and does not hold of those that came."""

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.relation import Gaps, relation
from grader.checks.evidence import Evidence

ZERO = 1e-10  # of the sum of the absolute values: it is 0 up to rounding
CLEAR = 1e-4  # and not 0
MANY = 3  # different numbers: more of them are not found elsewhere by chance
MOSTLY = 0.5


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
        if e.want.any() and right.max() < ZERO and mine.max() > CLEAR:
            return {"axis": axis}
    return None


def _rest(array: Array, axis: int) -> Array:
    """How much is left of the entries along an axis when they are summed, of what they are without signs."""
    size = np.abs(array).sum(axis=axis)
    rest: Array = np.abs(array.sum(axis=axis)) / max(float(size.max(initial=0.0)), 1e-300)
    return np.atleast_1d(rest)


def _axes(array: Array) -> list[int]:
    return [axis for axis, length in enumerate(array.shape) if length > 1]


@relation("argument-expected")
def argument_expected(e: Evidence) -> Gaps | None:
    """The right value is a given array as it is."""
    return next(({"name": name} for name, a in e.given() if a.ndim and e.equal(a, e.want)), None)


@relation("taken-from")
def taken_from(e: Evidence) -> Gaps | None:
    """Every right entry is an entry of a given array, as a maximum is, and most of those that came are not."""
    for name, array in e.given():
        several = array.size > MANY and np.unique(e.want).size > MANY
        if several and np.isin(e.want, array).all() and np.isin(e.got, array).mean() < MOSTLY:
            return {"name": name}
    return None
