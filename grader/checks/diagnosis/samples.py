"""Gradients that lack terms of their sum: only one sample's or step's share arrived, or one was left out.

A gradient is linear in `dout`; so the share of one sample is the gradient for a `dout` that is 0 elsewhere. The
reference works it out.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding
from grader.checks.layer import Pass
from grader.checks.program import Program
from grader.checks.student import Student
from grader.checks.text import message

ENDS = {0: message("first"), -1: message("last")}
AXES = 2  # samples, and steps of a sequence


def by_samples(found: Sequence[Evidence], reference: Student, name: str) -> Finding | None:
    """The finding, where a share explains the gradient on all evidence."""
    for axis in range(AXES):
        for index, which in ENDS.items():
            shares = [_share(e, reference, name, axis, index) for e in found]
            for id, fits in (("one-share-only", _alone), ("share-left-out", _left_out)):
                if all(s is not None and fits(e, s) for e, s in zip(found, shares, strict=True)):
                    return finding(id, label=found[0].label, which=which, axis=axis)
    return None


def _share(e: Evidence, reference: Student, name: str, axis: int, index: int) -> Array | None:
    """What one index of dout contributes; None where dout has no such axis."""
    case = e.case
    if e.dout is None or case is None or np.ndim(e.dout) <= axis or e.dout.shape[axis] < 2:
        return None
    dout = np.zeros_like(e.dout)
    place: Any = (*[slice(None)] * axis, index)
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
