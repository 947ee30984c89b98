"""What is special about each network for pictures or features."""

import numpy as np
import pytest

from dlkit import layers
from dlkit.data import logic_gate
from dlkit.errors import ArgumentError
from dlkit.gradcheck import numerical_gradient
from dlkit.layers import SoftmaxWithLoss
from dlkit.models import MLP, SRCNN, Builder, ResNet, SRDiscriminator, SRGenerator, TwoLayerNet
from dlkit.optim import Adam
from dlkit.train import Trainer, accuracy


@pytest.fixture
def build(rng):
    return Builder(rng)


def test_two_layer_net_is_its_formula(rng):
    net = TwoLayerNet(D=4, H=5, C=3, rng=rng)
    x = rng.standard_normal((6, 4))
    want = np.maximum(x @ net.W1 + net.b1, 0) @ net.W2 + net.b2
    np.testing.assert_allclose(net.predict(x), want, rtol=1e-13)


@pytest.mark.parametrize("one_hot", [False, True])
def test_gradient_is_that_of_loss(rng, one_hot):
    net = TwoLayerNet(D=4, H=5, C=3, rng=rng)
    x, t = rng.standard_normal((6, 4)), rng.integers(0, 3, 6)
    t = np.eye(3)[t] if one_hot else t
    grads = net.gradient(x, t)
    for name, W in net.params.items():

        def loss(value, W=W):
            kept = W.copy()
            W[...] = value
            number = net.loss(x, t)
            W[...] = kept
            return number

        np.testing.assert_allclose(grads[name], numerical_gradient(loss, W), atol=1e-8)


def test_accuracy_counts_the_largest_scores(rng):
    net = TwoLayerNet(D=4, H=5, C=3, rng=rng)
    x = rng.standard_normal((10, 4))
    right = net.predict(x).argmax(axis=1)
    wrong = (right + 1) % 3
    assert net.accuracy(x, right) == 1.0
    assert net.accuracy(x, np.where(np.arange(10) < 3, right, wrong)) == 0.3


def test_mlp_has_the_layers_that_were_asked_for(build):
    model = MLP([4, 6, 5, 3], build, layers.Sigmoid, batch_norm=True, dropout=0.1)
    names = [type(layer).__name__ for layer in model.layers]
    assert names == 2 * ["Affine", "BatchNorm", "Sigmoid", "Dropout"] + ["Affine"]
    assert [type(layer).__name__ for layer in MLP([4, 3], build).layers] == ["Affine"]


def test_mlp_needs_two_sizes(build):
    with pytest.raises(ArgumentError, match=r"of the inputs and of the outputs; got \[4\]\."):
        MLP([4], build)


def test_resnet_has_as_many_layers_as_it_says(build):
    model = ResNet(build, (1, 8, 8), widths=(2, 3, 4), blocks=3)
    longest_path = [
        name for name, W in model.params.items()
        if name.endswith("W") and "shortcut" not in name
    ]  # fmt: skip
    assert len(longest_path) == 2 * 3 * 3 + 2


def test_a_residual_block_whose_body_is_nothing_passes_its_input(build):
    model = ResNet(build, (2, 4, 4), widths=(2,), blocks=1)
    block = model.layers[3]
    assert isinstance(block, layers.Residual)
    for W in block.params.values():
        W[...] = 0.0
    x = np.random.default_rng(0).standard_normal((3, 2, 4, 4))
    np.testing.assert_array_equal(block.forward(x), x)


def test_resnet_refuses_pictures_that_cannot_be_halved(build):
    with pytest.raises(ArgumentError, match=r"H and W divisible by 4; got 8 x 6\. Pad"):
        ResNet(build, (1, 8, 6), widths=(2, 3, 4), blocks=1)


def test_srcnn_needs_odd_kernels(build):
    with pytest.raises(ArgumentError, match=r"odd sizes of kernels.*got \(9, 2, 5\)"):
        SRCNN(build, kernels=(9, 2, 5))


@pytest.mark.parametrize("r", [0, 1, 3, 6])
def test_srgan_enlarges_by_powers_of_two(build, r):
    with pytest.raises(ArgumentError, match=rf"power of two: 2, 4, 8, …; got r = {r}\."):
        SRGenerator(build, r=r)


def test_srgan_needs_an_odd_kernel(build):
    with pytest.raises(ArgumentError, match=r"odd kernel, so that sizes stay; got 4\."):
        SRGenerator(build, kernel=4)


def test_srgan_judges_pictures_that_can_be_halved(build):
    with pytest.raises(
        ArgumentError, match=r"3 doublings needs H and W divisible by 8; got 16 x 12"
    ):
        SRDiscriminator(build, (3, 16, 12), doublings=3)


def test_the_forget_gate_begins_open(build):
    assert build.lstm(3, 2).b.tolist() == [1, 1, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("make", [lambda b: b.affine(400, 300), lambda b: b.conv2d(16, 100, 5)])
def test_he_weights_keep_the_size_of_signals(build, make):
    W = make(build).W
    inputs = W.shape[0] if W.ndim == 2 else W[0].size
    assert abs(W.std() * np.sqrt(inputs / 2) - 1) < 0.02


def test_an_mlp_learns_xor(build):
    model = MLP([2, 8, 2], build, layers.Tanh)
    trainer = Trainer(model, SoftmaxWithLoss(), Adam(lr=0.05), accuracy)
    assert trainer.fit([logic_gate("XOR")], epochs=100)["accuracy"][-1] == 1.0
