"""Values as JSON: exact on the way there, believed in nothing on the way back."""

import math
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from grader.checks.student import BadValue, CallFailed, MissingName, NotImplementedYet, StudentError
from grader.sandbox.errors import MAX_NAME, MAX_NAMES, describe, rebuild
from grader.sandbox.values import (
    MAX_HANDLES,
    MAX_TEXT,
    ReplyReader,
    pack_argument,
    pack_reply,
    unpack_argument,
)
from grader.sandbox.wire import Array, FrameError


class Thing:
    """Stands for a handle."""


def argument(value: Any) -> Any:
    """A value after the way from a check to a submission."""
    arrays: list[Array] = []
    tree = pack_argument(value, arrays, lambda handle: {Thing: 7}[type(handle)])
    return unpack_argument(tree, arrays, lambda number: {7: "the thing"}[number])


numbers = st.booleans() | st.integers() | st.floats() | st.complex_numbers()
arguments = st.recursive(
    st.none() | st.text() | numbers,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
    max_leaves=8,
)


@given(arguments)
def test_arguments_arrive_with_their_types_and_bits(value: Any) -> None:
    assert repr(argument(value)) == repr(value)


def test_numpy_scalars_stay_scalars() -> None:
    arrived = argument(np.float32(1.5))
    assert type(arrived) is np.float32
    assert arrived == 1.5


def test_a_generator_draws_the_same_numbers_there() -> None:
    rng = np.random.default_rng(3)
    rng.random(5)
    there = argument(rng)
    np.testing.assert_array_equal(there.random(4), rng.random(4))


def test_a_handle_is_its_object_there() -> None:
    assert argument((Thing(), [Thing()])) == ("the thing", ["the thing"])


def reply(tree: Any, *arrays: Array) -> Any:
    reader = ReplyReader(arrays, lambda number: ("handle", number))
    (value,) = reader.read([tree], 1)
    reader.finish()
    return value


plain_values = st.recursive(
    st.none() | st.text() | st.integers(0, 5).map(np.ones),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=8,
).filter(lambda value: depth(value) < 4)


def depth(value: Any) -> int:
    return 1 + max(map(depth, value), default=0) if isinstance(value, tuple) else 0


@given(plain_values)
def test_plain_values_come_back(value: Any) -> None:
    arrays: list[Array] = []
    assert repr(reply(pack_reply(value, arrays, len), *arrays)) == repr(value)


def test_long_text_is_cut() -> None:
    assert len(pack_reply("x" * 10**6, [], len)) == MAX_TEXT


ONE = np.ones(1)
FORGED = {
    "a number": (1, []),
    "a truth value": (True, []),
    "a list": ([], []),
    "an unknown kind": ({"pickle": "gASVCgAAAAAAAAA="}, []),
    "a Python float": ({"float": "0x1p0"}, []),
    "a generator": ({"generator": {"bit_generator": "PCG64"}}, []),
    "two kinds at once": ({"array": 0, "handle": 1}, [ONE]),
    "an array that was not sent": ({"array": 0}, []),
    "an array by truth value": ({"array": False}, [ONE]),
    "an array by fraction": ({"array": 0.0}, [ONE]),
    "a negative array": ({"array": -1}, [ONE]),
    "the same array twice": ({"tuple": [{"array": 0}, {"array": 0}]}, [ONE]),
    "arrays out of order": ({"tuple": [{"array": 1}, {"array": 0}]}, [ONE, ONE]),
    "an array left over": (None, [ONE]),
    "a negative handle": ({"handle": -1}, []),
    "a handle by truth value": ({"handle": True}, []),
    "a handle beyond all numbers": ({"handle": 2**64}, []),
    "a tuple that is an object": ({"tuple": {"0": None}}, []),
    "a tuple that is text": ({"tuple": "abc"}, []),
    "a tuple of 65": ({"tuple": [None] * 65}, []),
    "tuples five deep": ({"tuple": [{"tuple": [{"tuple": [{"tuple": [{"tuple": []}]}]}]}]}, []),
    "text that is too long": ("x" * (MAX_TEXT + 1), []),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORGED)
def test_forged_values_are_refused(kind: str) -> None:
    tree, arrays = FORGED[kind]
    with pytest.raises(FrameError):
        reply(tree, *arrays)


def test_more_objects_than_our_own_side_sends_are_refused() -> None:
    sixty_four = {"tuple": [{"handle": 1}] * 64}
    with pytest.raises(FrameError, match=f"more than {MAX_HANDLES} objects"):
        reply({"tuple": [sixty_four] * 20})


def test_lone_surrogates_do_not_come_in() -> None:
    assert reply("a\ud800b") == "a?b"


ERRORS = [
    NotImplementedYet(),
    MissingName("forward", ["backward", "W"]),
    BadValue("Layer"),
    CallFailed("ValueError", "shapes do not fit", 3, "Relu"),
    CallFailed("ValueError", "", None),
]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_errors_are_rebuilt(error: StudentError) -> None:
    again = rebuild(describe(error))
    assert type(again) is type(error)
    assert vars(again) == vars(error)


def test_texts_of_errors_are_bounded() -> None:
    named = rebuild(describe(MissingName("n" * 9999, ["x" * 9999] * 9999)))
    assert isinstance(named, MissingName)
    assert len(named.name) == MAX_NAME
    assert [len(name) for name in named.existing] == [MAX_NAME] * MAX_NAMES


@pytest.mark.parametrize(
    "described",
    [
        None,
        {"kind": "stopped"},
        {"kind": "missing", "name": 1, "existing": []},
        {"kind": "missing", "name": "x", "existing": ["y"] * (MAX_NAMES + 1)},
        {"kind": "value", "type": "x" * (MAX_NAME + 1)},
        {"kind": "call", "type": "E", "message": "m", "line": "3", "inside": ""},
        {"kind": "call", "type": "E", "message": "m", "line": True, "inside": ""},
        {"kind": "call", "type": "E", "message": "m", "line": 10**400, "inside": ""},
        {"kind": "call", "type": ["E"], "message": "m", "line": None, "inside": ""},
        {"kind": "call", "type": "E", "message": "m", "line": 3, "inside": None},
        {"kind": "call", "type": "E", "message": "m", "line": 3},
    ],
)
def test_forged_errors_are_refused(described: Any) -> None:
    with pytest.raises(FrameError):
        rebuild(described)


def test_not_a_number_and_infinities_are_arguments_too() -> None:
    assert math.isnan(argument(math.nan))
    assert argument(-math.inf) == -math.inf
