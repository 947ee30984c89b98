"""What is wrong, from the relation between the array that came and the one that is right.

A diagnosis never shows the expected values: it names shapes, relations and ratios.
"""

from collections.abc import Callable, Iterator

import numpy as np

from grader.checks.case import Array
from grader.checks.finding import Finding, finding
from grader.checks.numeric import TOLERANCE, relative_error
from grader.checks.student import Value


def diagnose(
    label: str,
    got: Value,
    want: Array,
    batch: int = 1,
    dout: Array | None = None,
    tolerance: float = TOLERANCE,
) -> Finding:
    """Describe how an array differs from the right one.

    label: what the array is, such as "dW". batch: the number of samples N, for factors of N and 1/N.
    dout: what `backward` was given, for a gradient. tolerance: relative error that counts as right.
    """
    if got is None:
        return finding("returned-none", label=label)
    if isinstance(got, tuple):
        return finding("tuple-returned", label=label, count=len(got), want=want.shape)
    if not isinstance(got, np.ndarray):
        return finding("no-numbers", label=label)
    if got.shape != want.shape:
        return _shape(label, got, want, tolerance, dout is not None)
    if not np.isfinite(got).all():
        return finding("not-finite", label=label)
    with np.errstate(all="ignore"):
        for holds, text in _relations(label, got, want, batch, dout, tolerance):
            if holds():
                return text
        wrong = np.abs(got - want) > tolerance * np.abs(want).max()
    return finding(
        "wrong-entries",
        label=label,
        wrong=np.count_nonzero(wrong),
        size=want.size,
        error=f"{relative_error(got, want):.1e}",
    )


def _shape(label: str, got: Array, want: Array, tolerance: float, gradient: bool) -> Finding:
    if got.ndim == 2 and got.T.shape == want.shape and relative_error(got.T, want) < tolerance:
        return finding("transposed", label=label)
    if got.size == want.size and relative_error(got.reshape(want.shape), want) < tolerance:
        return finding("reshaped", label=label, got=got.shape, want=want.shape)
    if gradient and got.ndim == 0:
        return finding("summed-to-a-number", label=label, want=want.shape)
    if gradient and got.ndim == want.ndim + 1 and got.shape[1:] == want.shape:
        return finding("batch-not-summed", label=label, got=got.shape, want=want.shape)
    if gradient and got.ndim == want.ndim == 1:
        return finding("wrong-axis", label=label, got=got.shape, want=want.shape)
    return finding("wrong-shape", label=label, got=got.shape, want=want.shape)


def _relations(
    label: str, got: Array, want: Array, batch: int, dout: Array | None, tolerance: float
) -> Iterator[tuple[Callable[[], bool], Finding]]:
    """Pairs of a test and what it means, from the most to the least specific."""

    def times(factor: float) -> Callable[[], bool]:
        return lambda: relative_error(got, factor * want) < tolerance

    yield (
        lambda: not got.any() and bool(want.any()),
        finding("all-zero", label=label),
    )
    yield times(-1), finding("wrong-sign", label=label)
    if dout is not None and np.shape(dout) in ((), got.shape):
        yield (
            lambda: relative_error(got * dout, want) < tolerance,
            finding("dout-missing", label=label),
        )
    if batch > 1:
        yield times(batch), finding("times-batch", label=label, batch=batch)
        yield times(1 / batch), finding("over-batch", label=label, batch=batch)
    if got.ndim == 2 and got.shape[0] == got.shape[1]:
        yield (
            lambda: relative_error(got.T, want) < tolerance,
            finding("transposed", label=label),
        )
    factor = _ratio(got, want)
    if factor is not None:
        yield times(factor), finding("constant-factor", label=label, factor=f"{factor:.4g}")


def _ratio(got: Array, want: Array) -> float | None:
    """Factor of the least-squares fit got ≈ factor · want; None where want is 0 or a single number."""
    norm = float(np.vdot(want, want).real)
    if want.size < 2 or norm == 0.0:
        return None
    return float(np.vdot(want, got).real) / norm
