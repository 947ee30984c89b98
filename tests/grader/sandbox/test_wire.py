"""Frames: what goes in comes out, bit for bit, and nothing forged comes in."""

import io
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as npst

from grader.sandbox.wire import DTYPES, PREFIX, Array, FrameError, frame, read_frame

LIMIT = 1 << 20


def filler(data: bytes) -> Callable[[memoryview], None]:
    """Fill views from bytes; running out of them is a FrameError, as if the sender had hung up."""
    source = io.BytesIO(data)

    def fill(view: memoryview) -> None:
        if source.readinto(view) != len(view):
            raise FrameError("no more bytes")

    return fill


def through(data: Any, arrays: list[Array]) -> tuple[Any, list[Array]]:
    sent = b"".join(bytes(piece) for piece in frame(data, arrays))
    return read_frame(filler(sent), LIMIT, LIMIT)


def forged(header: Any, body: bytes = b"", *, body_length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    length = len(body) if body_length is None else body_length
    return PREFIX.pack(len(text), length) + text + body


arrays_of_the_wire = npst.arrays(
    dtype=st.sampled_from(sorted(DTYPES)), shape=npst.array_shapes(min_dims=0, min_side=0)
)


@given(arrays_of_the_wire)
def test_arrays_arrive_bit_for_bit(array: Array) -> None:
    """Every dtype, also without dimensions or entries, NaNs with their payload."""
    _, (arrived,) = through(None, [array])
    assert type(arrived) is np.ndarray
    assert arrived.dtype == array.dtype
    assert arrived.shape == array.shape
    assert arrived.tobytes() == array.tobytes()
    assert arrived.flags.writeable
    assert type(arrived.base) is bytearray  # that of the frame, which nobody else has


@given(st.integers(0, 2**64 - 1))
def test_the_payload_of_a_nan_survives(bits: int) -> None:
    array = np.array([bits], dtype=np.uint64).view(np.float64)
    _, (arrived,) = through(None, [array])
    assert arrived.view(np.uint64)[0] == bits


LAYOUTS = {
    "transposed": lambda a: a.T,
    "every second": lambda a: a[::2, ::-1],
    "Fortran order": np.asfortranarray,
    "broadcast": lambda a: np.broadcast_to(a, (5, *a.shape)),
    "big-endian": lambda a: a.astype(">f8"),
    "read-only": lambda a: np.frombuffer(a.tobytes()),
    "subclass": lambda a: np.ma.masked_array(a),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_layout_arrives_as_a_plain_array(layout: str) -> None:
    array = LAYOUTS[layout](np.arange(12.0).reshape(3, 4))
    _, (arrived,) = through(None, [array])
    assert type(arrived) is np.ndarray
    assert arrived.flags.c_contiguous
    assert arrived.dtype == np.float64
    np.testing.assert_array_equal(arrived, np.asarray(array))


@pytest.mark.parametrize("dtype", ["O", "U3", "S3", "M8[s]", "V8", "longdouble", "f8,i4"])
def test_other_dtypes_are_refused(dtype: str) -> None:
    with pytest.raises(FrameError, match="dtype"):
        frame(None, [np.zeros(2, dtype)])


def test_lone_surrogates_are_replaced() -> None:
    assert through({"text": "\ud800"}, [])[0] == {"text": "?"}


def test_a_forged_boolean_is_true_or_false() -> None:
    data = forged({"data": None, "arrays": [["|b1", [3]]]}, b"\x00\x02\xff")
    _, (array,) = read_frame(filler(data), LIMIT, LIMIT)
    assert array.view(np.uint8).tolist() == [0, 1, 1]


def described(*arrays: Any) -> dict[str, Any]:
    return {"data": None, "arrays": list(arrays)}


FORGED = {
    "header longer than allowed": PREFIX.pack(LIMIT + 1, 0),
    "buffers longer than allowed": PREFIX.pack(2, 2**63) + b"{}",
    "not JSON": forged(b"\x80\x04]q\x00."),
    "not UTF-8": forged(b"\xff\xfe\xfd"),
    "not an object": forged([1, 2]),
    "no arrays": forged({"data": 1}),
    "NaN in the header": forged(b'{"data": NaN, "arrays": []}'),
    "an integer of 5000 digits": forged(b'{"data": ' + b"9" * 5000 + b', "arrays": []}'),
    "nested 100,000 deep": forged(b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b', "arrays": []}'),
    "arrays that are no list": forged({"data": None, "arrays": {"0": 1}}),
    "too many arrays": forged(described(*[["<f8", [0]]] * 5000)),
    "an array that is no pair": forged(described(["<f8"])),
    "a dtype of objects": forged(described(["|O", [1]]), bytes(8)),
    "a dtype that is a list": forged(described([["<f8"], [1]]), bytes(8)),
    "a structured dtype": forged(described(["<f8,<f8", [1]]), bytes(16)),
    "a negative length": forged(described(["<f8", [-1, -1]]), bytes(8)),
    "a fractional length": forged(described(["<f8", [1.0]]), bytes(8)),
    "a boolean length": forged(described(["<f8", [True]]), bytes(8)),
    "a shape that is no list": forged(described(["<f8", 1]), bytes(8)),
    "33 dimensions": forged(described(["<f8", [1] * 33]), bytes(8)),
    "7 TiB": forged(described(["<f8", [10**12]]), bytes(8)),
    "a product that overflows": forged(described(["<f8", [2**32, 2**32]]), b""),
    "an empty array with a giant axis": forged(described(["<f8", [0, 2**62]])),
    "fewer bytes than the shape": forged(described(["<f8", [2]]), bytes(8)),
    "more bytes than the shape": forged(described(["<f8", [1]]), bytes(16)),
    "bytes without an array": forged(described(), bytes(8)),
    "less than it announces": forged(described(["<f8", [8]]), bytes(8), body_length=64),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORGED)
def test_forged_frames_are_refused_without_allocating_for_them(kind: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(FrameError):
            read_frame(filler(FORGED[kind]), LIMIT, LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 20 * LIMIT
    finally:
        tracemalloc.stop()


def may_fail(data: bytes) -> None:
    """Read a frame; only a FrameError may come of it."""
    try:
        read_frame(filler(data), LIMIT, LIMIT)
    except FrameError:
        return


@given(st.binary(max_size=200))
def test_random_bytes_do_nothing_but_fail(data: bytes) -> None:
    may_fail(data)
    may_fail(PREFIX.pack(max(len(data) - 8, 0), min(len(data), 8)) + data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(json_values, st.lists(json_values, max_size=3), st.binary(max_size=64))
def test_random_headers_do_nothing_but_fail(data: Any, arrays: list[Any], body: bytes) -> None:
    may_fail(forged({"data": data, "arrays": arrays}, body))


@given(arrays_of_the_wire, st.integers(0, 10_000), st.integers(0, 255))
def test_a_frame_with_one_byte_changed_does_nothing_but_fail(
    array: Array, place: int, byte: int
) -> None:
    sent = bytearray(b"".join(bytes(piece) for piece in frame({"value": {"array": 0}}, [array])))
    sent[place % len(sent)] = byte
    may_fail(bytes(sent))
