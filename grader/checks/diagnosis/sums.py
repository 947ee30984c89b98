"""Relations: sums and other reductions of known arrays, over the wrong axis or of the wrong array."""

from collections.abc import Callable, Iterator

import numpy as np

from grader.checks.case import Array
from grader.checks.evidence import Evidence
from grader.checks.text import Message, message

Reduced = tuple[str, int | None, Array]

REDUCTIONS: dict[str, tuple[Callable[..., Array], Message]] = {
    "sum": (np.sum, message("sum")),
    "mean": (np.mean, message("mean")),
    "max": (np.max, message("maximum")),
    "min": (np.min, message("minimum")),
    "argmax": (np.argmax, message("argmax")),
}


def reductions(array: Array) -> Iterator[Reduced]:
    """What one gets by reducing an array over one axis, or over all: name, axis, value."""
    if array.ndim == 0 or array.size < 2:
        return
    for name, (function, _) in REDUCTIONS.items():
        for axis in (*range(array.ndim), None):
            yield name, axis, np.asarray(function(array, axis=axis))


def reduction(e: Evidence) -> tuple[str, dict[str, object]] | None:
    """Id and gaps, where what came is a reduction of a known array; whatever its shape is."""
    if not isinstance(e.got, np.ndarray):
        return None
    for name, array in e.given():
        mine = [(n, axis) for n, axis, value in reductions(array) if e.equal(e.got, value)]
        if not mine:
            continue
        right = [(n, axis) for n, axis, value in reductions(array) if e.equal(e.want, value)]
        for operation, axis in mine:
            said: Message = REDUCTIONS[operation][1]
            if any(n == operation and other != axis for n, other in right):
                return "wrong-axis-of", {"name": name, "operation": said, "axis": axis}
            if right:
                return "other-reduction", {"name": name, "operation": said}
            if e.dout is not None:
                return "reduction-of", {"name": name, "operation": said}
    return None
