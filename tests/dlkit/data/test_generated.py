import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.data import logic_gate, moons, noisy_cubic, spirals
from dlkit.errors import ArgumentError

OPERATIONS = {
    "AND": lambda a, b: a and b,
    "OR": lambda a, b: a or b,
    "NAND": lambda a, b: not (a and b),
    "XOR": lambda a, b: a != b,
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_truth_table_is_that_of_the_operation(name):
    x, t = logic_gate(name)
    assert {tuple(row) for row in x} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert t.tolist() == [int(OPERATIONS[name](bool(a), bool(b))) for a, b in x]


def test_an_unknown_gate_names_the_known_ones():
    with pytest.raises(ArgumentError, match=r"knows AND, OR, NAND, XOR; got 'NOR'\."):
        logic_gate("NOR")


@given(per_class=st.integers(1, 30), classes=st.integers(1, 5))
def test_a_spiral_without_noise_winds_from_the_middle(per_class, classes):
    x, t = spirals(np.random.default_rng(0), per_class, classes, noise=0.0)
    r = np.tile(np.arange(per_class) / per_class, classes)
    np.testing.assert_allclose(np.hypot(*x.T), r, atol=1e-15)
    angle = 2 * np.pi * t / classes + 4 * r
    np.testing.assert_allclose(x, np.stack([r * np.sin(angle), r * np.cos(angle)], axis=1))
    assert np.bincount(t).tolist() == [per_class] * classes


def test_moons_without_noise_lie_on_two_half_circles():
    x, t = moons(np.random.default_rng(0), per_class=50, noise=0.0)
    upper, lower = x[t == 0], x[t == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert (upper[:, 1] >= 0).all()
    assert (lower[:, 1] <= 0.5).all()


def test_the_cubic_has_noise_of_the_stated_size():
    x, t = noisy_cubic(np.random.default_rng(0), n=20_000, noise=0.25)
    errors = t - (x**3 - x)
    assert x.min() == -1.5
    assert x.max() == 1.5
    assert abs(errors.mean()) < 0.01
    assert abs(errors.std() - 0.25) < 0.01


@pytest.mark.parametrize("make", [spirals, moons, noisy_cubic])
def test_the_same_generator_gives_the_same_data(make):
    one, other, another = (make(np.random.default_rng(seed)) for seed in (1, 1, 2))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any((a != b).any() for a, b in zip(one, another, strict=True))
