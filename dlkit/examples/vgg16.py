"""VGG16, whole: the table of its layers, and two photographs through all of them.

Prints name, shape of the weights and number of parameters of each of the 16 layers that have some: 138,357,544
in all, 89 % of them in the three affine layers. Two photographs of 224 x 224 pixels then go through. The
weights are random, for none come with dlkit: nothing is recognized. What can be seen is that weights of
He's size carry the signal through 13 convolutions, and how the pictures shrink while the channels grow.
`dlkit.models.VGG16` says how weights from elsewhere are loaded.

Reached: 138,357,544 parameters; standard deviation 1.52 after the first convolution, 1.49 after the last;
11 s, half of them for drawing the weights, and 1.3 GB of memory.
"""

from pathlib import Path

import numpy as np

from dlkit import fast, plot
from dlkit.data import SOURCES, pictures, resize
from dlkit.examples.common import main, progress, save_figure
from dlkit.models import VGG16, Builder

STATED = {"parameters": 138_357_544, "classes": 1000}


def run(out: Path, classes: int = 1000, size: int = 224, seed: int = 0) -> dict[str, float]:
    """Print the table, run both photographs through; return what can be counted."""
    rng = np.random.default_rng(seed)
    model = VGG16(Builder(rng, np.float32, fast), classes, size)
    print(f"{'layer':10}{'shape of W':>20}{'parameters':>14}")
    for name, shape, parameters in model.table():
        print(f"{name:10}{'x'.join(map(str, shape)):>20}{parameters:>14,}")

    photographs = pictures(np.float32)
    x = np.stack([resize(picture[:, :, 106:533], size, size) for picture in photographs.values()])
    x = (x - x.mean(axis=(0, 2, 3), keepdims=True)) / x.std(axis=(0, 2, 3), keepdims=True)
    outputs = {}
    report = progress(len(model.parts), "layer")
    for done, (name, y) in enumerate(model.activations(x), start=1):
        outputs[name] = y
        report(done, {"std": float(y.std())})

    drawing, axes = plot.figure(2, 3)
    plot.pictures(axes[0, 0], resize(np.stack(list(photographs.values())), 224, 336), columns=1)
    for ax, name in zip(axes.flat[1:], [f"pool{i}" for i in range(1, 6)], strict=True):
        plot.pictures(ax, outputs[name][0, :16, np.newaxis], columns=4)
        ax.set_title(f"{name}: 16 of {outputs[name].shape[1]} channels")
    plot.credit(drawing, SOURCES["pictures"].credit)
    save_figure(drawing, out, "vgg16")
    return {
        "parameters": sum(parameters for *_, parameters in model.table()),
        "classes": y.shape[1],
        "std after the first convolution": float(outputs["conv1_1"].std()),
        "std after the last convolution": float(outputs["conv5_3"].std()),
    }


if __name__ == "__main__":
    main(run, STATED)
