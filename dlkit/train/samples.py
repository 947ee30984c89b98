"""Samples before they reach a model: splitting, folds, standardization, mini-batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlkit.errors import ArgumentError, expect
from dlkit.typing import Array, Labels


def split(
    *arrays: Array, parts: Sequence[float], rng: np.random.Generator
) -> list[tuple[Array, ...]]:
    """Deal the samples out at random, for instance into training, validation and test data.

    arrays: with the same first axis N, such as x and t. parts: the share of each part; they sum to 1.
    Returns for each part the tuple of its arrays, copies.

    >>> x, t = np.arange(10.0), np.arange(10)
    >>> training, test = split(x, t, parts=(0.8, 0.2), rng=np.random.default_rng(0))
    >>> training[0].shape, test[1].shape
    ((8,), (2,))
    """
    if abs(sum(parts) - 1) > 1e-9 or min(parts) < 0:
        raise ArgumentError(f"split needs parts that sum to 1, none negative; got {tuple(parts)}.")
    n = same_length(*arrays)
    ends = [round(n * share) for share in np.cumsum(parts)[:-1]]
    chosen = np.split(rng.permutation(n), ends)
    return [tuple(array[indices] for array in arrays) for indices in chosen]


def k_fold(n: int, k: int, rng: np.random.Generator) -> Iterator[tuple[Labels, Labels]]:
    """Indices of training and of validation, k times: each sample is in one validation part.

    Source: Stone, Cross-Validatory Choice and Assessment of Statistical Predictions (1974).

    >>> for training, validation in k_fold(6, k=3, rng=np.random.default_rng(0)):
    ...     print(sorted(int(i) for i in validation), len(training))
    [2, 3] 4
    [4, 5] 4
    [0, 1] 4
    """
    if not 2 <= k <= n:
        raise ArgumentError(
            f"k_fold needs 2 <= k <= n, the number of samples; got k = {k}, n = {n}."
        )
    folds = np.array_split(rng.permutation(n), k)
    for i in range(k):
        yield np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]


@dataclass(frozen=True)
class Standardizer:
    r"""Standardization :math:`(x - \mu) / \sigma` of each feature; a constant feature becomes 0.

    Fit it on the training data alone: the mean of the test data is something that a model must not know.

    >>> training, test = np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([[4.0, 5.0]])
    >>> standardize = Standardizer.fit(training)
    >>> standardize(test)
    array([[2., 0.]])
    >>> standardize.inverse(standardize(test))
    array([[4., 5.]])
    """

    mean: Array
    std: Array

    @staticmethod
    def fit(x: Array) -> "Standardizer":
        """Mean and standard deviation over the first axis of x (N, ...)."""
        expect(len(x) > 0, "Standardizer.fit needs at least one sample", x=x)
        std = x.std(axis=0)
        return Standardizer(x.mean(axis=0), np.where(std > 0, std, np.ones_like(std)))

    def __call__(self, x: Array) -> Array:
        """Standardized copy of x."""
        return (x - self.mean) / self.std

    def inverse(self, x: Array) -> Array:
        """Undo the standardization."""
        return x * self.std + self.mean


class Batches:
    """Mini-batches of arrays that belong together; every iteration over it is one epoch.

    arrays: with the same first axis N, such as x and t. size: samples in a batch; the last batch holds
    the rest. rng: deals the samples out anew each epoch; without it they keep their order. augment:
    changes the first array of each batch, such as ``lambda x: shift(x, 2, rng)``.

    >>> batches = Batches(np.arange(5.0), np.arange(5), size=2)
    >>> [t.tolist() for x, t in batches]
    [[0, 1], [2, 3], [4]]
    >>> len(batches)
    3
    """

    def __init__(
        self,
        *arrays: Array,
        size: int,
        rng: np.random.Generator | None = None,
        augment: Callable[[Array], Array] | None = None,
    ) -> None:
        if size < 1:
            raise ArgumentError(f"Batches needs a size of at least 1; got {size}.")
        self.n = same_length(*arrays)
        self.arrays = arrays
        self.size = size
        self.rng = rng
        self.augment = augment

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return -(-self.n // self.size)

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        """Batches of one epoch: tuples with as many arrays as were given."""
        order = np.arange(self.n) if self.rng is None else self.rng.permutation(self.n)
        for start in range(0, self.n, self.size):
            first, *others = (array[order[start : start + self.size]] for array in self.arrays)
            yield (first if self.augment is None else self.augment(first), *others)


def same_length(*arrays: Array) -> int:
    """Length N of the first axis, which all arrays must share."""
    named: dict[str, Any] = {f"array {i}": array for i, array in enumerate(arrays, start=1)}
    lengths = {len(array) for array in arrays}
    rule = "Arrays that belong together need the same first axis"
    expect(len(lengths) == 1, rule, hint="", **named)
    return lengths.pop()
