"""The checks of a layer, run on submissions that are right, wrong, unfinished or odd."""

import numpy as np
import pytest

from dlkit.layers import Affine, Multiply, ReLU, SoftmaxWithLoss
from grader.checks import (
    Blocked,
    Case,
    Crashed,
    Draw,
    Failed,
    LocalStudent,
    Passed,
    Stopped,
    by_name,
    judge,
    seed,
    solve,
)

DRAW = Draw(seed(b"layer"))
CASES = {
    Affine: (Case({"W": DRAW(4, 3), "b": DRAW(3)}, {"x": DRAW(5, 4)}), ("x", "W", "b")),
    Multiply: (Case({}, {"x": DRAW(2, 3), "y": DRAW(2, 3)}), ("x", "y")),
    ReLU: (Case({}, {"x": DRAW.nonzero(2, 3)}), ("x",)),
    SoftmaxWithLoss: (Case({}, {"x": DRAW(4, 3), "t": DRAW.labels(4, 3)}), ("x",)),
}
SOLVED = {cls: solve(cls.__name__, cls, case, DRAW, wrt) for cls, (case, wrt) in CASES.items()}


def verdict(check, student_class, like=Affine, name=None):
    name = name or like.__name__
    return judge(by_name(check), LocalStudent({like.__name__: student_class}), name, [SOLVED[like]])


def why(check, student_class, like=Affine, name=None):
    """The diagnosis of a failure, in English."""
    found = verdict(check, student_class, like, name)
    assert isinstance(found, Failed), found
    return found.diagnosis.render()


def checks_of(cls):
    return [
        "forward",
        *(label for label in SOLVED[cls].expected if label != "out"),
        "repeat",
        "unchanged",
    ]


# --- right


@pytest.mark.parametrize("cls", CASES, ids=lambda c: c.__name__)
def test_dlkits_own_layers_pass_every_check(cls):
    assert [verdict(check, cls, cls) for check in checks_of(cls)] == [Passed()] * len(
        checks_of(cls)
    )


def test_a_list_of_gradients_is_as_good_as_a_tuple():
    class Student(Multiply):
        def backward(self, dout):
            return [dout * self.y, dout * self.x]

    assert {type(verdict(check, Student, Multiply)) for check in checks_of(Multiply)} == {Passed}


def test_a_subclass_of_ndarray_is_judged_by_its_values():
    class Always(np.ndarray):
        def __eq__(self, other):
            return True

    class Student(Affine):
        def forward(self, x):
            return super().forward(x).view(Always)

        def backward(self, dout):
            return (0 * super().backward(dout)).view(Always)

    assert verdict("forward", Student) == Passed()
    assert why("dx", Student) == "`dx` is 0 everywhere."


def test_a_layer_made_by_a_function_is_as_good_as_a_class():
    assert verdict("dW", lambda W, b: Affine(W, b)) == Passed()


# --- the interface


def test_a_missing_class():
    text = "There is no `Affine` in the notebook, but there is `MyAffine`. Is that the same, spelt differently?"
    found = judge(by_name("dx"), LocalStudent({"MyAffine": Affine}), "Affine", [SOLVED[Affine]])
    assert found.diagnosis.render() == text


@pytest.mark.parametrize("value", [np.ones(3), "Affine", None, (Affine,)], ids=str)
@pytest.mark.parametrize("check", ["forward", "dx", "repeat", "unchanged"])
def test_a_name_that_is_no_class(check, value):
    assert why(check, value) == (
        "There is no `Affine` in the notebook. Was it renamed, or did its cell fail?"
    )


@pytest.mark.parametrize("missing", ["forward", "backward"])
@pytest.mark.parametrize("check", ["dx", "dW", "repeat", "unchanged"])
def test_a_missing_method(check, missing):
    keep = {"forward", "backward"} - {missing}
    methods = {name: getattr(Affine, name) for name in ("__init__", *keep)}
    assert why(check, type("Affine", (), methods)) == (
        f"Your `Affine` has no attribute or method `{missing}`. Is `self.` missing, or is the name spelt "
        "differently?"
    )


@pytest.mark.parametrize("check", ["dx", "repeat", "unchanged"])
def test_an_array_in_the_place_of_a_method(check):
    class Student(Affine):
        def __init__(self, W, b):
            super().__init__(W, b)
            self.backward = W

    assert why(check, Student).startswith("Your `Affine` has no attribute or method `backward`.")


@pytest.mark.parametrize("made", [None, np.ones(2), (1, 2), "layer"], ids=str)
@pytest.mark.parametrize("check", ["forward", "dx", "repeat", "unchanged"])
def test_a_constructor_that_gives_no_layer(check, made):
    assert why(check, lambda W, b: made).startswith(
        "Your `Affine` has no attribute or method `forward`."
    )


def test_a_gradient_kept_in_a_local_variable():
    class Student(Affine):
        def backward(self, dout):
            dW = self.x.T @ dout  # noqa: F841
            return dout @ self.W.T

    assert why("dW", Student) == (
        "`dW` is not there after `backward`. A gradient of a parameter has to be stored in the layer, as "
        "`self.dW = …`; a local variable is gone when `backward` returns."
    )
    assert isinstance(verdict("repeat", Student), Blocked)
    assert isinstance(verdict("unchanged", Student), Blocked)


@pytest.mark.parametrize(
    ("returned", "text"),
    [
        (lambda dx, dy: None, "`backward` returned None. Is a `return` missing?"),
        (lambda dx, dy: dx, "gradients, with respect to x, y in this order; it returned 1."),
        (
            lambda dx, dy: (dx, dy, dx),
            "gradients, with respect to x, y in this order; it returned 3.",
        ),
        (
            lambda dx, dy: np.stack([dx, dy]),
            "gradients, with respect to x, y in this order; it returned 1.",
        ),
        (
            lambda dx, dy: {"dx": dx},
            "gradients, with respect to x, y in this order; it returned 1.",
        ),
    ],
    ids=["None", "one", "three", "stacked", "dict"],
)
def test_the_wrong_number_of_gradients(returned, text):
    class Student(Multiply):
        def backward(self, dout):
            return returned(*super().backward(dout))

    for check in ("dx", "dy"):
        assert why(check, Student, Multiply).endswith(text)
    assert verdict("forward", Student, Multiply) == Passed()
    assert isinstance(verdict("repeat", Student, Multiply), Blocked)
    assert isinstance(verdict("unchanged", Student, Multiply), Blocked)


def test_a_tuple_of_all_gradients_where_one_is_asked_for():
    class Student(Affine):
        def backward(self, dout):
            return super().backward(dout), self.dW, self.db

    assert why("dx", Student) == (
        "`dx` is a tuple of 3 values, and value 1 of it is the right one: return that one alone."
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "`forward` is None. Is a `return` missing?"),
        ("text", "`forward` is not an array of numbers."),
        ({}, "`forward` is not an array of numbers."),
        ((n for n in ()), "`forward` is not an array of numbers."),
        (
            [1.0, 2.0],
            "`forward` is a list or tuple of length 2; one array of shape (5, 3) is expected.",
        ),
        ([0.0] * 100, "An array of numbers is expected; your code gave list[100]."),
        (np.array([None]), "An array of numbers is expected; your code gave ndarray[object]."),
    ],
    ids=["None", "text", "dict", "generator", "list", "long list", "objects"],
)
def test_a_forward_pass_that_gives_no_array(value, text):
    class Student(Affine):
        def forward(self, x):
            return value

    assert why("forward", Student) == text
    for check in ("repeat", "unchanged"):
        assert isinstance(verdict(check, Student), (Blocked, Failed))


# --- errors


def broken(error):
    class Student(Affine):
        def backward(self, dout):
            raise error

    return Student


def test_a_stub():
    assert why("dx", broken(NotImplementedError())) == "This part is not implemented yet."
    assert verdict("forward", broken(NotImplementedError())) == Passed()


def test_an_error_is_told_with_its_line():
    names = {"Affine": Affine}
    cell = "class Affine(Affine):\n    def backward(self, dout):\n        return delf\n"
    exec(compile(cell, "<ipython-input-1-abc>", "exec"), names)
    assert why("dx", names["Affine"]) == (
        "`delf` is not defined (line 3 of its cell). Is `self` meant?"
    )


@pytest.mark.parametrize(
    ("helper", "where"),
    [
        ("def helper(dout):\n\n    return delf", " (line 3 of the cell of `helper`)"),
        ("class Relu:\n    def __init__(self, x):\n        [delf for _ in x]\nhelper = Relu",
         " (line 3 of the cell of `Relu`)"),
        ("helper = lambda dout: delf", ""),
    ],
    ids=["function", "class", "lambda"],
)  # fmt: skip
def test_an_error_in_another_cell_is_told_with_that_cell(helper, where):
    names = {"Affine": Affine}
    cell = "class Affine(Affine):\n    def backward(self, dout):\n        return helper(dout)\n"
    for number, text in enumerate((helper, cell)):
        exec(compile(text, f"<ipython-input-{number}-abc>", "exec"), names)
    assert why("dx", names["Affine"]) == f"`delf` is not defined{where}. Is `self` meant?"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (SystemExit(1), "Your code raised SystemExit: 1"),
        (
            ValueError("two\n  lines and a `tick`"),
            "Your code raised ValueError: two lines and a 'tick'",
        ),
        (MemoryError(), "Your code raised MemoryError: "),
    ],
)
def test_an_error_is_told_in_one_line(error, text):
    assert why("dx", broken(error)) == text


def test_endless_recursion_is_told():
    class Student(Affine):
        def forward(self, x):
            return self.forward(x)

    assert why("forward", Student).startswith("The code calls itself without end")


def test_a_stopped_submission_is_not_a_verdict():
    with pytest.raises(Stopped):
        verdict("dx", broken(Stopped("time")))


def test_a_mistake_of_ours_is_no_mark():
    check = by_name("forward")
    found = judge(check, LocalStudent({"Affine": Affine}), "Affine", [None])
    assert isinstance(found, Crashed)
    assert "AttributeError" in found.error


# --- values


def test_single_precision_is_told_apart():
    class Student(Affine):
        def backward(self, dout):
            return super().backward(dout).astype("f")

    assert why("dx", Student) == (
        "`dx` is of dtype float32 where the input is float64: is a dtype written into the code?"
    )
    assert verdict("dW", Student) == Passed()


def test_a_numerical_derivative_passes_and_is_told_so():
    class Student(Affine):
        def backward(self, dout):
            dx = super().backward(dout)
            self.dW = self.dW * (1 + 1e-10)
            return dx

    found = verdict("dW", Student)
    assert isinstance(found, Passed)
    assert found.note.render() == (
        "`dW` agrees to 1e-10 only: this looks like numerical differentiation. A derivative in closed form "
        "agrees to about 1e-15."
    )


def test_a_forward_pass_may_be_off_by_the_tolerance_of_its_case():
    class Student(Affine):
        def forward(self, x):
            return super().forward(x) * (1 + 1e-6)

    assert isinstance(verdict("forward", Student), Failed)
    case, wrt = CASES[Affine]
    loose = solve("Affine", Affine, Case(case.init, case.inputs, tolerance=1e-5), DRAW, wrt)
    student = LocalStudent({"Affine": Student})
    assert judge(by_name("forward"), student, "Affine", [loose]) == Passed()


def test_the_first_case_that_fails_decides():
    class Student(Affine):
        def forward(self, x):
            return super().forward(x) + (len(x) == 2)

    two = solve(
        "Affine", Affine, Case({"W": DRAW(4, 3), "b": DRAW(3)}, {"x": DRAW(2, 4)}), DRAW, ()
    )
    student = LocalStudent({"Affine": Student})
    found = judge(by_name("forward"), student, "Affine", [SOLVED[Affine], two, SOLVED[Affine]])
    assert isinstance(found, Failed)


# --- a second call


def test_what_a_first_call_leaves_behind():
    class Student(ReLU):
        def forward(self, x):
            if not hasattr(self, "mask"):
                self.mask = x <= 0
            return np.maximum(x, 0)

    assert verdict("dx", Student, ReLU) == Passed()
    text = why("repeat", Student, ReLU)
    # the stale mask has the shape of the first batch: NumPy or dlkit may complain before the judge does
    assert "a second one on another batch is not" in text or "Your code raised" in text


def test_what_is_kept_while_the_shape_stays_the_same():
    class Student(Affine):
        def forward(self, x):
            out = super().forward(x)
            if getattr(self, "kept", x[:0]).shape != x.shape:
                self.kept = x
            self.x = self.kept
            return out

    assert verdict("dW", Student) == Passed()
    assert "something of the first call is still in use" in why("repeat", Student)


def test_gradients_that_are_added_up():
    class Student(Affine):
        def backward(self, dout):
            before = getattr(self, "dW", 0)
            dx = super().backward(dout)
            self.dW = self.dW + before
            return dx

    assert verdict("dW", Student) == Passed()
    assert why("repeat", Student) == (
        "After a second call `dW` is the sum of both gradients: `backward` adds to what it stored before. Each "
        "call has to replace it."
    )


@pytest.mark.parametrize("later", [None, ((1, 2), 3), "text", {}], ids=str)
def test_nonsense_from_a_second_call_is_no_crash_of_ours(later):
    class Student(Affine):
        def forward(self, x):
            return super().forward(x) if len(x) == 5 else later

        def backward(self, dout):
            return super().backward(dout) if dout.shape == (5, 3) else later

    assert verdict("dx", Student) == Passed()
    assert isinstance(verdict("repeat", Student), (Passed, Failed))


# --- arguments


@pytest.mark.parametrize("what", ["W", "b", "x", "dout"])
def test_an_argument_that_is_changed_in_place(what):
    class Student(Affine):
        def forward(self, x):
            out = super().forward(x.copy())
            if what in ("W", "b"):
                getattr(self, what)[:] += 1
                setattr(self, what, getattr(self, what) - 1)
            elif what == "x":
                x *= 0
            return out

        def backward(self, dout):
            dx = super().backward(dout.copy())
            if what == "dout":
                dout[0] = 0
            return dx

    assert why("unchanged", Student) == (
        f"`{what}` was changed in place. Work on a copy, or write the result into a new array."
    )
    assert verdict("dx", Student) == Passed()


def test_an_argument_whose_shape_or_dtype_is_changed_in_place():
    class Reshaped(ReLU):
        def backward(self, dout):
            dx = super().backward(dout)
            dout.resize(dout.size)
            return dx

    class Retyped(ReLU):
        def backward(self, dout):
            dx = super().backward(dout.copy())
            dout.view("i8")[:] = dout.view("i8") ^ 1
            return dx

    for student in (Reshaped, Retyped):
        assert why("unchanged", student, ReLU).startswith("`dout` was changed in place.")


def test_wrong_values_earn_nothing_for_leaving_arguments_alone():
    class Student(ReLU):
        def backward(self, dout):
            return 2 * super().backward(dout)

    for check in ("repeat", "unchanged"):
        assert isinstance(verdict(check, Student, ReLU), Blocked)


# --- names


def test_checks_by_name():
    assert by_name("dW").sentence.render() == "`backward` leaves the right gradient of `W` in `dW`."
    assert by_name("dgamma").sentence.render() == (
        "`backward` leaves the right gradient of `gamma` in `dgamma`."
    )
    for given in ("h_prev", "xs"):
        assert by_name(f"d{given}").sentence.render() == (
            f"`backward` returns the right gradient with respect to `{given}`."
        )
    assert by_name("dx").sentence.render() == (
        "`backward` returns the right gradient with respect to `x`."
    )
    for name in ("", "d", "forwards", "x"):
        with pytest.raises(KeyError):
            by_name(name)
