import numpy as np
import pytest

from dlkit.data import logic_gate
from dlkit.errors import ShapeError
from dlkit.models import AND, NAND, OR, XOR, Perceptron, neuron

GATES = {"AND": AND, "NAND": NAND, "OR": OR, "XOR": XOR}


@pytest.mark.parametrize("name", GATES)
def test_a_gate_is_its_truth_table(name):
    x, t = logic_gate(name)
    np.testing.assert_array_equal(GATES[name](x), t)
    np.testing.assert_array_equal(GATES[name](x.reshape(2, 2, 2)), t.reshape(2, 2))


def test_a_neuron_fires_above_its_threshold_only():
    assert neuron([[1.0], [2.0], [3.0]], w=[1.0], b=-2.0).tolist() == [0, 0, 1]


@pytest.mark.parametrize("name", ["AND", "NAND", "OR"])
def test_the_perceptron_learns_what_a_line_separates(name):
    x, t = logic_gate(name)
    perceptron = Perceptron(w=np.zeros(2))
    mistakes = perceptron.learn(x, t)
    assert mistakes[-1] == 0
    assert 0 not in mistakes[:-1]
    np.testing.assert_array_equal(perceptron.forward(x), t)


def test_the_perceptron_never_ends_on_xor():
    mistakes = Perceptron(w=np.zeros(2)).learn(*logic_gate("XOR"), epochs=50)
    assert len(mistakes) == 50
    assert min(mistakes) > 0


def test_one_mistake_changes_the_weights_by_the_rule():
    perceptron = Perceptron(w=np.array([1.0, -1.0]), b=0.5)
    perceptron.learn(np.array([[2.0, 1.0]]), np.array([0]), lr=0.25, epochs=1)
    assert perceptron.w.tolist() == [0.5, -1.25]
    assert perceptron.b == 0.25


def test_novikoffs_bound_holds(rng):
    """At most (R / margin)² mistakes, for separable data, weights from 0 and the bias as one input more."""
    x = rng.standard_normal((60, 2))
    true = np.array([2.0, -1.0, 0.3])
    extended = np.column_stack([x, np.ones(60)])
    side = extended @ true / np.linalg.norm(true)
    x, extended, side = (array[abs(side) > 0.2] for array in (x, extended, side))
    mistakes = Perceptron(w=np.zeros(2)).learn(x, (side > 0).astype(int), epochs=1000)
    assert mistakes[-1] == 0
    assert sum(mistakes) <= (np.linalg.norm(extended, axis=1).max() / abs(side).min()) ** 2


def test_the_arguments_stay_as_they_are():
    w, (x, t) = np.zeros(2), logic_gate("OR")
    for array in (w, x, t):
        array.flags.writeable = False
    Perceptron(w).learn(x, t)
    assert not w.any()


def test_shapes_that_do_not_fit_are_named():
    perceptron = Perceptron(w=np.zeros(2))
    rule = r"needs x\.shape\[-1\] == w\.shape\[0\]; got x \(5, 3\), w \(2,\)"
    with pytest.raises(ShapeError, match=rule):
        perceptron.forward(np.zeros((5, 3)))
    with pytest.raises(ShapeError, match=r"learn needs x \(N, D\) and t \(N,\); got x \(5, 2\)"):
        perceptron.learn(np.zeros((5, 2)), np.zeros(4, int))
