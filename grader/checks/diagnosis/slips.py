"""Numbers worked out by hand: the slip that explains them, and right ones that are written wrongly."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from grader.checks.case import Array
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding

EXACT = 1e-6  # relative: as far as numbers are written that a program worked out
SAME = 1e-9  # relative: two slips that give the same
MOST = 1000  # numbers that a person works out
DIGITS = 10  # after the decimal point, that a person writes at most
TWO_DIGITS = 10


class Slip(NamedTuple):
    """A formula that is not the right one, and what it gives.

    expression: how it reads; empty for the right formula on wrong numbers. names: of the student's own wrong
    numbers that went into it.
    """

    expression: str
    value: Array
    names: Sequence[str] = ()


def by_slip(e: Evidence, slips: Iterable[Slip]) -> Finding | None:
    """The slip that gives what came; none where several would, and give different values."""
    got = e.got
    if not isinstance(got, np.ndarray) or got.dtype.kind not in "iuf" or not 0 < got.size <= MOST:
        return None
    near, allowed = _exactness(e, got), e.tolerance * float(np.abs(got).max())
    hits = []
    for slip in slips:
        if not slip.expression and _is_near(got, slip.value, allowed):
            names = ", ".join(f"`{name}`" for name in slip.names)
            return finding("follows-from-own", label=e.label, names=names)
        if _is_near(got, slip.value, near) and not _is_near(slip.value, e.want, near):
            hits.append(slip)
    if not hits:
        return None
    scale = SAME * float(np.abs(got).max())
    if not all(_is_near(hits[0].value, other.value, scale) for other in hits):
        return None
    shortest = min(hits, key=lambda slip: len(slip.expression))
    return finding("slip", label=e.label, expression=shortest.expression)


def of_writing(e: Evidence) -> Finding | None:
    """Right numbers that are written wrongly: with too few digits, or with two of them exchanged."""
    if e.got.dtype.kind not in "iuf":
        return None
    pairs = list(zip(e.got.ravel(), e.want.ravel(), strict=True))
    if all(_is_shortened(a, b) for a, b in pairs):
        return finding("too-few-digits", label=e.label)
    if all(_has_digits_exchanged(a, b, e.tolerance) for a, b in pairs):
        return finding("digits-exchanged", label=e.label)
    return None


def has_decimal_comma(e: Evidence, got: Array) -> bool:
    """Whether each number came as two, the digits before a comma and those after it."""
    if got.size != 2 * e.want.size or got.dtype.kind not in "iuf" or (got != np.round(got)).any():
        return False
    before, after = np.abs(got.reshape(-1, 2)).T
    joined = before + after / 10.0 ** np.array([len(f"{n:.0f}") for n in after])
    return e.equal(joined, np.abs(e.want).ravel())


def _exactness(e: Evidence, got: Array) -> Array:
    """How far each entry may be off to be the same: as far as it is written, and as the check allows."""
    scale = float(np.abs(got).max(initial=0.0))
    units = 10.0 ** -np.array([_decimals(v) for v in got.ravel()]).reshape(got.shape)
    return np.maximum(np.minimum(units, e.tolerance * scale), EXACT * scale)


def _decimals(number: float) -> int:
    """How many digits stand after the decimal point."""
    return len(np.format_float_positional(float(number), trim="-").partition(".")[2])


def _is_near(a: Array, b: Array, near: Array | float) -> bool:
    return a.shape == b.shape and bool((np.abs(a - b) <= near).all())


def _is_shortened(got: float, want: float) -> bool:
    """Whether a number is another one rounded, or cut, to at least two digits."""
    decimals = _decimals(got)
    if decimals > DIGITS:
        return False
    power = 10.0**decimals
    two = abs(got) * power >= TWO_DIGITS
    return two and any(abs(got * power - cut(want * power)) < EXACT for cut in (np.round, np.trunc))


def _has_digits_exchanged(got: float, want: float, tolerance: float) -> bool:
    """Whether a number is right, or is so but for two neighbouring digits that have changed places."""
    decimals = _decimals(got)
    if decimals > DIGITS or got * want < 0:
        return False
    if abs(got - want) <= tolerance * abs(want):
        return True
    a, b = (f"{abs(v):.{decimals}f}" for v in (got, want))
    differ = [k for k, (one, other) in enumerate(zip(a, b, strict=False)) if one != other]
    if len(a) != len(b) or len(differ) != 2:
        return False
    first, second = differ
    between = a[first + 1 : second]  # a decimal point may stand there
    return between in ("", ".") and a[first] == b[second] and a[second] == b[first]
