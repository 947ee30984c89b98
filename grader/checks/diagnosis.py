"""What is wrong, from the relation between the array that came and the one that is right.

A diagnosis never shows the expected values: it names shapes, relations and ratios.
"""

from collections.abc import Callable, Iterator

import numpy as np

from grader.checks.case import Array
from grader.checks.numeric import TOLERANCE, relative_error
from grader.checks.student import Value
from grader.checks.text import Message, message


def diagnose(
    label: str,
    got: Value,
    want: Array,
    batch: int = 1,
    dout: Array | None = None,
    tolerance: float = TOLERANCE,
) -> Message:
    """Describe how an array differs from the right one.

    label: what the array is, such as "dW". batch: the number of samples N, for factors of N and 1/N.
    dout: what `backward` was given, for a gradient. tolerance: relative error that counts as right.
    """
    if got is None:
        return message("`{label}` is None. Is a `return` missing?", label=label)
    if isinstance(got, tuple):
        return message("`{label}` is a list or tuple of length {count}; one array of shape {want} is expected.",
                       label=label, count=len(got), want=want.shape)  # fmt: skip
    if not isinstance(got, np.ndarray):
        return message("`{label}` is not an array of numbers.", label=label)
    if got.shape != want.shape:
        return _shape(label, got, want, tolerance, dout is not None)
    if not np.isfinite(got).all():
        return message("`{label}` holds NaN or infinite values. Where could an overflow, a logarithm of 0 or "
                       "a division by 0 come from?", label=label)  # fmt: skip
    with np.errstate(all="ignore"):
        for holds, text in _relations(label, got, want, batch, dout, tolerance):
            if holds():
                return text
        wrong = np.abs(got - want) > tolerance * np.abs(want).max()
    return message("`{label}` has the right shape, but {wrong} of its {size} entries are wrong (largest error "
                   "relative to the largest entry: {error}).", label=label, wrong=np.count_nonzero(wrong),
                   size=want.size, error=f"{relative_error(got, want):.1e}")  # fmt: skip


def _shape(label: str, got: Array, want: Array, tolerance: float, gradient: bool) -> Message:
    if got.ndim == 2 and got.T.shape == want.shape and relative_error(got.T, want) < tolerance:
        return message("`{label}` is the transpose of the right one: shape {got}, expected {want}.",
                       label=label, got=got.shape, want=want.shape)  # fmt: skip
    if got.size == want.size and relative_error(got.reshape(want.shape), want) < tolerance:
        return message("`{label}` has the right values in shape {got}; expected is shape {want}.",
                       label=label, got=got.shape, want=want.shape)  # fmt: skip
    if gradient and got.ndim == 0:
        return message("`{label}` is a single number; an array of shape {want} is expected. Is the `axis` of "
                       "a sum missing?", label=label, want=want.shape)  # fmt: skip
    if gradient and got.ndim == want.ndim + 1 and got.shape[1:] == want.shape:
        return message("`{label}` has shape {got}, expected {want}: is the sum over the batch missing?",
                       label=label, got=got.shape, want=want.shape)  # fmt: skip
    if gradient and got.ndim == want.ndim == 1:
        return message("`{label}` has shape {got}, expected {want}: is the sum taken over the wrong axis?",
                       label=label, got=got.shape, want=want.shape)  # fmt: skip
    return message("`{label}` has shape {got}, expected {want}.",
                   label=label, got=got.shape, want=want.shape)  # fmt: skip


def _relations(
    label: str, got: Array, want: Array, batch: int, dout: Array | None, tolerance: float
) -> Iterator[tuple[Callable[[], bool], Message]]:
    """Pairs of a test and what it means, from the most to the least specific."""

    def times(factor: float) -> Callable[[], bool]:
        return lambda: relative_error(got, factor * want) < tolerance

    yield (
        lambda: not got.any() and bool(want.any()),
        message("`{label}` is 0 everywhere.", label=label),
    )
    yield times(-1), message("`{label}` has the wrong sign.", label=label)
    if dout is not None and np.shape(dout) in ((), got.shape):
        yield (
            lambda: relative_error(got * dout, want) < tolerance,
            message(
                "`{label}` lacks the factor `dout`: the chain rule multiplies by the gradient that arrives.",
                label=label,
            ),
        )
    if batch > 1:
        yield times(batch), message(
            "`{label}` is too large by the factor N = {batch}, the number of samples: is the mean over the "
            "batch missing?", label=label, batch=batch)  # fmt: skip
        yield times(1 / batch), message(
            "`{label}` is too small by the factor 1/N, N = {batch} the number of samples: is a mean taken "
            "where a sum belongs?", label=label, batch=batch)  # fmt: skip
    if got.ndim == 2 and got.shape[0] == got.shape[1]:
        yield (
            lambda: relative_error(got.T, want) < tolerance,
            message("`{label}` is the transpose of the right one.", label=label),
        )
    factor = _ratio(got, want)
    if factor is not None:
        yield times(factor), message("`{label}` is {factor} times the right one, in every entry.",
                                     label=label, factor=f"{factor:.4g}")  # fmt: skip


def _ratio(got: Array, want: Array) -> float | None:
    """Factor of the least-squares fit got ≈ factor · want; None where want is 0 or a single number."""
    norm = float(np.vdot(want, want).real)
    if want.size < 2 or norm == 0.0:
        return None
    return float(np.vdot(want, got).real) / norm
