"""What a check gets to see of a submission is plain, whatever the submission returns or raises."""

import threading
from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from grader.checks.student import (
    MAX_TUPLE,
    BadValue,
    CallFailed,
    LocalHandle,
    LocalStudent,
    MissingName,
    NotImplementedYet,
    Program,
    Stopped,
    flatten,
    plain,
)


class Sub(np.ndarray):
    """A subclass that lies about everything it can."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("nobody asks")

    def __eq__(self, other):
        return True

    def __array_ufunc__(self, *args, **kwargs):
        return 0


class Lying(tuple):
    def __len__(self):
        return 1

    def __iter__(self):
        raise RuntimeError("nobody asks")


class Disguised:
    """An object that raises when it is asked for its class."""

    @property
    def __class__(self):
        raise RuntimeError("nobody asks")


Pair = namedtuple("Pair", "h c")


def wrapped(value):
    return ("wrapped", type(value))


# --- plain


@pytest.mark.parametrize("value", [None, "text", ""])
def test_none_and_text_stay(value):
    assert plain(value, wrapped) is value


@pytest.mark.parametrize("value", [True, 3, 0.5, 1j, np.float32(2), np.int8(1), np.bool_(True)])
def test_numbers_become_arrays_of_no_dimension(value):
    made = plain(value, wrapped)
    assert type(made) is np.ndarray
    assert made.shape == ()
    assert made == value
    assert made.dtype == np.asarray(value).dtype


@given(
    arrays(
        st.sampled_from(["?", "i1", "u8", "f2", "f4", "f8", "c8", "c16"]), array_shapes(min_side=0)
    )
)
def test_an_array_is_copied_bit_by_bit(array):
    made = plain(array, wrapped)
    assert type(made) is np.ndarray
    assert (made.dtype, made.shape) == (array.dtype, array.shape)
    assert made.tobytes() == array.tobytes()
    assert not np.shares_memory(made, array)


def test_a_subclass_of_ndarray_becomes_an_array():
    made = plain(np.arange(6.0).reshape(2, 3).view(Sub), wrapped)
    assert type(made) is np.ndarray
    assert made.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_masked_array_becomes_an_array():
    made = plain(np.ma.array([1.0, 2.0], mask=[0, 1]), wrapped)
    assert type(made) is np.ndarray
    assert made.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (np.array([None, 1]), "ndarray[object]"),
        (np.array(["a"]), "ndarray[<U1]"),
        (np.array([b"a"]), "ndarray[|S1]"),
        (np.array(["2027-04-30"], "datetime64[D]"), "ndarray[datetime64[D]]"),
        (np.zeros(2, [("a", float)]), "ndarray[[('a', '<f8')]]"),
        (10**400, "int[object]"),
        (np.broadcast_to(1.0, (1 << 50,)), "ndarray[MemoryError]"),
    ],
)
def test_what_is_no_number_is_refused_by_its_type(value, name):
    with pytest.raises(BadValue) as caught:
        plain(value, wrapped)
    assert caught.value.type_name == name


def test_lists_and_tuples_become_tuples():
    made = plain([1, (2.0, None), Pair(np.zeros(2), "c")], wrapped)
    assert made[0] == 1
    assert made[1] == (2.0, None)
    assert made[2][0].tolist() == [0, 0]
    assert made[2][1] == "c"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ((0,) * (MAX_TUPLE + 1), f"tuple[{MAX_TUPLE + 1}]"),
        ([0] * 10_000_000, "list[10000000]"),
        ([[[[1.0]]]], "list[1]"),
        (Lying((0,) * 1000), "Lying[1000]"),
    ],
)
def test_too_long_or_too_deep_is_refused(value, name):
    with pytest.raises(BadValue) as caught:
        plain(value, wrapped)
    assert caught.value.type_name == name


def test_a_list_that_contains_itself_is_refused():
    value = []
    value.append(value)
    with pytest.raises(BadValue):
        plain(value, wrapped)


def test_a_tuple_cannot_lie_about_what_is_in_it():
    assert plain(Lying((1, 2)), wrapped) == (1, 2)


@pytest.mark.parametrize(
    "value",
    [object(), {}, {1}, range(3), (n for n in ()), bytes(3), lambda: 0, threading.Lock()],
    ids=lambda v: type(v).__name__,
)
def test_any_other_object_stays_where_it_is(value):
    assert plain(value, wrapped) == ("wrapped", type(value))


def test_an_object_that_raises_when_asked_for_its_class_stays_where_it_is():
    assert plain(Disguised(), wrapped) == ("wrapped", Disguised)


# --- flatten


def test_flatten_joins_all_numbers():
    assert flatten((np.ones((2, 2)), (np.zeros(()), np.arange(2)))).tolist() == [
        1,
        1,
        1,
        1,
        0,
        0,
        1,
    ]


@pytest.mark.parametrize("value", [None, "text", (), (np.ones(2), None)])
def test_flatten_refuses_what_holds_no_numbers(value):
    with pytest.raises(BadValue):
        flatten(value)


# --- names, calls, handles


class Counter:
    """A layer of a submission, with a few ways to go wrong."""

    total = 0

    def add(self, x, twice=False):
        self.total = self.total + x
        x += 100  # must not reach the judge's array
        return self.total * (2 if twice else 1)

    def me(self):
        return self

    @property
    def broken(self):
        raise ValueError("no\nluck")

    @property
    def leaves(self):
        raise SystemExit


@pytest.fixture
def student():
    return LocalStudent({"Counter": Counter, "number": 3, "_private": 1})


def test_get_makes_plain(student):
    assert student.get("number") == 3
    assert isinstance(student.get("Counter"), LocalHandle)


def test_a_missing_name_lists_the_public_ones(student):
    with pytest.raises(MissingName) as caught:
        student.get("Affine")
    assert caught.value.name == "Affine"
    assert caught.value.existing == ("Counter", "number")


def test_a_missing_attribute_lists_the_public_ones(student):
    counter = student.get("Counter")()
    counter.set("dW", np.ones(2))
    with pytest.raises(MissingName) as caught:
        counter.get("dw")
    assert caught.value.name == "dw"
    assert set(caught.value.existing) == {"add", "broken", "dW", "leaves", "me", "total"}


def test_arguments_are_copies_and_so_are_results(student):
    counter = student.get("Counter")()
    x = np.ones(2)
    counter.get("add")(x)
    assert x.tolist() == [1, 1]
    counter.get("total")[:] = 7
    assert counter.get("total").tolist() == [1, 1]


def test_keywords_and_handles_are_arguments_too(student):
    counter = student.get("Counter")()
    assert counter.get("add")(np.ones(1), twice=True).tolist() == [2]
    counter.set("total", counter.get("me")().get("total"))
    assert counter.get("total").tolist() == [1]


def test_a_held_array_is_the_same_one_each_time(student):
    x = np.ones(2)
    held = student.hold(x)
    student.get("Counter")().get("add")(held)
    assert held.value().tolist() == [101, 101]
    assert x.tolist() == [1, 1]


def test_the_value_of_an_object_is_refused(student):
    with pytest.raises(BadValue, match="Counter"):
        student.get("Counter")().value()


def test_a_sweep_moves_one_entry_at_a_time():
    student = LocalStudent({"square": lambda x, y: (x * x, y)})
    x, y = np.array([[1.0, 2.0]]), np.array([5.0])
    program = Program()
    held = program.hold(x)
    program.call("square", held, y).read()
    rows = student.sweep(program, held, np.array([1, 0]), 0.5)
    assert rows.tolist() == [[1, 6.25, 5], [2.25, 4, 5]]
    assert x.tolist() == [[1, 2]]


def test_a_sweep_of_float32_or_integers_steps_in_double_precision():
    student = LocalStudent({"same": lambda x: x})
    for dtype in (np.float32, np.int64):
        program = Program()
        held = program.hold(np.ones(1, dtype))
        program.call("same", held).read()
        rows = student.sweep(program, held, np.array([0]), 1e-12)
        assert rows.dtype == np.float64
        assert rows[0, 0] == 1 + 1e-12


# --- what the submission's code raises


def raising(error):
    def run():
        raise error

    return LocalStudent({"run": run}).get("run")


def test_not_implemented_is_told_apart():
    with pytest.raises(NotImplementedYet):
        raising(NotImplementedError())()


@pytest.mark.parametrize(
    "error", [ValueError("x"), SystemExit(3), KeyError("k"), RecursionError("deep")]
)
def test_errors_are_named(error):
    with pytest.raises(CallFailed) as caught:
        raising(error)()
    assert caught.value.type_name == type(error).__name__
    assert caught.value.message == str(error)


def test_an_interrupt_is_the_users_and_passes_through():
    with pytest.raises(KeyboardInterrupt):
        raising(KeyboardInterrupt())()


def test_stopped_passes_through():
    with pytest.raises(Stopped):
        raising(Stopped("time"))()


@pytest.mark.parametrize("inner", [ValueError, SystemExit])
def test_an_error_whose_text_raises_is_named_without_it(inner):
    class Mute(Exception):
        def __str__(self):
            raise inner

    with pytest.raises(CallFailed) as caught:
        raising(Mute())()
    assert caught.value.type_name == "Mute"
    assert caught.value.message == "(no message: its text could not be read)"


def test_a_long_text_is_cut():
    with pytest.raises(CallFailed) as caught:
        raising(ValueError("x" * 10_000))()
    assert len(caught.value.message) == 500


@pytest.mark.parametrize("name", ["broken", "leaves"])
def test_a_property_that_raises_is_named(student, name):
    with pytest.raises(CallFailed, match=r"ValueError|SystemExit"):
        student.get("Counter")().get(name)


@pytest.mark.parametrize(
    "filename",
    ["<ipython-input-3-0123abcd>", "/tmp/ipykernel_17/123456.py", "<exec>"],
    ids=["IPython", "ipykernel", "Pyodide"],
)
def test_the_line_is_that_of_the_cell_and_not_of_a_library(filename):
    cell = (
        "from collections import namedtuple\n"
        "P = namedtuple('P', 'a')\n"
        "def run():\n"
        "    import numpy as np\n"
        "    P()\n"  # fails in the text "<string>" of another module
    )
    names = {}
    exec(compile(cell, filename, "exec"), names)
    with pytest.raises(CallFailed) as caught:
        LocalStudent(names).get("run")()
    assert caught.value.line == 5

    names = {}
    library = compile("def inner():\n\n\n\n\n\n\n    raise ValueError('inner')", "<string>", "exec")
    exec(library, names)
    exec(compile("def run():\n    inner()", filename, "exec"), names)
    with pytest.raises(CallFailed) as caught:
        LocalStudent(names).get("run")()
    assert caught.value.line == 2


def test_no_line_where_no_cell_took_part():
    with pytest.raises(CallFailed) as caught:
        raising(ValueError("x"))()
    assert caught.value.line is None
