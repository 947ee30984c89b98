"""What a wrong value is made of: a short expression of the arrays that the student knows explains it.

All short expressions are worked out; one is believed if it explains the value on every case that failed. A
value that is the same everywhere is not told what it lacks: that would be the answer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, product

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.relation import forward_value
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding

Named = tuple[str, Array]

ONE: dict[str, Callable[[Array], Array]] = {
    "{}.T": np.transpose,
    "-{}": np.negative,
    "1 - {}": lambda a: 1 - a,
    "{}**2": np.square,
    "np.sqrt({})": np.sqrt,
    "1 / {}": lambda a: 1 / a,
    "np.exp({})": np.exp,
    "np.log({})": np.log,
    "np.tanh({})": np.tanh,
    "sigmoid({})": lambda a: 1 / (1 + np.exp(-a)),
    "np.maximum({}, 0)": lambda a: np.maximum(a, 0),
    "np.abs({})": np.abs,
    "np.sign({})": np.sign,
}
OVER: dict[str, Callable[..., Array]] = {
    "sum": np.sum,
    "mean": np.mean,
    "max": np.max,
    "std": np.std,
    "var": np.var,
}
TWO: dict[str, Callable[[Array, Array], Array]] = {
    "{} * {}": np.multiply,
    "{} + {}": np.add,
    "{} - {}": np.subtract,
    "{} / {}": np.divide,
    "{} @ {}": np.matmul,
}
MOST = 1024  # entries of an array that is looked at
COUNT = 1500  # expressions of one case


def by_expression(found: Sequence[Evidence]) -> Finding | None:
    """The shortest expression that explains all the evidence."""
    aims = [_aims(e) for e in found]
    if not all(aims) or not _varied([a[0][1] for a in aims]):
        return None
    first, *others = found
    mine = [(place, id, aim, _pivot(aim)) for place, (id, aim) in enumerate(aims[0])]
    empty = np.ptp(np.concatenate([a[0][1].ravel() for a in aims])) == 0
    later: list[dict[str, Array]] = []
    for name, array in expressions(first):
        for place, id, aim, pivot in mine:
            if not _may_be(array, aim, pivot) or not _is(first, array, aim):
                continue
            if id != "computes" and (empty or _multiple(array, first.want)):
                continue  # it would give the answer away
            later = later or [dict(expressions(e)) for e in others]
            if all(
                place < len(a) and name in known and _is(e, known[name], a[place][1])
                for e, known, a in zip(others, later, aims[1:], strict=True)
            ):
                return finding(id, label=first.label, expression=name)
    return None


def _aims(e: Evidence) -> list[tuple[str, Array]]:
    """What an expression may be, under the id of the finding: the value itself, what is too much, a factor."""
    if not isinstance(e.got, np.ndarray) or not 0 < e.got.size <= MOST:
        return []
    if e.got.dtype.kind != "f" or e.want.dtype.kind != "f" or not np.isfinite(e.got).all():
        return []
    aims = [("computes", e.got)]
    if e.got.shape == e.want.shape:
        off, ratio = e.got - e.want, e.got / e.want
        aims += [("off-by-term", off), ("off-by-term", -off)]
        if e.want.all() and e.got.all() and np.ptp(ratio) > 0:
            aims += [("off-by-factor", ratio), ("off-by-factor", 1 / ratio)]
    return aims


def _varied(aims: Sequence[Array]) -> bool:
    """Whether there are so many different numbers that no expression hits them by chance."""
    return np.unique(np.round(np.concatenate([a.ravel() for a in aims]), 9)).size > 2


Pivot = tuple[tuple[int, ...], float]


def _pivot(aim: Array) -> Pivot:
    """Place and value of the largest entry."""
    at = np.unravel_index(int(np.abs(aim).argmax()), aim.shape)
    return tuple(int(i) for i in at), float(aim[at])


def _may_be(array: Array, aim: Array, pivot: Pivot) -> bool:
    """Whether an array that can be broadcast to the shape has the largest entry right."""
    at, value = pivot
    skipped = aim.ndim - array.ndim
    if skipped < 0:
        return False
    place = []
    for m, n, i in zip(array.shape, aim.shape[skipped:], at[skipped:], strict=True):
        if m not in (1, n):
            return False
        place.append(i if m > 1 else 0)
    return bool(abs(array[tuple(place)] - value) <= 1e-6 * abs(value))


def _multiple(array: Array, want: Array) -> bool:
    """Whether an expression is a multiple of what is right."""
    if array.shape != want.shape or not want.any():
        return False
    factor = float(np.vdot(want, array) / np.vdot(want, want))
    return bool(np.allclose(array, factor * want, rtol=1e-9, atol=0.0))


def _is(e: Evidence, array: Array, aim: Array) -> bool:
    """Whether an expression is that array, broadcast to its shape."""
    try:
        return e.equal(np.broadcast_to(array, aim.shape), aim)
    except ValueError:
        return False


def expressions(e: Evidence) -> Iterator[Named]:
    """Expressions of what is known in a case, the short ones first; of equal ones the first alone."""
    seen: set[tuple[object, ...]] = set()
    ground = list(_new(_known(e), seen))
    yield from ground
    rank = []
    for each in _new(chain(_of_one(ground), _of_two(ground, ground), _over_axes(ground)), seen):
        rank.append(each)
        yield each
    for each in _new(chain(_of_two(rank, ground), _over_axes(rank)), seen):
        yield each
        if len(seen) > COUNT:
            return


def _known(e: Evidence) -> Iterator[Named]:
    yield from e.given()
    yield from forward_value(e)


def _new(made: Iterable[Named], seen: set[tuple[object, ...]]) -> Iterator[Named]:
    for name, array in made:
        if not 0 < array.size <= MOST or array.dtype.kind != "f":
            continue
        flat = array.ravel()
        square = float(flat @ flat)
        mark = (array.shape, round(float(flat.sum()), 9), round(square, 9))
        if np.isfinite(square) and mark not in seen:
            seen.add(mark)
            yield name, array


def _of_one(rank: Sequence[Named]) -> Iterator[Named]:
    """A function of each."""
    for name, array in rank:
        for form, one in ONE.items():
            if form != "{}.T" or array.ndim == 2:
                yield form.format(_closed(name, form)), one(array)


def _over_axes(rank: Sequence[Named]) -> Iterator[Named]:
    """Each, reduced over an axis or over all."""
    for name, array in rank:
        for operation, over in OVER.items() if array.size > 1 else ():
            yield f"{_closed(name, '.')}.{operation}()", np.asarray(over(array))
            for axis in range(array.ndim if array.ndim > 1 else 0):
                text = f"{_closed(name, '.')}.{operation}(axis={axis}, keepdims=True)"
                yield text, over(array, axis=axis, keepdims=True)
                yield text.replace(", keepdims=True", ""), over(array, axis=axis)


def _of_two(rank: Sequence[Named], ground: Sequence[Named]) -> Iterator[Named]:
    """Each of a list with each of another, in either order."""
    for one, other in product(rank, ground):
        for form, two in TWO.items():
            if one[0] == other[0] and form in ("{} - {}", "{} / {}"):
                continue
            for (a, left), (b, right) in ((one, other), (other, one)):
                value = _tried(two, left, right)
                if value is not None:
                    yield form.format(_closed(a, " "), _closed(b, " ")), value


def _tried(two: Callable[[Array, Array], Array], a: Array, b: Array) -> Array | None:
    try:
        return np.asarray(two(a, b))
    except ValueError:
        return None


def _closed(name: str, form: str) -> str:
    """A name in brackets where an operation would else take a part of it alone."""
    loose = " " in name or ("**" in name and form != " ")
    return f"({name})" if loose and "(" not in form else name
