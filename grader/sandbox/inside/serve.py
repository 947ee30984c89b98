"""Answers the judge's requests: runs cells, looks names up, calls, keeps objects by number."""

import itertools
import os
import random
from dataclasses import dataclass
from typing import Any, NoReturn

from grader.checks.forms import Form
from grader.checks.student import (
    BadValue,
    MissingName,
    StudentError,
    evaluate,
    failure,
    lookup,
    plain,
    run,
    sweep,
)
from grader.sandbox.channel import Channel, Gone
from grader.sandbox.errors import describe
from grader.sandbox.inside.record import Recorder
from grader.sandbox.inside.shell import Shell, use_recorder
from grader.sandbox.limits import EXIT_MEMORY, Limits
from grader.sandbox.values import Json, pack_reply, unpack_argument
from grader.sandbox.wire import Array, FrameError, canonical, frame, read_frame

MAX_REQUEST = 1 << 31  # the judge is believed, within reason


@dataclass(frozen=True)
class _Kept:
    """Marks an object that stays here and crosses the wire as a number."""

    target: Any


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
        out: list[Array] = []
        try:
            value = plain(self._perform(message, arrays), _mark)
            reply = {"value": pack_reply(value, out, self._keep)}
            out = [self._sendable(array) for array in out]
            if sum(array.nbytes for array in out) > self._max_reply:
                raise BadValue(f"arrays of more than {self._max_reply} bytes")
        except StudentError as error:
            return {"error": describe(error)}, []
        except BaseException as error:  # hostile code raises anything, KeyboardInterrupt included
            return {"error": describe(failure(error))}, []
        return reply, out

    def _perform(self, message: Json, arrays: list[Array]) -> Any:
        given = {
            name: unpack_argument(tree, arrays, self._objects.__getitem__)
            for name, tree in message["arguments"].items()
        }
        operation = getattr(self, f"_do_{message['op']}")
        number = message["target"]
        return operation(*([] if number is None else [self._objects[number]]), **given)

    def _do_get(self, *target: Any, name: str) -> Any:
        return lookup(target[0], name) if target else self._resolve(name)

    def _do_set(self, target: Any, name: str, value: Any) -> None:
        run(setattr, target, name, value)

    def _do_call(
        self, target: Any, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]
    ) -> Any:
        return run(target, *args, **dict(kwargs))

    def _do_value(self, target: Any) -> Any:
        return plain(target, _refuse_object)

    def _do_hold(self, array: Array) -> Any:
        return _Kept(array)

    def _do_function(self, name: str, c: Array) -> Any:
        return _Kept(Form(name, c))

    def _do_chain(self, chain: Any, arrays: list[Array]) -> Any:
        return evaluate(self._resolve, chain, arrays)

    def _do_sweep(
        self, chain: Any, arrays: list[Array], which: int, entries: Array, step: complex
    ) -> Array:
        return sweep(self._resolve, chain, arrays, which, entries, step)

    def _resolve(self, name: str) -> Any:
        names = self._shell.user_ns
        if name not in names:
            texts = [n for n in names if isinstance(n, str) and n not in self._shell.user_ns_hidden]
            raise MissingName(name, [n for n in texts if not n.startswith("_")])
        return names[name]

    def _keep(self, kept: Any) -> int:
        number = next(self._numbers)
        self._objects[number] = kept.target
        return number

    @staticmethod
    def _sendable(array: Array) -> Array:
        try:
            return canonical(array)
        except FrameError as error:
            raise BadValue(f"array of {error}") from None


def _mark(value: Any) -> _Kept:
    return value if isinstance(value, _Kept) else _Kept(value)


def _refuse_object(value: Any) -> Any:
    raise BadValue(type(value).__name__)
