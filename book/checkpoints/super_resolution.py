"""Train what unit 14 shows: `python book/checkpoints/super_resolution.py` writes three .npz files beside it.

A page has a minute to run, and these models need more. Each file is a checkpoint of `dlkit.train.save`; where
it comes from, and what it reached on its test pictures when it was made, stands in `super_resolution.json`.
"""

import hashlib
import json
import platform
import time
from pathlib import Path

import numpy as np

import dlkit
from dlkit import fast
from dlkit.examples import srgan
from dlkit.examples.super_resolution import (
    Enlarge,
    enlarge,
    from_bicubic,
    photographs,
    shrink,
    training_patches,
)
from dlkit.layers import Layer, MeanSquaredError
from dlkit.models import SRCNN, Builder, SRGenerator
from dlkit.optim import Adam, cosine_decay
from dlkit.train import Batches, Trainer, psnr, save

HERE = Path(__file__).parent
FACTOR, SEED = 2, 0


def main() -> None:
    """Train all of them, one after the other; about three minutes on two cores."""
    provenance = {}
    for make in (srcnn, duel):
        start = time.perf_counter()
        for name, (model, reached) in make(np.random.default_rng(SEED)).items():
            path = HERE / f"{name}.npz"
            save(path, model)
            provenance[path.name] = {
                "command": "python book/checkpoints/super_resolution.py",
                "trained by": make.__doc__,
                "seed": SEED,
                "seconds": round(time.perf_counter() - start),
                "dlkit": dlkit.__version__,
                "numpy": np.__version__,
                "python": platform.python_version(),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "reached, in dB": reached,
            }
    text = json.dumps(provenance, indent=2, ensure_ascii=False)
    Path(__file__).with_suffix(".json").write_text(f"{text}\n", "utf8")


def srcnn(rng: np.random.Generator) -> dict[str, tuple[Layer, dict[str, float]]]:
    """SRCNN with 32 and 16 filters, 20 epochs of mean squared error on the photographs' lower halves."""
    parts = photographs(grey=True)
    sharp = training_patches(parts, size=32, stride=16)
    build = Builder(rng, np.float32, fast)
    model = from_bicubic(SRCNN(build, filters=(32, 16), kernels=(9, 3, 5)))
    batches = Batches(enlarge(shrink(sharp, FACTOR), FACTOR), sharp, size=16, rng=rng)
    steps = 20 * len(batches)
    trainer = Trainer(
        model, MeanSquaredError(), Adam(), max_norm=1.0,
        schedule=lambda step: cosine_decay(step, lr=0.001, steps=steps),
    )  # fmt: skip
    trainer.fit(batches, 20)
    reached = {}
    for name, (_, truth) in parts.items():
        bicubic = enlarge(shrink(truth, FACTOR), FACTOR)
        made = model.forward(bicubic[np.newaxis], training=False)[0]
        reached[name] = round(psnr(made, truth), 2)
    return {"srcnn": (model, reached)}


def duel(rng: np.random.Generator) -> dict[str, tuple[Layer, dict[str, float]]]:
    """SRGAN's generator: 30 epochs of mean squared error, and that model after 8 epochs of the duel."""
    parts = photographs(grey=False)
    sharp = training_patches(parts, srgan.SIZE, stride=24)
    batches = Batches(shrink(sharp, FACTOR), sharp, size=16, rng=rng)
    build = Builder(rng, np.float32, fast)
    generator = from_bicubic(
        SRGenerator(build, r=FACTOR, width=16, blocks=2, kernel=5), Enlarge(FACTOR)
    )
    found = {}
    srgan.by_squared_error(generator, batches, 30)
    found["srgan_before"] = (copy(generator), reached(generator, parts))
    srgan.by_duel(generator, batches, 8, rng)
    found["srgan_after"] = (generator, reached(generator, parts))
    return found


def reached(generator: Layer, parts: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Peak signal-to-noise ratio on the upper half of each photograph."""
    return {
        name: round(psnr(srgan.enlarged(generator, truth), truth), 2)
        for name, (_, truth) in parts.items()
    }


def copy(generator: Layer) -> Layer:
    """A generator of the same kind with copies of the parameters."""
    build = Builder(np.random.default_rng(SEED), np.float32, fast)
    other = from_bicubic(
        SRGenerator(build, r=FACTOR, width=16, blocks=2, kernel=5), Enlarge(FACTOR)
    )
    for name, array in generator.params.items():
        other.params[name][...] = array
    return other


if __name__ == "__main__":
    main()
