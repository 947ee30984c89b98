"""What every layer promises: right gradients, dtypes kept, arguments untouched, batches of any size."""

from copy import deepcopy

import numpy as np
import pytest

from dlkit.errors import ShapeError
from dlkit.gradcheck import check_layer
from tests.dlkit.layers.cases import Case, cases


def is_loss(case: Case) -> bool:
    return case.layer.forward(*case.inputs).ndim == 0


every_layer = pytest.mark.parametrize("case", cases(), ids=str)
independent = pytest.mark.parametrize("case", [c for c in cases() if c.independent], ids=str)
no_loss = pytest.mark.parametrize("case", [c for c in cases() if not is_loss(c)], ids=str)


def run(case: Case, *inputs):
    """Output, gradients of the inputs as a tuple, and the layer after both passes, a copy."""
    layer = deepcopy(case.layer)
    y = layer.forward(*(inputs or case.inputs))
    dout = np.random.default_rng(3).standard_normal(np.shape(y)).astype(np.result_type(y.real))
    dx = layer.backward(dout)
    return y, dx if isinstance(dx, tuple) else (dx,), layer


def as_dtype(case: Case, dtype) -> Case:
    """The same case with all weights and inputs of floats in that dtype."""
    layer = deepcopy(case.layer, {id(w): w.astype(dtype) for w in case.layer.params.values()})
    for name in ("running_mean", "running_var"):
        if hasattr(layer, name):
            setattr(layer, name, getattr(layer, name).astype(dtype))
    inputs = tuple(x.astype(dtype) if x.dtype == np.float64 else x for x in case.inputs)
    return Case(case.name, layer, inputs, case.independent)


@every_layer
def test_gradients_agree_with_complex_steps(case, rng):
    report = check_layer(case.layer, *case.inputs, rng=rng, tolerance=1e-13)
    assert report.passed, str(report)


@every_layer
def test_gradients_agree_with_central_differences(case, rng):
    report = check_layer(case.layer, *case.inputs, rng=rng, method="central", tolerance=1e-8)
    assert report.passed, str(report)


@every_layer
def test_gradients_have_the_shapes_of_their_variables(case):
    _, dxs, layer = run(case)
    assert [dx.shape for dx in dxs] == [x.shape for x in case.inputs[: len(dxs)]]
    assert {k: g.shape for k, g in layer.grads.items()} == {
        k: w.shape for k, w in layer.params.items()
    }


@every_layer
def test_float32_stays_float32(case):
    y, dxs, layer = run(as_dtype(case, np.float32))
    arrays = [y, *dxs, *layer.grads.values()]
    assert {a.dtype for a in arrays} == {np.dtype(np.float32)}
    y64, dxs64, _ = run(case)
    for a, b in zip([y, *dxs], [y64, *dxs64], strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-4)


@every_layer
def test_running_statistics_keep_float32(case):
    layer = run(as_dtype(case, np.float32))[2]
    kept = [getattr(layer, n) for n in ("running_mean", "running_var") if hasattr(layer, n)]
    assert all(array.dtype == np.float32 for array in kept)


@every_layer
def test_complex_input_gives_complex_output(case):
    x = case.inputs[0].astype(np.complex128)
    y = deepcopy(case.layer).forward(x, *case.inputs[1:])
    assert y.dtype == np.complex128
    np.testing.assert_allclose(y.real, run(case)[0], rtol=1e-12, atol=1e-12)


@every_layer
def test_integer_input_gives_what_floats_give(case):
    x = np.rint(3 * case.inputs[0])
    whole = run(case, x.astype(np.int64), *case.inputs[1:])[0]
    np.testing.assert_allclose(whole, run(case, x, *case.inputs[1:])[0], rtol=1e-13)


@every_layer
def test_no_argument_is_modified(case):
    layer, inputs = deepcopy(case.layer), deepcopy(case.inputs)
    for array in (*inputs, *layer.params.values()):
        array.flags.writeable = False
    y = layer.forward(*inputs)
    dout = np.ones_like(y)
    dout.flags.writeable = False
    layer.backward(dout)
    layer.backward(dout)


@every_layer
def test_backward_twice_gives_the_same(case):
    y, first, layer = run(case)
    grads = deepcopy(layer.grads)
    dout = np.random.default_rng(3).standard_normal(np.shape(y))
    again = layer.backward(dout)
    for a, b in zip(first, again if isinstance(again, tuple) else (again,), strict=True):
        np.testing.assert_array_equal(a, b)
    for name, gradient in grads.items():
        np.testing.assert_array_equal(gradient, layer.grads[name])


@every_layer
def test_memory_order_does_not_matter(case):
    strided = tuple(np.repeat(x, 2, axis=-1)[..., ::2] for x in case.inputs)
    fortran = tuple(np.asfortranarray(x) for x in case.inputs)
    y, dxs, _ = run(case)
    for inputs in (strided, fortran):
        y2, dxs2, _ = run(case, *inputs)
        np.testing.assert_allclose(y2, y, rtol=1e-13, atol=1e-15)
        for a, b in zip(dxs2, dxs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


@independent
def test_a_batch_of_one_is_the_first_sample(case):
    first = run(case, *(x[:1] for x in case.inputs))[0]
    np.testing.assert_allclose(first, run(case)[0][:1], rtol=1e-12)


@independent
def test_an_empty_batch_is_allowed(case):
    y, dxs, layer = run(case, *(x[:0] for x in case.inputs))
    assert y.shape == (0, *run(case)[0].shape[1:])
    assert all(dx.shape == (0, *x.shape[1:]) for dx, x in zip(dxs, case.inputs, strict=True))
    assert all((g == 0).all() for g in layer.grads.values())


@no_loss
def test_a_gradient_of_the_wrong_shape_is_refused(case):
    layer = deepcopy(case.layer)
    y = layer.forward(*case.inputs)
    with pytest.raises(ShapeError, match=r"\.backward needs dout in the shape of the output"):
        layer.backward(np.ones((*y.shape, 1)))
    with pytest.raises(ShapeError, match=r"\.backward needs dout in the shape of the output"):
        layer.backward(np.ones((1, *y.shape[1:])))


@every_layer
def test_a_call_is_forward(case):
    np.testing.assert_array_equal(deepcopy(case.layer)(*case.inputs), run(case)[0])
