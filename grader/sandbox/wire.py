"""Frames between the judge and a submission: a JSON header and raw array buffers. No pickle, no eval.

    [u32 length of the header][u64 length of all buffers][header, JSON in UTF-8][buffers, one after another]

    header = {"data": anything JSON, "arrays": [[dtype, shape], ...]}

The reader believes nothing: lengths, dtypes, shapes and their sum are checked before memory is allocated
for them. An array that is read is a new `numpy.ndarray`, C-contiguous, in native byte order; those of a frame
share one buffer.
"""

import json
import math
import struct
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Fill: TypeAlias = Callable[[memoryview], None]  # fills the whole view or raises

PREFIX = struct.Struct("<IQ")
DTYPES = frozenset(
    [
        "|b1",
        "|i1",
        "|u1",
        "<i2",
        "<u2",
        "<i4",
        "<u4",
        "<i8",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<c8",
        "<c16",
    ]
)
MAX_ARRAYS = 4096
MAX_DIMENSIONS = 32
MAX_EXTENT = 1 << 40  # product of the lengths of all axes, empty ones counted as 1


UNDESCRIBED = "an array that is not described as [dtype, shape]"


class FrameError(Exception):
    """A frame that breaks the rules above; the text says which."""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
DECODER = json.JSONDecoder(parse_constant=_no_constant)


def frame(data: Any, arrays: Sequence[Array] = ()) -> list[bytes | memoryview]:
    """The pieces of a frame, to be sent one after another."""
    described, buffers = [], []
    for array in arrays:
        tidy = canonical(array)
        described.append([tidy.dtype.str, list(tidy.shape)])
        if tidy.size:
            buffers.append(tidy.reshape(-1).view(np.uint8).data)
    header = ENCODER.encode({"data": data, "arrays": described}).encode(
        "utf-8", "replace"
    )  # lone surrogates become question marks
    total = sum(len(buffer) for buffer in buffers)
    return [PREFIX.pack(len(header), total) + header, *buffers]


def packed(data: Any, arrays: Sequence[Array]) -> Array:
    """A frame as an array of bytes: a part of another frame that is made once and sent many times."""
    return np.frombuffer(b"".join(frame(data, arrays)), np.uint8)


def canonical(array: Array) -> Array:
    """The array as the wire carries it: exact ndarray, C-contiguous, little-endian. FrameError if it cannot."""
    exact = type(array) is np.ndarray and array.dtype.str in DTYPES and array.flags.c_contiguous
    if exact and array.size and array.ndim <= MAX_DIMENSIONS:
        return array  # nearly all are so already
    array = np.array(array, copy=None, subok=False, order="C")
    if array.dtype.str not in DTYPES:
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in DTYPES:
        raise FrameError(f"dtype {array.dtype}")
    measure(array.shape, array.itemsize)
    return array


def measure(shape: Sequence[int], itemsize: int) -> int:
    """Bytes of an array of that shape. FrameError if NumPy could not make it."""
    if len(shape) > MAX_DIMENSIONS:
        raise FrameError(f"{len(shape)} dimensions")
    if math.prod(length or 1 for length in shape) > MAX_EXTENT:
        raise FrameError("an array that is too large")
    return math.prod(shape) * itemsize


def read_frame(fill: Fill, max_header: int, max_body: int) -> tuple[Any, list[Array]]:
    """Read one frame: its data and its arrays. FrameError if anything about it is wrong."""
    header_length, body_length = PREFIX.unpack(_take(fill, PREFIX.size))
    if header_length > max_header or body_length > max_body:
        raise FrameError(f"a frame of {header_length} + {body_length} bytes")
    data, described = _parse(_take(fill, header_length))
    plans = [_plan(entry) for entry in described]
    if sum(each.nbytes for each in plans) != body_length:
        raise FrameError("arrays that do not fill their buffer")
    body = bytearray(body_length)
    fill(memoryview(body))
    arrays = _arrays(plans, body, 0)
    for array in arrays:
        if (
            array.dtype.kind == "b"
        ):  # a byte that is not 0 or 1 is no truth value NumPy can reason about
            np.not_equal(array.view(np.uint8), 0, out=array)
    return data, arrays


def unpacked(content: memoryview) -> tuple[Any, list[Array]]:
    """Data and arrays of what `packed` made, which is believed; the arrays share its memory."""
    header_length, _ = PREFIX.unpack_from(content)
    place = PREFIX.size + header_length
    data, described = _parse(bytes(content[PREFIX.size : place]))
    return data, _arrays(map(_plan, described), content, place)


def _arrays(plans: Iterable["_Plan"], content: bytearray | memoryview, place: int) -> list[Array]:
    """Arrays that stand in a buffer one after another, from that byte on; they share its memory."""
    arrays = []
    for each in plans:
        arrays.append(np.ndarray(each.shape, each.dtype, content, place))
        place += each.nbytes
    return arrays


def _take(fill: Fill, length: int) -> bytes:
    buffer = bytearray(length)
    fill(memoryview(buffer))
    return bytes(buffer)


def _parse(header: bytes) -> tuple[Any, list[Any]]:
    try:
        parsed = DECODER.decode(header.decode())
        data, described = parsed["data"], parsed["arrays"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FrameError("a header that is not the JSON it should be") from None
    if type(described) is not list or len(described) > MAX_ARRAYS:
        raise FrameError("a list of arrays that is none, or too long")
    return data, described


class _Plan(NamedTuple):
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    nbytes: int


def _plan(entry: Any) -> _Plan:
    try:
        name, shape = entry
        if type(name) is str and type(shape) is list:
            return _planned(name, *shape)
    except (TypeError, ValueError):  # no pair, or a length that is a list
        pass
    raise FrameError(UNDESCRIBED)


@lru_cache(MAX_ARRAYS, typed=True)  # most arrays of a check are like those of the last submission
def _planned(name: str, *shape: Any) -> _Plan:
    if name not in DTYPES or any(type(length) is not int or length < 0 for length in shape):
        raise FrameError(UNDESCRIBED)
    dtype = np.dtype(name)
    return _Plan(dtype, shape, measure(shape, dtype.itemsize))
