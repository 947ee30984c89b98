"""Checks of a layer. The docstring of each is the sentence that the student reads beside the verdict."""

from collections.abc import Mapping, Sequence

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.diagnosis import diagnose
from grader.checks.finding import Finding, finding
from grader.checks.numeric import EXACT, TOLERANCE, forward_program, relative_error
from grader.checks.program import Found, Program, Ref
from grader.checks.student import (
    BadValue,
    MissingName,
    NotImplementedYet,
    StudentError,
    Value,
)
from grader.checks.text import Message, message
from grader.checks.trial import Check, Trial, Unready
from grader.checks.verdict import Blocked, Failed, Passed, Verdict


def forward(name: str, case: SolvedCase) -> Trial:
    """`forward` returns the right values."""
    program, _, out = forward_program(name, case)

    def conclude(found: Found) -> Verdict:
        return compare("forward", found[out], case.expected["out"], case)

    return Trial((program,), conclude)


def gradient(variable: str) -> Check:
    """Check of the gradient with respect to one input or parameter."""

    def trial(name: str, case: SolvedCase) -> Trial:
        program = Program()
        once = Pass(program.call(name, *case.init.values()), case)
        once.read_gradients([variable])

        def conclude(found: Found) -> Verdict:
            once.require_forward(found)
            returned = found[once.returned]
            if variable in case.inputs and (wrong := not_one_each(returned, case)):
                return Failed(wrong)
            got = once.gradient(found, variable)
            return compare(f"d{variable}", got, case.expected[f"d{variable}"], case)

        return Trial((program,), conclude)

    if variable.islower() and variable not in ("b", "w", "gamma", "beta"):  # those are parameters
        text = message(
            "`backward` returns the right gradient with respect to `{variable}`.", variable=variable
        )
    else:
        text = message(
            "`backward` leaves the right gradient of `{variable}` in `d{variable}`.",
            variable=variable,
        )
    return Check(f"d{variable}", text, trial)


def repeat(name: str, case: SolvedCase) -> Trial:
    """A second call of `forward` and `backward`, on another batch, owes nothing to the first."""
    program = Program()
    once = Pass(program.call(name, *case.init.values()), case)
    once.read_gradients()
    layer = program.call(name, *case.init.values())
    # A smaller batch first, then one of the same size as the one that counts: what is kept must fit neither
    # because it was made for another shape nor because the shape is the same.
    for batch in (slice(1, None), [*range(1, batch_size(case)), -1]):
        first = layer.call("forward", *(array[batch] for array in case.inputs.values()))
        layer.call("backward", first.ones())
    before = {"forward": first.read()}
    for variable in gradients(case):
        if variable not in case.inputs:
            before[f"d{variable}"] = layer.get(f"d{variable}").read()
    again = Pass(layer, case)
    again.read_gradients()

    def conclude(found: Found) -> Verdict:
        once.require_forward(found)
        if not once.is_right(found):
            return Blocked(message("The values of a first call are not right yet."))
        if again.is_right(found):
            return Passed()
        return Failed(_left_over(found, before, again, case))

    return Trial((program,), conclude)


def _left_over(found: Found, before: Mapping[str, Ref], again: "Pass", case: SolvedCase) -> Finding:
    """What of a first call is still in use in a second one."""
    for label, ref in before.items():
        try:
            old, got = found[ref], found[again.out]
            want = case.expected["out"]
            if label != "forward":
                got, want = again.gradient(found, label[1:]), case.expected[label]
        except StudentError:
            break
        if isinstance(old, np.ndarray) and isinstance(got, np.ndarray) and got.shape == old.shape:
            if np.array_equal(got, old) and not np.array_equal(old, want):
                return finding("repeats-first-call", label=label)
            if got.shape == want.shape and old.any() and relative_error(got, old + want) < EXACT:
                return finding("adds-to-first-call", label=label)
    return finding("keeps-first-call")


def unchanged(name: str, case: SolvedCase) -> Trial:
    """Neither `forward` nor `backward` changes the arrays that it is given."""
    given = {**case.init, **case.inputs, "dout": case.dout}
    program = Program()
    held = {label: program.hold(array) for label, array in given.items()}
    layer = program.call(name, *(held[label] for label in case.init))
    once = Pass(layer, case, held)
    after = {label: ref.value() for label, ref in held.items()}
    once.read_gradients()

    def conclude(found: Found) -> Verdict:
        once.require_forward(found)
        if not once.returned_something(found):
            return Blocked(message("The values are not right yet."))
        for label, before in given.items():
            if not np.array_equal(found[after[label]], before):
                return Failed(finding("changed-in-place", label=label))
        if not once.is_right(found):
            return Blocked(message("The values are not right yet."))
        return Passed()

    return Trial((program,), conclude)


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


class Pass:
    """A forward and a backward pass of a layer as steps of a program, and what to read of it.

    given: what is handed over in the place of the case's own arrays, by name, `dout` among them.
    """

    def __init__(
        self, layer: Ref, case: SolvedCase, given: Mapping[str, Value] | None = None
    ) -> None:
        arrays = given or {**case.inputs, "dout": case.dout}
        self._layer, self._case = layer, case
        self._stored: dict[str, Ref] = {}
        self.out = layer.call("forward", *(arrays[label] for label in case.inputs)).read()
        self.returned = layer.call("backward", arrays["dout"]).read()

    def read_gradients(self, variables: Sequence[str] | None = None) -> None:
        """Read the gradients of those parameters, or of all; those of the inputs are returned."""
        for variable in gradients(self._case) if variables is None else variables:
            if variable not in self._case.inputs:
                self._stored[variable] = self._layer.get(f"d{variable}").read()

    def require_forward(self, found: Found) -> None:
        """Raise Unready if `forward` raised, so that a check of what comes after it does not fail as well."""
        try:
            found[self.out]
        except (NotImplementedYet, MissingName):
            raise
        except StudentError as error:
            raise Unready(error) from None

    def gradient(self, found: Found, variable: str) -> Value:
        """One gradient: of an input from what `backward` returned, of a parameter from its attribute."""
        if variable not in self._case.inputs:
            return found[self._stored[variable]]
        names, returned = returned_gradients(self._case), found[self.returned]
        return returned if len(names) == 1 else returned[names.index(variable)]

    def returned_something(self, found: Found) -> bool:
        """Whether `backward` did not raise, apart from saying that it is still to be written."""
        try:
            found[self.returned]
        except (NotImplementedYet, MissingName):
            raise
        except StudentError:
            return False
        return True

    def is_right(self, found: Found) -> bool:
        """Whether the output and all gradients are right."""
        return self.returned_something(found) and isinstance(self.verdict(found), Passed)

    def verdict(self, found: Found) -> Verdict:
        """Whether the output and all gradients are right."""
        case = self._case
        verdict = compare("forward", found[self.out], case.expected["out"], case)
        if isinstance(verdict, Passed) and not self._gradients_right(found):
            return Blocked(message("The values are not right yet."))
        return verdict

    def _gradients_right(self, found: Found) -> bool:
        if not_one_each(found[self.returned], self._case):
            return False
        for variable in gradients(self._case):
            label = f"d{variable}"
            try:
                got = self.gradient(found, variable)
            except (MissingName, BadValue):
                return False
            if not isinstance(compare(label, got, self._case.expected[label], self._case), Passed):
                return False
        return True


def gradients(case: SolvedCase) -> list[str]:
    """The inputs and parameters whose gradients are judged."""
    return [label[1:] for label in case.expected if label != "out"]


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
