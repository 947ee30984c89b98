"""Checks of a class by a script: what the script shows is compared with what the reference shows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.case import Array, Case, SolvedCase
from grader.checks.diagnosis import diagnose
from grader.checks.finding import Finding, finding
from grader.checks.numeric import TOLERANCE, relative_error
from grader.checks.program import Found
from grader.checks.properties import property_of
from grader.checks.script import Script, Seen
from grader.checks.student import CallFailed, Handle, LocalHandle, LocalStudent, Value
from grader.checks.text import Message, message, quote
from grader.checks.trial import Check, Trial
from grader.checks.verdict import Blocked, Failed, Passed, Verdict

UNCHANGED = "unchanged"
SIGNATURE = "positional argument"  # what a call with other arguments than it has is told
UNREADABLE = ("KeyError", "IndexError", "TypeError")  # of an entry that a script asks for


def solve_script(names: Mapping[str, Any], case: Case) -> SolvedCase:
    """What is right for a script: what is seen with the reference, and the arrays that it leaves alone.

    names: the reference and what else the script may use, by name. Raises ValueError where the script shows
    nothing, or where a property does not hold for the reference.
    """
    form: dict[str, list[Any]] = {}
    for _ in range(2):  # the first time to learn which values are dictionaries, and of which keys
        script = Script(case, form)
        after = {name: ref.read() for name, ref in script.held.items()}
        found = LocalStudent(dict(names)).run(script.program)
        form = {}
        for seen in script.seen:
            values = form.setdefault(seen.check, [])
            if not seen.property:
                values += [_form(value) for value in seen.found(found)]
            elif wrong := property_of(seen.property, seen.labels, seen.found(found)):
                raise ValueError(
                    f"the reference breaks the property {seen.property}: {wrong.render()}"
                )
    if not form or UNCHANGED in form:
        raise ValueError(
            'a script shows what is judged, as in see("first-step", W), and not "unchanged"'
        )
    left_alone = [name for name, ref in after.items() if _same(found[ref], case.inputs[name])]
    expected = {**form, UNCHANGED: left_alone}
    return SolvedCase({}, case.inputs, np.zeros(()), expected, case.tolerance, case.script)


def _form(value: Value) -> Any:
    """A value of the reference as plain data; a dictionary in place of its handle."""
    if isinstance(value, LocalHandle):
        value = value.target
    if isinstance(value, dict):
        return {key: _form(item) for key, item in value.items()}
    return np.asarray(value) if isinstance(value, (bool, int, float, complex)) else value


def script_check(name: str, sentence: str = "") -> Check:
    """The check of that name: judges what a script shows to it; `unchanged` the arrays that it hands over."""
    if name == UNCHANGED:
        return Check(name, Message(unchanged.__doc__ or ""), unchanged)

    def trial(target: str, case: SolvedCase) -> Trial:
        if name not in case.expected:
            raise ValueError(f'the script shows nothing to this check; add see("{name}", ...)')
        script = Script(case, case.expected, name)

        def conclude(found: Found) -> Verdict:
            wrong = _first_wrong(found, case, script)
            return Failed(wrong) if wrong else Passed()

        return Trial((script.program,), conclude)

    return Check(name, Message(" ".join(sentence.split())), trial)


def unchanged(target: str, case: SolvedCase) -> Trial:
    """It does not change the arrays that it is given, parameters to be updated apart."""
    script = Script(case, case.expected)
    after = {name: script.held[name].read() for name in case.expected[UNCHANGED]}

    def conclude(found: Found) -> Verdict:
        for name, ref in after.items():
            if not _same(found[ref], case.inputs[name]):
                return Failed(finding("changed-in-place", label=name))
        if _first_wrong(found, case, script):
            return Blocked(message("The values are not right yet."))
        return Passed()

    return Trial((script.program,), conclude)


def _first_wrong(found: Found, case: SolvedCase, script: Script) -> Finding | None:
    """What is wrong with the first thing that is seen and not right; None where all is."""
    wanted = {check: iter(values) for check, values in case.expected.items()}
    right = set()
    for seen in script.seen:
        try:
            got = seen.found(found)
        except CallFailed as error:
            own = error.line is not None or SIGNATURE in error.message
            if own or error.type_name not in UNREADABLE:
                raise
            return finding(
                "not-readable",
                label=seen.labels[0],
                kind=quote(error.type_name),
                text=quote(error.message),
            )
        if wrong := _wrong_seen(seen, got, wanted, case.tolerance or TOLERANCE):
            later = seen.labels[0] in right
            known = wrong.evidence and replace(wrong.evidence, later=later)
            return replace(wrong, evidence=known)
        right.add(seen.labels[0])
    return None


def _wrong_seen(
    seen: Seen, got: list[Value], wanted: Mapping[str, Any], tolerance: float
) -> Finding | None:
    if seen.property:
        return property_of(seen.property, seen.labels, got)
    return _wrong(seen.labels[0], got[0], next(wanted[seen.check]), tolerance)


def _same(after: Value, before: Array) -> bool:
    return isinstance(after, np.ndarray) and np.array_equal(after, before)


def _wrong(label: str, got: Value, want: Any, tolerance: float) -> Finding | None:
    """What is wrong with a value that was seen; None where it is right."""
    if isinstance(want, dict):
        entries = [(f'{label}["{key}"]', got[key], want[key]) for key in want]
    elif isinstance(want, tuple):
        if not isinstance(got, tuple) or len(got) != len(want):
            count = len(got) if isinstance(got, tuple) else 1
            return finding("wrong-count", label=label, want=len(want), got=count)  # fmt: skip
        entries = [(f"{label}[{i}]", got[i], want[i]) for i in range(len(want))]
    elif isinstance(want, np.ndarray):
        return _wrong_array(label, got, want, tolerance)
    else:
        right = not isinstance(got, (np.ndarray, Handle)) and got == want
        return None if right else finding("not-equal", label=label, want=want)
    found = (_wrong(*entry, tolerance) for entry in entries)
    return next((wrong for wrong in found if wrong), None)


def _wrong_array(label: str, got: Value, want: Array, tolerance: float) -> Finding | None:
    got = np.asarray(got) if isinstance(got, (bool, int, float, complex)) else got
    if isinstance(got, np.ndarray) and got.shape == want.shape:
        if got.dtype.kind in "fc" and got.dtype.itemsize < want.dtype.itemsize:
            return finding("dtype-fixed", label=label, got=got.dtype, want=want.dtype)
        if relative_error(got, want) < tolerance:
            return None
    return diagnose(label, got, want, tolerance=tolerance)
