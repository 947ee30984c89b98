"""Programs: steps in order, each with what earlier ones gave; the first that fails ends them."""

import numpy as np
import pytest

from grader.checks.student import (
    BadValue,
    CallFailed,
    Handle,
    LocalStudent,
    MissingName,
    NotImplementedYet,
    Program,
)


class Momentum:
    """An optimizer of a submission."""

    def __init__(self, lr=0.1):
        self.lr, self.v = lr, None

    def update(self, params, grads):
        self.v = {k: np.zeros_like(p) for k, p in params.items()} if self.v is None else self.v
        for key in params:
            self.v[key] = 0.5 * self.v[key] - self.lr * grads[key]
            params[key] += self.v[key]

    def pair(self, x):
        return x, (x + 1, "text")

    def itself(self):
        return self

    def unfinished(self):
        raise NotImplementedError

    def wrong(self):
        return 1 / 0


@pytest.fixture
def student():
    names = {"Momentum": Momentum, "double": lambda x: 2 * x, "number": 3, "nothing": lambda: None}
    return LocalStudent(names)


def test_calls_on_one_object_see_what_earlier_ones_left(student):
    program = Program()
    W = program.hold(np.ones(2))
    params = program.hold({"W": W})
    optimizer = program.call("Momentum", lr=1.0)
    reads = []
    for g in (np.array([1.0, 2.0]), np.zeros(2)):
        optimizer.call("update", params, {"W": g})
        reads.append(W.value())
    velocity = optimizer.get("v").item("W").read()
    found = student.run(program)
    assert [found[read].tolist() for read in reads] == [[0.0, -1.0], [-0.5, -2.0]]
    assert found[velocity].tolist() == [-0.5, -1.0]


def test_an_array_is_a_new_one_at_each_use_and_a_held_one_the_same(student):
    x = np.ones(2)
    program = Program()
    held = program.hold(x)
    optimizer = program.call("Momentum")
    optimizer.call("update", {"W": x}, {"W": x})
    before = held.value()
    optimizer.call("update", {"W": held}, {"W": x})
    after = held.value()
    found = student.run(program)
    assert found[before].tolist() == [1, 1]
    assert found[after].tolist() != [1, 1]
    assert x.tolist() == [1, 1]


def test_results_are_operands_whole_and_in_part(student):
    program = Program()
    pair = program.call("Momentum").call("pair", np.ones(2))
    doubled = program.call("double", pair.item(0)).read()
    deep = pair.item(1).item(0).read()
    ones = pair.item(0).ones().read()
    found = student.run(program)
    assert found[doubled].tolist() == [2, 2]
    assert found[deep].tolist() == [2, 2]
    assert found[ones].tolist() == [1, 1]


def test_an_object_is_read_as_a_handle_or_refused(student):
    program = Program()
    optimizer = program.call("Momentum", lr=0.5)
    handle, refused = optimizer.read(), optimizer.value()
    found = student.run(program)
    assert isinstance(found[handle], Handle)
    assert found[handle].get("lr") == 0.5
    with pytest.raises(BadValue, match="Momentum"):
        found[refused]


def test_a_function_that_was_returned_can_be_called(student):
    program = Program()
    read = program.get("double")(np.ones(2)).read()
    assert student.run(program)[read].tolist() == [2, 2]


@pytest.mark.parametrize(
    ("step", "error", "says"),
    [
        (lambda p: p.call("Adam"), MissingName, "Adam"),
        (lambda p: p.call("number"), MissingName, "number"),
        (lambda p: p.call("Momentum").call("lr"), MissingName, "lr"),
        (lambda p: p.call("Momentum").get("h"), MissingName, "h"),
        (lambda p: p.get("number").call("forward"), MissingName, "forward"),
        (lambda p: p.call("nothing").get("real"), MissingName, "real"),
        (lambda p: p.call("Momentum").call("unfinished"), NotImplementedYet, "^$"),
        (lambda p: p.call("Momentum").call("wrong"), CallFailed, "ZeroDivisionError"),
        (lambda p: p.call("nothing").item(0), CallFailed, "TypeError"),
        (lambda p: p.call("Momentum").value(), BadValue, "Momentum"),
    ],
)
def test_the_first_step_that_fails_ends_the_program(student, step, error, says):
    program = Program()
    before = program.call("double", np.ones(1)).read()
    step(program)
    after = program.call("double", np.ones(1)).read()
    found = student.run(program)
    assert found[before].tolist() == [2]
    assert type(found.error) is error
    with pytest.raises(error, match=says):
        found[after]


def test_what_was_not_read_is_nothing_to_ask_for(student):
    program = Program()
    called = program.call("double", np.ones(1))
    with pytest.raises(KeyError):
        student.run(program)[called]


@pytest.mark.parametrize("operand", [lambda r: r, lambda r: [(1, r)], lambda r: {"W": r}])
def test_a_result_of_another_program_is_refused(operand):
    other = Program().get("x")
    with pytest.raises(ValueError, match="A step uses results of its own program"):
        Program().call("double", operand(other))
