"""The data of experiments asks for what its unit teaches: simpler models stay below what is to be reached."""

import numpy as np
import pytest

from grader.checks.tasks import TASKS, experiment_case, samples

SENTENCES = ["negation", "contrast", "first"]


@pytest.mark.parametrize("name", TASKS)
def test_samples_come_from_the_seed_and_have_all_classes(name):
    (x, t), (again, _) = samples(name, 1, 200), samples(name, 1, 200)
    assert len(x) == len(t) == 200
    np.testing.assert_array_equal(x, again)
    assert np.bincount(t).min() > 200 / TASKS[name].classes / 3
    assert len(np.unique(t)) == TASKS[name].classes


@pytest.mark.parametrize("name", TASKS)
def test_what_is_judged_has_not_been_seen(name):
    case = experiment_case(name, 0, 1, 0.9)
    seen, unseen = case.inputs["x"], case.expected["x"]
    assert (len(seen), len(unseen)) == (TASKS[name].training, TASKS[name].unseen)
    if seen.dtype.kind == "f":
        assert not (seen[:, None] == unseen[None]).reshape(len(seen), len(unseen), -1).all(-1).any()


def linear(features, t, unseen):
    """Classes by least squares on one-hot targets: the best that weights alone can do, nearly."""
    add = lambda x: np.hstack([x.reshape(len(x), -1), np.ones((len(x), 1))])  # noqa: E731
    W = np.linalg.lstsq(add(features), np.eye(t.max() + 1)[t], rcond=None)[0]
    return (add(unseen) @ W).argmax(axis=1)


@pytest.mark.parametrize("name", [name for name in TASKS if name.startswith("digits")])
def test_pictures_need_more_than_one_weight_a_pixel(name):
    (x, t), (unseen, right) = samples(name, 0, 300), samples(name, 1, 1000)
    assert x.shape == (300, 1, 9, 8)
    assert (linear(x, t, unseen) == right).mean() < 0.75


def bag(x):
    return (x[..., None] == np.arange(12)).sum(axis=1)


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_need_the_order_of_their_words(name):
    (x, t), (unseen, right) = samples(name, 0, 4000), samples(name, 1, 2000)
    assert x.shape == (4000, 8)
    assert x.dtype.kind == "i"
    assert (linear(bag(x), t, bag(unseen)) == right).mean() < 0.56


def test_the_labels_of_sentences_mean_what_they_say():
    good, bad = (2, 3), (4, 5)
    for sentence, friendly in zip(*samples("negation", 2, 100), strict=True):
        (at,) = np.flatnonzero(np.isin(sentence, good + bad))
        assert friendly == (sentence[at] in good) ^ (sentence[at - 1] == 1)
    for sentence, friendly in zip(*samples("contrast", 2, 100), strict=True):
        (but,) = np.flatnonzero(sentence == 1)
        assert friendly == np.isin(sentence[but:], good).any()
    for sentence, friendly in zip(*samples("first", 2, 100), strict=True):
        first = sentence[np.isin(sentence, good + bad)][0]
        assert friendly == (first in good)
