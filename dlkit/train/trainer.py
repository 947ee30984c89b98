"""The training loop."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np

from dlkit.errors import ArgumentError
from dlkit.layers import Layer
from dlkit.optim import Optimizer, clip_by_norm
from dlkit.typing import Array

#: Mini-batches (x, t); each iteration is one epoch. `Batches` is one, and so is a list.
Epochs: TypeAlias = Iterable[tuple[Array, ...]]


class EarlyStopping:
    """Stop when a number of the history has not become smaller for so many epochs.

    The parameters of the best epoch are kept, and put back into the model at the end.

    patience: epochs without a new best. watch: which number; the loss on the validation data by default.
    After training, `best` is its smallest value and `best_epoch` the epoch, from 1, that had it.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 7.8, algorithm 7.1.

    >>> from dlkit.layers import Affine
    >>> model, stopping = Affine(np.eye(2), np.zeros(2)), EarlyStopping(patience=2)
    >>> [stopping.is_time(i, {"val_loss": v}, model) for i, v in enumerate([3.0, 2.0, 2.5, 2.1], start=1)]
    [False, False, False, True]
    >>> stopping.best_epoch
    2
    """

    def __init__(self, patience: int, watch: str = "val_loss") -> None:
        if patience < 1:
            raise ArgumentError(f"EarlyStopping needs a patience of at least 1; got {patience}.")
        self.patience = patience
        self.watch = watch
        self.best = np.inf
        self.best_epoch = 0
        self.kept: dict[str, Array] = {}

    def is_time(self, epoch: int, numbers: dict[str, float], model: Layer) -> bool:
        """Look at the numbers of an epoch, counted from 1; True if training is to stop."""
        if self.watch not in numbers:
            raise ArgumentError(
                f"EarlyStopping watches {self.watch!r}; this history has {', '.join(numbers)}. "
                "Give fit validation data?"
            )
        if numbers[self.watch] < self.best:
            self.best, self.best_epoch = numbers[self.watch], epoch
            self.kept = {name: array.copy() for name, array in state_of(model).items()}
        return epoch - self.best_epoch >= self.patience

    def restore(self, model: Layer) -> None:
        """Put the best parameters back."""
        state = state_of(model)
        for name, array in self.kept.items():
            state[name][...] = array


def state_of(model: Layer) -> dict[str, Array]:
    """Return all arrays that training changes, by name: parameters, and buffers under ``buffers/``."""
    buffers = {f"buffers/{name}": array for name, array in model.buffers.items()}
    return model.params | buffers


class Trainer:
    """Trains a model by mini-batches: forward, loss, backward, update.

    model: a layer whose `forward` takes ``training``, such as `Sequential`. loss: a layer with
    ``forward(y, t)``, a number, and ``backward()``. metric: a function of y and t, such as
    `dlkit.train.accuracy`, reported under its own name. max_norm: clips the gradients to that length.
    schedule: the learning rate of update t = 0, 1, ….

    `history` holds a list for each number, one entry an epoch: "loss" and the metric, both means over the
    batches while the model was changing; ``val_loss``, and ``val_accuracy`` for a metric of that name, on
    validation data.

    >>> from dlkit.data import spirals
    >>> from dlkit.layers import SoftmaxWithLoss
    >>> from dlkit.models import MLP
    >>> from dlkit.models.build import Builder
    >>> from dlkit.optim import Adam
    >>> from dlkit.train import Batches, accuracy
    >>> rng = np.random.default_rng(0)
    >>> x, t = spirals(rng)
    >>> trainer = Trainer(MLP([2, 30, 3], Builder(rng)), SoftmaxWithLoss(), Adam(lr=0.03), accuracy)
    >>> history = trainer.fit(Batches(x, t, size=30, rng=rng), epochs=30)
    >>> history["accuracy"][-1] > 0.9
    True
    """

    def __init__(
        self,
        model: Layer,
        loss: Layer,
        optimizer: Optimizer,
        metric: Callable[[Array, Array], float] | None = None,
        max_norm: float | None = None,
        schedule: Callable[[int], float] | None = None,
    ) -> None:
        self.model = model
        self.loss = loss
        self.optimizer = optimizer
        self.metric = metric
        self.max_norm = max_norm
        self.schedule = schedule
        self.history: dict[str, list[float]] = {}

    def step(self, x: Array, t: Array) -> dict[str, float]:
        """Update the parameters once; return the numbers of this batch before the update."""
        y = self.model.forward(x, training=True)
        numbers = self._numbers(y, t)
        self.model.backward(self.loss.backward())
        grads = self.model.grads
        if self.max_norm is not None:
            grads = clip_by_norm(grads, self.max_norm)
        if self.schedule is not None:
            self.optimizer.lr = self.schedule(self.optimizer.t)
        self.optimizer.update(self.model.params, grads)
        return numbers

    def evaluate(self, x: Array, t: Array, size: int = 256) -> dict[str, float]:
        """Loss and metric on data that the model does not learn from, `size` samples at a time."""
        return self._numbers(predict(self.model, x, size), t)

    def fit(
        self,
        batches: Epochs,
        epochs: int,
        validation: tuple[Array, Array] | None = None,
        stopping: "EarlyStopping | None" = None,
        report: Callable[[int, dict[str, float]], Any] | None = None,
    ) -> dict[str, list[float]]:
        """Train for so many epochs, or until `stopping` says so; return `history`.

        validation: x and t, measured after every epoch. report: called then with the number of the
        epoch, from 1, and its numbers; `print` will do.
        """
        for epoch in range(1, epochs + 1):
            seen = [(len(t), self.step(x, t)) for x, t in batches]
            if not seen:
                raise ArgumentError(
                    f"fit needs at least one batch in every epoch; epoch {epoch} had none. "
                    "Give Batches or a list, which can be gone through more than once?"
                )
            sizes = [n for n, _ in seen]
            numbers = {
                name: float(np.average([step[name] for _, step in seen], weights=sizes))
                for name in seen[0][1]
            }
            if validation is not None:
                found = self.evaluate(*validation)
                numbers |= {f"val_{name}": number for name, number in found.items()}
            for name, number in numbers.items():
                self.history.setdefault(name, []).append(number)
            if report is not None:
                report(epoch, numbers)
            if stopping is not None and stopping.is_time(epoch, numbers, self.model):
                break
        if stopping is not None:
            stopping.restore(self.model)
        return self.history

    def _numbers(self, y: Array, t: Array) -> dict[str, float]:
        numbers = {"loss": float(self.loss.forward(y, t))}
        if self.metric is not None:
            numbers[getattr(self.metric, "__name__", "metric")] = self.metric(y, t)
        return numbers


def predict(model: Layer, x: Array, size: int = 256) -> Array:
    """Output of the model, outside training, for x (N, ...), `size` samples at a time.

    >>> from dlkit.layers import Affine, Sequential
    >>> predict(Sequential(Affine(np.eye(2), np.ones(2))), np.zeros((3, 2)), size=2)
    array([[1., 1.],
           [1., 1.],
           [1., 1.]])
    """
    starts = range(0, max(len(x), 1), size)  # one, where x is empty
    parts = [model.forward(x[i : i + size], training=False) for i in starts]
    return np.concatenate(parts)
