"""The checkpoints of unit 14 are those that their provenance tells of, and reach what it says."""

import hashlib
import json

import numpy as np
import pytest

from dlkit import fast
from dlkit.examples.super_resolution import enlarge, from_bicubic, photographs, shrink
from dlkit.models import SRCNN, Builder
from dlkit.train import load, psnr
from tests.book.source import BOOK

FOLDER = BOOK / "checkpoints"
PROVENANCE = json.loads((FOLDER / "super_resolution.json").read_text("utf8"))


@pytest.mark.parametrize("name", PROVENANCE)
def test_a_checkpoint_is_the_one_that_its_provenance_tells_of(name):
    told = PROVENANCE[name]
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == told["sha256"]
    assert (BOOK.parent / told["command"].removeprefix("python ")).exists()


def test_srcnn_reaches_what_it_did_when_it_was_made():
    build = Builder(np.random.default_rng(0), np.float32, fast)
    model = from_bicubic(SRCNN(build, filters=(32, 16), kernels=(9, 3, 5)))
    load(FOLDER / "srcnn.npz", model)
    _, truth = photographs(grey=True)["flower"]
    bicubic = enlarge(shrink(truth, 2), 2)
    made = model.forward(bicubic[np.newaxis], training=False)[0]
    assert psnr(made, truth) == pytest.approx(
        PROVENANCE["srcnn.npz"]["reached, in dB"]["flower"], abs=0.01
    )
    assert psnr(made, truth) > psnr(bicubic, truth) + 0.3
