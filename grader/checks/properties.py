"""Properties: what has to hold of values that chance decides, such as a dropout mask.

Each takes the texts of its arguments, for what it says, and their values; it returns what is wrong, or None.
"""

from collections.abc import Callable, Sequence

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis import diagnose
from grader.checks.finding import Finding, finding
from grader.checks.numeric import TOLERANCE, relative_error
from grader.checks.student import Value

WITHIN = 0.6827  # share of a normal distribution that is within one standard deviation of its mean
SIGMAS = 5.0  # standard deviations that a share or a mean may be off: by chance once in two million

Property = Callable[..., Finding | None]


def kept_or_zero(labels: Sequence[str], y: Array, x: Array, share: Array) -> Finding | None:
    """Each entry of y is 0, or that of x divided by the share of entries that are kept."""
    if y.shape != x.shape:
        return diagnose(labels[0], y, x)
    kept = y != 0
    if relative_error(y, np.where(kept, x / share, 0.0)) > TOLERANCE:
        if relative_error(y, np.where(kept, x, 0.0)) < TOLERANCE:
            return finding("not-scaled", label=labels[0], share=labels[2])
        return finding("not-kept", label=labels[0], other=labels[1], share=labels[2])
    if abs(kept.mean() - share) > SIGMAS * np.sqrt(share * (1 - share) / kept.size):
        return finding(
            "wrong-share", label=labels[0], got=f"{kept.mean():.0%}", want=f"{share:.0%}"
        )
    return None


def zero_alike(labels: Sequence[str], a: Array, b: Array) -> Finding | None:
    """a and b are 0 at the same entries."""
    if a.shape == b.shape and np.array_equal(a == 0, b == 0):
        return None
    return finding("other-mask", label=labels[0], other=labels[1])


def differs(labels: Sequence[str], a: Array, b: Array) -> Finding | None:
    """a and b are not the same: something was drawn anew, or has moved."""
    if a.shape == b.shape and not np.array_equal(a, b):
        return None
    return finding("not-anew", label=labels[0], other=labels[1])


def spread(labels: Sequence[str], a: Array, mean: Array, std: Array) -> Finding | None:
    """The entries of a look like draws from a normal distribution of this mean and standard deviation."""
    if abs(a.mean() - mean) > SIGMAS * std / np.sqrt(a.size):
        return finding(
            "wrong-mean", label=labels[0], got=f"{a.mean():.3g}", want=f"{float(mean):.3g}"
        )
    if abs(a.std() - std) > SIGMAS * std / np.sqrt(2 * a.size):
        return finding(
            "wrong-spread", label=labels[0], got=f"{a.std():.3g}", want=f"{float(std):.3g}"
        )
    within = (abs(a - mean) < std).mean()
    if abs(within - WITHIN) > SIGMAS * np.sqrt(WITHIN * (1 - WITHIN) / a.size):
        return finding("not-normal", label=labels[0], got=f"{within:.0%}", want=f"{WITHIN:.0%}")
    return None


def less(labels: Sequence[str], a: Array, b: Array) -> Finding | None:
    """a is smaller than b, in every entry."""
    if a.shape == b.shape and bool((a < b).all()):
        return None
    return finding("not-less", label=labels[0], other=labels[1])


#: By the name that a script calls it by.
PROPERTIES: dict[str, Property] = {
    each.__name__: each for each in (kept_or_zero, zero_alike, differs, spread, less)
}


def property_of(name: str, labels: Sequence[str], values: Sequence[Value]) -> Finding | None:
    """What is wrong with a property of these values; None where it holds."""
    arrays = [np.asarray(v) if isinstance(v, (int, float, np.generic)) else v for v in values]
    for label, array in zip(labels, arrays, strict=True):
        if not isinstance(array, np.ndarray) or array.size == 0:
            return finding("no-numbers", label=label)
        if array.dtype.kind in "fc" and not np.isfinite(array).all():
            return finding("not-finite", label=label)  # nothing is less than NaN, or unlike it
    with np.errstate(all="ignore"):
        return PROPERTIES[name](labels, *arrays)
