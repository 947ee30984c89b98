"""The list of relations between what came and what is right, from the most to the least telling.

A relation takes an `Evidence` whose array has the right shape, and returns the gaps of its text, or None where
it does not hold. It is believed only if it holds on every case that failed.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from grader.checks.case import Array
from grader.checks.evidence import Evidence

Gaps = Mapping[str, object]
Relation = Callable[[Evidence], Gaps | None]

RELATIONS: list[tuple[str, Relation]] = []


def relation(id: str) -> Callable[[Relation], Relation]:
    """Add a relation to the list, under the id of its finding."""

    def add(function: Relation) -> Relation:
        RELATIONS.append((id, function))
        return function

    return add


def holds(condition: object) -> Gaps | None:
    """No gaps to fill, if the condition holds."""
    return {} if condition else None


def wrong(e: Evidence) -> Array:
    """Which entries are wrong."""
    entries: Array = np.abs(e.got - e.want) > e.tolerance * np.abs(e.want).max(initial=0.0)
    return entries


def forward_value(e: Evidence) -> Iterator[tuple[str, Array]]:
    """What `forward` returns, as a known array for gradients; what it depends on, for others nothing."""
    if e.dout is not None and e.case is not None and "out" in e.case.expected:
        yield "forward", np.asarray(e.case.expected["out"])


def derived(e: Evidence) -> Iterator[tuple[str, Array]]:
    """What derivatives are often made of: functions of what `forward` returns."""
    for name, out in forward_value(e):
        yield f"1 - {name}", 1 - out
        yield f"1 - {name}**2", 1 - out**2
        yield f"{name} * (1 - {name})", out * (1 - out)


def fitting(e: Evidence) -> Iterator[tuple[str, Array]]:
    """Known arrays that fit the shape entry by entry, and are not the same number everywhere."""
    for name, array in (*e.given(), *forward_value(e), *derived(e)):
        try:
            fits = np.broadcast_shapes(array.shape, e.want.shape) == e.want.shape
        except ValueError:
            continue
        if fits and (array.ndim == 0 or np.ptp(array.real) > 0):
            yield name, array
