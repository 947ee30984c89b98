"""What every model promises: right gradients, one dtype throughout, the same with fast twins, checkpoints."""

from copy import deepcopy

import numpy as np
import pytest

from dlkit import fast, models
from dlkit.gradcheck import check_layer
from dlkit.models import TwoLayerNet
from dlkit.train import load, save
from tests.dlkit.models.cases import Case, cases

every_model = pytest.mark.parametrize("case", cases(), ids=str)
NET = TwoLayerNet(D=4, H=5, C=3, rng=np.random.default_rng(0))
TWO_LAYERS = Case("TwoLayerNet", NET, np.random.default_rng(1).standard_normal((6, 4)), (6, 3))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("case", [*cases(), TWO_LAYERS], ids=str)
def test_gradients_agree_with_complex_steps(case, training, rng):
    report = check_layer(
        case.model, case.x, rng=rng, tolerance=1e-11, every_entry=False, training=training
    )
    assert report.passed, str(report)
    assert {check.name for check in report.checks} >= {f"d{name}" for name in case.model.params}


@every_model
def test_the_output_has_its_shape_and_all_parameters_learn(case):
    model = deepcopy(case.model)
    y = model.forward(case.x)
    assert y.shape == case.shape
    model.backward(np.random.default_rng(0).standard_normal(y.shape))
    for name, gradient in model.grads.items():
        assert gradient.shape == model.params[name].shape
        assert gradient.any() or name.endswith("b"), f"{name} would never change"


@pytest.mark.parametrize(
    ("case", "double"), list(zip(cases(np.float32), cases(), strict=True)), ids=lambda c: str(c)
)
def test_float32_stays_float32(case, double):
    y = case.model.forward(case.x, training=False)
    dx = case.model.backward(np.ones_like(y))
    arrays = [y, *case.model.grads.values(), *case.model.buffers.values()]
    arrays += [dx] if dx is not None else []
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    want = double.model.forward(double.x, training=False)
    np.testing.assert_allclose(y, want, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("case", "twin"), list(zip(cases(), cases(twins=fast), strict=True)), ids=lambda c: str(c)
)
def test_fast_twins_give_the_same(case, twin):
    y, y_fast = case.model.forward(case.x), twin.model.forward(twin.x)
    np.testing.assert_allclose(y_fast, y, rtol=1e-11, atol=1e-12)
    dout = np.random.default_rng(0).standard_normal(y.shape)
    case.model.backward(dout)
    twin.model.backward(dout)
    for name, gradient in case.model.grads.items():
        np.testing.assert_allclose(twin.model.grads[name], gradient, rtol=1e-9, atol=1e-11)


def test_twins_are_used_where_there_are_any():
    used = {type(layer) for case in cases(twins=fast) for layer in parts(case.model)}
    assert {fast.Affine, fast.ReLU, fast.Conv2D, fast.MaxPool2D, fast.LSTM} <= used


def parts(layer):
    """The layer and all that is inside."""
    inside = [inner for part in getattr(layer, "parts", {}).values() for inner in parts(part)]
    return [layer, *inside]


@every_model
def test_a_checkpoint_brings_back_what_it_answers(case, tmp_path):
    model, other = deepcopy(case.model), deepcopy(case.model)
    model.forward(case.x)  # moves running means
    for array in other.params.values():
        array += 1.0
    save(tmp_path / "model.npz", model)
    load(tmp_path / "model.npz", other)
    for one in (model, other):
        if hasattr(one, "reset_state"):
            one.reset_state()
    want = model.forward(case.x, training=False)
    np.testing.assert_array_equal(other.forward(case.x, training=False), want)


def test_a_builder_with_the_same_generator_builds_the_same():
    for one, other in zip(cases(), cases(), strict=True):
        for name, array in one.model.params.items():
            np.testing.assert_array_equal(array, other.model.params[name])


def test_every_public_name_has_an_example():
    assert len(set(models.__all__)) == len(models.__all__)
    assert all(">>>" in getattr(models, name).__doc__ for name in models.__all__)
