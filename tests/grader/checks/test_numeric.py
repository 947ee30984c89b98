"""When two arrays agree, and what is right for a case: derivatives of the reference's own forward pass."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dlkit import layers
from grader.checks import Case, Draw, seed, solve
from grader.checks.numeric import relative_error
from grader.course import PROJECT, PUBLIC_SECRET
from grader.exercises import load_unit

UNIT = load_unit(PROJECT / "solutions/06_backpropagation/key.py")
NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 6))
ARRAYS = arrays(float, array_shapes(max_dims=2, max_side=3), elements=NUMBERS)


def pair(data):
    one = data.draw(ARRAYS)
    return one, data.draw(arrays(float, one.shape, elements=NUMBERS))


# --- relative error


@given(ARRAYS)
def test_an_array_has_no_error_to_itself(array):
    assert relative_error(array, array.copy()) == 0.0


@given(st.data())
def test_the_error_is_symmetric_and_between_0_and_2(data):
    one, other = pair(data)
    error = relative_error(one, other)
    assert error == relative_error(other, one)
    assert 0.0 <= error <= 2.0
    assert (error == 0.0) == np.array_equal(one, other)


@given(st.data(), st.integers(-8, 8))
def test_the_error_does_not_change_with_the_scale(data, power):
    one, other = pair(data)
    assert relative_error(2.0**power * one, 2.0**power * other) == relative_error(one, other)


@given(ARRAYS, st.data())
def test_nan_and_infinity_are_never_right(want, data):
    got = want.copy()
    entry = data.draw(st.integers(0, want.size - 1))
    got.reshape(-1)[entry] = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    assert relative_error(got, want) == np.inf


def test_an_entry_that_is_zero_by_cancellation_counts_by_the_largest_one():
    assert relative_error(np.array([1e-17, 1.0]), np.array([0.0, 1.0])) == 1e-17


def test_empty_arrays_agree():
    assert relative_error(np.zeros((0, 2)), np.zeros((0, 2))) == 0.0


# --- a reference's backward pass is tried before it is believed


def cube(backward):
    """A reference of y = x³ with that backward pass."""
    body = {"forward": lambda self, x: setattr(self, "x", x) or x**3, "backward": backward}
    return type("Cube", (), body)


def one_entry_off(self, dout):
    dx = dout * 3 * self.x**2
    dx.flat[7] *= 1.01
    return dx


@pytest.mark.parametrize(
    "backward",
    [
        lambda self, dout: dout * 2 * self.x**2,
        lambda self, dout: -dout * 3 * self.x**2,
        lambda self, dout: 3 * self.x**2,
        lambda self, dout: np.zeros_like(self.x),
        one_entry_off,
    ],
    ids=["factor", "sign", "without dout", "zeros", "one entry of forty off by 1 %"],
)
def test_a_wrong_backward_of_a_reference_is_refused(backward):
    draw = Draw(seed(b"s"))
    with pytest.raises(ValueError, match="dx of the reference's backward is no derivative of its"):
        solve("Cube", cube(backward), Case(inputs={"x": draw(8, 5)}), draw, ["x"])


def test_a_gradient_of_another_shape_is_refused():
    draw = Draw(seed(b"s"))
    flat = cube(lambda self, dout: (dout * 3 * self.x**2).reshape(-1))
    with pytest.raises(ValueError, match=r"gives dx of shape \(6,\), and x has \(2, 3\)"):
        solve("Cube", flat, Case(inputs={"x": draw(2, 3)}), draw, ["x"])


def test_a_backward_that_changes_its_arguments_changes_no_case():
    def backward(self, dout):
        self.x *= 0.0
        dout *= 0.0
        return dout

    draw = Draw(seed(b"s"))
    case = Case(inputs={"x": draw(2, 3)}, dout=np.ones((2, 3)), at_kink=True)
    solved = solve("Cube", cube(backward), case, draw, ["x"])
    assert np.abs(solved.inputs["x"]).min() > 0
    assert solved.dout.tolist() == np.ones((2, 3)).tolist()


# --- what is right for a case


def by_backward(reference, solved):
    """Gradients by name as dlkit's own layer computes them."""
    layer = reference(*solved.init.values())
    layer.forward(*solved.inputs.values())
    returned = layer.backward(solved.dout)
    gradients = returned if isinstance(returned, tuple) else (returned,)
    found = {f"d{name}": g for name, g in zip(solved.inputs, gradients, strict=False)}
    return found | {f"d{name}": getattr(layer, f"d{name}") for name in solved.init}


LAYERS = [e for e in UNIT.exercises.values() if e.wrt]
CHECKS = [(e, c) for e in LAYERS for c in e.checks]


@pytest.mark.parametrize(
    ("exercise", "check"), CHECKS, ids=lambda p: getattr(p, "id", getattr(p, "name", ""))
)
def test_expected_gradients_are_those_of_dlkits_backward(exercise, check):
    reference = exercise.source.load()
    for solved in exercise.hidden_cases(check, PUBLIC_SECRET, UNIT.version):
        found = by_backward(reference, solved)
        labels = [label for label in solved.expected if label != "out"]
        assert labels == [f"d{name}" for name in exercise.wrt]
        for label in labels:
            assert relative_error(found[label], solved.expected[label]) < 1e-12


@pytest.mark.parametrize("exercise", LAYERS, ids=lambda e: e.id)
def test_expected_gradients_are_central_differences_of_the_loss(exercise):
    """The scalar sum(out * dout), differentiated entry by entry without any help of the judge."""
    reference = exercise.source.load()
    solved = exercise.hidden_cases(exercise.checks[0], PUBLIC_SECRET, UNIT.version)[0]

    def loss(name, array):
        init, inputs = dict(solved.init), dict(solved.inputs)
        (init if name in init else inputs)[name] = array
        return float(np.sum(reference(*init.values()).forward(*inputs.values()) * solved.dout))

    h = 1e-5
    for name in exercise.wrt:
        at = {**solved.init, **solved.inputs}[name]
        numerical = np.zeros(at.shape)
        for index in np.ndindex(at.shape):
            step = np.zeros(at.shape)
            step[index] = h
            numerical[index] = (loss(name, at + step) - loss(name, at - step)) / (2 * h)
        assert relative_error(solved.expected[f"d{name}"], numerical) < 1e-8


def test_dout_is_drawn_in_the_shape_of_the_output_and_stays_away_from_zero():
    draw = Draw(seed(b"s"))
    case = Case(init={"W": draw(3, 4), "b": draw(4)}, inputs={"x": draw(2, 3)})
    solved = solve("Affine", layers.Affine, case, draw, ["x"])
    assert solved.dout.shape == solved.expected["out"].shape == (2, 4)
    assert np.abs(solved.dout).min() >= 0.25


def test_a_given_dout_is_kept():
    dout = np.array([[1.0, -1.0]])
    draw = Draw(seed(b"s"))
    solved = solve("ReLU", layers.ReLU, Case(inputs={"x": draw(1, 2)}, dout=dout), draw, ["x"])
    assert solved.dout is dout


def test_at_a_kink_the_references_own_convention_holds():
    x = np.array([[0.0, 1.0, -1.0]])
    case = Case(inputs={"x": x}, dout=np.full((1, 3), 2.0), at_kink=True)
    solved = solve("ReLU", layers.ReLU, case, Draw(seed(b"s")), ["x"])
    assert solved.expected["dx"].tolist() == [[0, 2, 0]]


def test_an_integer_input_has_an_output_but_needs_no_gradient():
    draw = Draw(seed(b"s"))
    case = Case(inputs={"x": draw(4, 3), "t": draw.labels(4, 3)}, tolerance=1e-5)
    solved = solve("SoftmaxWithLoss", layers.SoftmaxWithLoss, case, draw, ["x"])
    assert set(solved.expected) == {"out", "dx"}
    assert solved.tolerance == 1e-5
