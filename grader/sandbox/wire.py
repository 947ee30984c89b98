"""Frames between the judge and a submission: a JSON header and raw array buffers. No pickle, no eval.

    [u32 length of the header][u64 length of all buffers][header, JSON in UTF-8][buffers, one after another]

    header = {"data": anything JSON, "arrays": [[dtype, shape], ...]}

The reader believes nothing: lengths, dtypes, shapes and their sum are checked before memory is allocated
for them. An array that is read is a new `numpy.ndarray`, C-contiguous, in native byte order.
"""

import json
import math
import struct
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

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


class FrameError(Exception):
    """A frame that breaks the rules above; the text says which."""


def frame(data: Any, arrays: Sequence[Array] = ()) -> list[bytes | memoryview]:
    """The pieces of a frame, to be sent one after another."""
    described, buffers = [], []
    for array in arrays:
        tidy = canonical(array)
        described.append([tidy.dtype.str, list(tidy.shape)])
        if tidy.size:
            buffers.append(tidy.reshape(-1).view(np.uint8).data)
    text = json.dumps({"data": data, "arrays": described}, ensure_ascii=False, allow_nan=False)
    header = text.encode("utf-8", "replace")  # lone surrogates become question marks
    total = sum(len(buffer) for buffer in buffers)
    return [PREFIX.pack(len(header), total) + header, *buffers]


def packed(data: Any, arrays: Sequence[Array]) -> Array:
    """A frame as an array of bytes: a part of another frame that is made once and sent many times."""
    return np.frombuffer(b"".join(frame(data, arrays)), np.uint8)


def canonical(array: Array) -> Array:
    """The array as the wire carries it: exact ndarray, C-contiguous, little-endian. FrameError if it cannot."""
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
    if math.prod(max(length, 1) for length in shape) > MAX_EXTENT:
        raise FrameError("an array that is too large")
    return math.prod(shape) * itemsize


def read_frame(fill: Fill, max_header: int, max_body: int) -> tuple[Any, list[Array]]:
    """Read one frame: its data and its arrays. FrameError if anything about it is wrong."""
    header_length, body_length = PREFIX.unpack(_take(fill, PREFIX.size))
    if header_length > max_header or body_length > max_body:
        raise FrameError(f"a frame of {header_length} + {body_length} bytes")
    data, described = _parse(_take(fill, header_length))
    plan = [_plan(entry) for entry in described]
    if sum(measure(shape, dtype.itemsize) for dtype, shape in plan) != body_length:
        raise FrameError("arrays that do not fill their buffer")
    return data, [_read_array(fill, dtype, shape) for dtype, shape in plan]


def reading(content: memoryview) -> Fill:
    """Fills from what is there already, as `packed` makes it."""
    position = 0

    def fill(view: memoryview) -> None:
        nonlocal position
        view[:] = content[position : position + len(view)]
        position += len(view)

    return fill


def _take(fill: Fill, length: int) -> bytes:
    buffer = bytearray(length)
    fill(memoryview(buffer))
    return bytes(buffer)


def _parse(header: bytes) -> tuple[Any, list[Any]]:
    try:
        parsed = json.loads(header, parse_constant=_no_constant)
        data, described = parsed["data"], parsed["arrays"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FrameError("a header that is not the JSON it should be") from None
    if type(described) is not list or len(described) > MAX_ARRAYS:
        raise FrameError("a list of arrays that is none, or too long")
    return data, described


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _plan(entry: Any) -> tuple[np.dtype[Any], list[int]]:
    match entry:
        case [str(name), list(shape)] if name in DTYPES and all(map(_is_length, shape)):
            return np.dtype(name), shape
    raise FrameError("an array that is not described as [dtype, shape]")


def _is_length(length: Any) -> bool:
    return type(length) is int and length >= 0


def _read_array(fill: Fill, dtype: np.dtype[Any], shape: list[int]) -> Array:
    array = np.empty(shape, dtype)
    if array.size:
        raw = array.reshape(-1).view(np.uint8)
        fill(raw.data)
        if dtype.kind == "b":  # a byte other than 0 and 1 is no truth value NumPy can reason about
            np.not_equal(raw, 0, out=raw.view(np.bool_))
    return array
