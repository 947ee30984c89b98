"""5,000 digits of MNIST by a small convolutional network, with shifted copies as augmentation.

Two convolutions of 16 and 32 filters with pooling, a hidden layer of 128 units, dropout; Adam with a
cosine for the learning rate. Of the 5,000 digits 80 % are for training, each shifted anew by up to two
pixels in every epoch.

Reached: 98.8 % of the 1,000 test digits; 42 s.
"""

from pathlib import Path

import numpy as np

from dlkit import fast, plot
from dlkit.data import mnist_5k
from dlkit.examples.common import main, progress, save_figure
from dlkit.layers import SoftmaxWithLoss
from dlkit.models import Builder, SimpleConvNet
from dlkit.optim import Adam, cosine_decay
from dlkit.train import Batches, Trainer, accuracy, predict, shift, split

STATED = {"test accuracy": 0.975}


def run(out: Path, epochs: int = 20, samples: int = 5000, seed: int = 0) -> dict[str, float]:
    """Train on 80 % of so many samples, each shifted anew by up to 2 pixels in every epoch."""
    rng = np.random.default_rng(seed)
    x, t = mnist_5k(dtype=np.float32)
    chosen = rng.permutation(len(x))[:samples]
    (x_train, t_train), (x_test, t_test) = split(x[chosen], t[chosen], parts=(0.8, 0.2), rng=rng)

    model = SimpleConvNet(Builder(rng, np.float32, fast), shape=(1, 28, 28))
    model.layers[0].input_gradient = False  # of the pictures: nobody asks for it
    batches = Batches(x_train, t_train, size=64, rng=rng, augment=lambda x: shift(x, 2, rng))
    steps = epochs * len(batches)
    trainer = Trainer(
        model, SoftmaxWithLoss(), Adam(), accuracy,
        schedule=lambda step: cosine_decay(step, lr=0.002, steps=steps),
    )  # fmt: skip
    history = trainer.fit(batches, epochs, report=progress(epochs))

    y = predict(model, x_test)
    wrong = y.argmax(axis=1) != t_test
    drawing, axes = plot.figure(1, 3)
    plot.learning_curves(axes[0, 0], history)
    plot.pictures(axes[0, 1], model.layers[0].W, columns=4, grey_from=-1)
    axes[0, 1].set_title("filters of the first layer")
    plot.pictures(axes[0, 2], x_test[wrong][:24] if wrong.any() else x_test[:24], columns=6)
    axes[0, 2].set_title("digits it got wrong")
    save_figure(drawing, out, "simple_conv_net")
    return {"test accuracy": accuracy(y, t_test)}


if __name__ == "__main__":
    main(run, STATED)
