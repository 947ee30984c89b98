"""The `Student` protocol over the wire: names, handles, chains and sweeps of an isolated submission."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.student import Array, Chain, StudentError, Value
from grader.sandbox.errors import rebuild
from grader.sandbox.values import ReplyReader, pack_argument
from grader.sandbox.wire import FrameError

if TYPE_CHECKING:
    from grader.sandbox.session import Session


class RemoteHandle:
    """A handle on an object in the submission's process. When it is garbage here, it is dropped there."""

    def __init__(self, student: "RemoteStudent", number: int) -> None:
        self._student = student
        self._number = number

    def __call__(self, *args: Value, **kwargs: Value) -> Value:
        """Call the object there; arrays are handed over as copies."""
        return self._student.ask("call", self, args=args, kwargs=tuple(kwargs.items()))

    def get(self, name: str) -> Value:
        """Attribute `name`, made plain."""
        return self._student.ask("get", self, name=name)

    def set(self, name: str, value: Value) -> None:
        """Set attribute `name`."""
        self._student.ask("set", self, name=name, value=value)

    def value(self) -> Value:
        """The object itself, made plain."""
        return self._student.ask("value", self, accept=lambda value: not _is_handle(value))

    def number_in(self, student: "RemoteStudent") -> int:
        """The object's number in that submission. TypeError if it lives in another one."""
        if student is not self._student:
            raise TypeError("A handle goes to the submission that it came from, to no other one.")
        return self._number

    def __del__(self) -> None:
        self._student.forget(self._number)


class RemoteStudent:
    """A submission in its own process; see `grader.checks.student.Student`."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._forgotten: list[int] = []

    def get(self, name: str) -> Value:
        """Top-level name of the notebook."""
        return self.ask("get", None, name=name)

    def hold(self, array: Array) -> RemoteHandle:
        """Hand a copy of an array over and keep a handle on it."""
        handle: RemoteHandle = self.ask("hold", None, accept=_is_handle, array=array)
        return handle

    def function(self, name: str, c: Array) -> RemoteHandle:
        """Make a form on the other side, of its table there, and keep a handle on it."""
        handle: RemoteHandle = self.ask("function", None, accept=_is_handle, name=name, c=c)
        return handle

    def call(self, chain: Chain, arrays: Sequence[Array]) -> Value:
        """Evaluate the chain in one trip and return what the last call returns."""
        return self.ask("chain", None, chain=_tuples(chain), arrays=list(arrays))

    def sweep(
        self, chain: Chain, arrays: Sequence[Array], which: int, entries: Array, step: complex
    ) -> Array:
        """Evaluate the chain once per entry, in the submission's process; shape (K, M)."""

        def accept(rows: Value) -> bool:
            return isinstance(rows, np.ndarray) and rows.ndim == 2 and len(rows) == entries.size

        rows: Array = self.ask("sweep", None, accept=accept, chain=_tuples(chain),
                               arrays=list(arrays), which=which, entries=entries, step=step)  # fmt: skip
        return rows

    def ask(
        self,
        op: str,
        target: RemoteHandle | None,
        accept: Callable[[Value], bool] = lambda value: True,
        **arguments: Value,
    ) -> Value:
        """Send one operation and return its value, or raise the error that it reports.

        A value that `accept` refuses is none that our own code on the other side would send.
        """
        arrays: list[Array] = []
        packed = {name: pack_argument(a, arrays, self._number) for name, a in arguments.items()}
        number = None if target is None else self._number(target)

        def read(reply: Any, received: list[Array]) -> Value | StudentError:
            match reply:
                case {"value": tree}:
                    value = ReplyReader(received, lambda n: RemoteHandle(self, n)).read(tree)
                    if accept(value):
                        return value
                case {"error": described}:
                    return rebuild(described)
            raise FrameError(f"a reply that no {op} gives")

        request = {"op": op, "target": number, "arguments": packed}
        result = self._session.exchange(request, arrays, read)
        if isinstance(result, StudentError):
            raise result
        return result

    def _number(self, value: Any) -> int:
        if not isinstance(value, RemoteHandle):
            raise TypeError(
                "A check hands over arrays, numbers, text, tuples, lists, random generators and "
                f"handles; got {type(value).__name__}."
            )
        return value.number_in(self)

    def forget(self, number: int) -> None:
        """Note that a handle is gone; the next request tells the other side."""
        self._forgotten.append(number)  # nothing else here: this runs whenever garbage is collected

    def forgotten(self) -> list[int]:
        """Numbers of handles that are gone since the last call."""
        gone, self._forgotten = self._forgotten, []
        return gone


def _is_handle(value: Value) -> bool:
    return isinstance(value, RemoteHandle)


def _tuples(chain: Chain) -> Value:
    return tuple((name, tuple(indices)) for name, indices in chain)
