import numpy as np
import pytest

from dlkit import fast
from dlkit.errors import ArgumentError
from dlkit.models import VGG16, Builder
from dlkit.train import load

# Table 1, configuration D of the paper: convolutions of 3 x 3, pools, three affine layers.
PAPER = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]


@pytest.fixture(scope="module")
def whole():
    """VGG16 as in the paper, float32, and its output for two pictures after each layer."""
    rng = np.random.default_rng(0)
    model = VGG16(Builder(rng, np.float32, fast))
    x = rng.standard_normal((1, 3, 224, 224), dtype=np.float32)
    shapes, stds = {}, {}
    for name, y in model.activations(x):
        shapes[name], stds[name] = y.shape[1:], float(y.std())
    return model, shapes, stds


def test_it_has_the_parameters_of_the_paper(whole):
    model, *_ = whole
    assert sum(W.size for W in model.params.values()) == 138_357_544
    assert sum(parameters for *_, parameters in model.table()) == 138_357_544
    assert {W.dtype for W in model.params.values()} == {np.dtype(np.float32)}


def test_its_layers_are_those_of_the_paper_at_224_by_224(whole):
    _, shapes, _ = whole
    want, size = [], 224
    for part in PAPER:
        if part == "M":
            size //= 2
            want.append((want[-1][0], size, size))
        else:
            want.append((part, size, size))
    drawn = [shape for name, shape in shapes.items() if name.startswith(("conv", "pool"))]
    assert drawn == want
    affine = [shape for name, shape in shapes.items() if name.startswith("fc")]
    assert affine == [(4096,), (4096,), (1000,)]


def test_signals_neither_vanish_nor_explode(whole):
    _, _, stds = whole
    convolutions = [std for name, std in stds.items() if name.startswith("conv")]
    assert len(convolutions) == 13
    assert min(convolutions) > 0.2
    assert max(convolutions) < 5


@pytest.fixture(scope="module")
def small():
    return VGG16(Builder(np.random.default_rng(0), np.float32, fast), classes=3, size=32)


def test_weights_come_from_a_file_of_arrays_by_the_names_of_the_table(small, tmp_path):
    rng = np.random.default_rng(1)
    arrays = {}
    for name, shape, _ in small.table():
        arrays[f"params/{name}.W"] = 0.01 * rng.standard_normal(shape, dtype=np.float32)
        outputs = shape[0] if name.startswith("conv") else shape[1]
        arrays[f"params/{name}.b"] = rng.standard_normal(outputs, dtype=np.float32)
    np.savez(tmp_path / "weights.npz", **arrays)
    load(tmp_path / "weights.npz", small)
    np.testing.assert_array_equal(small.named["conv3_2"].W, arrays["params/conv3_2.W"])
    np.testing.assert_array_equal(small.named["fc8"].b, arrays["params/fc8.b"])


def test_activations_end_in_the_output(small, rng):
    x = rng.standard_normal((2, 3, 32, 32)).astype(np.float32)
    *_, (name, y) = small.activations(x)
    assert name == "fc8"
    np.testing.assert_array_equal(y, small.forward(x, training=False))


def test_dropout_is_off_outside_training_and_on_in_it(small, rng):
    x = rng.standard_normal((1, 3, 32, 32)).astype(np.float32)
    one, other = (small.forward(x, training=False) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert (small.forward(x) != small.forward(x)).any()


@pytest.mark.parametrize("size", [16, 33, 0])
def test_sizes_that_cannot_be_halved_five_times_are_refused(size):
    with pytest.raises(ArgumentError, match=rf"needs a size divisible by 32; got {size}\."):
        VGG16(Builder(np.random.default_rng(0)), size=size)
