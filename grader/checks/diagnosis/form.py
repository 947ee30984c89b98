"""What is wrong with a value before its numbers are looked at: it is no array, or has another shape."""

from collections.abc import Mapping
from itertools import permutations

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.slips import has_decimal_comma
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding, unsure

MAX_AXES = 4


def form(e: Evidence) -> Finding | None:
    """What is wrong with the form of a value; None for an array of numbers in the right shape."""
    if e.got is None:
        if e.dout is not None and e.case is not None and e.label[1:] in e.case.init:
            return finding("gradient-not-stored", label=e.label)
        return finding("returned-none", label=e.label)
    if isinstance(e.got, tuple):
        return _several(e, e.got)
    if not isinstance(e.got, np.ndarray):
        return finding("no-numbers", label=e.label)
    return None if e.got.shape == e.want.shape else _shape(e, e.got)


def _several(e: Evidence, got: tuple[object, ...]) -> Finding:
    """One array was asked for, and several came."""
    for place, item in enumerate(got):
        if isinstance(item, np.ndarray) and e.equal(item, e.want):
            return finding("one-of-several", label=e.label, count=len(got), place=place + 1)
    return finding("tuple-returned", label=e.label, count=len(got), want=e.want.shape)


def _shape(e: Evidence, got: Array) -> Finding:
    """The shape is another one: what would make it right?"""
    shapes = {"label": e.label, "got": got.shape, "want": e.want.shape}
    looked_at = got.size and not e.is_oversized
    for known in (_comma, _rearranged, _reduced, _cut, _classes, _table) if looked_at else ():
        if id := known(e, got):
            return finding(id, **shapes)
    if e.want.ndim == 0 and got.size > 1:
        return finding("number-expected", **shapes)
    if e.dout is not None and (id := _of_gradient(e, got)):
        return unsure(finding(id, **shapes))
    if got.ndim == e.want.ndim > 1 and sorted(got.shape) == sorted(e.want.shape):
        return unsure(finding("lengths-exchanged", **shapes))
    if got.ndim == e.want.ndim and (turned := _other_axis(e, got)):
        return unsure(finding("other-axis", **turned, **shapes))
    for name, array in e.given():
        if array.ndim and array.shape == got.shape:
            return unsure(finding("shape-of-argument", name=name, **shapes))
    return _axes(e, got, shapes)


def _of_gradient(e: Evidence, got: Array) -> str | None:
    """What a gradient of another shape probably is."""
    if got.ndim == 0:
        return "summed-to-a-number"
    if got.ndim == e.want.ndim + 1 and got.shape[1:] == e.want.shape:
        return "batch-not-summed"
    return "wrong-axis" if got.ndim == e.want.ndim == 1 else None


def _axes(e: Evidence, got: Array, shapes: Mapping[str, object]) -> Finding:
    """Where the two shapes differ."""
    want = e.want.shape
    for axis, length in enumerate(got.shape):
        if got.shape[:axis] + got.shape[axis + 1 :] == want:
            return unsure(finding("axis-too-many", length=length, **shapes))
    for axis, length in enumerate(want):
        if want[:axis] + want[axis + 1 :] == got.shape:
            return unsure(finding("axis-too-few", length=length, **shapes))
    differ = [axis for axis, (a, b) in enumerate(zip(got.shape, want, strict=False)) if a != b]
    if got.ndim == e.want.ndim > 1 and len(differ) == 1:
        return unsure(finding("one-axis-wrong", axis=differ[0], **shapes))
    return finding("wrong-shape", **shapes)


def _comma(e: Evidence, got: Array) -> str | None:
    """A decimal comma, as many languages write it."""
    by_hand = e.case is not None and not e.case.inputs
    return "decimal-comma" if by_hand and has_decimal_comma(e, got) else None


def _rearranged(e: Evidence, got: Array) -> str | None:
    """The right numbers with their axes exchanged, or in other rows and columns."""
    if got.ndim == e.want.ndim <= MAX_AXES:
        for axes in permutations(range(got.ndim)):
            if e.equal(got.transpose(axes), e.want):
                return "transposed" if got.ndim == 2 else "axes-permuted"
    if got.size == e.want.size and e.equal(got.reshape(e.want.shape), e.want):
        return "reshaped"
    return None


def _reduced(e: Evidence, got: Array) -> str | None:
    """A sum that is still to be taken, or one that went too far."""
    for axis in range(got.ndim):
        if e.equal(got.sum(axis=axis), e.want) or e.equal(got.mean(axis=axis), e.want):
            return "batch-not-summed" if axis == 0 and e.dout is not None else "axis-not-reduced"
    if got.ndim == 0 and (e.equal(got, e.want.sum()) or e.equal(got, e.want.mean())):
        return "summed-to-a-number"
    return None


def _cut(e: Evidence, got: Array) -> str | None:
    """The right array with some of its beginning or end missing, or with too much of it."""
    if got.ndim != e.want.ndim or got.ndim == 0 or not got.size:
        return None
    short = tuple(slice(min(a, b)) for a, b in zip(got.shape, e.want.shape, strict=True))
    late = tuple(slice(a - min(a, b), None) for a, b in zip(e.want.shape, got.shape, strict=True))
    if _has_margin(e, got):
        return "with-margin"
    if e.equal(got[short], e.want[short]):
        return "cut-short" if got.size < e.want.size else "too-long"
    if got.size < e.want.size and e.equal(got, e.want[late]):
        return "begins-late"
    return None


def _has_margin(e: Evidence, got: Array) -> bool:
    """Whether the right array stands in the middle, with as much before it as after it."""
    wide = [a - b for a, b in zip(got.shape, e.want.shape, strict=True)]
    if min(wide) < 0 or max(wide) == 0 or any(n % 2 for n in wide):
        return False
    middle = tuple(slice(n // 2, n // 2 + b) for n, b in zip(wide, e.want.shape, strict=True))
    return e.equal(got[middle], e.want)


def _other_axis(e: Evidence, got: Array) -> dict[str, object] | None:
    """An argument has been made longer or shorter along another axis than it should be."""
    for name, array in e.given():
        if array.ndim == got.ndim > 1:
            own, right = (
                [n - m for n, m in zip(shape, array.shape, strict=True)]
                for shape in (got.shape, e.want.shape)
            )
            if sorted(own) == sorted(right) and sum(map(bool, own)) == 1:
                return {
                    "name": name,
                    "axis": [bool(n) for n in own].index(True),
                    "other": [bool(n) for n in right].index(True),
                }
    return None


def _table(e: Evidence, got: Array) -> str | None:
    """A table of all pairs, because a column met a row."""
    n = e.want.size
    if got.ndim == 2 and n > 1 and got.shape == (n, n) and e.want.ndim in (1, 2):
        return "broadcast-by-accident"
    return None


def _classes(e: Evidence, got: Array) -> str | None:
    """One-hot rows in place of labels, or labels in place of one-hot rows."""
    if got.ndim == e.want.ndim + 1 and got.shape[:-1] == e.want.shape and got.shape[-1] > 1:
        if np.array_equal(got.argmax(axis=-1), e.want) and not np.isin(got, (0, 1)).all():
            return "scores-for-labels"
        if np.array_equal(got.argmax(axis=-1), e.want):
            return "one-hot-for-labels"
    if e.want.ndim == got.ndim + 1 and e.want.shape[:-1] == got.shape:
        one_hot = np.isin(e.want, (0, 1)).all() and (e.want.sum(axis=-1) == 1).all()
        if one_hot and np.array_equal(e.want.argmax(axis=-1), got):
            return "labels-for-one-hot"
    return None
