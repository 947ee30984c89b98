"""What is special about the models of sequences."""

import numpy as np
import pytest

from dlkit.errors import ArgumentError, ShapeError
from dlkit.gradcheck import check_layer
from dlkit.layers import SoftmaxWithLoss
from dlkit.models import (
    Builder,
    CausalSelfAttention,
    CharRNN,
    SentimentConv1D,
    SentimentLSTM,
    SwapAxes,
    TimeSoftmaxWithLoss,
    Transformer,
)


@pytest.fixture
def build(rng):
    return Builder(rng)


def test_the_loss_over_time_is_the_mean_over_steps_with_a_target(rng):
    x, t = rng.standard_normal((2, 3, 4)), np.array([[1, -1, 3], [-1, -1, 0]])
    steps = [(0, 0), (0, 2), (1, 2)]
    single = [SoftmaxWithLoss().forward(x[n, k][np.newaxis], t[n, k][np.newaxis]) for n, k in steps]
    loss = TimeSoftmaxWithLoss()
    assert abs(loss.forward(x, t) - np.mean(single)) < 1e-15
    assert not loss.backward()[t < 0].any()
    report = check_layer(loss, x, t, rng=rng, tolerance=1e-13)
    assert report.passed, str(report)


def test_the_loss_over_time_names_shapes_that_do_not_fit():
    with pytest.raises(
        ShapeError, match=r"needs x \(N, T, V\), t \(N, T\); got x \(2, 3, 4\), t \(2, 4\)"
    ):
        TimeSoftmaxWithLoss().forward(np.zeros((2, 3, 4)), np.zeros((2, 4), int))


def test_swapped_axes_come_back(rng):
    layer, x = SwapAxes(), rng.standard_normal((2, 3, 4))
    y = layer.forward(x)
    assert y.shape == (2, 4, 3)
    np.testing.assert_array_equal(layer.backward(y), x)
    with pytest.raises(ShapeError, match=r"output, \(2, 4, 3\); got dout \(2, 3, 4\)"):
        layer.backward(x)


@pytest.mark.parametrize("position", range(5))
def test_a_transformer_does_not_look_ahead(build, position):
    model = Transformer(build, V=6, D=8, heads=2, blocks=2)
    ids = np.array([[2, 3, 1, 0, 4]])
    changed = ids.copy()
    changed[0, position] = 5
    before, after = model.forward(ids), model.forward(changed)
    same = (before == after).all(axis=2)[0]
    assert same.tolist() == [step < position for step in range(5)]


def test_attention_sees_the_order_by_positions_alone(build, rng):
    """Without positions, attention of the last step does not notice that others changed places."""
    x = rng.standard_normal((1, 4, 6))
    layer = CausalSelfAttention(build, D=6, heads=2)
    last = layer.forward(x)[0, -1]
    np.testing.assert_allclose(layer.forward(x[:, [2, 0, 1, 3]])[0, -1], last, atol=1e-14)
    model = Transformer(build, V=6, D=6, heads=2, blocks=1)
    one, other = (model.forward(np.array([ids]))[0, -1] for ids in ([2, 3, 1, 0], [1, 2, 3, 0]))
    assert not np.allclose(one, other)


def test_a_transformer_completes_by_its_largest_scores(build):
    model = Transformer(build, V=6, D=8, heads=2, blocks=1)
    start = np.array([[1, 2], [3, 4]])
    ids = start
    for _ in range(3):
        ids = np.column_stack([ids, model.forward(ids)[:, -1].argmax(axis=1)])
    np.testing.assert_array_equal(model.complete(start, 3), ids[:, 2:])
    assert [w.shape for w in model.weights] == [(2, 2, 4, 4)]


def test_a_transformer_needs_heads_that_divide_its_width(build):
    with pytest.raises(
        ArgumentError, match=r"got 3 heads and E = 8\. Choose one of \[1, 2, 4, 8\]"
    ):
        Transformer(build, V=6, D=8, heads=3)


def test_padding_makes_no_difference_to_the_lstm(build):
    model = SentimentLSTM(build, V=9, D=4, H=3)
    ids = np.array([[2, 3, 4]])
    longer = np.array([[2, 3, 4, 0, 0]])
    want = model.forward(ids, training=False)
    np.testing.assert_allclose(model.forward(longer, training=False), want, rtol=1e-13)


def test_the_order_of_words_matters_to_both(build):
    ids, turned = np.array([[2, 3, 4, 5]]), np.array([[5, 4, 3, 2]])
    for model in (SentimentLSTM(build, 9), SentimentConv1D(build, 9, T=4)):
        one, other = (model.forward(x, training=False) for x in (ids, turned))
        assert not np.allclose(one, other)


def test_a_convolution_finds_its_words_anywhere(build):
    model = SentimentConv1D(build, V=9, T=8, kernel=2)
    model.layers[0].W[0] = -model.layers[3].W.sum()  # padding answers the same at every place
    early, late = np.zeros((1, 8), int), np.zeros((1, 8), int)
    early[0, 1:4], late[0, 4:7] = [2, 3, 4], [2, 3, 4]
    one, other = (model.forward(x, training=False) for x in (early, late))
    np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("kernel", [0, 6])
def test_the_kernel_must_fit_into_the_text(build, kernel):
    with pytest.raises(ArgumentError, match=rf"1 <= kernel <= T.*got kernel = {kernel}, T = 5"):
        SentimentConv1D(build, V=9, T=5, kernel=kernel)


def test_the_character_model_goes_on_where_it_stopped(build):
    model = CharRNN(build, V=6, D=4, H=3)
    ids = np.array([[0, 1, 2, 3, 4, 5]])
    whole = model.forward(ids)
    model.reset_state()
    pieces = np.concatenate([model.forward(ids[:, :2]), model.forward(ids[:, 2:])], axis=1)
    np.testing.assert_allclose(pieces, whole, rtol=1e-13)
    assert not np.allclose(model.forward(ids), whole)  # the state was kept
    model.reset_state()
    np.testing.assert_array_equal(model.forward(ids), whole)


def test_writing_is_drawn_from_the_generator_and_leaves_no_state(build):
    model = CharRNN(build, V=6, D=4, H=3)
    one, other = (model.write([1, 2], 20, np.random.default_rng(7)) for _ in range(2))
    assert one == other
    assert len(one) == 20
    assert set(one) <= set(range(6))
    assert model.lstm.h is None


def test_a_low_temperature_takes_the_likeliest(build):
    model = CharRNN(build, V=6, D=4, H=3)
    ids = [1]
    for _ in range(5):
        model.reset_state()
        ids.append(int(model.forward(np.array([ids]))[0, -1].argmax()))
    model.reset_state()
    assert model.write([1], 5, np.random.default_rng(0), temperature=1e-6) == ids[1:]


def test_writing_states_its_rules(build):
    model = CharRNN(build, V=6, D=4, H=3)
    with pytest.raises(ArgumentError, match=r"at least one character; got none"):
        model.write([], 5, np.random.default_rng(0))
    with pytest.raises(ArgumentError, match=r"temperature above 0; got 0\.0"):
        model.write([1], 5, np.random.default_rng(0), temperature=0.0)
