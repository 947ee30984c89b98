"""Handwritten digits of 8 x 8 pixels by a multilayer perceptron, with what keeps it from overfitting.

64-100-50-10 with batch normalization, dropout, decoupled weight decay and early stopping, on 60 % of the
1,797 digits of scikit-learn; 20 % say when to stop, and the other 20 % are used once, at the end.

Reached: 98.3 % of the test digits, 99.4 % of the validation digits, epoch 32 the best; 4 s.
"""

from pathlib import Path

import numpy as np

from dlkit import plot
from dlkit.data import digits
from dlkit.examples.common import main, progress, save_figure
from dlkit.layers import SoftmaxWithLoss
from dlkit.models import MLP, Builder
from dlkit.optim import AdamW
from dlkit.train import Batches, EarlyStopping, Trainer, accuracy, confusion_matrix, predict, split

STATED = {"test accuracy": 0.97}


def run(out: Path, epochs: int = 60, seed: int = 0) -> dict[str, float]:
    """Train with batch normalization, dropout, weight decay and early stopping; return the accuracies.

    The test data is used once, at the end; the validation data decides when to stop.
    """
    rng = np.random.default_rng(seed)
    x, t = digits()
    data = split(x.reshape(len(x), -1), t, parts=(0.6, 0.2, 0.2), rng=rng)
    (x_train, t_train), (x_val, t_val), (x_test, t_test) = data

    model = MLP([64, 100, 50, 10], Builder(rng), batch_norm=True, dropout=0.2)
    trainer = Trainer(model, SoftmaxWithLoss(), AdamW(lr=0.003), accuracy)
    stopping = EarlyStopping(patience=10)
    batches = Batches(x_train, t_train, size=32, rng=rng)
    history = trainer.fit(batches, epochs, (x_val, t_val), stopping, progress(epochs))

    drawing, axes = plot.figure(1, 2)
    plot.learning_curves(axes[0, 0], history).axvline(stopping.best_epoch, color="0.7")
    called = predict(model, x_test).argmax(axis=1)
    plot.confusion_matrix(axes[0, 1], confusion_matrix(called, t_test, classes=10))
    save_figure(drawing, out, "mlp")
    return {
        "best epoch": float(stopping.best_epoch),
        "validation accuracy": trainer.evaluate(x_val, t_val)["accuracy"],
        "test accuracy": trainer.evaluate(x_test, t_test)["accuracy"],
    }


if __name__ == "__main__":
    main(run, STATED)
