"""Answers the judge's requests: runs cells and programs, keeps objects by number."""

import itertools
import os
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

from grader.checks.live import (
    BadValue,
    MissingName,
    StudentError,
    failure,
    own_names,
    plain,
    refuse_object,
)
from grader.checks.program import Runner, sweep
from grader.sandbox.channel import Channel, Gone
from grader.sandbox.errors import describe
from grader.sandbox.inside.record import Recorder
from grader.sandbox.inside.shell import Shell, use_recorder
from grader.sandbox.limits import EXIT_MEMORY, Limits
from grader.sandbox.values import MAX_HANDLES, Json, pack_reply, unpack_argument
from grader.sandbox.wire import (
    MAX_ARRAYS,
    Array,
    FrameError,
    canonical,
    frame,
    read_frame,
    unpacked,
)

MAX_REQUEST = 1 << 31  # the judge is believed, within reason


class _Kept:
    """Marks an object that stays here and crosses the wire as a number."""

    def __init__(self, target: Any) -> None:
        self.target = target


WRAP: dict[str, Callable[[Any], Any]] = {"read": _Kept, "value": refuse_object}


class Server:
    """Serves one submission until the judge hangs up."""

    def __init__(self, shell: Shell, channel: Channel, limits: Limits) -> None:
        self._shell = shell
        self._channel = channel
        self._max_reply = limits.reply
        self._objects: dict[int, Any] = {}
        self._numbers = itertools.count(1)
        use_recorder(shell, Recorder(limits.output, limits.figures))
        random.seed(0)  # the same submission gives the same values in every run; see also warm_up

    def serve(self) -> NoReturn:
        """Answer requests one after another; never returns."""
        try:
            while True:
                message, arrays = read_frame(self._channel.fill, MAX_REQUEST, MAX_REQUEST)
                reply, out = self._answer(message, arrays)
                self._channel.send(frame({**reply, "id": message["id"]}, out))
        except Gone:
            os._exit(0)
        except MemoryError:
            os._exit(EXIT_MEMORY)

    def _answer(self, message: Json, arrays: list[Array]) -> tuple[dict[str, Json], list[Array]]:
        for number in message["drop"]:
            self._objects.pop(number, None)
        if message["op"] == "cell":
            return {"cell": self._shell.run(message["source"])}, []
        reply = _Reply(self._max_reply, self._keep)
        programs = [unpacked(array.data) for array in arrays]
        if message["op"] == "programs":
            results = [reply.result(partial(self._run, *each, reply)) for each in programs]
            return {"results": results}, reply.arrays
        return reply.result(partial(self._sweep, message, *programs[0], reply)), reply.arrays

    def _run(self, steps: Json, arrays: list[Array], reply: "_Reply") -> None:
        Runner(self._resolve, self._live(arrays), reply.add).run(steps)

    def _sweep(self, message: Json, steps: Json, arrays: list[Array], reply: "_Reply") -> None:
        live = self._live(arrays)
        rows = sweep(self._resolve, live, steps, message["held"], message["entries"],
                     live(message["step"], ()))  # fmt: skip
        reply.add("value", rows)

    def _live(self, arrays: list[Array]) -> Callable[[Json, Sequence[Any]], Any]:
        return lambda tree, results: unpack_argument(
            tree, arrays, self._objects.__getitem__, results
        )

    def _resolve(self, name: str) -> Any:
        names = self._shell.user_ns
        if name not in names:
            hidden = self._shell.user_ns_hidden
            raise MissingName(name, [n for n in own_names(names) if n not in hidden])
        return names[name]

    def _keep(self, kept: _Kept) -> int:
        number = next(self._numbers)
        self._objects[number] = kept.target
        return number


class _Reply:
    """What programs read: values as JSON and the arrays of all, up to limits of number and bytes."""

    def __init__(self, limit: int, keep: Callable[[_Kept], int]) -> None:
        self.arrays: list[Array] = []
        self._values: list[Json] = []
        self._limit = limit
        self._room = limit
        self._handles = 0
        self._keep = keep

    def result(self, run: Callable[[], None]) -> dict[str, Json]:
        """What one program adds, and what ended it early, if anything did."""
        self._values, error = [], None
        try:
            run()
        except StudentError as raised:
            error = describe(raised)
        except BaseException as raised:  # hostile code raises anything, KeyboardInterrupt included
            error = describe(failure(raised))
        return {"values": self._values, "error": error}

    def add(self, way: str, value: Any) -> None:
        """Add a value, read in that way. BadValue where it cannot be sent."""
        found = _Kept(value) if way == "keep" else plain(value, WRAP[way])
        start, handles = len(self.arrays), self._handles
        try:
            tree = pack_reply(found, self.arrays, self._number)
            if len(self.arrays) > MAX_ARRAYS:
                raise BadValue(f"tuples of more than {MAX_ARRAYS} arrays")
            self.arrays[start:] = map(_sendable, self.arrays[start:])
            size = sum(array.nbytes for array in self.arrays[start:])
            if size > self._room:
                raise BadValue(f"arrays of more than {self._limit} bytes")
        except BadValue:  # what is too much takes no room from other programs
            del self.arrays[start:]
            self._handles = handles
            raise
        self._room -= size
        self._values.append(tree)

    def _number(self, kept: _Kept) -> int:
        self._handles += 1
        if self._handles > MAX_HANDLES:
            raise BadValue(f"tuples of more than {MAX_HANDLES} objects")
        return self._keep(kept)


def _sendable(array: Array) -> Array:
    try:
        return canonical(array)
    except FrameError as error:
        raise BadValue(f"array of {error}") from None
