"""One finding for a value that is wrong, from all cases in which it was."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis import (  # noqa: F401  (they fill the list of relations)
    factors,
    laws,
    patterns,
    places,
    products,
)
from grader.checks.diagnosis.form import form
from grader.checks.diagnosis.patterns import some_indices
from grader.checks.diagnosis.places import every_other
from grader.checks.diagnosis.relation import RELATIONS, Gaps, fitting, wrong
from grader.checks.diagnosis.slips import of_writing
from grader.checks.diagnosis.sums import reduction
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding
from grader.checks.numeric import relative_error
from grader.checks.student import Value

Trace = Callable[[str], None]
NEAR, FEW = 1e-6, 10  # a whole number, and not a large one
SIMPLE = (2, 3, 4)  # factors that are easily forgotten, or taken twice
LARGE = 100.0  # the exponential of a score beyond it overflows soon
#: What a text says in its gaps has to be the same in every case, or it is not what is wrong.
SAME = (
    "constant-factor",
    "factor-extra",
    "factor-missing",
    "factor-exchanged",
    "argument-returned",
    "step-size",
    "one-entry-wrong",
    "block-wrong",
    "edges-wrong",
    "sums-to-zero",
    "sums-to-one",
    "cancels-with",
)
VAGUE = frozenset(
    {
        "wrong-entries",
        "wrong-at",
        "wrong-number",
        "wrong-shape",
        "not-finite",
        "raised",
        "raised-in-line",
        "raised-elsewhere",
    }
)


def describe(found: Sequence[Evidence], trace: Trace = lambda line: None) -> Finding:
    """The most telling finding that holds on every piece of evidence. found: at least one.

    trace: is told each relation that was tried and holds on some.
    """
    numbers = [as_numbers(e) for e in found]
    with np.errstate(all="ignore"):
        made = (
            _no_truth(found)
            or _form(numbers, trace)
            or _not_finite(numbers)
            or _relation(numbers, trace)
            or _entries(numbers[0])
        )
    return replace(made, evidence=found[0])


def first_look(e: Evidence) -> Finding:
    """What is wrong with the form of a value, or how many of its entries are wrong: quick, and no reason."""
    numbers = as_numbers(e)
    with np.errstate(all="ignore"):  # numbers of a submission: infinite ones, and NaN
        made = form(numbers) or _entries(numbers)
    return replace(made, evidence=e)


def _no_truth(found: Sequence[Evidence]) -> Finding | None:
    """Other numbers than 0 and 1 where truth values belong, as in a mask."""
    for e in found:
        if (
            isinstance(e.got, np.ndarray)
            and e.want.dtype.kind == "b"
            and not np.isin(e.got, (0, 1)).all()
        ):
            return finding("no-truth-values", label=e.label)
    return None


def _form(found: Sequence[Evidence], trace: Trace) -> Finding | None:
    forms = [form(e) for e in found]
    first = next((each for each in forms if each is not None), None)
    if first is None:
        return None
    trace(f"form: {[each and each.id for each in forms]}")
    if not isinstance(found[0].got, np.ndarray):
        return first
    if first.id == "wrong-shape" or first.confidence < 1:
        reduced = _reduction(found, trace)
        if reduced:
            return reduced
    common = [each for each in forms if each is not None and each.id != first.id]
    if common:  # not the same in every case: what they share is that the shape is wrong
        e = found[0]
        return finding("wrong-shape", label=e.label, got=e.got.shape, want=e.want.shape)
    return first


def _not_finite(found: Sequence[Evidence]) -> Finding | None:
    """NaN or infinity, and where they probably come from."""
    for e in found:
        if isinstance(e.got, np.ndarray) and not np.isfinite(e.got).all():
            given = [a for _, a in e.given() if a.dtype.kind == "f" and a.size]
            if any(np.abs(a).max() > LARGE for a in given):
                return finding("overflow", label=e.label)
            plain_call = e.case is not None and not e.case.script
            if plain_call and any((a == 0).any() for a in given):
                return finding("log-of-zero", label=e.label)
            return _where_negative(found) or finding("not-finite", label=e.label)
    return None


def _where_negative(found: Sequence[Evidence]) -> Finding | None:
    """Where a given array is negative, and only there."""
    bad = [(e, ~np.isfinite(e.got)) for e in found if isinstance(e.got, np.ndarray)]
    for name, _ in found[0].given():
        arrays = [dict(e.given()).get(name, np.zeros(())) for e, _ in bad]
        if all(
            a.shape == b.shape and b.any() and not b.all() and np.array_equal(a < 0, b)
            for a, (_, b) in zip(arrays, bad, strict=True)
        ):
            return finding("nan-where-negative", label=found[0].label, name=name)
    return None


def _relation(found: Sequence[Evidence], trace: Trace) -> Finding | None:
    first, *others = found
    if not all(e.is_array for e in found) or not _enough(found):
        return _reduction(found, trace) or _of_few_numbers(found)
    for id, test in RELATIONS:
        gaps = test(first)
        if gaps is None:
            continue
        again = [test(e) for e in others]
        trace(f"{id}: {[gaps, *again]}")
        agree = None not in again and (id not in SAME or all(g == gaps for g in again))
        if agree and not _by_coincidence(id, gaps, found):
            return finding(id, label=first.label, **gaps)
    return _reduction(found, trace)


def _of_few_numbers(found: Sequence[Evidence]) -> Finding | None:
    """What can be said of a few different numbers: every second place is wrong, or a slip of the pen.

    Numbers that were worked out by hand have no inputs, so that all cases are one.
    """
    e = found[0]
    if not all(each.is_array for each in found):
        return None
    axes = {every_other(each) for each in found}
    if None not in axes and len(axes) == 1:
        return finding("every-other-wrong", label=e.label, axis=axes.pop())
    if e.case is None or e.case.inputs or not e.want.any():
        return None
    return of_writing(e) or _slip_of_the_pen(e) or _slip_of_a_factor(e)


def _slip_of_the_pen(e: Evidence) -> Finding | None:
    """Numbers worked out by hand with a sign, a place or a count that is wrong."""
    off = e.got - e.want
    if e.equal(-e.got, e.want):
        return finding("wrong-sign", label=e.label)
    if e.equal(np.abs(e.got), np.abs(e.want)):
        return finding("sign-of-some", label=e.label)
    if e.want.size > 1 and e.equal(np.sort(e.got, axis=None), np.sort(e.want, axis=None)):
        return finding("order-of-numbers", label=e.label)
    bad = wrong(e)
    if bad.sum() == 1 and e.want.size > 1:
        index = ", ".join(str(int(i)) for i in np.argwhere(bad)[0])
        return finding("one-entry-wrong", label=e.label, index=index)
    whole, near = np.round(off.flat[0]), max(NEAR, 2 * e.tolerance * float(np.abs(e.want).max()))
    if whole and np.abs(off - whole).max() < near and abs(whole) < FEW:
        return finding("off-by-whole", label=e.label, difference=f"{whole:g}")
    return None


def _slip_of_a_factor(e: Evidence) -> Finding | None:
    """Numbers worked out by hand with a decimal point, a half or a root that is wrong."""
    ratio = e.got / e.want
    tens = np.log10(np.abs(ratio))
    if (np.abs(tens - np.round(tens)) < NEAR).all() and np.ptp(ratio) < NEAR and ratio.flat[0] > 0:
        return finding("decimal-point", label=e.label, factor=f"{ratio.flat[0]:.4g}")
    for factor in SIMPLE:
        if e.equal(e.got, factor * e.want) or e.equal(factor * e.got, e.want):
            return finding("simple-ratio", label=e.label, factor=factor)
    if e.equal(e.got**2, e.want) or e.equal(e.got, e.want**2):
        return finding("square-or-root", label=e.label)
    return None


def _enough(found: Sequence[Evidence]) -> bool:
    """Whether there are so many different numbers that no relation holds by chance."""
    return sum(np.unique(e.want).size for e in {e.want.tobytes(): e for e in found}.values()) > 2


def _by_coincidence(id: str, gaps: Gaps, found: Sequence[Evidence]) -> bool:
    """Whether a factor may be any number: the one that it is called by is the same in every case."""
    if id not in ("factor-extra", "factor-missing"):
        return False
    values = [dict(fitting(e))[str(gaps["name"])] for e in found]
    return all(v.ndim == 0 and v == values[0] for v in values)


def _reduction(found: Sequence[Evidence], trace: Trace) -> Finding | None:
    reduced = [reduction(e) for e in found]
    first = reduced[0]
    if any(reduced):
        trace(f"reductions: {reduced}")
    if first is None or any(each is None or each[0] != first[0] for each in reduced):
        return None
    return finding(first[0], label=found[0].label, **first[1])


def as_numbers(e: Evidence) -> Evidence:
    """With arrays that can be subtracted: truth values and integers as floating-point numbers."""
    if not isinstance(e.got, np.ndarray):
        return e
    return replace(e, got=as_number(e.got), want=as_number(e.want))


def as_number(value: Value) -> Array:
    """An array; of truth values and integers, floating-point numbers."""
    array = np.asarray(value)
    return array.astype(float) if array.dtype.kind in "biu" else array


def _entries(e: Evidence) -> Finding:
    """Nothing is known but which entries are wrong, and by how much."""
    if e.is_array and e.want.size == 1:
        return finding("wrong-number", label=e.label)
    if e.is_array and (gaps := some_indices(e)):
        return finding("wrong-at", label=e.label, **gaps)
    return finding(
        "wrong-entries",
        label=e.label,
        wrong=np.count_nonzero(wrong(e)),
        size=e.want.size,
        error=f"{relative_error(e.got, e.want):.1e}",
    )
