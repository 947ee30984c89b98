"""What a value depends on, and how: arguments are changed, and it is seen what the answer does.

The right value is worked out anew for each change. A finding says what the right value does and the one that
came does not; it is believed only if it holds on every case that is tried.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding

#: Of a case: what came and what is right under a label; None where that cannot be had.
Look = Callable[[SolvedCase, str], tuple[Array, Array] | None]
Arrays = Mapping[str, Array]

PARTS = 2  # arguments among which the mistake is looked for
FEW = 3  # arguments, of which two are changed together
CASES = 2  # on which it is tried
FACTORS = (
    1 / 4,
    1 / 2,
    1.0,
    2.0,
    4.0,
    8.0,
    16.0,
)  # of what a value may grow by when an argument doubles
SAME = 1e-9  # relative to the largest entry: two values that are the same up to rounding
OTHER = 1e-5  # and two that are not
SHIFT = 0.375
NONE = SolvedCase({}, {}, np.zeros(()), {})


Answer = Callable[[Array, Array], object]


@dataclass(frozen=True)
class Probe:
    """One thing to try. change: of the arguments. answer: what a value does then. finding: what is concluded
    from what the value that came does and what the right one does; None where nothing is."""

    change: Callable[[Arrays], Arrays | None]
    answer: Answer
    finding: Callable[[object, object], Finding | None]
    fits: Callable[[Arrays, Array], bool] = lambda arrays, want: True


def by_arguments(found: Sequence[Evidence], look: Look) -> Finding | None:
    """An argument that the value should depend on and does not, or the other way about."""
    return _first(found, look, _whether) or _first(found, look, _in_order, integers_of)


def by_laws(found: Sequence[Evidence], look: Look) -> Finding | None:
    """The first thing that the right value does and the one that came does not.

    Of a script it is not asked: what is right for many steps has no simple law.
    """
    scripts = any(e.case is None or e.case.script for e in found)
    return None if scripts else _first(found, look, _how)


def by_part(found: Sequence[Evidence], look: Look) -> Finding | None:
    """The arguments that the mistake has to do with, apart from those that it has not."""
    arrays = [e for e in found if e.is_array and e.case is not None and e.want.size]
    return _part(arrays[:CASES], names_of(found[0]), look) if len(arrays) == len(found) else None


Probes = Callable[[str, Sequence[str], int], Iterator[Probe]]


def names_of(e: Evidence) -> list[str]:
    """Of those that are real numbers, which can be changed a little."""
    return [name for name, array in arrays_of(e).items() if array.dtype.kind == "f"]


def integers_of(e: Evidence) -> list[str]:
    """Of those that are integers, as labels are, or an order: they can change places."""
    return [name for name, array in arrays_of(e).items() if array.ndim and array.dtype.kind in "iu"]


def _first(
    found: Sequence[Evidence],
    look: Look,
    probes: Probes,
    chosen: Callable[[Evidence], list[str]] = names_of,
) -> Finding | None:
    tried = [e for e in found[:CASES] if e.is_array and e.case is not None and e.want.size]
    if len(tried) < len(found[:CASES]) or not tried:
        return None
    if all(np.isin(e.want, (0, 1)).all() for e in tried):
        return None  # yes or no: whether it changes is chance
    names = chosen(tried[0])
    for probe in probes(found[0].label, names, tried[0].want.ndim):
        findings = [f for e in tried for f in _try(probe, e, look)]
        if findings and findings[0] is not None and all(each == findings[0] for each in findings):
            return findings[0]
    return None


def _part(tried: Sequence[Evidence], names: Sequence[str], look: Look) -> Finding | None:
    """Which arguments the mistake has nothing to do with: changing them changes neither what is too much, nor
    the factor that is."""
    seen = {
        name: [
            (e, look(with_changed(e, _shaken(name)(arrays_of(e)) or {}), e.label)) for e in tried
        ]
        for name in names
    }
    for id, error in (("wrong-term", _too_much), ("wrong-factor", _too_large)):
        moves = {
            name: {_in_error(e, after, error) for e, after in seen[name]} - {None} for name in names
        }
        wrong, right = (
            ", ".join(f"`{name}`" for name in names if moves[name] == {side})
            for side in (True, False)
        )
        few = sum(sides == {True} for sides in moves.values()) <= PARTS
        clear = wrong and right and few and {True, False} not in moves.values()
        if clear and _whatever_sign(
            tried[0], [n for n in names if moves[n] == {False}], look, error
        ):
            return finding(id, label=tried[0].label, right=right, wrong=wrong)
    return None


def _whatever_sign(e: Evidence, names: Sequence[str], look: Look, error: Answer) -> bool:
    """Whether the mistake stays the same, too, when arguments change their sign, so far as that can be seen."""
    arrays = arrays_of(e)
    after = (look(with_changed(e, {name: -arrays[name]}), e.label) for name in names)
    return not any(_in_error(e, seen, error) for seen in after)


def _in_error(e: Evidence, seen: tuple[Array, Array] | None, error: Answer) -> bool | None:
    """Whether the mistake has changed; None where the right value has not, or nobody can tell.

    seen: what came and what is right after an argument was changed.
    """
    if seen is None or any(a.shape != e.want.shape for a in seen) or not _moves(e.want, seen[1]):
        return None
    before, after = error(np.asarray(e.got), e.want), error(*seen)
    if not isinstance(before, np.ndarray) or not isinstance(after, np.ndarray):
        return None
    return _moves(before, after)


def _too_much(got: Array, want: Array) -> Array:
    return got - want


def _too_large(got: Array, want: Array) -> Array | None:
    return got / want if want.all() else None


def _try(probe: Probe, e: Evidence, look: Look) -> list[Finding | None]:
    """What a case says; nothing at all where the change cannot be made."""
    given = arrays_of(e)
    changed = probe.change(given)
    if changed is None or not probe.fits(given, e.want):
        return []
    seen = look(with_changed(e, changed), e.label)
    if seen is None or any(array.shape != e.want.shape for array in seen):
        return []
    return [probe.finding(probe.answer(np.asarray(e.got), seen[0]), probe.answer(e.want, seen[1]))]


def with_changed(e: Evidence, changed: Arrays) -> SolvedCase:
    """The case with other arguments."""
    case = e.case or NONE
    plain = {name: a if a.ndim else float(a) for name, a in changed.items()}
    return replace(
        case,
        init={name: plain.get(name, value) for name, value in case.init.items()},
        inputs={name: plain.get(name, value) for name, value in case.inputs.items()},
        dout=changed.get("dout", case.dout) if e.dout is not None else case.dout,
    )


def arrays_of(e: Evidence) -> Arrays:
    """Arguments that are not 0 everywhere."""
    return {name: array for name, array in e.given() if array.any()}


# --- what is tried, the most telling first


def _whether(label: str, names: Sequence[str], axes: int) -> Iterator[Probe]:
    for name in names:
        yield Probe(_shaken(name), _moves, _judged(
            {(False, True): finding("ignores", label=label, name=name),
             (True, False): finding("depends-on", label=label, name=name)}))  # fmt: skip


def _in_order(label: str, names: Sequence[str], axes: int) -> Iterator[Probe]:
    for name in names:
        yield Probe(_turned(name), _moves, _judged(
            {(False, True): finding("ignores", label=label, name=name)}))  # fmt: skip


def _how(label: str, names: Sequence[str], axes: int) -> Iterator[Probe]:
    for axis in range(min(axes, 2)):
        for name in names:
            mixed, alone = (
                finding(id, label=label, name=name, axis=axis)
                for id in ("mixed-along", "alone-along")
            )
            yield Probe(_first_shaken(name, axis), _rest_moves(axis), _judged(
                {("some", "none"): mixed, ("all", "none"): mixed, ("none", "all"): alone}),
                _as_long(name, axis))  # fmt: skip
    pairs = names if len(names) <= FEW else ()
    for one, other in permutations(pairs, 2):
        yield Probe(_shaken_where_zero(one, other), _moves, _judged(
            {(True, False): finding("depends-where-zero", label=label, name=one, other=other)}))  # fmt: skip
    yield Probe(_twice, _growth, _batch_judged(label))
    for some in (*([name] for name in names), *(list(pair) for pair in combinations(pairs, 2))):
        yield Probe(_scaled(some), _growth_or_amount, _growth_judged(label, _listed(some)))
    for name in names:
        yield Probe(_shifted([name]), _moves, _judged(
            {(True, False): finding("shift-changes", label=label, name=name)}))  # fmt: skip
    for one, other in combinations(pairs, 2):
        yield Probe(_shifted([one, other]), _moves, _judged(
            {(True, False): finding("not-of-difference", label=label, name=one, other=other)}))  # fmt: skip
    for some in (*([name] for name in names), *(list(pair) for pair in combinations(pairs, 2))):
        even, odd = (
            finding(id, label=label, names=_listed(some)) for id in ("not-even", "not-odd")
        )
        yield Probe(_negated(some), _parity, _judged(
            {("odd", "even"): even, ("", "even"): even, ("even", "odd"): odd, ("", "odd"): odd}))  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _judged(findings: Mapping[tuple[object, object], Finding]) -> Callable[..., Finding | None]:
    return lambda mine, right: findings.get((mine, right))


def _growth_judged(label: str, names: str) -> Callable[..., Finding | None]:
    def judge(mine: object, right: object) -> Finding | None:
        if right is None or mine == right:
            return None
        if isinstance(right, str):
            return finding("grows-by-amount", label=label, names=names, want=right)
        if right == 1:
            return finding("scale-changes", label=label, names=names)
        if mine is None or isinstance(mine, str):
            return finding("not-proportional", label=label, names=names, want=f"{right:g}")
        return finding("wrong-power", label=label, names=names, got=f"{mine:g}", want=f"{right:g}")

    return judge


def _batch_judged(label: str) -> Callable[..., Finding | None]:
    def judge(mine: object, right: object) -> Finding | None:
        if right is None or mine == right:
            return None
        if mine is None:
            return finding("batch-changes", label=label) if right == 1 else None
        if right == 1:
            return finding("not-averaged", label=label, got=f"{mine:g}")
        return finding("grows-with-batch", label=label, got=f"{mine:g}", want=f"{right:g}")

    return judge


# --- changes of the arguments


def _shaken(name: str) -> Callable[[Arrays], Arrays | None]:
    """Each entry by another factor near 1; 0 stays 0."""
    return lambda arrays: (
        {name: arrays[name] * _factors(arrays[name].shape)} if name in arrays else None
    )


def _first_shaken(name: str, axis: int) -> Callable[[Arrays], Arrays | None]:
    """Only what stands at the first index of an axis."""

    def change(arrays: Arrays) -> Arrays | None:
        array = arrays.get(name)
        if array is None or array.ndim <= axis or array.shape[axis] < 2:
            return None
        moved = np.moveaxis(array.copy(), axis, 0)
        moved[0] *= _factors(moved[0].shape)
        return {name: np.moveaxis(moved, 0, axis)}

    return change


def _turned(name: str) -> Callable[[Arrays], Arrays | None]:
    """In reverse order."""
    return lambda arrays: {name: arrays[name][::-1].copy()} if name in arrays else None


def _shaken_where_zero(name: str, other: str) -> Callable[[Arrays], Arrays | None]:
    """Only where another array of the same shape is 0, as one-hot targets are."""

    def change(arrays: Arrays) -> Arrays | None:
        array, mask = arrays.get(name), arrays.get(other)
        if array is None or mask is None or array.shape != mask.shape or mask.all():
            return None
        return {name: np.where(mask == 0, array * _factors(array.shape), array)}

    return change


def _twice(arrays: Arrays) -> Arrays | None:
    """Every sample a second time. The first argument is the batch."""
    count = next((len(a) for a in arrays.values() if a.ndim), 0)
    return {
        name: np.concatenate([a, a]) for name, a in arrays.items() if a.ndim and len(a) == count
    } or None


def _as_long(name: str, axis: int) -> Callable[[Arrays, Array], bool]:
    return lambda arrays, want: arrays[name].shape[axis] == want.shape[axis]


def _scaled(names: Sequence[str]) -> Callable[[Arrays], Arrays | None]:
    return lambda arrays: _all(arrays, names, lambda a: 2 * a)


def _shifted(names: Sequence[str]) -> Callable[[Arrays], Arrays | None]:
    return lambda arrays: _all(arrays, names, lambda a: a + SHIFT)


def _negated(names: Sequence[str]) -> Callable[[Arrays], Arrays | None]:
    return lambda arrays: _all(arrays, names, lambda a: -a)


def _all(arrays: Arrays, names: Sequence[str], change: Callable[[Array], Array]) -> Arrays | None:
    if any(name not in arrays for name in names):
        return None
    return {name: change(arrays[name]) for name in names}


def _factors(shape: tuple[int, ...]) -> Array:
    """Numbers between 1.05 and 1.2, no two alike in a row."""
    factors: Array = 1.125 + 0.075 * np.cos(np.arange(int(np.prod(shape))) + 0.5)
    return factors.reshape(shape)


# --- what a value does


def _moves(before: Array, after: Array) -> bool | None:
    """Whether it has changed; None where it is hard to tell."""
    scale = max(float(np.abs(before).max(initial=0.0)), float(np.abs(after).max(initial=0.0)))
    off = float(np.abs(after - before).max(initial=0.0))
    if off <= SAME * scale:
        return False
    return True if off > OTHER * scale else None


def _rest_moves(axis: int) -> Answer:
    """How many of the indices of an axis have changed, the first apart."""

    def answer(before: Array, after: Array) -> str | None:
        pairs = zip(*(np.moveaxis(array, axis, 0)[1:] for array in (before, after)), strict=True)
        moved = [_moves(np.asarray(a), np.asarray(b)) for a, b in pairs]
        if not moved or None in moved:
            return None
        return "all" if all(moved) else "some" if any(moved) else "none"

    return answer


def _growth(before: Array, after: Array) -> float | None:
    """By which power of 2 it has become larger, everywhere alike."""
    if not before.any():
        return None
    return next((f for f in FACTORS if _moves(f * before, after) is False), None)


def _growth_or_amount(before: Array, after: Array) -> float | str | None:
    """By which power of 2 it has become larger, or else by which amount, as text; everywhere alike."""
    if (growth := _growth(before, after)) is not None:
        return growth
    grown = after - before
    if _moves(before, after) is not True or _moves(grown, np.full_like(grown, grown.mean())):
        return None
    return f"{grown.mean():.4g}"


def _parity(before: Array, after: Array) -> str:
    if _moves(before, after) is False:
        return "even"
    return "odd" if _moves(-before, after) is False else ""
