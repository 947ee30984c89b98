"""What the two examples on movie reviews share: the data, the baseline, the training."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dlkit.data import Vocabulary, movie_reviews
from dlkit.data.sources import FOLDER
from dlkit.examples.common import progress
from dlkit.layers import Layer, SigmoidWithLoss
from dlkit.models import MLP, Builder
from dlkit.optim import AdamW
from dlkit.train import Batches, EarlyStopping, Trainer, accuracy, split
from dlkit.typing import Array, Labels

STEPS = 32  # words of a snippet that are read; nine of ten have no more


@dataclass
class Reviews:
    """Snippets as words' numbers (N, STEPS) and targets (N, 1), 1 for friendly, in three parts."""

    vocabulary: Vocabulary
    training: tuple[Labels, Labels]
    validation: tuple[Labels, Labels]
    test: tuple[Labels, Labels]


def load(rng: np.random.Generator, samples: int, folder: Path = FOLDER) -> Reviews:
    """Split so many snippets 7 : 1 : 2; the vocabulary is that of the training data alone."""
    texts, ratings = movie_reviews(folder)
    chosen = rng.permutation(len(texts))[:samples]
    named = np.array(texts, dtype=object)[chosen]
    parts = split(named, ratings[chosen] > 0, parts=(0.7, 0.1, 0.2), rng=rng)
    vocabulary = Vocabulary(parts[0][0], least=2)
    encoded: list[Any] = [
        (vocabulary.encode(texts, STEPS), friendly.astype(np.int64)[:, np.newaxis])
        for texts, friendly in parts
    ]
    return Reviews(vocabulary, *encoded)


def bag_of_words(ids: Labels, V: int) -> Array:
    """Which words occur: shape (N, V), 1 where the text has the word, in whatever order; float32."""
    bag = np.zeros((len(ids), V), np.float32)
    np.put_along_axis(bag, ids, 1.0, axis=1)
    bag[:, 0] = 0.0  # padding is no word
    return bag


def baseline(reviews: Reviews, rng: np.random.Generator, epochs: int = 15) -> float:
    """Test accuracy of a logistic regression on the bag of words, which ignores their order."""
    V = len(reviews.vocabulary)
    parts = (reviews.training, reviews.validation, reviews.test)
    bags = [(bag_of_words(ids, V), t) for ids, t in parts]
    model = MLP([V, 1], Builder(rng, np.float32))  # without a hidden layer: logistic regression
    trainer, _ = train(model, bags[0], bags[1], rng, epochs, patience=3)
    return trainer.evaluate(*bags[2])["accuracy"]


def train(
    model: Layer,
    training: tuple[Array, Array],
    validation: tuple[Array, Array],
    rng: np.random.Generator,
    epochs: int,
    patience: int,
) -> tuple[Trainer, EarlyStopping]:
    """Train until the validation loss has not become smaller for so many epochs."""
    trainer = Trainer(model, SigmoidWithLoss(), AdamW(lr=0.003), accuracy, max_norm=5.0)
    stopping = EarlyStopping(patience)
    batches = Batches(*training, size=64, rng=rng)
    trainer.fit(batches, epochs, validation, stopping, progress(epochs))
    return trainer, stopping
