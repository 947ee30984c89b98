"""Relations: right numbers in the wrong places, and wrong ones in telling places."""

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.relation import Gaps, holds, relation, wrong
from grader.checks.evidence import Evidence
from grader.checks.text import message

FEW = 6  # entries, of which one that is wrong may be so by chance
GATES = (2, 3, 4)  # blocks of columns that a recurrent layer has side by side


@relation("blocks-permuted")
def blocks_permuted(e: Evidence) -> Gaps | None:
    """Blocks of columns in another order, as of the gates of a recurrent layer."""
    if e.want.ndim == 0:
        return None
    for count in GATES:
        if e.want.shape[-1] % count == 0 and e.want.shape[-1] > count:
            blocks = np.split(e.got, count, axis=-1)
            for order in permutations(blocks):
                if e.equal(np.concatenate(order, axis=-1), e.want):
                    return {"count": count}
    return None


@relation("reversed")
def backwards(e: Evidence) -> Gaps | None:
    """In reverse along an axis."""
    for axis in range(e.want.ndim):
        if e.equal(np.flip(e.got, axis), e.want):
            return {"axis": axis}
    return None


@relation("shifted")
def shifted(e: Evidence) -> Gaps | None:
    """By one place along an axis: the neighbour's value, as of the step before."""
    for axis in range(e.want.ndim):
        n = e.want.shape[axis]
        if n > 2:
            for a, b in ((slice(1, None), slice(-1)), (slice(-1), slice(1, None))):
                one = e.got.take(range(*a.indices(n)), axis)
                other = e.want.take(range(*b.indices(n)), axis)
                if e.equal(one, other):
                    return {"axis": axis}
    return None


@relation("columns-permuted")
def columns_permuted(e: Evidence) -> Gaps | None:
    """The right columns in another order."""
    return holds(e.want.ndim == 2 and _same_set(e, e.got.T, e.want.T))


@relation("rows-permuted")
def rows_permuted(e: Evidence) -> Gaps | None:
    """The right rows in another order."""
    return holds(e.want.ndim == 2 and _same_set(e, e.got, e.want))


@relation("reordered")
def reordered(e: Evidence) -> Gaps | None:
    """The right numbers in other places."""
    several = e.want.size > 2 and np.unique(e.want).size > 2
    return holds(several and e.equal(np.sort(e.got, axis=None), np.sort(e.want, axis=None)))


def _same_set(e: Evidence, got: Array, want: Array) -> bool:
    """Whether two matrices have the same rows."""
    if min(want.shape) < 2:
        return False
    order = [a[np.lexsort(np.round(a, 6).T)] for a in (got, want)]
    return e.equal(order[0], order[1])


@relation("sign-of-some")
def sign_of_some(e: Evidence) -> Gaps | None:
    """Right up to the sign, which is wrong in some entries."""
    return holds(wrong(e).any() and e.equal(np.abs(e.got), np.abs(e.want)))


@relation("mask-inverted")
def mask_inverted(e: Evidence) -> Gaps | None:
    """0 exactly where it should not be."""
    zero = e.want == 0
    return holds(zero.any() and not zero.all() and np.array_equal(e.got == 0, ~zero))


@relation("mask-missing")
def mask_missing(e: Evidence) -> Gaps | None:
    """Right where it should not be 0, and not 0 where it should."""
    zero = e.want == 0
    kept = e.equal(e.got[~zero], e.want[~zero])
    return holds(zero.any() and kept and bool(e.got[zero].all()))


@relation("too-many-zeros")
def too_many_zeros(e: Evidence) -> Gaps | None:
    """Right, or 0 where it should not be."""
    zero = e.got == 0
    kept = zero.any() and not zero.all() and e.equal(e.got[~zero], e.want[~zero])
    return holds(kept and bool(e.want[zero].any()))


@relation("same-everywhere")
def same_everywhere(e: Evidence) -> Gaps | None:
    """One number in all entries, though the right ones differ."""
    return holds(e.want.size > 2 and _flat(e.got, None) and not _flat(e.want, None))


@relation("same-in-rows")
def same_in_rows(e: Evidence) -> Gaps | None:
    """Every row is the same, though the right ones differ."""
    return holds(e.want.ndim == 2 and len(e.want) > 1 and _flat(e.got, 0) and not _flat(e.want, 0))


@relation("same-in-columns")
def same_in_columns(e: Evidence) -> Gaps | None:
    """Every column is the same, though the right ones differ."""
    many = e.want.ndim == 2 and e.want.shape[1] > 1
    return holds(many and _flat(e.got, 1) and not _flat(e.want, 1))


def _flat(array: Array, axis: int | None) -> bool:
    return bool((np.ptp(array, axis=axis) == 0).all())


@relation("right-for-positive")
def right_for_positive(e: Evidence) -> Gaps | None:
    """Wrong where an input is negative, and there only."""
    return next(({"name": name} for name, a in _beside(e) if _split(wrong(e), a < 0)), None)


@relation("right-for-negative")
def right_for_negative(e: Evidence) -> Gaps | None:
    """Wrong where an input is positive, and there only."""
    both = ((name, a) for name, a in _beside(e) if (a < 0).any())
    return next(({"name": name} for name, a in both if _split(wrong(e), a > 0)), None)


@relation("right-at-zero")
def right_at_zero(e: Evidence) -> Gaps | None:
    """Wrong where an input is not 0, as the classes of one-hot targets, and there only."""
    for name, array in _beside(e):
        if not (array < 0).any() and _split(wrong(e), array != 0):
            return {"name": name}
    return None


@relation("wrong-at-zero")
def wrong_at_zero(e: Evidence) -> Gaps | None:
    """Wrong where an input is exactly 0, and there only."""
    for name, array in _beside(e):
        zero = array == 0
        if zero.any() and not zero.all() and not wrong(e)[~zero].any():
            return {"name": name}
    return None


def _beside(e: Evidence) -> Iterator[tuple[str, Array]]:
    """Inputs that stand beside the value entry by entry."""
    return ((name, a) for name, a in e.given() if a.shape == e.want.shape and a.ndim)


def _split(bad: Array, side: Array) -> bool:
    """Whether only entries of one side are wrong, most of them, where both sides have several."""
    enough = side.sum() > 1 and (~side).sum() > 1
    return bool(enough and not bad[~side].any() and bad[side].sum() > side.sum() / 2)


@relation("one-slice-right")
def one_slice_right(e: Evidence) -> Gaps | None:
    """Right at one index of an axis only, as the first sample's or the last step's."""
    return _slices(e, lambda bad: ~bad)


@relation("one-slice-wrong")
def one_slice_wrong(e: Evidence) -> Gaps | None:
    """Wrong at one index of an axis only."""
    return _slices(e, lambda bad: bad)


def _slices(e: Evidence, which: object) -> Gaps | None:
    bad = wrong(e)
    if bad.ndim < 2:  # a few numbers: it would be chance
        return None
    for axis in range(bad.ndim):
        others = tuple(k for k in range(bad.ndim) if k != axis)
        index = np.flatnonzero(which(bad.any(axis=others)))  # type: ignore[operator]
        if (
            bad.shape[axis] > 2
            and bad.sum() > 1
            and index.size == 1
            and index[0] in (0, bad.shape[axis] - 1)
        ):
            first = message("first") if index[0] == 0 else message("last")
            return {"axis": axis, "which": first}
    return None


@relation("one-entry-wrong")
def one_entry_wrong(e: Evidence) -> Gaps | None:
    """Wrong in a single place."""
    bad = np.argwhere(wrong(e))
    drawn = e.case is not None and e.case.inputs
    if len(bad) != 1 or e.want.size < (FEW if drawn else 2):
        return None
    return {"index": ", ".join(str(int(i)) for i in bad[0])}


def every_other(e: Evidence) -> int | None:
    """The axis along which only every second index has wrong entries, and all others are right."""
    bad = wrong(e)
    for axis in range(bad.ndim if bad.sum() > 2 else 0):
        along = np.asarray(bad.any(axis=tuple(k for k in range(bad.ndim) if k != axis)))
        if len(along) > 2 and not (along[::2].any() and along[1::2].any()):
            return axis
    return None
