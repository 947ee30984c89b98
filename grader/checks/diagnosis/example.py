"""A counterexample for the student: the smallest public case that shows the mistake, and its worst entry."""

import math
import time
from collections.abc import Iterable, Iterator

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.evidence import Evidence
from grader.checks.text import Message, message
from grader.checks.verdict import Failed, Verdict

BUDGET = 0.05  # seconds
FEW = 4  # numbers of which a wrong shape is shown whole
MOST = 12  # numbers that are written out; of larger arrays the shape stands


def search(cases: Iterable[SolvedCase], verdicts: Iterator[Verdict]) -> Message | None:
    """The first of the cases on which a value is wrong, in words; None if time runs out first.

    cases: public ones, the smallest first. verdicts: on them, worked out one by one.
    """
    ends = time.monotonic() + BUDGET
    for case in cases:
        if time.monotonic() > ends:
            return None
        verdict = next(verdicts)
        if isinstance(verdict, Failed) and (seen := verdict.diagnosis.evidence):
            said = worst_entry(seen)
            if said is not None:
                return message(
                    "Example: with {given}, {entry}", given=written(case, seen), entry=said
                )
    return None


def worst_entry(e: Evidence) -> Message | None:
    """The entry that is farthest off, with both values."""
    if not isinstance(e.got, np.ndarray) or e.want.size == 0:
        return None
    if e.got.shape != e.want.shape:
        if max(e.got.size, e.want.size) > FEW:
            return None
        return _both(e.label, literal(e.got), literal(e.want))
    with np.errstate(all="ignore"):
        off = np.nan_to_num(np.abs(e.got + 0 - e.want), nan=np.inf)
    at = np.unravel_index(int(off.argmax()), off.shape) if off.ndim else ()
    place = f"{e.label}[{', '.join(str(int(i)) for i in at)}]" if at else e.label
    return _both(place, number(e.got[at]), number(e.want[at]))


def _both(label: str, got: str, want: str) -> Message:
    return message("`{label}` is {got}; {want} is right.", label=label, got=got, want=want)


def written(case: SolvedCase, e: Evidence) -> str:
    """The numbers of a case, as code."""
    values = {**case.init, **case.inputs}
    if e.dout is not None:
        values["dout"] = case.dout
    return ", ".join(f"`{name} = {literal(value)}`" for name, value in values.items())


def literal(value: object) -> str:
    """A number or a small array as it is written in Python; of a large one the shape."""
    array = np.asarray(value)
    if array.dtype == object:
        return str(getattr(value, "name", type(value).__name__))
    if math.prod(length or 1 for length in array.shape) > MOST:  # an empty array may be long, too
        return f"array([...], shape={array.shape})"  # as NumPy has it, in every language
    return _nested(array)


def _nested(array: Array) -> str:
    if array.ndim == 0:
        return number(array[()])
    return "[" + ", ".join(_nested(np.asarray(item)) for item in array) + "]"


def number(value: object) -> str:
    """A number, to six digits."""
    value = np.asarray(value)[()]
    if np.iscomplexobj(value):
        return f"{value:.6g}"
    return str(value) if value.dtype.kind in "biu" else f"{float(value) + 0.0:.6g}"
