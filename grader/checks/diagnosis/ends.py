"""What a value does where an argument is 0 or 1 everywhere, or large: a term or a factor goes away there.

Anybody can try what these findings say: set the argument and compare.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.moved import CASES, NONE, Look, arrays_of, names_of, with_changed
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
    right = [n for n in _names(tried) if _right_at_zero(tried, n, look)]
    if not right or len(right) > FEW:
        return None
    return finding("right-without", label=found[0].label, names=", ".join(f"`{n}`" for n in right))


def by_ends(found: Sequence[Evidence], look: Look) -> Finding | None:
    """Where an argument is 0, 1 or large, the right value is 0 and what came is not; or the other way."""
    tried = _tried(found)
    for value in (0.0, 1.0, LARGE, -LARGE):
        for name in _names(tried):
            ids = {_vanishing(e, now) for e in tried for now in _seen(e, name, value, look)}
            if len(ids) == 1 and (id := ids.pop()):
                return finding(id, label=found[0].label, name=name, value=f"{value:g}")
    return None


def by_setting(found: Sequence[Evidence], look: Look) -> Finding | None:
    """The value is right where a number of the constructor or function, such as a stride, is 1, or 0."""
    tried = [e for e in found[:CASES] if e.case is not None]
    for name in _settings(tried[0]) if tried else ():
        for value in (1, 0):
            if tried and all(_right_with(e, name, value, look) for e in tried):
                return finding("right-at-setting", label=found[0].label, name=name, value=value)
    return None


def _settings(e: Evidence) -> list[str]:
    case = e.case or NONE
    return [n for n, v in {**case.init, **case.inputs}.items() if _whole(v)]


def _whole(value: object) -> bool:
    """Whether it is an integer, or a tuple of some."""
    several = value if isinstance(value, tuple) else (value,)
    return bool(several) and all(type(n) is int for n in several)


def _right_with(e: Evidence, name: str, value: int, look: Look) -> bool:
    """Whether it is right with another setting, and that is another one."""
    case = e.case or NONE
    old = {**case.init, **case.inputs}.get(name)
    new = (value,) * len(old) if isinstance(old, tuple) else value
    if old is None or old == new:
        return False
    changed = replace(
        case,
        init={**case.init, name: new} if name in case.init else case.init,
        inputs={**case.inputs, name: new} if name in case.inputs else case.inputs,
        dout=None,  # type: ignore[arg-type]  # drawn anew: the output has another shape
    )
    now = look(changed, e.label)
    return now is not None and np.unique(now[1]).size > FEW and e.equal(*now)


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
    """Those whose values can be followed: of yes or no it is chance where they change."""
    tried = [e for e in found[:CASES] if e.is_array and e.case is not None and e.want.size]
    return [] if all(np.isin(e.want, (0, 1)).all() for e in tried) else tried


def _names(tried: Sequence[Evidence]) -> list[str]:
    return names_of(tried[0]) if tried else []


def _right_at_zero(tried: Sequence[Evidence], name: str, look: Look) -> bool:
    """Whether it is right in every case in which it can be seen, and there is one."""
    seen = False
    for e in tried:
        for now in _seen(e, name, 0.0, look):
            if _zero(e, now[1]) or not e.equal(*now):
                return False
            seen = True
    return seen


def _seen(e: Evidence, name: str, value: float, look: Look) -> Iterator[Values]:
    array = arrays_of(e).get(name)
    if array is not None:
        now = look(with_changed(e, {name: np.full_like(array, value)}), e.label)
        if now is not None and all(a.shape == e.want.shape for a in now):
            yield now


def _vanishing(e: Evidence, now: Values) -> str:
    """The finding, where one of the two values is 0 and the other is not."""
    got, want = now
    if _zero(e, want) and not _small(e, got):
        return "should-vanish"
    return "vanishes" if _zero(e, got) and not _small(e, want) else ""


def _zero(e: Evidence, array: Array) -> bool:
    return bool(_size(array) <= GONE * _size(e.want))


def _small(e: Evidence, array: Array) -> bool:
    return bool(_size(array) <= np.sqrt(GONE) * _size(e.want))


def _size(array: Array) -> float:
    return float(np.abs(array).max(initial=0.0))
