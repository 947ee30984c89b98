"""Programs: what a check does with a submission, written down in steps and run in one trip.

    program = Program()
    layer = program.call("Affine", W, b)
    out = layer.call("forward", x).read()
    dx = layer.call("backward", dout).read()
    dW = layer.get("dW").read()
    found = student.run(program)
    found[out], found[dx], found[dW]

The judge writes a program and draws conclusions from what was read; the steps run where the submission
lives. A step uses what earlier ones gave. The first step that fails ends the program: what was read before it
is there, and to ask for what would have come later raises that step's StudentError.
"""

import operator
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from grader.checks.forms import Form
from grader.checks.live import (
    Array,
    MissingName,
    StudentError,
    Value,
    flatten,
    is_plain,
    lookup,
    plain,
    refuse_object,
    run,
)

Step: TypeAlias = tuple[str, tuple[Value, ...]]  # the operation and its operands


@dataclass(frozen=True)
class Ref:
    """The result of a step. It exists only where the submission lives, until it is read."""

    program: "Program" = field(repr=False, compare=False)
    number: int

    def call(self, name: str, /, *args: Value, **kwargs: Value) -> "Ref":
        """Call the method of that name. MissingName where there is none."""
        return self.program.add("call", self, name, args, kwargs)

    def __call__(self, *args: Value, **kwargs: Value) -> "Ref":
        """Call the result itself, a function that an earlier step returned."""
        return self.program.add("apply", self, args, kwargs)

    def get(self, name: str) -> "Ref":
        """Attribute `name`."""
        return self.program.add("get", self, name)

    def item(self, key: Value) -> "Ref":
        """Entry of a tuple, list or dictionary."""
        return self.program.add("item", self, key)

    def set(self, name: str, value: Value) -> None:
        """Set attribute `name`."""
        self.program.add("set", self, name, value)

    def ones(self) -> "Ref":
        """Ones in the shape of the result: a gradient to send back, whatever came out."""
        return self.program.add("ones", self)

    def read(self) -> "Ref":
        """Read the result as it is now, made plain; any other object as a handle."""
        return self.program.add("read", self)

    def value(self) -> "Ref":
        """Read the result as it is now, made plain; BadValue for any other object."""
        return self.program.add("value", self)

    def keep(self) -> "Ref":
        """Read a handle on the result, whatever it is."""
        return self.program.add("keep", self)


class Program:
    """Steps in order. What is handed over arrives as a copy, a new one at each use; see `hold`.

    once: a name for a program that takes long, such as a training: a submission runs it once, and other checks
    that ask for a program of the same name get what was read then.
    """

    def __init__(self, once: Hashable = None) -> None:
        self.steps: list[Step] = []
        self.once = once

    def add(self, operation: str, *operands: Value) -> Ref:
        """Add a step. ValueError where an operand is the result of another program."""
        self._require_own(operands)
        self.steps.append((operation, operands))
        return Ref(self, len(self.steps) - 1)

    def _require_own(self, operand: Value) -> None:
        if isinstance(operand, Ref) and operand.program is not self:
            raise ValueError("A step uses results of its own program; got one of another.")
        if isinstance(operand, (tuple, list, dict)):
            for item in operand.values() if isinstance(operand, dict) else operand:
                self._require_own(item)

    def call(self, name: str, /, *args: Value, **kwargs: Value) -> Ref:
        """Call the top-level name of the notebook. MissingName where there is none."""
        return self.add("call_name", name, args, kwargs)

    def get(self, name: str) -> Ref:
        """Top-level name of the notebook."""
        return self.add("name", name)

    def operate(self, name: str, left: Value, right: Value) -> Ref:
        """An operator, by its name in the module `operator`, such as "add"."""
        return self.add("operate", name, left, right)

    def hold(self, value: Value) -> Ref:
        """Hand a value over once: the same object wherever it is used, so that a change in it shows."""
        return self.add("hold", value)

    def function(self, name: str, c: Array) -> Ref:
        """The form of that name (`grader.checks.forms`), made where the submission lives."""
        return self.add("function", name, c)

    @property
    def reads(self) -> list[int]:
        """Numbers of the steps that read something, in order."""
        return [n for n, (operation, _) in enumerate(self.steps) if operation in READING]


class Found:
    """What a program read; `error` is what ended it early, if anything did."""

    def __init__(self, values: Mapping[int, Value], error: StudentError | None) -> None:
        self._values = values
        self.error = error

    def __getitem__(self, read: Ref) -> Value:
        """What a step read. Raises the error that ended the program before it got there."""
        if read.number not in self._values and self.error is not None:
            raise self.error
        return self._values[read.number]


#: How a result is read: what becomes of objects that are not plain.
READING = ("read", "value", "keep")
Read: TypeAlias = Callable[[str, Any], None]  # way of reading, live object
Live: TypeAlias = Callable[[Any, Sequence[Any]], Any]  # operand, results so far → live object


class Runner:
    """Runs steps on live objects. The isolated process of the sandbox uses it as well.

    resolve: the live object of a top-level name. live: makes an operand a live object; an array becomes a
    copy. read: takes note of what is read.
    """

    def __init__(self, resolve: Callable[[str], Any], live: Live, read: Read) -> None:
        self._resolve = resolve
        self._live = live
        self._read = read

    def run(self, steps: Sequence[Step], instead: Mapping[int, Any] | None = None) -> None:
        """Run the steps. Raises the StudentError of the first that fails.

        instead: results, by number, of steps that are not run.
        """
        results: list[Any] = []
        for number, (operation, operands) in enumerate(steps):
            if instead and number in instead:
                results.append(instead[number])
                continue
            given = [self._live(operand, results) for operand in operands]
            if operation in READING:
                self._read(operation, given[0])
                results.append(given[0])
            else:
                results.append(getattr(self, f"_{operation}")(*given))

    def _name(self, name: str) -> Any:
        return self._resolve(name)

    def _get(self, target: Any, name: str) -> Any:
        if is_plain(target):  # an array or a text where an object should be
            raise MissingName(name)
        return lookup(target, name)

    def _call_name(self, name: str, args: Any, kwargs: Any) -> Any:
        return self._called(name, self._resolve(name), args, kwargs)

    def _call(self, target: Any, name: str, args: Any, kwargs: Any) -> Any:
        return self._called(name, self._get(target, name), args, kwargs)

    def _called(self, name: str, function: Any, args: Any, kwargs: Any) -> Any:
        if is_plain(function):  # an array, a text or None of that name
            raise MissingName(name)
        return run(function, *args, **kwargs)

    def _apply(self, target: Any, args: Any, kwargs: Any) -> Any:
        return run(target, *args, **kwargs)

    def _item(self, target: Any, key: Any) -> Any:
        return run(operator.getitem, target, key)

    def _operate(self, name: str, left: Any, right: Any) -> Any:
        with np.errstate(all="ignore"):  # what diverges is judged by its values
            return run(getattr(operator, name), left, right)

    def _set(self, target: Any, name: str, value: Any) -> None:
        run(setattr, target, name, value)

    def _hold(self, value: Any) -> Any:
        return value

    def _function(self, name: str, c: Array) -> Form:
        return Form(name, c)

    def _ones(self, target: Any) -> Array:
        value = plain(target, refuse_object)
        return np.ones(value.shape if isinstance(value, np.ndarray) else ())


def sweep(
    resolve: Callable[[str], Any],
    live: Live,
    steps: Sequence[Step],
    held: int,
    entries: Sequence[int],
    step: complex,
) -> Array:
    """Run the steps once per entry, with `step` added to that entry of the array that step `held` holds.

    entries: K flat indices. Returns what was read, shape (K, M), M the number of values that one run
    reads (a tuple is flattened).
    """
    row: list[Array] = []
    runner = Runner(resolve, live, lambda way, v: row.append(flatten(plain(v, refuse_object))))
    original = live(steps[held][1][0], ())
    dtype = np.result_type(original.dtype, type(step))
    rows = []
    for entry in entries:
        moved = original.astype(dtype)
        moved.reshape(-1)[entry] += step
        row.clear()
        runner.run(steps, {held: moved})
        rows.append(np.concatenate(row))
    return np.stack(rows)
