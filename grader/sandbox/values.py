"""Values as JSON: what a check hands to a submission, and what comes back.

    null, true, 12, "text"                     themselves
    {"float": "0x1.8p+0"}                      a Python float, exact; {"complex": [real, imaginary]}
    {"array": k}                               the k-th array of the frame; {"scalar": k} as a NumPy scalar
    {"tuple": [...]}, {"list": [...]}
    {"dict": [[key, value], ...]}
    {"handle": n}                              object number n of the submission
    {"step": k}                                the result of step k of the same program
    {"generator": {...}}                       the state of a numpy.random.Generator

A check may send all of them. A reply holds null, text, arrays, tuples and handles only, and it is read
without believing it.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from grader.checks.live import MAX_TUPLE, Value
from grader.checks.program import Ref
from grader.sandbox.wire import Array, FrameError

Json: TypeAlias = Any
MAX_TEXT = 10_000
MAX_DEPTH = 4
MAX_HANDLES = 1000  # in one reply


def pack_argument(value: Any, arrays: list[Array], number: Callable[[Any], int]) -> Json:
    """JSON for a value that a check hands over; its arrays are appended to `arrays`, each once.

    number: gives the number of a handle, and raises TypeError for anything else.
    """
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return {"float": value.hex()}
    if type(value) is complex:
        return {"complex": [value.real.hex(), value.imag.hex()]}
    if type(value) in (tuple, list):
        return {type(value).__name__: [pack_argument(item, arrays, number) for item in value]}
    if type(value) is dict:
        return {"dict": [[key, pack_argument(item, arrays, number)] for key, item in value.items()]}
    if isinstance(value, Ref):
        return {"step": value.number}
    if isinstance(value, np.random.Generator):
        return {"generator": value.bit_generator.state}
    if isinstance(value, (np.ndarray, np.generic)):
        return _pack_array(value, arrays)
    return {"handle": number(value)}


def _pack_array(value: Array | np.generic, arrays: list[Array]) -> Json:
    for number, array in enumerate(arrays):
        if array is value:
            return {"array": number}
    arrays.append(np.asarray(value))
    return {"array" if isinstance(value, np.ndarray) else "scalar": len(arrays) - 1}


def unpack_argument(
    tree: Json,
    arrays: Sequence[Array],
    target: Callable[[int], Any],
    results: Sequence[Any] = (),
) -> Any:
    """The value behind `pack_argument`'s JSON; it comes from the judge, and is believed.

    Of an array a copy, because the same one may be handed over several times.
    """
    if not isinstance(tree, dict):
        return tree
    ((kind, content),) = tree.items()
    match kind:
        case "float":
            return float.fromhex(content)
        case "complex":
            return complex(*map(float.fromhex, content))
        case "array":
            return arrays[content].copy()
        case "scalar":
            return arrays[content][()]
        case "handle":
            return target(content)
        case "step":
            return results[content]
        case "dict":
            return {key: unpack_argument(i, arrays, target, results) for key, i in content}
        case "generator":
            bit_generator = getattr(np.random, content["bit_generator"])()
            bit_generator.state = content
            return np.random.Generator(bit_generator)
    items = [unpack_argument(item, arrays, target, results) for item in content]
    return tuple(items) if kind == "tuple" else items


def pack_reply(value: Value, arrays: list[Array], number: Callable[[Any], int]) -> Json:
    """JSON for a plain value of the submission; `number` keeps any other object and numbers it."""
    if value is None:
        return None
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, tuple):
        return {"tuple": [pack_reply(item, arrays, number) for item in value]}
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    return {"handle": number(value)}


class ReplyReader:
    """Reads the values of one reply: plain ones, each array used once and in order, handles by `wrap`."""

    def __init__(self, arrays: Sequence[Array], wrap: Callable[[int], Any]) -> None:
        self._arrays = list(arrays)
        self._used = 0
        self._handles = 0
        self._wrap = wrap

    def read(self, trees: Json, most: int) -> list[Value]:
        """The next values, so many at most. FrameError for anything that `pack_reply` would not write."""
        if type(trees) is not list or len(trees) > most:
            raise FrameError("values that are no list, or more than were asked for")
        return [self._read(tree, 0) for tree in trees]

    def finish(self) -> None:
        """FrameError where the reply has arrays that no value used."""
        if self._used != len(self._arrays):
            raise FrameError("arrays that belong to nothing")

    def _read(self, tree: Json, depth: int) -> Value:
        if tree is None:
            return None
        if type(tree) is str:
            return text(tree, MAX_TEXT)
        if type(tree) is dict and len(tree) == 1:
            ((kind, content),) = tree.items()
            if kind == "array" and type(content) is int and content == self._used:
                if content < len(self._arrays):
                    self._used += 1
                    return self._arrays[content]
            elif kind == "tuple" and type(content) is list:
                if len(content) <= MAX_TUPLE and depth < MAX_DEPTH:
                    return tuple([self._read(item, depth + 1) for item in content])
            elif kind == "handle" and type(content) is int and 0 <= content < 1 << 53:
                self._handles += 1
                if self._handles > MAX_HANDLES:
                    raise FrameError(f"more than {MAX_HANDLES} objects")
                return self._wrap(content)
        raise FrameError("a value that is no array, text, tuple or handle")


def text(value: Any, limit: int) -> str:
    """A string from the submission: a real one, not too long, without lone surrogates. Else FrameError."""
    if type(value) is not str or len(value) > limit:
        raise FrameError(f"text that is none, or longer than {limit} characters")
    return value.encode("utf-8", "replace").decode("utf-8")
