"""What a wrong value is made of: a short expression of the arrays that the student knows explains it.

All short expressions are worked out; one is believed if it explains the value on every case that failed. A
value that is the same everywhere is not told what it lacks: that would be the answer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, product
from typing import NamedTuple

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.relation import forward_value
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding

Named = tuple[str, Array]

ONE: dict[str, Callable[[Array], Array]] = {
    "{0}.T": np.transpose,
    "-{0}": np.negative,
    "1 - {0}": lambda a: 1 - a,
    "{0}**2": np.square,
    "np.sqrt({0})": np.sqrt,
    "1 / {0}": lambda a: 1 / a,
    "np.exp({0})": np.exp,
    "np.log({0})": np.log,
    "np.tanh({0})": np.tanh,
    "sigmoid({0})": lambda a: 1 / (1 + np.exp(-a)),
    "np.maximum({0}, 0)": lambda a: np.maximum(a, 0),
    "np.abs({0})": np.abs,
    "np.sign({0})": np.sign,
    "sigmoid({0}) * (1 - sigmoid({0}))": lambda a: 1 / (2 + np.exp(a) + np.exp(-a)),
    "(1 - np.tanh({0})**2)": lambda a: 1 - np.tanh(a) ** 2,
    "{0} * (1 - {0})": lambda a: a * (1 - a),
    "(1 - {0}**2)": lambda a: 1 - a**2,
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
COUNT = 1800  # expressions of one case


def by_expression(found: Sequence[Evidence]) -> Finding | None:
    """The shortest expression that explains all the evidence."""
    aims = [_aims(e) for e in found]
    if not all(aims) or not _varied([a[0].aim for a in aims]):
        return None
    first, *others = found
    mine = [(place, *each, _pivot(each.aim)) for place, each in enumerate(aims[0])]
    empty = np.ptp(np.concatenate([a[0].aim.ravel() for a in aims])) == 0
    later: list[dict[str, Array]] = []
    shape = np.shape(first.got)
    for name, array in expressions(first):
        for place, id, aim, times, pivot in mine if _fits(array.shape, shape) else ():
            if not _may_be(array, pivot) or not _is(first, array, aim):
                continue
            if id != "computes" and (empty or _multiple(array, first.want)):
                continue  # it would give the answer away
            later = later or [dict(expressions(e)) for e in others]
            if all(
                place < len(a) and name in known and _is(e, known[name], a[place].aim)
                for e, known, a in zip(others, later, aims[1:], strict=True)
            ):
                shown = times.format(_closed(name, times)) if times else name
                return finding(id, label=first.label, expression=shown)
    return None


class Aim(NamedTuple):
    """An array that may be an expression. id: of what is found then. times: how a multiple is written."""

    id: str
    aim: Array
    times: str = ""


#: A term that is off by a number: how often it is too much, and how that is written.
MULTIPLES = {1.0: "", 2.0: "2 * {0}", 0.5: "{0} / 2"}


def _aims(e: Evidence) -> list[Aim]:
    """What an expression may be: the value itself, what is too much, a factor, what 1 / value has too much."""
    if not isinstance(e.got, np.ndarray) or not 0 < e.got.size <= MOST:
        return []
    if e.got.dtype.kind != "f" or e.want.dtype.kind != "f" or not np.isfinite(e.got).all():
        return []
    aims = [Aim("computes", e.got)]
    if e.got.shape == e.want.shape:
        aims += _multiples("off-by-term", e.got - e.want)
        ratio = e.got / e.want
        if e.want.all() and e.got.all() and np.ptp(ratio) > 0:
            aims += [Aim("off-by-factor", ratio), Aim("off-by-factor", 1 / ratio)]
            aims += _multiples("inverse-off-by-term", 1 / e.got - 1 / e.want)
    return aims


def _multiples(id: str, off: Array) -> list[Aim]:
    return [Aim(id, side * off / k, times) for k, times in MULTIPLES.items() for side in (1, -1)]


def _varied(aims: Sequence[Array]) -> bool:
    """Whether there are so many different numbers that no expression hits them by chance."""
    return np.unique(np.round(np.concatenate([a.ravel() for a in aims]), 9)).size > 2


Pivot = tuple[tuple[int, ...], float]


def _pivot(aim: Array) -> Pivot:
    """Place and value of the largest entry."""
    at = np.unravel_index(int(np.abs(aim).argmax()), aim.shape)
    return tuple(int(i) for i in at), float(aim[at])


def _fits(own: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether an array of one shape can be broadcast to the other."""
    skipped = len(shape) - len(own)
    return skipped >= 0 and all(m in (1, n) for m, n in zip(own, shape[skipped:], strict=True))


def _may_be(array: Array, pivot: Pivot) -> bool:
    """Whether an array that can be broadcast to the shape has the largest entry right."""
    at, value = pivot
    place = at[len(at) - array.ndim :]
    own = array[tuple(i if n > 1 else 0 for n, i in zip(array.shape, place, strict=True))]
    return bool(abs(own - value) <= 1e-6 * abs(value))


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
    yield "1", np.ones(())
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
            if form != "{0}.T" or array.ndim == 2:
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
    enclosed = form.startswith(("np.", "sigmoid("))
    whole = name.startswith("(") and name.endswith(")") and name.count("(") == 1
    return f"({name})" if loose and not enclosed and not whole else name
