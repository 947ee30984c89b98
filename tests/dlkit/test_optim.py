"""Optimizers: first steps by hand, in place, dtypes, penalties, clipping, schedules, errors."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit import optim
from dlkit.errors import ArgumentError, ShapeError

every = pytest.mark.parametrize(
    "optimizer",
    [
        optim.SGD,
        optim.Momentum,
        optim.Nesterov,
        optim.AdaGrad,
        optim.RMSProp,
        optim.Adam,
        optim.AdamW,
    ],
)


def after(optimizer, gradients, w=1.0):
    """Value of one parameter after an update with each of the gradients."""
    params = {"W": np.array([w])}
    for g in gradients:
        optimizer.update(params, {"W": np.array([g])})
    return float(params["W"][0])


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (optim.SGD(lr=0.1), 1 - 0.1 * 2 - 0.1 * 4),
        (optim.Momentum(lr=0.1, momentum=0.5), 1 - 0.1 * 2 - 0.1 * (0.5 * 2 + 4)),
        (
            optim.Nesterov(lr=0.1, momentum=0.5),
            1 - 0.1 * (2 + 0.5 * 2) - 0.1 * (4 + 0.5 * (0.5 * 2 + 4)),
        ),
        (optim.AdaGrad(lr=0.1), 1 - 0.1 * 2 / 2 - 0.1 * 4 / math.sqrt(20)),
        (
            optim.RMSProp(lr=0.1, rho=0.75, eps=0.0),
            1 - 0.1 * 2 / math.sqrt(0.25 * 4) - 0.1 * 4 / math.sqrt(0.75 + 0.25 * 16),
        ),
        (
            optim.Adam(lr=0.1, beta1=0.5, beta2=0.75, eps=0.0),
            1
            - 0.1
            - 0.1 * ((0.5 * 1 + 0.5 * 4) / 0.75) / math.sqrt((0.75 * 1 + 0.25 * 16) / 0.4375),
        ),
    ],
)
def test_two_steps_by_hand(optimizer, expected):
    assert after(optimizer, [2.0, 4.0]) == pytest.approx(expected, rel=1e-9)


@given(st.floats(1e-3, 1e3), st.sampled_from([1, -1]))
def test_the_first_step_of_adam_has_the_length_of_the_learning_rate(size, sign):
    assert after(optim.Adam(lr=0.25), [sign * size]) == pytest.approx(1 - sign * 0.25, rel=1e-5)


@every
def test_parameters_change_in_place_and_gradients_stay(optimizer, rng):
    params = {"W": rng.standard_normal((3, 2)), "b": np.zeros(2)}
    grads = {"W": rng.standard_normal((3, 2)), "b": np.ones(2)}
    for g in grads.values():
        g.flags.writeable = False
    arrays, before = dict(params), {k: w.copy() for k, w in params.items()}
    optimizer().update(params, grads)
    for name, array in arrays.items():
        assert params[name] is array
        assert (array != before[name]).all()


@every
def test_float32_stays_float32(optimizer, rng):
    instance = optimizer()
    params = {"W": rng.standard_normal((3, 2)).astype(np.float32)}
    instance.update(params, {"W": rng.standard_normal((3, 2)).astype(np.float32)})
    arrays = [params["W"], *instance.state["W"].values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@every
def test_parameters_do_not_disturb_each_other(optimizer, rng):
    gradients = rng.standard_normal((5, 2))
    alone = [after(optimizer(lr=0.1), gradients[:, k]) for k in range(2)]
    params, instance = {"a": np.ones(1), "b": np.ones(1)}, optimizer(lr=0.1)
    for g in gradients:
        instance.update(params, {"a": g[:1], "b": g[1:]})
    assert [float(params["a"][0]), float(params["b"][0])] == alone


@every
def test_a_valley_is_descended(optimizer):
    lr = 0.5 if optimizer is optim.AdaGrad else 0.05  # its steps become shorter and shorter
    params, instance = {"W": np.array([3.0, -2.0])}, optimizer(lr=lr)
    for _ in range(1500):
        instance.update(params, {"W": params["W"] * [1.0, 20.0]})
    assert np.abs(params["W"]).max() < 0.05


@every
def test_the_learning_rate_may_change_between_updates(optimizer):
    instance = optimizer(lr=0.5)
    params = {"W": np.array([1.0])}
    instance.update(params, {"W": np.array([1.0])})
    instance.lr = 0.0
    before = params["W"].copy()
    instance.update(params, {"W": np.array([1.0])})
    np.testing.assert_array_equal(params["W"], before)


def test_weight_decay_is_the_gradient_of_an_l2_penalty():
    plain = after(optim.SGD(lr=0.1), [2.0 + 0.3 * 5.0], w=5.0)
    assert after(optim.SGD(lr=0.1, weight_decay=0.3), [2.0], w=5.0) == plain


def test_adamw_decays_apart_from_the_averages():
    decayed = after(optim.AdamW(lr=0.1, weight_decay=0.3), [2.0], w=5.0)
    assert decayed == pytest.approx(5.0 * (1 - 0.1 * 0.3) - 0.1)
    assert after(optim.AdamW(weight_decay=0.0), [2.0, 1.0]) == after(optim.Adam(), [2.0, 1.0])


def test_a_missing_gradient_is_refused():
    with pytest.raises(ArgumentError) as error:
        optim.SGD().update({"W": np.ones(1), "b": np.ones(1)}, {"W": np.ones(1)})
    assert str(error.value) == (
        "Every parameter needs a gradient of its name; got none for b. Call backward first?"
    )


def test_a_gradient_that_would_broadcast_is_refused():
    with pytest.raises(ShapeError) as error:
        optim.SGD().update({"b": np.ones((3, 2))}, {"b": np.ones(2)})
    assert str(error.value) == (
        "Parameter b and its gradient need the same shape; got parameter (3, 2), gradient (2,)."
    )


def test_integer_parameters_are_refused():
    with pytest.raises(ArgumentError) as error:
        optim.SGD().update({"W": np.ones(2, dtype=int)}, {"W": np.ones(2)})
    assert str(error.value) == (
        "Parameters are arrays of floats, which are changed in place; got W of int64. "
        "Convert it with astype(float)?"
    )


def test_nothing_changes_when_something_is_refused():
    params = {"W": np.ones(1), "b": np.ones(1)}
    with pytest.raises(ArgumentError):
        optim.SGD().update(params, {"W": np.ones(1)})
    assert params["W"][0] == 1.0


def test_clipping_shortens_all_gradients_together_and_only_long_ones():
    grads = {"W": np.array([[3.0], [0.0]]), "b": np.array([4.0])}
    clipped = optim.clip_by_norm(grads, max_norm=1.0)
    np.testing.assert_allclose(clipped["W"], [[0.6], [0.0]], rtol=1e-6)
    np.testing.assert_allclose(clipped["b"], [0.8], rtol=1e-6)
    np.testing.assert_array_equal(grads["b"], [4.0])
    for name, g in optim.clip_by_norm(grads, max_norm=6.0).items():
        np.testing.assert_array_equal(g, grads[name])
    assert optim.clip_by_norm({"W": np.zeros(3, np.float32)}, 1.0)["W"].dtype == np.float32


@given(st.integers(0, 300))
def test_schedules_stay_between_zero_and_their_learning_rate(t):
    rates = [
        optim.step_decay(t, 2.0, every=7),
        optim.exponential_decay(t, 2.0, factor=0.9),
        optim.cosine_decay(t, 2.0, steps=100),
        optim.warm_up(t, 2.0, steps=10),
    ]
    assert all(0.0 <= rate <= 2.0 for rate in rates)


def test_cosine_decay_ends_at_its_least_and_stays():
    rates = [optim.cosine_decay(t, 2.0, steps=10, least=0.5) for t in range(20)]
    assert rates[0] == 2.0
    assert rates[5] == pytest.approx(1.25)
    assert rates[10:] == [0.5] * 10
    assert rates == sorted(rates, reverse=True)


def test_gradient_descent_on_a_parabola_shrinks_by_the_same_factor_each_step():
    start = np.array([4, -8])
    np.testing.assert_allclose(
        optim.gradient_descent(lambda x: 2 * x, start, lr=0.1, steps=7), 0.8**7 * start
    )
    assert start.tolist() == [4, -8]
    assert optim.gradient_descent(lambda x: 2 * x, start, steps=0).dtype == np.float64
