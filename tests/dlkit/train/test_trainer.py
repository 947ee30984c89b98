import numpy as np
import pytest

from dlkit import train
from dlkit.data import spirals
from dlkit.errors import ArgumentError
from dlkit.layers import Affine, MeanSquaredError, Sequential, SoftmaxWithLoss
from dlkit.models import MLP, Builder
from dlkit.optim import SGD, Adam, step_decay
from dlkit.train import Batches, EarlyStopping, Trainer, accuracy, predict


@pytest.fixture
def data(rng):
    return spirals(rng, per_class=30)


def line():
    return Sequential(Affine(np.array([[1.0]]), np.array([0.0])))


X, T = np.array([[1.0], [2.0], [3.0]]), np.array([[2.0], [5.0], [4.0]])


def test_one_step_is_forward_loss_backward_update():
    trainer = Trainer(line(), MeanSquaredError(), SGD(lr=0.1))
    numbers = trainer.step(X, T)
    assert numbers == {"loss": pytest.approx(((X - T) ** 2).mean())}
    params = trainer.model.params
    np.testing.assert_allclose(
        params["0.W"], 1.0 - 0.1 * (2 * (X - T) * X).mean(axis=0)[np.newaxis]
    )
    np.testing.assert_allclose(params["0.b"], -0.1 * (2 * (X - T)).mean(axis=0))


def test_clipping_shortens_the_step():
    trainer = Trainer(line(), MeanSquaredError(), SGD(lr=1.0), max_norm=0.5)
    trainer.step(X, T)
    params = trainer.model.params
    moved = np.hypot(params["0.W"] - 1.0, params["0.b"])
    np.testing.assert_allclose(moved, 0.5, rtol=1e-5)


def test_the_schedule_sets_the_rate_of_every_update():
    rates = []

    class Recording(SGD):
        def update(self, params, grads):
            rates.append(self.lr)
            super().update(params, grads)

    trainer = Trainer(
        line(), MeanSquaredError(), Recording(), schedule=lambda t: step_decay(t, 0.08, 2, 0.5)
    )
    trainer.fit(Batches(X, T, size=2), epochs=2)
    assert rates == [0.08, 0.08, 0.04, 0.04]


def test_the_history_weighs_batches_by_their_samples(data):
    x, t = data
    model = MLP([2, 4, 3], Builder(np.random.default_rng(0)))
    trainer = Trainer(model, SoftmaxWithLoss(), SGD(lr=0.0), accuracy)
    history = trainer.fit(Batches(x, t, size=32), epochs=2)
    whole = trainer.evaluate(x, t)
    for name in ("loss", "accuracy"):
        assert history[name] == pytest.approx([whole[name]] * 2)


def test_validation_is_measured_after_each_epoch_outside_training(data):
    x, t = data
    rng = np.random.default_rng(0)
    model = MLP([2, 8, 3], Builder(rng), dropout=0.5)
    trainer = Trainer(model, SoftmaxWithLoss(), Adam(), accuracy)
    history = trainer.fit([(x, t)], epochs=3, validation=(x, t))
    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert all(len(numbers) == 3 for numbers in history.values())
    assert history["val_loss"][-1] == trainer.evaluate(x, t)["loss"]
    assert history["val_loss"][-1] != history["loss"][-1]


def test_the_report_gets_each_epoch_and_its_numbers(data):
    seen = []
    model = MLP([2, 4, 3], Builder(np.random.default_rng(0)))
    trainer = Trainer(model, SoftmaxWithLoss(), SGD())
    trainer.fit([data], epochs=2, report=lambda epoch, numbers: seen.append((epoch, dict(numbers))))
    assert seen == [(i + 1, {"loss": loss}) for i, loss in enumerate(trainer.history["loss"])]


def test_training_more_continues_the_history(data):
    trainer = Trainer(MLP([2, 4, 3], Builder(np.random.default_rng(0))), SoftmaxWithLoss(), SGD())
    trainer.fit([data], epochs=2)
    assert len(trainer.fit([data], epochs=3)["loss"]) == 5


def test_spirals_are_learned_in_seconds(data):
    x, t = data
    rng = np.random.default_rng(0)
    trainer = Trainer(MLP([2, 32, 3], Builder(rng)), SoftmaxWithLoss(), Adam(lr=0.03), accuracy)
    trainer.fit(Batches(x, t, size=30, rng=rng), epochs=60)
    assert trainer.evaluate(x, t)["accuracy"] > 0.95


def test_early_stopping_ends_after_its_patience_and_puts_the_best_back():
    """By steps of 1, w walks 3, 2, 1, 0, -1, … away from what the validation data wants, w = 1."""
    model = Sequential(Affine(np.array([[4.0]]), np.array([0.0])))

    class Walk(SGD):
        def update(self, params, grads):
            params["0.W"] -= 1.0

    one = np.ones((1, 1))
    stopping = EarlyStopping(patience=2)
    trainer = Trainer(model, MeanSquaredError(), Walk())
    history = trainer.fit([(one, one)], 100, validation=(one, one), stopping=stopping)
    assert history["val_loss"] == [4, 1, 0, 1, 4]
    assert (stopping.best_epoch, stopping.best) == (3, 0)
    assert model.params["0.W"] == 1.0


def test_early_stopping_puts_running_statistics_back_too(data):
    x, t = data
    model = MLP([2, 4, 3], Builder(np.random.default_rng(0)), batch_norm=True)
    stopping = EarlyStopping(patience=1)
    trainer = Trainer(model, SoftmaxWithLoss(), SGD(lr=100.0))
    trainer.fit([(x, t)], 20, validation=(x, t), stopping=stopping)
    assert len(trainer.history["loss"]) < 20
    assert trainer.evaluate(x, t)["loss"] == pytest.approx(stopping.best, rel=1e-12)


def test_early_stopping_can_watch_another_number(data):
    stopping = EarlyStopping(patience=1, watch="loss")
    trainer = Trainer(
        MLP([2, 4, 3], Builder(np.random.default_rng(0))), SoftmaxWithLoss(), SGD(lr=0.0)
    )
    assert len(trainer.fit([data], 20, stopping=stopping)["loss"]) == 2


def test_a_loss_of_nan_never_counts_as_the_best():
    stopping, model = EarlyStopping(patience=2), line()
    assert [stopping.is_time(i, {"val_loss": np.nan}, model) for i in (1, 2)] == [False, True]
    stopping.restore(model)
    assert model.params["0.W"] == 1.0


def test_rules_are_stated(data):
    model = MLP([2, 4, 3], Builder(np.random.default_rng(0)))
    trainer = Trainer(model, SoftmaxWithLoss(), SGD())
    with pytest.raises(
        ArgumentError, match=r"watches 'val_loss'; this history has loss\. Give fit validation"
    ):
        trainer.fit([data], 2, stopping=EarlyStopping(patience=1))
    with pytest.raises(ArgumentError, match=r"at least one batch in every epoch; epoch 2 had none"):
        trainer.fit(iter([data]), epochs=2)
    with pytest.raises(ArgumentError, match=r"patience of at least 1; got 0\."):
        EarlyStopping(patience=0)


@pytest.mark.parametrize("size", [1, 2, 3, 256])
def test_predictions_do_not_depend_on_the_size_of_the_parts(size, rng):
    model = MLP([2, 4, 3], Builder(rng), batch_norm=True, dropout=0.5)
    x = rng.standard_normal((3, 2))
    np.testing.assert_allclose(
        predict(model, x, size), model.forward(x, training=False), rtol=1e-13
    )
    assert predict(model, x[:0]).shape == (0, 3)


def test_every_public_name_has_an_example():
    assert len(set(train.__all__)) == len(train.__all__)
    assert all(">>>" in getattr(train, name).__doc__ for name in train.__all__)
