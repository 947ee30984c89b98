"""What a check sees of a submission: programs to run with it, names to look up, objects to call.

A check is written once, against `Student`. In a notebook the student's objects live in the same process
(`LocalStudent`, here); while grading they live in an isolated process and are reached over a socket
(`grader.sandbox.remote`). What comes back is plain either way: NumPy arrays of exactly type `numpy.ndarray`,
tuples, strings, None, or a `Handle` on an object that stays where it is.

A check that grades says all it wants in one `Program`: each trip over the wall costs more than the arithmetic
of a small layer. Looking up and calling one thing at a time is for whoever explores.
"""

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks.live import (
    MAX_TUPLE,
    Array,
    BadValue,
    CallFailed,
    MissingName,
    NotImplementedYet,
    Stopped,
    StudentError,
    Value,
    failure,
    flatten,
    own_names,
    plain,
    refuse_object,
)
from grader.checks.program import Found, Program, Ref, Runner, sweep

__all__ = [
    "MAX_TUPLE",
    "Array",
    "BadValue",
    "CallFailed",
    "Found",
    "Handle",
    "LocalHandle",
    "LocalStudent",
    "MissingName",
    "NotImplementedYet",
    "Program",
    "Ref",
    "Stopped",
    "Student",
    "StudentError",
    "Value",
    "failure",
    "flatten",
    "plain",
]


class Student(ABC):
    """A submission after its cells have run."""

    @abstractmethod
    def run_all(self, programs: Sequence[Program]) -> Iterable[Found]:
        """Run programs where the submission lives, in one trip. Raises Stopped if it was killed meanwhile."""

    def run_each(self, batches: Sequence[Sequence[Program]]) -> Iterator[Iterable[Found]]:
        """Run batches of programs, and give what each batch read. Raises Stopped at the one that killed it.

        Where the submission lives elsewhere, it has the next batch before what this one read is taken.
        """
        return map(self.run_all, batches)

    def run(self, program: Program) -> Found:
        """Run a program where the submission lives. Raises Stopped if the submission was killed meanwhile."""
        (found,) = self.run_all([program])
        return found

    @abstractmethod
    def sweep(self, program: Program, held: Ref, entries: Array, step: complex) -> Array:
        """Run a program once per entry, with `step` added to that entry of the array that it holds as `held`.

        entries: flat indices, shape (K,). The loop runs where the submission lives, and the raw values that
        the program reads come back: shape (K, M), M their number (a tuple is flattened). The judge draws
        its conclusions from them outside.
        """

    def get(self, name: str) -> Value:
        """Top-level name of the notebook. MissingName if there is none."""
        program = Program()
        return self._only(program.get(name).read())

    def hold(self, value: Value) -> "Handle":
        """Hand a copy of a value over and keep a handle on it: an array, a generator, a list or dictionary.

        Passed as an argument, it is the same object on the submission's side each time, so that
        `Handle.value` shows afterwards whether the submission changed it. Handles in a list or dictionary
        become what they are handles on.
        """
        handle: Handle = self._only(Program().hold(value).keep())
        return handle

    def function(self, name: str, c: Array) -> "Handle":
        """A function that lives where the submission does: the form of that name (`grader.checks.forms`)."""
        handle: Handle = self._only(Program().function(name, c).keep())
        return handle

    def _only(self, read: Ref) -> Value:
        """Run the program of a step that reads, and return what it read."""
        return self.run(read.program)[read]


class Handle:
    """An object of the submission: a class, a function, a layer, a bound method. Each use is a trip."""

    def __init__(self, student: Student) -> None:
        self.student = student

    def __call__(self, *args: Value, **kwargs: Value) -> Value:
        """Call it. Arrays are handed over as copies; those of `Student.hold` as they are."""
        return self._only(Program().add("apply", self, args, kwargs).read())

    def get(self, name: str) -> Value:
        """Attribute `name`: an array, or a handle on a method or object. MissingName if there is none."""
        return self._only(Program().add("get", self, name).read())

    def set(self, name: str, value: Value) -> None:
        """Set attribute `name`, for example a parameter of a layer."""
        self._only(Program().add("set", self, name, value).read())

    def value(self) -> Value:
        """The object itself, made plain, such as an array of `Student.hold`. BadValue if not plain."""
        return self._only(Program().add("value", self))

    def _only(self, read: Ref) -> Value:
        return self.student.run(read.program)[read]


class LocalHandle(Handle):
    """A handle on an object in this process."""

    def __init__(self, student: "LocalStudent", target: Any) -> None:
        super().__init__(student)
        self.target = target


class LocalStudent(Student):
    """A student whose names live in this process: a dictionary such as the notebook's globals."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def run_all(self, programs: Sequence[Program]) -> Iterator[Found]:
        """See `Student.run_all`; there is no trip to save, so each runs when what it read is asked for."""
        return map(self._found, programs)

    def _found(self, program: Program) -> Found:
        values: list[Value] = []
        wrap = {"read": self._handle, "value": refuse_object}

        def read(way: str, value: Any) -> None:
            values.append(self._handle(value) if way == "keep" else plain(value, wrap[way]))

        error = None
        try:
            Runner(self._resolve, _live, read).run(program.steps)
        except Stopped:
            raise
        except StudentError as raised:
            error = raised
        return Found(dict(zip(program.reads, values, strict=False)), error)

    def sweep(self, program: Program, held: Ref, entries: Array, step: complex) -> Array:
        """See `Student.sweep`."""
        return sweep(self._resolve, _live, program.steps, held.number, entries.tolist(), step)

    def _handle(self, target: Any) -> LocalHandle:
        return LocalHandle(self, target)

    def _resolve(self, name: str) -> Any:
        if name not in self._names:
            raise MissingName(name, own_names(self._names))
        return self._names[name]


def _live(operand: Value, results: Sequence[Any]) -> Any:
    """The live object behind an operand, in a container too; of any other object a copy."""
    match operand:
        case Ref():
            return results[operand.number]
        case LocalHandle():
            return operand.target
        case dict():
            return {key: _live(item, results) for key, item in operand.items()}
        case list() | tuple():
            return type(operand)(_live(item, results) for item in operand)
    # The state of a random generator is part of what is handed over.
    return operand.copy() if isinstance(operand, np.ndarray) else copy.deepcopy(operand)
