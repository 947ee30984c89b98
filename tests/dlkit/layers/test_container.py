"""Sequential and Residual: the composition, names of parameters, the training flag."""

import numpy as np
import pytest

from dlkit.errors import ShapeError
from dlkit.layers import (
    Affine,
    BatchNorm,
    Composite,
    Dropout,
    ReLU,
    Residual,
    Sequential,
    SoftmaxWithLoss,
)
from dlkit.optim import SGD


def two_layers(rng):
    return Sequential(
        Affine(rng.standard_normal((3, 4)), np.zeros(4)),
        ReLU(),
        Affine(rng.standard_normal((4, 2)), np.zeros(2)),
    )


def test_parameters_and_gradients_are_named_by_position(rng):
    model = two_layers(rng)
    assert list(model.params) == ["0.W", "0.b", "2.W", "2.b"]
    assert model.params["2.W"] is model.layers[2].W
    model.backward(np.ones_like(model.forward(rng.standard_normal((5, 3)))))
    assert list(model.grads) == list(model.params)
    assert model.grads["0.b"] is model.layers[0].db


def test_names_nest(rng):
    model = Sequential(Residual(two_layers(rng), shortcut=Affine(np.zeros((3, 2)), np.zeros(2))))
    assert list(model.params) == [
        *(f"0.body.{name}" for name in ("0.W", "0.b", "2.W", "2.b")),
        *(f"0.shortcut.{name}" for name in ("W", "b")),
    ]


def test_gradients_are_not_there_before_backward(rng):
    with pytest.raises(AttributeError, match="dW"):
        _ = two_layers(rng).grads


def test_an_empty_sequential_is_the_identity():
    x = np.array([1.0, 2.0])
    assert Sequential().forward(x) is x
    assert Sequential().backward(x) is x
    assert Sequential().params == {}


def test_the_training_flag_reaches_every_layer_that_knows_it(rng):
    dropout = Dropout(rate=0.5, rng=rng)
    norm = BatchNorm(np.ones(3), np.zeros(3))
    model = Sequential(Residual(Sequential(dropout)), norm, ReLU())
    x = rng.standard_normal((40, 3))
    model.forward(x, training=False)
    assert not dropout.training
    np.testing.assert_array_equal(norm.running_mean, 0.0)
    model.forward(x)
    assert dropout.training
    assert (norm.running_mean != 0.0).all()


def test_a_network_learns(rng):
    model, loss = two_layers(rng), SoftmaxWithLoss()
    x = rng.standard_normal((50, 3))
    t = (x[:, 0] > x[:, 1]).astype(int)
    before = loss.forward(model.forward(x), t)
    optimizer = SGD(lr=0.5)
    for _ in range(100):
        loss.forward(model.forward(x), t)
        model.backward(loss.backward())
        optimizer.update(model.params, model.grads)
    after = loss.forward(model.forward(x), t)
    assert after < 0.1 < before


def test_a_shortcut_of_another_shape_is_refused(rng):
    with pytest.raises(ShapeError) as error:
        Residual(two_layers(rng)).forward(np.zeros((5, 3)))
    assert str(error.value) == (
        "Residual needs body and shortcut to give the same shape; got body (5, 2), shortcut (5, 3). "
        "Give a shortcut that changes the shape as the body does?"
    )


def test_buffers_are_named_like_parameters(rng):
    norm = BatchNorm(np.ones(3), np.zeros(3))
    model = Sequential(ReLU(), Residual(Sequential(norm)))
    assert list(model.buffers) == ["1.body.0.running_mean", "1.body.0.running_var"]

    model.forward(rng.standard_normal((5, 3)))

    assert model.buffers["1.body.0.running_mean"] is norm.running_mean
    assert "1.body.0.running_mean" not in model.params


def test_parts_of_a_composite_are_its_layers_in_the_order_of_assignment():
    model = Composite()
    model.width = 3
    model.second = Affine(np.zeros((3, 2)), np.zeros(2))
    model.first = Sequential(ReLU())
    assert list(model.parts) == ["second", "first"]
    assert list(model.params) == ["second.W", "second.b"]
