"""Data for experiments, drawn by chance: points in the plane, pictures, sentences.

Each task asks for what its unit teaches: no straight line separates the points, the digits of a picture stand
anywhere in it, and the words of a sentence mean something in their order alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grader.checks.case import Array, SolvedCase

EDGE = 0.1  # width of the gap between the classes of points, so that no label is a matter of chance
HEIGHT, WIDTH = 9, 8  # of a picture

# In quotes: numpy.random is loaded only where something is drawn.
Drawing = Callable[["np.random.Generator", int], tuple[Array, Array]]


@dataclass(frozen=True)
class Task:
    """Samples of several classes. draw: generator and number of samples → samples x, and classes t."""

    draw: Drawing
    classes: int = 2
    training: int = 200
    unseen: int = 200


def _points(side: Callable[[Array], Array]) -> Drawing:
    """Points of the square from -2 to 2, (count, 2); the sign of `side` is their class."""

    def draw(rng: "np.random.Generator", count: int) -> tuple[Array, Array]:
        x = rng.uniform(-2.0, 2.0, (4 * count, 2))
        kept = np.abs(side(x)) > EDGE
        return x[kept][:count], (side(x[kept])[:count] > 0).astype(int)

    return draw


def _ring(x: Array) -> Array:
    return np.hypot(x[:, 0], x[:, 1]) - 1.1


def _quadrants(x: Array) -> Array:
    product: Array = x[:, 0] * x[:, 1]
    return product


def _band(x: Array) -> Array:
    distance: Array = np.abs(x[:, 0] + x[:, 1]) - 1.2
    return distance


# The ten digits, 5 x 3 pixels each, row by row.
GLYPHS = (
    "### ..# ### ### #.# ### ### ### ### ###",
    "#.# .## ..# ..# #.# #.. #.. ..# #.# #.#",
    "#.# ..# ### ### ### ### ### ..# ### ###",
    "#.# ..# #.. ..# ..# ..# #.# ..# #.# ..#",
    "### ..# ### ### ..# ### ### ..# ### ###",
)


def _digits(shown: str, anywhere: bool = True) -> Drawing:
    """Pictures (count, 1, 9, 8): one of these digits, of some brightness, in noise; t is its place among them.

    anywhere: False to leave the digit near the middle.
    """
    glyphs = np.array([[[c == "#" for c in row.split()[int(d)]] for row in GLYPHS] for d in shown])

    def draw(rng: "np.random.Generator", count: int) -> tuple[Array, Array]:
        t = rng.integers(0, len(shown), count)
        x = 0.15 * rng.standard_normal((count, 1, HEIGHT, WIDTH))
        for picture, glyph in zip(x[:, 0], glyphs[t], strict=True):
            top, left = (
                (rng.integers(0, HEIGHT - 4), rng.integers(0, WIDTH - 2))
                if anywhere
                else rng.integers(2, 4, 2)
            )
            picture[top : top + 5, left : left + 3] += rng.uniform(0.6, 1.0) * glyph
        return x, t

    return draw


STEPS = 8  # words of a sentence
GOOD, BAD, TURN, OTHER = (2, 3), (4, 5), 1, range(6, 12)  # numbers of the words


def _word(rng: "np.random.Generator", good: bool) -> int:
    return int(rng.choice(GOOD if good else BAD))


def _negation(rng: "np.random.Generator", count: int) -> tuple[Array, Array]:
    """A good or bad word, and a "not", which turns it round if it stands directly before it."""
    x = rng.choice(OTHER, (count, STEPS))
    good, turned = rng.integers(0, 2, (2, count)).astype(bool)
    for sentence, is_good, is_turned in zip(x, good, turned, strict=True):
        at = rng.integers(1, STEPS)
        elsewhere = [k for k in range(STEPS) if k not in (at - 1, at)]
        sentence[at] = _word(rng, is_good)
        sentence[at - 1 if is_turned else rng.choice(elsewhere)] = TURN
    return x, (good ^ turned).astype(int)


def _contrast(rng: "np.random.Generator", count: int) -> tuple[Array, Array]:
    """A good and a bad word, with a "but" between them: what comes after it counts."""
    x = rng.choice(OTHER, (count, STEPS))
    good = rng.integers(0, 2, count).astype(bool)
    for sentence, is_good in zip(x, good, strict=True):
        first, but, last = np.sort(rng.choice(STEPS, 3, replace=False))
        sentence[[first, but, last]] = _word(rng, not is_good), TURN, _word(rng, is_good)
    return x, good.astype(int)


def _first(rng: "np.random.Generator", count: int) -> tuple[Array, Array]:
    """Two good and two bad words among others: the first of them counts, however long ago it was."""
    x = rng.choice(OTHER, (count, STEPS))
    good = rng.integers(0, 2, count).astype(bool)
    for sentence, is_good in zip(x, good, strict=True):
        places = np.sort(rng.choice(STEPS, 4, replace=False))
        rest = rng.permutation([is_good, not is_good, not is_good])
        sentence[places] = [_word(rng, kind) for kind in (is_good, *rest)]
    return x, good.astype(int)


#: By name. Of points, the classes are the sides of a curve; of pictures, the digits in the name; of
#: sentences (count, 8), whole numbers from 1 to 11 a word, 1 is a friendly one and 0 another.
TASKS: dict[str, Task] = {
    "ring": Task(_points(_ring)),
    "quadrants": Task(_points(_quadrants)),
    "band": Task(_points(_band)),
    "middle-02679": Task(_digits("02679", anywhere=False), classes=5, training=600),
    "middle-04567": Task(_digits("04567", anywhere=False), classes=5, training=600),
    "middle-13578": Task(_digits("13578", anywhere=False), classes=5, training=600),
    "digits-01234": Task(_digits("01234"), classes=5, training=300),
    "digits-56789": Task(_digits("56789"), classes=5, training=300),
    "digits-13579": Task(_digits("13579"), classes=5, training=300),
    "negation": Task(_negation, training=400),
    "contrast": Task(_contrast, training=400),
    "first": Task(_first, training=400),
}


def samples(task: str, seed: int, count: int) -> tuple[Array, Array]:
    """Samples of a task, and their classes, shape (count,)."""
    return TASKS[task].draw(np.random.default_rng(seed), count)


def experiment_case(task: str, seed: int, unseen_seed: int, reach: float) -> SolvedCase:
    """Samples to train on, a seed for the training, and other samples of the same task."""
    kind = TASKS[task]
    x, t = samples(task, seed, kind.training)
    unseen_x, unseen_t = samples(task, unseen_seed, kind.unseen)
    expected = {"x": unseen_x, "t": unseen_t, "reach": reach, "classes": kind.classes}
    return SolvedCase({}, {"x": x, "t": t, "seed": seed % 1000}, np.zeros(()), expected)
