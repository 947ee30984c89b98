"""Checks of a layer. The docstring of each is the sentence that the student reads beside the verdict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.diagnosis import diagnose
from grader.checks.finding import Finding, finding
from grader.checks.numeric import EXACT, TOLERANCE, chain_of, relative_error
from grader.checks.student import BadValue, Handle, MissingName, Student, Value
from grader.checks.text import Message, message
from grader.checks.verdict import Blocked, Failed, Passed, Verdict

Run = Callable[[Student, str, SolvedCase], Verdict]


@dataclass(frozen=True)
class Check:
    """A check by name: what it says to the student, and how it is run on one case."""

    name: str
    sentence: Message
    run: Run


def forward(student: Student, name: str, case: SolvedCase) -> Verdict:
    """`forward` returns the right values."""
    out = student.call(*chain_of(name, case))
    return compare("forward", out, case.expected["out"], case)


def gradient(variable: str) -> Check:
    """Check of the gradient with respect to one input or parameter."""

    def run(student: Student, name: str, case: SolvedCase) -> Verdict:
        layer = make(student, name, case)
        method(layer, "forward")(*case.inputs.values())
        returned = method(layer, "backward")(case.dout)
        if variable in case.inputs and (wrong := not_one_each(returned, case)):
            return Failed(wrong)
        got = pick_gradient(layer, returned, variable, case)
        return compare(f"d{variable}", got, case.expected[f"d{variable}"], case)

    if variable.islower() and len(variable) == 1 and variable not in "bw":
        text = message(
            "`backward` returns the right gradient with respect to `{variable}`.", variable=variable
        )
    else:
        text = message(
            "`backward` leaves the right gradient of `{variable}` in `d{variable}`.",
            variable=variable,
        )
    return Check(f"d{variable}", text, run)


def repeat(student: Student, name: str, case: SolvedCase) -> Verdict:
    """A second call of `forward` and `backward`, on another batch, owes nothing to the first."""
    if not isinstance(everything_right(make(student, name, case), case), Passed):
        return Blocked(message("The values of a first call are not right yet."))
    layer = make(student, name, case)
    shorter = [array[1:] for array in case.inputs.values()]
    first = method(layer, "forward")(*shorter)
    method(layer, "backward")(np.ones(first.shape if isinstance(first, np.ndarray) else ()))
    if isinstance(everything_right(layer, case), Passed):
        return Passed()
    return Failed(finding("keeps-first-call"))


def unchanged(student: Student, name: str, case: SolvedCase) -> Verdict:
    """Neither `forward` nor `backward` changes the arrays that it is given."""
    given = {**case.init, **case.inputs, "dout": case.dout}
    held = {label: student.hold(array) for label, array in given.items()}
    layer = make(student, name, case, [held[label] for label in case.init])
    out = method(layer, "forward")(*(held[label] for label in case.inputs))
    out_verdict = compare("forward", out, case.expected["out"], case)
    returned = method(layer, "backward")(held["dout"])
    for label, before in given.items():
        after = held[label].value()
        if not isinstance(after, np.ndarray) or not np.array_equal(after, before):
            return Failed(finding("changed-in-place", label=label))
    if not isinstance(out_verdict, Passed) or not gradients_right(layer, returned, case):
        return Blocked(message("The values are not right yet."))
    return Passed()


FORWARD = Check("forward", Message(forward.__doc__ or ""), forward)
REPEAT = Check("repeat", Message(repeat.__doc__ or ""), repeat)
UNCHANGED = Check("unchanged", Message(unchanged.__doc__ or ""), unchanged)


def by_name(name: str) -> Check:
    """The check of that name: `forward`, `repeat`, `unchanged`, or `d` and a variable, as in `dW`."""
    fixed = {check.name: check for check in (FORWARD, REPEAT, UNCHANGED)}
    if name in fixed:
        return fixed[name]
    if name.startswith("d") and len(name) > 1:
        return gradient(name[1:])
    raise KeyError(name)


def make(
    student: Student, name: str, case: SolvedCase, given: Sequence[Value] | None = None
) -> Handle:
    """Construct the student's layer for a case. given: the arguments, where the case's own will not do."""
    cls = student.get(name)
    if not callable(cls):  # an array, a text or None of that name
        raise MissingName(name)
    layer = cls(*(case.init.values() if given is None else given))
    if not callable(layer):
        raise MissingName("forward")
    made: Handle = layer
    return made


def method(layer: Handle, name: str) -> Handle:
    """A method of the student's layer. MissingName where there is none, or an array of that name."""
    found = layer.get(name)
    if not callable(found):
        raise MissingName(name)
    method: Handle = found
    return method


def returned_gradients(case: SolvedCase) -> list[str]:
    """The inputs whose gradients `backward` returns, in order."""
    return [name for name in case.inputs if f"d{name}" in case.expected]


def not_one_each(returned: Value, case: SolvedCase) -> Finding | None:
    """What is wrong if `backward` of several inputs did not return one gradient for each; else None."""
    names = returned_gradients(case)
    count = len(returned) if isinstance(returned, tuple) else 1
    if len(names) == 1 or count == len(names):
        return None
    if returned is None:
        return finding("backward-returned-none")
    return finding("gradient-count", want=len(names), names=", ".join(names), got=count)


def pick_gradient(layer: Handle, returned: Value, variable: str, case: SolvedCase) -> Value:
    """One gradient: of an input from what `backward` returned, of a parameter from its attribute."""
    if variable not in case.inputs:
        return layer.get(f"d{variable}")
    names = returned_gradients(case)
    return returned if len(names) == 1 else returned[names.index(variable)]


def everything_right(layer: Handle, case: SolvedCase) -> Verdict:
    """Output and all gradients of one forward and backward on a layer that exists."""
    out = method(layer, "forward")(*case.inputs.values())
    verdict = compare("forward", out, case.expected["out"], case)
    if isinstance(verdict, Passed):
        returned = method(layer, "backward")(case.dout)
        if not gradients_right(layer, returned, case):
            return Blocked(message("The values are not right yet."))
    return verdict


def gradients_right(layer: Handle, returned: Value, case: SolvedCase) -> bool:
    """Whether all gradients of the case agree with the expected ones."""
    if not_one_each(returned, case):
        return False
    for label, want in case.expected.items():
        if label == "out":
            continue
        try:
            got = pick_gradient(layer, returned, label[1:], case)
            if not isinstance(compare(label, got, want, case), Passed):
                return False
        except (MissingName, BadValue):
            return False
    return True


def compare(label: str, got: Value, want: Array, case: SolvedCase) -> Verdict:
    """Compare an array with what is right, and say how it differs."""
    if isinstance(got, np.ndarray) and got.shape == want.shape:
        error = relative_error(got, want)
        if got.dtype.kind in "fc" and got.dtype.itemsize < want.dtype.itemsize:
            return Failed(finding("dtype-fixed", label=label, got=got.dtype, want=want.dtype))
        if error < EXACT or (label == "forward" and error < (case.tolerance or TOLERANCE)):
            return Passed()
        if error < TOLERANCE:
            return Passed(finding("numerical-derivative", label=label, error=f"{error:.0e}"))
    dout = None if label == "forward" else case.dout
    return Failed(diagnose(label, got, want, batch_size(case), dout))


def batch_size(case: SolvedCase) -> int:
    """Number of samples: the length of the first input."""
    first = next(iter(case.inputs.values()))
    return int(first.shape[0]) if first.ndim else 1
