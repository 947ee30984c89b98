"""A submission in its own process as a `Student`: programs go there, values come back and are not believed."""

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.program import Found, Program, Ref
from grader.checks.student import Array, Handle, Student, StudentError, Value
from grader.sandbox.errors import rebuild
from grader.sandbox.values import Json, ReplyReader, pack_argument
from grader.sandbox.wire import FrameError

if TYPE_CHECKING:
    from grader.sandbox.session import Session


class RemoteHandle(Handle):
    """A handle on an object in the submission's process. When it is garbage here, it is dropped there."""

    def __init__(self, student: "RemoteStudent", number: int) -> None:
        super().__init__(student)
        self._remote = student
        self._number = number

    def number_in(self, student: "RemoteStudent") -> int:
        """The object's number in that submission. TypeError if it lives in another one."""
        if student is not self._remote:
            raise TypeError("A handle goes to the submission that it came from, to no other one.")
        return self._number

    def __del__(self) -> None:
        self._remote.forget(self._number)


class RemoteStudent(Student):
    """A submission in its own process; see `grader.checks.student.Student`."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._forgotten: list[int] = []

    def run(self, program: Program) -> Found:
        """Run a program there, in one exchange."""
        arrays: list[Array] = []
        request = {"op": "program", "steps": self._packed(program, arrays)}
        reads = program.reads
        ways = [program.steps[number][0] for number in reads]

        def read(reply: Any, received: list[Array]) -> Found:
            match reply:
                case {"values": trees, "error": described}:
                    values = self._reader(received).read(trees, len(reads))
                    error = None if described is None else rebuild(described)
                    complete = len(values) == len(reads)
                    if all(map(_can_be, ways, values)) and (complete or error is not None):
                        return Found(dict(zip(reads, values, strict=False)), error)
            raise FrameError("a reply that no program gives")

        return self._session.exchange(request, arrays, read)

    def sweep(self, program: Program, held: Ref, entries: Array, step: complex) -> Array:
        """Run the program once per entry, in the submission's process; shape (K, M)."""
        arrays: list[Array] = []
        request = {
            "op": "sweep",
            "steps": self._packed(program, arrays),
            "held": held.number,
            "entries": entries.tolist(),
            "step": self._pack(step, arrays),
        }

        def read(reply: Any, received: list[Array]) -> Array | StudentError:
            match reply:
                case {"values": trees, "error": None}:
                    (rows,) = self._reader(received).read(trees, 1) or [None]
                    if (
                        isinstance(rows, np.ndarray)
                        and rows.ndim == 2
                        and len(rows) == entries.size
                    ):
                        return rows
                case {"values": [], "error": described}:
                    return rebuild(described)
            raise FrameError("a reply that no sweep gives")

        result = self._session.exchange(request, arrays, read)
        if isinstance(result, StudentError):
            raise result
        return result

    def _packed(self, program: Program, arrays: list[Array]) -> Json:
        return [
            [operation, [self._pack(operand, arrays) for operand in operands]]
            for operation, operands in program.steps
        ]

    def _pack(self, operand: Value, arrays: list[Array]) -> Json:
        return pack_argument(operand, arrays, self._number)

    def _reader(self, received: list[Array]) -> ReplyReader:
        return ReplyReader(received, lambda number: RemoteHandle(self, number))

    def _number(self, value: Any) -> int:
        if not isinstance(value, RemoteHandle):
            raise TypeError(
                "A check hands over arrays, numbers, text, tuples, lists, dictionaries, random generators "
                f"and handles; got {type(value).__name__}."
            )
        return value.number_in(self)

    def forget(self, number: int) -> None:
        """Note that a handle is gone; the next request tells the other side."""
        self._forgotten.append(number)  # nothing else here: this runs whenever garbage is collected

    def forgotten(self) -> list[int]:
        """Numbers of handles that are gone since the last call."""
        gone, self._forgotten = self._forgotten, []
        return gone


def _can_be(way: str, value: Value) -> bool:
    """Whether our own code on the other side could have read that value in that way."""
    if way == "read":
        return True
    return (way == "keep") == isinstance(value, RemoteHandle) and not _holds_handle(value)


def _holds_handle(value: Value) -> bool:
    return isinstance(value, tuple) and any(
        isinstance(item, RemoteHandle) or _holds_handle(item) for item in value
    )
