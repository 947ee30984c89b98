"""The remote student does what the local one does, and keeps nothing that nobody holds."""

import gc
from typing import Any

import numpy as np
import pytest

from grader.checks.student import (
    BadValue,
    CallFailed,
    LocalStudent,
    MissingName,
    NotImplementedYet,
    Program,
    Ref,
    Stopped,
)
from grader.sandbox import Limits, RemoteHandle, Session, Zygote

SOURCE = """\
import numpy as np

class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T

class Subclass(np.ndarray):
    pass

def stub(): raise NotImplementedError
def fails(): return 1 / 0
def leaves(): raise SystemExit(3)
def interrupts(): raise KeyboardInterrupt
def echo(*args, **kwargs): return (*args, *kwargs.values())
def kinds(*args): return tuple(type(arg).__name__ for arg in args)
def subclass(): return np.ones(2).view(Subclass)
def objects(): return np.array([None, "x"])
def double(x): x *= 2; return x
def pair(x): return x, (x + 1, "text", None)
def precise(): return np.ones(2, np.longdouble)
def big(): return np.ones(2_000_000)
number = 3
text = "text"
nothing = None
"""


@pytest.fixture
def local() -> LocalStudent:
    names: dict[str, Any] = {}
    exec(SOURCE, names)  # the oracle of these tests: our own text
    return LocalStudent(names)


@pytest.fixture
def remote(session: Session) -> Any:
    assert session.run_cell(SOURCE).ok
    return session.student


def affine(student: Any, rng: np.random.Generator) -> list[Any]:
    """Everything a gradient check does with a layer."""
    W, b, x, dout = (rng.normal(size=shape) for shape in [(3, 2), (2,), (4, 3), (4, 2)])
    layer = student.get("Affine")(W, b)
    out = layer.get("forward")(x)
    dx = layer.get("backward")(dout)
    program = Program()
    held = program.hold(W)
    read = program.call("Affine", held, b).call("forward", x).read()
    swept = student.sweep(program, held, np.arange(6), 1e-20j)
    layer.set("W", W * 2)
    doubled = layer.get("forward")(x)
    called = student.run(program)[read]
    return [out, dx, layer.get("dW"), layer.get("db"), swept, doubled, called]


def test_a_layer_gives_the_same_bits_as_in_this_process(local: Any, remote: Any) -> None:
    here, there = (affine(student, np.random.default_rng(0)) for student in (local, remote))
    for mine, other in zip(here, there, strict=True):
        assert type(other) is np.ndarray
        assert mine.dtype == other.dtype
        np.testing.assert_array_equal(mine, other)


def trip(student: Any) -> list[Any]:
    """All kinds of steps in one program; then how it ended."""
    program = Program()
    x = program.hold(np.ones((2, 3)))
    layer = program.call("Affine", np.ones((3, 2)), b=np.zeros(2))
    out = layer.call("forward", x)
    layer.call("backward", out.ones())
    layer.set("b", [1, 2])
    items = program.hold({"x": x, "all": (x, "text")})
    f = program.function("c * x", np.array([2.0]))
    reads = [
        out.read(),
        layer.get("dW").value(),
        layer.get("b").read(),
        items.item("all").item(0).value(),
        f(np.array([5.0])).read(),
        program.call("echo", {"a": 1}, last=out).item(1).read(),
        program.get("nothing").read(),
    ]
    reads.append(program.call("fails").read())
    reads.append(x.read())
    found = student.run(program)
    return [*(found[read] for read in reads[:-2]), found.error.type_name]


def test_a_program_gives_the_same_bits_as_in_this_process(local: Any, remote: Any) -> None:
    for mine, other in zip(trip(local), trip(remote), strict=True):
        assert type(mine) is type(other)
        np.testing.assert_array_equal(mine, other)


def test_an_array_that_is_handed_over_often_travels_once(remote: Any, session: Session) -> None:
    x, program = np.ones(1 << 20), Program()
    reads = [program.call("double", x).item(0).read() for _ in range(20)]
    arrays: list[Any] = []
    remote._packed(program, arrays)
    assert len(arrays) == 1
    assert [remote.run(program)[read] for read in reads] == [2] * 20


def described(student: Any, name: str, *args: Any) -> tuple[str, Any]:
    """What a call gives: a value, or an error with all it carries."""
    try:
        return "value", repr(student.get(name)(*args))
    except Exception as error:
        return type(error).__name__, vars(error) | {"line": None, "inside": ""}


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("stub", ()),
        ("fails", ()),
        ("leaves", ()),
        ("objects", ()),
        ("subclass", ()),
        ("missing", ()),
        ("pair", (np.ones(2),)),
        ("echo", (1, 2.5, "x", None, (np.ones(2), 3j))),
        ("kinds", (True, 1, 2.5, 3j, "x", None, (1,), [1], np.float32(1), np.ones(1))),
    ],
)
def test_values_and_errors_are_those_of_the_local_student(
    local: Any, remote: Any, name: str, args: tuple[Any, ...]
) -> None:
    kind, said = described(remote, name, *args)
    local_kind, local_said = described(local, name, *args)
    assert kind == local_kind
    if name == "missing":  # exec leaves __builtins__, a notebook does not show it
        assert set(local_said.pop("existing")) == set(said.pop("existing"))
    assert said == local_said


def test_plain_names_are_values(remote: Any) -> None:
    assert remote.get("number") == 3
    assert type(remote.get("number")) is np.ndarray
    assert remote.get("text") == "text"
    assert remote.get("nothing") is None


def test_keyword_arguments(remote: Any) -> None:
    assert remote.get("echo")(1, last=2) == (1, 2)


def test_a_generator_can_be_handed_over(remote: Any, session: Session) -> None:
    session.run_cell("def draw(rng, n): return rng.random(int(n))")
    drawn = remote.get("draw")(np.random.default_rng(5), 3)
    np.testing.assert_array_equal(drawn, np.random.default_rng(5).random(3))


def test_arguments_are_copies_and_held_arrays_are_not(remote: Any) -> None:
    array = np.ones(2)
    remote.get("double")(array)
    assert array.tolist() == [1, 1]
    held = remote.hold(array)
    assert remote.get("double")(held).tolist() == [2, 2]
    assert held.value().tolist() == [2, 2]
    assert array.tolist() == [1, 1]


def test_the_value_of_an_object_is_no_value(remote: Any) -> None:
    with pytest.raises(BadValue, match="type"):
        remote.get("Affine").value()


def test_the_line_of_an_error_is_that_of_the_cell(remote: Any) -> None:
    with pytest.raises(CallFailed) as failed:
        remote.get("fails")()
    assert failed.value.line == SOURCE[: SOURCE.index("1 / 0")].count("\n") + 1
    assert failed.value.inside == "fails"


def test_an_interrupt_raised_by_a_submission_is_an_error_of_its_call(remote: Any) -> None:
    with pytest.raises(CallFailed, match="KeyboardInterrupt"):
        remote.get("interrupts")()
    assert remote.get("number") == 3


def test_a_stub_is_told_from_a_failure(remote: Any) -> None:
    with pytest.raises(NotImplementedYet):
        remote.get("stub")()


def test_dtypes_that_the_wire_does_not_carry_are_bad_values(remote: Any) -> None:
    with pytest.raises(BadValue, match="dtype float128"):
        remote.get("precise")()


def test_a_reply_beyond_the_limit_is_a_bad_value(zygote: Zygote) -> None:
    with zygote.session(Limits(reply=1 << 20)) as session:
        session.run_cell(SOURCE)
        with pytest.raises(BadValue, match="more than 1048576 bytes"):
            session.student.get("big")()
        assert session.student.get("number") == 3


def test_what_is_too_large_takes_no_room_from_other_programs(zygote: Zygote) -> None:
    def calling(name: str, *args: Any) -> Ref:
        return Program().call(name, *args).read()

    with zygote.session(Limits(reply=1 << 20)) as session:
        session.run_cell(SOURCE)
        small, large, last = calling("double", 1.0), calling("big"), calling("double", 2.0)
        found = session.student.run_all([ref.program for ref in (small, large, last)])
        assert (found[0][small], found[2][last]) == (2.0, 4.0)
        with pytest.raises(BadValue, match="arrays of more than"):
            found[1][large]


def test_missing_attributes_name_those_that_exist(remote: Any) -> None:
    with pytest.raises(MissingName) as missing:
        remote.get("Affine")(1, 2).get("forwrad")
    assert missing.value.existing == ("W", "b", "backward", "forward")


def test_names_of_the_shell_are_not_names_of_the_student(session: Session) -> None:
    session.run_cell("mine = 1")
    with pytest.raises(MissingName) as missing:
        session.student.get("yours")
    assert missing.value.existing == ("mine",)


KEPT = """
import gc
len([o for o in gc.get_objects() if type(o).__name__ == "Server"][0]._objects)
"""


def kept(session: Session) -> int:
    gc.collect()
    return int(session.run_cell(KEPT).outputs[0]["data"]["text/plain"])


def test_objects_are_dropped_there_when_their_handles_are_gone_here(
    remote: Any, session: Session
) -> None:
    layer = remote.get("Affine")(np.ones((3, 2)), np.ones(2))
    for _ in range(50):
        layer.get("forward")(np.ones((1, 3)))
        remote.hold(np.ones(3))
        remote.get("echo")(layer)
    assert kept(session) == 1
    del layer
    assert kept(session) == 0


def test_a_handle_of_another_submission_is_refused(zygote: Zygote, remote: Any) -> None:
    with zygote.session() as other:
        other.run_cell("def f(): pass")
        foreign = other.student.get("f")
        assert isinstance(foreign, RemoteHandle)
        with pytest.raises(TypeError, match="A handle goes to the submission that it came from"):
            remote.get("echo")(foreign)


def test_what_cannot_be_handed_over_is_an_error_of_the_check(remote: Any) -> None:
    with pytest.raises(TypeError, match=r"A check hands over arrays, numbers, text.*; got set"):
        remote.get("echo")({1})


def test_batches_are_tried_one_after_another_until_one_stops_the_submission(zygote: Zygote) -> None:
    with zygote.session(Limits(check=0.5)) as session:
        session.run_cell("def one(): return 1\ndef endless():\n    while True: pass")
        reads = [Program().call(name).read() for name in ("one", "endless", "one")]
        found = session.student.run_each(
            [[reads[0].program], [], *([r.program] for r in reads[1:])]
        )
        assert next(found)[0][reads[0]] == 1
        assert next(found) == []
        with pytest.raises(Stopped, match="time"):
            next(found)
