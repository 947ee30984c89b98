"""Inputs of checks: drawn from a seed, or written out in the notebook."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """One trial of a layer, or of a function, which has inputs alone.

    init: arguments of the constructor, by name, in order: arrays, and numbers or tuples of them as the
    docstring promises. inputs: arguments of `forward`, or of the function,
    by name, in order; a function may take a `Form`.
    dout: gradient of the loss with respect to the output; drawn in the output's shape where it is None.
    at_kink: the inputs hit a kink, where the gradient is a convention: it is taken from the reference's
    own backward pass and not from its numerical derivative.
    tolerance: relative error that the output of `forward` may have, where it is not that of every check.
    script: of a class that is no layer, what is done with it and looked at (`grader.checks.script`); its inputs
    are the arrays and numbers that the script names.
    """

    init: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    dout: Array | None = None
    at_kink: bool = False
    tolerance: float | None = None
    script: str = ""


@dataclass(frozen=True, eq=False)
class SolvedCase:
    """A case with what is right for it: ``expected["out"]`` and gradients by name, as ``expected["dW"]``; of
    another kind of exercise, what its checks look for."""

    init: Mapping[str, Any]
    inputs: Mapping[str, Any]
    dout: Array
    expected: Mapping[str, Any]
    tolerance: float | None = None
    script: str = ""


class Draw:
    """Source of random inputs for a case function.

    Public cases, which are printed in the notebook, use multiples of 1/8, so that they are exact and short.
    `trial` counts the cases of a check from 0: a case function may alternate between forms of input.
    """

    def __init__(self, seed: bytes, trial: int = 0, public: bool = False) -> None:
        self.rng = np.random.default_rng(list(seed))
        self.trial = trial
        self.public = public

    def __call__(self, *shape: int) -> Array:
        """Array of that shape, float64: standard normal, or multiples of 1/8 in [-2, 2]."""
        if self.public:
            return self.rng.integers(-16, 17, shape) / 8
        return self.rng.standard_normal(shape)

    def nonzero(self, *shape: int) -> Array:
        """Array of that shape, float64, whose entries stay away from 0: magnitudes from 1/4 to 2."""
        sign = self.rng.choice([-1.0, 1.0], shape)
        if self.public:
            return sign * self.rng.integers(2, 17, shape) / 8
        return sign * self.rng.uniform(0.25, 2.0, shape)

    def sizes(self, count: int, low: int = 2, high: int = 6) -> tuple[int, ...]:
        """Different sizes, at least `low`, so that no two axes can be mixed up; small in a public case."""
        if self.public:
            high = low + max(2, count - 1)
        chosen = self.rng.choice(np.arange(low, high + 1), size=count, replace=False)
        return tuple(int(n) for n in chosen)

    def one_of(self, choices: Sequence[T]) -> T:
        """One of several, each as likely as the others."""
        return choices[int(self.rng.integers(len(choices)))]

    def labels(self, count: int, classes: int) -> Array:
        """Class numbers, shape (count,), int64."""
        return self.rng.integers(0, classes, count)


def seed(secret: bytes, *parts: str) -> bytes:
    """Seed of a draw: HMAC-SHA256 of the parts under the course's secret.

    Whoever does not know the secret cannot tell the hidden inputs; whoever does gets the same ones again,
    in any order, on any machine.
    """
    return hmac.new(secret, "\x1f".join(parts).encode(), hashlib.sha256).digest()
