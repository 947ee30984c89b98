"""Relations: the whole array by a factor, a term or a function too much or too little."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.relation import Gaps, Relation, fitting, holds, relation, wrong
from grader.checks.evidence import Evidence
from grader.checks.numeric import relative_error

Function = Callable[[Array], Array]

#: By sign: operations between two arrays.
OPERATIONS: dict[str, Callable[[Array, Array], Array]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}

SMALL = 1e-4  # an error below it is a matter of precision, not of the formula
HUGE = 1e6  # times the right values
SLACK = 1e-9  # of a factor that should be a whole number


@relation("all-zero")
def all_zero(e: Evidence) -> Gaps | None:
    """Nothing came."""
    return holds(not e.got.any() and e.want.any())


@relation("wrong-sign")
def wrong_sign(e: Evidence) -> Gaps | None:
    """Minus the right one."""
    return holds(e.equal(-e.got, e.want))


@relation("dout-returned")
def dout_returned(e: Evidence) -> Gaps | None:
    """The gradient that arrives, passed on as it is."""
    return holds(e.dout is not None and np.ndim(e.dout) and e.equal(e.got, e.dout))


@relation("dout-missing")
def dout_missing(e: Evidence) -> Gaps | None:
    """The local derivative alone, without the gradient that arrives."""
    fits = e.dout is not None and np.shape(e.dout) in ((), e.got.shape)
    return holds(fits and e.equal(e.got * e.dout, e.want))


@relation("other-gradient")
def other_gradient(e: Evidence) -> Gaps | None:
    """The gradient of something else."""
    if e.dout is None or e.case is None:
        return None
    for label, array in e.case.expected.items():
        if label not in ("out", e.label) and e.equal(e.got, array):
            return {"other": label}
    return None


@relation("not-updated")
def not_updated(e: Evidence) -> Gaps | None:
    """An array of the same name was given, and is what it was."""
    return holds(any(name == e.label and e.equal(e.got, array) for name, array in e.given()))


@relation("argument-returned")
def argument_returned(e: Evidence) -> Gaps | None:
    """One of the arrays that were given, as it was."""
    for name, array in e.given():
        if array.ndim and e.equal(e.got, array):
            return {"name": name}
    return None


@relation("forward-returned")
def forward_returned(e: Evidence) -> Gaps | None:
    """What the forward pass returned, where its gradient belongs."""
    return holds(e.dout is not None and e.case and e.equal(e.got, e.case.expected["out"]))


@relation("transposed")
def transposed(e: Evidence) -> Gaps | None:
    """Of a square matrix."""
    return holds(e.got.ndim == 2 and e.equal(e.got.T, e.want))


@relation("times-batch")
def times_batch(e: Evidence) -> Gaps | None:
    """A sum over the samples where their mean belongs."""
    return _by(e, e.batch) if e.batch > 1 else None


@relation("over-batch")
def over_batch(e: Evidence) -> Gaps | None:
    """A mean over the samples where their sum belongs."""
    return _by(e, 1 / e.batch) if e.batch > 1 else None


@relation("times-size")
def times_size(e: Evidence) -> Gaps | None:
    """A factor that is the length of another axis, or the number of all entries."""
    return _by_size(e, 1)


@relation("over-size")
def over_size(e: Evidence) -> Gaps | None:
    """Divided by the length of another axis, or by the number of all entries."""
    return _by_size(e, -1)


def _by(e: Evidence, factor: float) -> Gaps | None:
    return {"batch": e.batch} if e.equal(e.got, factor * e.want) else None


def _by_size(e: Evidence, power: int) -> Gaps | None:
    arrays = [array for _, array in e.given()]
    sizes = {n for array in [*arrays, e.want] for n in (*array.shape, array.size)}
    for size in sorted(sizes - {0, 1, 2, e.batch}):
        if e.equal(e.got, float(size) ** power * e.want):
            return {"size": size}
    return None


@relation("factor-extra")
def factor_extra(e: Evidence) -> Gaps | None:
    """A known number or array too much."""
    for name, array in fitting(e):
        if e.equal(e.got, e.want * array):
            return {"name": name}
    return None


@relation("factor-missing")
def factor_missing(e: Evidence) -> Gaps | None:
    """A known number or array too little."""
    for name, array in fitting(e):
        if e.equal(e.got * array, e.want):
            return {"name": name}
    return None


@relation("divided-for-multiplied")
def divided(e: Evidence) -> Gaps | None:
    """Divided by a known array instead of multiplied, or the other way about."""
    for name, array in fitting(e):
        if array.ndim and (e.equal(e.got * array**2, e.want) or e.equal(e.got, e.want * array**2)):
            return {"name": name}
    return None


@relation("other-operation")
def other_operation(e: Evidence) -> Gaps | None:
    """Two known arrays, combined by another operation than they should be."""
    for (name, a), (other, b) in permutations(e.given(), 2):
        if a.shape != e.want.shape or b.shape != e.want.shape:
            continue
        results = {sign: operation(a, b) for sign, operation in OPERATIONS.items()}
        came = next((sign for sign, result in results.items() if e.equal(e.got, result)), None)
        if came and any(e.equal(e.want, result) for result in results.values()):
            return {"expression": f"{name} {came} {other}"}
    return None


@relation("factor-exchanged")
def factor_exchanged(e: Evidence) -> Gaps | None:
    """One known array in place of another."""
    nowhere_zero = [(name, array) for name, array in fitting(e) if array.all()]
    for (name, one), (_, other) in permutations(nowhere_zero, 2):
        if e.equal(e.got * other, e.want * one):
            return {"name": name}
    return None


@relation("term-missing")
def term_missing(e: Evidence) -> Gaps | None:
    """A known array is not added."""
    for name, array in fitting(e):
        if array.any() and (e.equal(e.got + array, e.want) or e.equal(e.got - array, e.want)):
            return {"name": name}
    return None


@relation("term-sign")
def term_sign(e: Evidence) -> Gaps | None:
    """A known array is added where it is to be subtracted, or the other way about."""
    for name, array in fitting(e):
        if (
            array.ndim
            and array.any()
            and (e.equal(e.got + 2 * array, e.want) or e.equal(e.got - 2 * array, e.want))
        ):
            return {"name": name}
    return None


#: By id: what has to be done with what came, to make it right.
REPAIRS: dict[str, Function] = {
    "square-missing": lambda a: a**2,
    "root-missing": np.sqrt,
    "log-missing": np.log,
    "exp-missing": np.exp,
    "reciprocal": lambda a: 1 / a,
}
#: By id: what was done to what is right, and cannot be undone.
LOSSES: dict[str, Function] = {
    "absolute-value": np.abs,
    "rounded-down": np.floor,
    "cut-to-integers": np.trunc,
    "rounded": np.round,
}


def _repaired(repair: Function) -> Relation:
    return lambda e: holds(e.equal(repair(e.got), e.want))


def _lost(loss: Function) -> Relation:
    return lambda e: holds(e.equal(e.got, loss(e.want)) and wrong(e).any())


for _id, _function in REPAIRS.items():
    relation(_id)(_repaired(_function))
for _id, _function in LOSSES.items():
    relation(_id)(_lost(_function))


@relation("complement")
def complement(e: Evidence) -> Gaps | None:
    """1 minus the right one, as a share of mistakes for one of right answers."""
    return holds(e.want.any() and relative_error(1 - e.got, e.want) < e.tolerance)


@relation("wrong-direction")
def wrong_direction(e: Evidence) -> Gaps | None:
    """From a given point as far as it should be, the other way."""
    for name, start in _starts(e):
        if e.equal(start - e.got, e.want - start):
            return {"name": name}
    return None


@relation("step-size")
def step_size(e: Evidence) -> Gaps | None:
    """From a given point in the right direction, but not as far as it should be."""
    for name, start in _starts(e):
        if _ratio(replace(e, got=e.got - start, want=e.want - start)) is not None:
            return {"name": name}
    return None


def _starts(e: Evidence) -> Iterator[tuple[str, Array]]:
    """Given arrays from which every entry has moved."""
    for name, start in e.given():
        if start.shape == e.want.shape and start.size > 2 and (e.want - start).all():
            yield name, start


@relation("rounded-to-float32")
def rounded_to_float32(e: Evidence) -> Gaps | None:
    """Every entry is a number of 32 bits, and the right ones are not."""
    single = np.isrealobj(e.got) and np.array_equal(
        e.got.astype(np.float32).astype(e.got.dtype), e.got
    )
    return holds(single and np.abs(e.got - e.want).max() < SMALL * np.abs(e.want).max())


@relation("nearly-right")
def nearly_right(e: Evidence) -> Gaps | None:
    """Off by very little everywhere."""
    error = np.abs(e.got - e.want).max() / max(float(np.abs(e.want).max()), 1e-300)
    return {"error": f"{error:.0e}"} if error < SMALL else None


@relation("constant-factor")
def constant_factor(e: Evidence) -> Gaps | None:
    """The same multiple in every entry."""
    factor = _ratio(e)
    return None if factor is None else {"factor": f"{factor:.4g}"}


@relation("varying-factor")
def varying_factor(e: Evidence) -> Gaps | None:
    """A multiple in every case, though not always the same: it depends on the numbers."""
    return holds(np.count_nonzero(e.want) > 2 and _ratio(e) is not None)


def _ratio(e: Evidence) -> float | None:
    """Factor of the least-squares fit, if it fits."""
    norm = float(np.vdot(e.want, e.want).real)
    if norm == 0.0:
        return None
    factor = float(np.vdot(e.want, e.got).real) / norm
    return factor if factor and e.equal(e.got, factor * e.want) else None


@relation("constant-offset")
def constant_offset(e: Evidence) -> Gaps | None:
    """The same number too much in every entry."""
    return holds(e.want.size > 2 and _offset(e, None))


@relation("offset-per-column")
def offset_per_column(e: Evidence) -> Gaps | None:
    """The same row is added to every row."""
    return holds(e.want.ndim == 2 and e.want.shape[0] > 1 and _offset(e, 0))


@relation("offset-per-row")
def offset_per_row(e: Evidence) -> Gaps | None:
    """Another number in each row is added to the whole row."""
    return holds(e.want.ndim == 2 and e.want.shape[1] > 1 and _offset(e, 1))


@relation("factor-per-row")
def factor_per_row(e: Evidence) -> Gaps | None:
    """Each row is a multiple, another one in each row."""
    long = e.want.ndim == 2 and min(e.want.shape) > 1 and e.want.all() and e.got.all()
    return holds(long and _alike(e, e.got / e.want, 1))


@relation("factor-per-column")
def factor_per_column(e: Evidence) -> Gaps | None:
    """Each column is a multiple, another one in each column."""
    long = e.want.ndim == 2 and min(e.want.shape) > 1 and e.want.all() and e.got.all()
    return holds(long and _alike(e, e.got / e.want, 0))


def _offset(e: Evidence, axis: int | None) -> bool:
    """Whether what is too much is the same along an axis, and does not dwarf the values themselves."""
    off = e.got - e.want
    return bool(np.abs(off).max() < HUGE * np.abs(e.want).max()) and _alike(e, off, axis)


def _alike(e: Evidence, difference: Array, axis: int | None) -> bool:
    """Whether numbers are the same along an axis, up to the error of rounding."""
    scale = max(float(np.abs(difference).max()), float(np.abs(e.want).max()) * 1e-6, 1e-300)
    return bool((np.ptp(difference, axis=axis) < max(e.tolerance, SLACK) * scale).all())
