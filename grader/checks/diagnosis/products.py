"""Relations: products with a known matrix, which is transposed, missing or too much, or which is right.

A square matrix can be undone, so that its product can be exchanged for another; through a matrix with fewer
rows than columns only some arrays come, so that it can be seen whether one has.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from grader.checks.case import Array
from grader.checks.diagnosis.relation import Gaps, relation
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding

WELL = 1e6  # condition number up to which a matrix is undone
AGREES = 1e-7  # relative: undoing costs digits


@relation("matrix-transposed")
def matrix_transposed(e: Evidence) -> Gaps | None:
    """The product with the transpose of a square matrix, or without the transpose."""
    for name, matrix in _square(e):
        for used, right in ((matrix, matrix.T), (matrix.T, matrix)):
            undo = np.linalg.inv(right)
            if _fits(e, -1, matrix) and _near(e.got, e.want @ undo @ used):
                return {"name": name}
            if e.want.ndim == 2 and _fits(e, 0, matrix) and _near(e.got, used @ undo @ e.want):
                return {"name": name}
    return None


@relation("matrix-missing")
def matrix_missing(e: Evidence) -> Gaps | None:
    """Without the product with a square matrix that belongs there."""
    for name, matrix in _square(e):
        if _fits(e, -1, matrix) and any(_near(e.got @ m, e.want) for m in (matrix, matrix.T)):
            return {"name": name}
    return None


@relation("matrix-extra")
def matrix_extra(e: Evidence) -> Gaps | None:
    """The product with a square matrix too much."""
    for name, matrix in _square(e):
        if _fits(e, -1, matrix) and any(_near(e.got, e.want @ m) for m in (matrix, matrix.T)):
            return {"name": name}
    return None


def by_product(found: Sequence[Evidence]) -> Finding | None:
    """The product that a value ends or begins with is right; wrong is what is multiplied.

    Of a matrix that lets everything through nothing can be said; one case at least must have one that does not.
    """
    if not all(e.is_array and e.want.ndim == 2 for e in found):
        return None
    label = found[0].label
    for name in _factors(found[0]):
        for id, turn in (("ends-in-product", np.asarray), ("begins-with-product", np.transpose)):
            told = [_comes_through(turn(e.got), turn(e.want), _factors(e).get(name)) for e in found]
            if True in told and False not in told:
                shown = name if id == "ends-in-product" else _transposed(name)
                return finding(id, label=label, name=shown)
    return None


def _comes_through(got: Array, want: Array, matrix: Array | None) -> bool | None:
    """Whether both are products with the matrix on their right; None where every array is."""
    if matrix is None or matrix.shape[1] != want.shape[1]:
        return None if matrix is None else False
    if np.linalg.matrix_rank(matrix) == matrix.shape[1]:
        return None
    through = np.linalg.pinv(matrix) @ matrix
    return _near(got @ through, got) and _near(want @ through, want)


def _factors(e: Evidence) -> dict[str, Array]:
    """Known matrices and their transposes, as they may stand on the right of a product."""
    known: dict[str, Array] = {}
    for name, array in e.given():
        if array.ndim == 2 and array.dtype.kind == "f" and min(array.shape) > 1:
            known |= {name: array, f"{name}.T": array.T}
    return known


def _transposed(name: str) -> str:
    return name.removesuffix(".T") if name.endswith(".T") else f"{name}.T"


def _square(e: Evidence) -> Iterator[tuple[str, Array]]:
    """Known square matrices that can be undone, and are not their own transpose."""
    for name, array in e.given():
        square = (
            array.ndim == 2 and array.shape[0] == array.shape[1] > 1 and array.dtype.kind == "f"
        )
        if square and not np.allclose(array, array.T) and np.linalg.cond(array) < WELL:
            yield name, array


def _fits(e: Evidence, axis: int, matrix: Array) -> bool:
    return e.want.ndim > 1 and e.want.shape[axis] == len(matrix)


def _near(a: Array, b: Array) -> bool:
    size = float(np.abs(b).max(initial=0.0))
    return bool(a.shape == b.shape and size > 0.0 and np.abs(a - b).max() < AGREES * size)
