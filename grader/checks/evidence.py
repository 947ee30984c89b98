"""What a diagnosis is made from: one array that came, the one that is right, and the case they belong to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.numeric import TOLERANCE
from grader.checks.student import Value

MANY, TIMES = 1 << 16, 8  # entries: an array of the wrong shape with more of them is not looked at


@dataclass(frozen=True)
class Evidence:
    """One wrong value. It holds what is right, so it stays with the judge.

    label: what the value is, such as "dW". batch: the number of samples N. dout: what `backward` was given, for
    a gradient. tolerance: relative error that counts as right. case: where it came from; the judge adds it.
    later: whether the same was looked at before, in an earlier step, and was right. beside: other values that
    came along with it, and are wrong.
    """

    label: str
    got: Value
    want: Array
    batch: int = 1
    dout: Array | None = None
    tolerance: float = TOLERANCE
    case: SolvedCase | None = None
    later: bool = False
    beside: Mapping[str, Array] = field(default_factory=dict)

    @property
    def is_array(self) -> bool:
        """Whether an array of finite numbers came, in the right shape."""
        return (
            isinstance(self.got, np.ndarray)
            and self.got.shape == self.want.shape
            and bool(np.isfinite(self.got).all())
        )

    @property
    def is_oversized(self) -> bool:
        """Whether far more numbers came than are right. Their shape says enough, and each would cost time."""
        return isinstance(self.got, np.ndarray) and self.got.size > max(
            MANY, TIMES * self.want.size
        )

    def equal(self, a: Array, b: Array) -> bool:
        """Whether two arrays have the same shape and agree, as far as this check asks for.

        Zeros agree with nothing else, and say nothing.
        """
        if np.shape(a) != np.shape(b):
            return False
        size = float(np.abs(a).max(initial=0.0))
        return 0.0 < size < np.inf and bool(np.abs(a - b).max() < self.tolerance * size)

    def given(self) -> Iterator[tuple[str, Array]]:
        """The arrays of numbers that the student knows of this case, by the names that the task gives them."""
        if self.case is None:
            return
        for name, value in {**self.case.inputs, **self.case.init}.items():
            if isinstance(value, (np.ndarray, float, np.floating)):
                yield name, np.asarray(value)
        if self.dout is not None:
            yield "dout", np.asarray(self.dout)
