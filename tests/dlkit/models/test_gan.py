"""Each step of the duel is the gradient step of its own loss, and leaves the other side alone."""

from copy import deepcopy

import numpy as np
import pytest

from dlkit.gradcheck import complex_step_gradient
from dlkit.layers import Affine, Sequential
from dlkit.losses import mean_squared_error, sigmoid_cross_entropy
from dlkit.models import GAN, SRGAN
from dlkit.optim import SGD

REAL = 0.9


@pytest.fixture
def gan(rng):
    generator = Sequential(Affine(rng.standard_normal((2, 3)), rng.standard_normal(3)))
    discriminator = Sequential(Affine(rng.standard_normal((3, 1)), rng.standard_normal(1)))
    return GAN(generator, discriminator, SGD(lr=1.0), SGD(lr=1.0), real=REAL)


def moved(before, after):
    return {name: before[name] - W for name, W in after.items()}


def test_the_discriminator_steps_against_its_binary_cross_entropy(gan, rng):
    x, z = rng.standard_normal((4, 3)), rng.standard_normal((6, 2))
    d, g = deepcopy(gan.discriminator.params), deepcopy(gan.generator.params)
    fake = z @ g["0.W"] + g["0.b"]

    def loss(W):
        scores = np.concatenate([x, fake]) @ W + d["0.b"]
        return sigmoid_cross_entropy(scores, np.repeat([[REAL], [0.0]], [4, 6], axis=0))

    assert abs(gan.discriminator_step(x, z) - loss(d["0.W"])) < 1e-14
    step = moved(d, gan.discriminator.params)
    np.testing.assert_allclose(step["0.W"], complex_step_gradient(loss, d["0.W"]), rtol=1e-11)
    assert not any(W.any() for W in moved(g, gan.generator.params).values())


def test_the_generator_steps_towards_being_taken_for_real(gan, rng):
    z = rng.standard_normal((6, 2))
    d, g = deepcopy(gan.discriminator.params), deepcopy(gan.generator.params)

    def loss(W):
        return sigmoid_cross_entropy((z @ W + g["0.b"]) @ d["0.W"] + d["0.b"], np.ones((6, 1)))

    assert abs(gan.generator_step(z) - loss(g["0.W"])) < 1e-14
    step = moved(g, gan.generator.params)
    np.testing.assert_allclose(step["0.W"], complex_step_gradient(loss, g["0.W"]), rtol=1e-11)
    assert not any(W.any() for W in moved(d, gan.discriminator.params).values())


def test_the_enlarging_step_adds_the_content_to_the_weighted_adversarial_loss(gan, rng):
    srgan = SRGAN(gan.generator, gan.discriminator, SGD(lr=1.0), SGD(lr=1.0))
    x, t = rng.standard_normal((6, 2)), rng.standard_normal((6, 3))
    d, g = deepcopy(gan.discriminator.params), deepcopy(gan.generator.params)

    def losses(W):
        y = x @ W + g["0.b"]
        adversarial = sigmoid_cross_entropy(y @ d["0.W"] + d["0.b"], np.ones((6, 1)))
        return np.array([adversarial, mean_squared_error(y, t)])

    found = srgan.enlarging_step(x, t, weight=0.25)
    np.testing.assert_allclose(found, losses(g["0.W"]), rtol=1e-14)
    step = moved(g, gan.generator.params)
    right = complex_step_gradient(lambda W: losses(W) @ [0.25, 1.0], g["0.W"])
    np.testing.assert_allclose(step["0.W"], right, rtol=1e-11)
    assert not any(W.any() for W in moved(d, gan.discriminator.params).values())
