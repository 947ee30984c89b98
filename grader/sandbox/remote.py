"""A submission in its own process as a `Student`: programs go there, values come back and are not believed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from grader.checks.program import Found, Program, Ref
from grader.checks.student import Array, Handle, Student, StudentError, Value
from grader.sandbox.errors import rebuild
from grader.sandbox.values import Json, ReplyReader, pack_argument
from grader.sandbox.wire import FrameError, packed

if TYPE_CHECKING:
    from grader.sandbox.session import Session

T = TypeVar("T")

#: Programs as frames: the trials of a unit are sent to each submission of a class.
_frames: WeakKeyDictionary[Program, Array] = WeakKeyDictionary()


@dataclass(frozen=True)
class Request(Generic[T]):
    """What is asked of a submission, and how its reply is read: FrameError where it breaks the rules."""

    message: Mapping[str, Any]
    arrays: Sequence[Array]
    read: Callable[[Any, list[Array]], T]


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
        self._handed = 0  # handles, so far

    def run_all(self, programs: Sequence[Program]) -> Sequence[Found]:
        """Run programs there, in one exchange."""
        return next(iter(self.run_each([programs])))

    def run_each(self, batches: Sequence[Sequence[Program]]) -> Iterator[Sequence[Found]]:
        """Run batches of programs there, an exchange for each that is not empty."""
        running = self._session.exchanges([self._request(batch) for batch in batches if batch])
        for batch in batches:
            yield next(running) if batch else []

    def _request(self, programs: Sequence[Program]) -> Request[Sequence[Found]]:
        def read(reply: Any, received: list[Array]) -> Sequence[Found]:
            match reply:
                case {"results": [*results]} if len(results) == len(programs):
                    reader = self._reader(received)
                    found = [_found(*each, reader) for each in zip(programs, results, strict=True)]
                    reader.finish()
                    return found
            raise FrameError("a reply that no programs give")

        return Request({"op": "programs"}, list(map(self._frame, programs)), read)

    def _frame(self, program: Program) -> Array:
        """A program as a frame; made once for all submissions, unless it uses an object of this one."""
        if (known := _frames.get(program)) is not None:
            return known
        arrays: list[Array] = []
        before = self._handed
        made = packed(self._packed(program, arrays), arrays)
        if self._handed == before:
            _frames[program] = made
        return made

    def sweep(self, program: Program, held: Ref, entries: Array, step: complex) -> Array:
        """Run the program once per entry, in the submission's process; shape (K, M)."""
        message = {
            "op": "sweep",
            "held": held.number,
            "entries": entries.tolist(),
            "step": self._pack(step, []),
        }

        def read(reply: Any, received: list[Array]) -> Array | StudentError:
            match reply:
                case {"values": trees, "error": None}:
                    reader = self._reader(received)
                    (rows,) = reader.read(trees, 1) or [None]
                    reader.finish()
                    if (
                        isinstance(rows, np.ndarray)
                        and rows.ndim == 2
                        and len(rows) == entries.size
                    ):
                        return rows
                case {"values": [], "error": described}:
                    return rebuild(described)
            raise FrameError("a reply that no sweep gives")

        result = self._session.exchange(Request(message, [self._frame(program)], read))
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
        self._handed += 1
        return value.number_in(self)

    def forget(self, number: int) -> None:
        """Note that a handle is gone; the next request tells the other side."""
        self._forgotten.append(number)  # nothing else here: this runs whenever garbage is collected

    def forgotten(self) -> list[int]:
        """Numbers of handles that are gone since the last call."""
        gone, self._forgotten = self._forgotten, []
        return gone


def _found(program: Program, result: Any, reader: ReplyReader) -> Found:
    """What a program read, out of its part of a reply. FrameError where it cannot have read that."""
    reads = program.reads
    ways = [program.steps[number][0] for number in reads]
    match result:
        case {"values": trees, "error": described}:
            values = reader.read(trees, len(reads))
            error = None if described is None else rebuild(described)
            complete = len(values) == len(reads)
            if all(map(_can_be, ways, values)) and (complete or error is not None):
                return Found(dict(zip(reads, values, strict=False)), error)
    raise FrameError("a result that no program gives")


def _can_be(way: str, value: Value) -> bool:
    """Whether our own code on the other side could have read that value in that way."""
    if way == "read":
        return True
    return (way == "keep") == isinstance(value, RemoteHandle) and not _holds_handle(value)


def _holds_handle(value: Value) -> bool:
    return isinstance(value, tuple) and any(
        isinstance(item, RemoteHandle) or _holds_handle(item) for item in value
    )
