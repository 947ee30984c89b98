"""What a value does where an argument is 0 or 1 everywhere, or large: a term or a factor goes away there.

Anybody can try what these findings say: set the argument and compare.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.moved import CASES, Look, arrays_of, names_of, with_changed
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding

FEW = 3  # arguments, any of which makes the value right
LARGE = 30.0  # where exponentials have gone to 0 and not yet overflowed
BYTES = 4  # of an integer whose arithmetic hardly ever wraps around
GONE = 1e-9  # of what it was: 0 up to rounding
Values = tuple[Array, Array]  # what came, and what is right


def by_zero(found: Sequence[Evidence], look: Look) -> Finding | None:
    """The value is right as soon as some arguments are 0: the mistake is in a term that vanishes with them."""
    tried = _tried(found)
    right = [n for n in _names(tried) if _all(tried, n, 0.0, look, _is_right)]
    if not right or len(right) > FEW:
        return None
    return finding("right-without", label=found[0].label, names=", ".join(f"`{n}`" for n in right))


def by_ends(found: Sequence[Evidence], look: Look) -> Finding | None:
    """Where an argument is 0, 1 or large, the right value is 0 and what came is not; or the other way."""
    tried = _tried(found)
    for value in (0.0, 1.0, LARGE, -LARGE):
        for name in _names(tried):
            for id, holds in (("should-vanish", _should_vanish), ("vanishes", _vanishes)):
                if _all(tried, name, value, look, holds):
                    return finding(id, label=found[0].label, name=name, value=f"{value:g}")
    return None


def by_kind(found: Sequence[Evidence], look: Look) -> Finding | None:
    """The value is right for the same numbers as floats: the arithmetic of small integers wraps around."""
    e = found[0]
    small = {n: a for n, a in arrays_of(e).items() if a.dtype.kind in "iu" and a.itemsize < BYTES}
    if not small or e.case is None or not isinstance(e.got, np.ndarray):
        return None
    now = look(
        with_changed(e, {name: array.astype(float) for name, array in small.items()}), e.label
    )
    if now is None or not e.equal(*now):
        return None
    names = ", ".join(f"`{name}`" for name in small)
    dtype = next(iter(small.values())).dtype
    return finding("only-as-floats", label=e.label, names=names, dtype=dtype)


def _tried(found: Sequence[Evidence]) -> list[Evidence]:
    return [e for e in found[:CASES] if e.is_array and e.case is not None and e.want.size]


def _names(tried: Sequence[Evidence]) -> list[str]:
    return names_of(tried[0]) if tried else []


def _all(
    tried: Sequence[Evidence],
    name: str,
    value: float,
    look: Look,
    holds: Callable[[Evidence, Values], bool],
) -> bool:
    """Whether it holds in every case in which it can be seen, and there is one."""
    seen = [(e, now) for e in tried for now in _seen(e, name, value, look)]
    return bool(seen) and all(holds(e, now) for e, now in seen)


def _seen(e: Evidence, name: str, value: float, look: Look) -> Iterator[Values]:
    array = arrays_of(e).get(name)
    if array is not None:
        now = look(with_changed(e, {name: np.full_like(array, value)}), e.label)
        if now is not None and all(a.shape == e.want.shape for a in now):
            yield now


def _is_right(e: Evidence, now: Values) -> bool:
    return not _zero(e, now[1]) and e.equal(*now)


def _should_vanish(e: Evidence, now: Values) -> bool:
    return _zero(e, now[1]) and not _small(e, now[0])


def _vanishes(e: Evidence, now: Values) -> bool:
    return _zero(e, now[0]) and not _small(e, now[1])


def _zero(e: Evidence, array: Array) -> bool:
    return bool(_size(array) <= GONE * _size(e.want))


def _small(e: Evidence, array: Array) -> bool:
    return bool(_size(array) <= np.sqrt(GONE) * _size(e.want))


def _size(array: Array) -> float:
    return float(np.abs(array).max(initial=0.0))
