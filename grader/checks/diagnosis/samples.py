"""Gradients that lack terms of their sum: only one sample's or step's share arrived, or one was left out.

A gradient is linear in `dout`; so the share of one sample is the gradient for a `dout` that is 0 elsewhere. The
reference works it out.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.diagnosis.relation import wrong
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding
from grader.checks.layer import Pass
from grader.checks.program import Program
from grader.checks.student import Student
from grader.checks.text import message

ENDS = {0: message("first"), -1: message("last")}
AXES = 2  # samples, and steps of a sequence
PLACES = 64  # of an output; each costs a pass of the reference


def by_samples(found: Sequence[Evidence], reference: Student, name: str) -> Finding | None:
    """The finding, where a share explains the gradient on all evidence."""
    for axis in range(AXES):
        for index, which in ENDS.items():
            shares = [_share(e, reference, name, axis, index) for e in found]
            for id, fits in (("one-share-only", _alone), ("share-left-out", _left_out)):
                if all(s is not None and fits(e, s) for e, s in zip(found, shares, strict=True)):
                    return finding(id, label=found[0].label, which=which, axis=axis)
    return None


def by_overlap(found: Sequence[Evidence], reference: Student, name: str) -> Finding | None:
    """Right where one place of the output alone depends on an entry, and wrong where several do."""
    told = [_where_several_meet(e, reference, name) for e in found]
    if True in told and False not in told:
        return finding("overlaps-lost", label=found[0].label)
    return None


def _where_several_meet(e: Evidence, reference: Student, name: str) -> bool | None:
    """Whether the wrong entries are those to which several places contribute; None where these are all."""
    if e.dout is None or e.case is None or not e.is_array or not e.dout.ndim:
        return False
    axes = range(2, e.dout.ndim) if e.dout.ndim > 2 else range(1)
    if np.prod([e.dout.shape[axis] for axis in axes]) > PLACES:
        return False
    count = np.zeros(e.want.shape, dtype=int)
    for place in np.ndindex(*(e.dout.shape[axis] for axis in axes)):
        share = _share_of(e, reference, name, (*[slice(None)] * axes.start, *place))
        if share is None:
            return False
        count += share != 0
    bad, several = wrong(e), count > 1
    if several.all() or not several.any():
        return None
    return bool(not bad[~several].any() and bad[several].sum() > several.sum() / 2)


def _share(e: Evidence, reference: Student, name: str, axis: int, index: int) -> Array | None:
    """What one index of dout contributes; None where dout has no such axis."""
    if e.dout is None or np.ndim(e.dout) <= axis or e.dout.shape[axis] < 2:
        return None
    return _share_of(e, reference, name, (*[slice(None)] * axis, index))


def _share_of(e: Evidence, reference: Student, name: str, place: Any) -> Array | None:
    """What one place of dout contributes."""
    case = e.case
    if e.dout is None or case is None:
        return None
    dout = np.zeros_like(e.dout)
    dout[place] = e.dout[place]
    program = Program()
    alone = SolvedCase(case.init, case.inputs, dout, case.expected)
    once = Pass(program.call(name, *case.init.values()), alone)
    once.read_gradients([e.label[1:]])
    share = once.gradient(reference.run(program), e.label[1:])
    return share if isinstance(share, np.ndarray) else None


def _alone(e: Evidence, share: Array) -> bool:
    return isinstance(e.got, np.ndarray) and e.equal(share, e.got)


def _left_out(e: Evidence, share: Array) -> bool:
    return isinstance(e.got, np.ndarray) and bool(share.any()) and e.equal(e.want - share, e.got)
