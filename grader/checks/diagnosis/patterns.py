"""Relations: which entries are wrong, and which are right. That says where to look, whatever the cause is."""

from itertools import combinations

import numpy as np

from grader.checks.diagnosis.places import GATES
from grader.checks.diagnosis.relation import Gaps, relation, wrong
from grader.checks.evidence import Evidence

FEW = 6  # indices that are listed
INSIDE = 3  # entries that have to be right, at least
MOSTLY = 0.5  # of the entries at an edge or an index, more are wrong


@relation("block-wrong")
def block_wrong(e: Evidence) -> Gaps | None:
    """Of blocks of columns side by side, as a recurrent layer has one for each gate, one alone is wrong."""
    if e.want.ndim == 0:
        return None
    bad = wrong(e)
    for count in reversed(GATES):
        if e.want.shape[-1] % count or e.want.shape[-1] // count < 2:
            continue
        blocks = [
            block.any(axis=tuple(range(block.ndim - 1))) for block in np.split(bad, count, -1)
        ]
        places = [place for place, block in enumerate(blocks) if block.any()]
        if count > 2 and len(places) == 1 and blocks[places[0]].all():
            return {"place": places[0] + 1, "count": count}
    return None


@relation("edges-wrong")
def edges_wrong(e: Evidence) -> Gaps | None:
    """Wrong at both ends of an axis or two, and right inside."""
    bad = wrong(e)
    long = [axis for axis, length in enumerate(bad.shape) if length > 2]
    for some in (*combinations(long, 1), *combinations(long, 2)):
        inside = tuple(slice(1, -1) if axis in some else slice(None) for axis in range(bad.ndim))
        ends = [bad.take(end, axis).mean() for axis in some for end in (0, -1)]
        if min(ends) > MOSTLY and not bad[inside].any() and bad[inside].size >= INSIDE:
            return {"axes": ", ".join(str(axis) for axis in some)}
    return None


def some_indices(e: Evidence) -> Gaps | None:
    """Along an axis some indices are right in all of their entries, and others wrong in most."""
    bad = wrong(e)
    for axis in range(bad.ndim if bad.size > 2 else 0):
        along = np.asarray(bad.any(axis=tuple(k for k in range(bad.ndim) if k != axis)))
        places = np.flatnonzero(along)
        if 0 < places.size < along.size and bad.take(places, axis).mean() > MOSTLY:
            listed = ", ".join(str(int(i)) for i in places[:FEW])
            listed += ", …" if places.size > FEW else ""
            return {"axis": axis, "indices": listed, "length": along.size}
    return None
