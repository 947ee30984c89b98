"""Answer key of unit 01: arrays and matrices."""

import numpy as np

from grader.checks import Case
from grader.exercises import Unit

unit = Unit("01_numpy")

POINTS = {"value": 2, "unchanged": 0.5}


@unit.implement("dlkit.arrays.checkerboard", points={"value": 2})
def checkerboard(draw):
    rows, columns = draw.sizes(2, low=4, high=8)
    return Case(inputs={"rows": rows, "columns": columns})


@checkerboard.check("thin", like="value", points=0.5)
def single_row_or_column(draw):
    """A board of a single row, or of a single column, is right as well."""
    long = draw.sizes(1)[0]
    rows, columns = [(1, long), (long, 1), (1, 1)][draw.trial]
    return Case(inputs={"rows": rows, "columns": columns})


checkerboard.misconception(
    "shape-turned",
    "np.zeros((rows, columns))",
    "np.zeros((columns, rows))",
    fails=["value", "thin"],
)
checkerboard.misconception(
    "begins-with-one",
    "board[::2, 1::2] = 1.0\n    board[1::2, ::2] = 1.0",
    "board[::2, ::2] = 1.0\n    board[1::2, 1::2] = 1.0",
    fails=["value", "thin"],
)
checkerboard.misconception(
    "stripes",
    "board[::2, 1::2] = 1.0\n    board[1::2, ::2] = 1.0",
    "board[:, 1::2] = 1.0",
    fails=["value", "thin"],
)


@unit.implement("dlkit.arrays.with_ones", points=POINTS)
def with_ones(draw):
    n, d = draw.sizes(2)
    return Case(inputs={"x": draw(n, d)})


with_ones.misconception(
    "ones-behind",
    "np.hstack([np.ones((len(x), 1)), x])",
    "np.hstack([x, np.ones((len(x), 1))])",
    fails=["value", "unchanged"],
)
with_ones.misconception(
    "row-of-ones",
    "np.hstack([np.ones((len(x), 1)), x])",
    "np.vstack([np.ones((1, x.shape[1])), x])",
    fails=["value", "unchanged"],
)
with_ones.misconception(
    "ones-of-one-axis", "np.ones((len(x), 1))", "np.ones(len(x))", fails=["value", "unchanged"]
)


@unit.implement("dlkit.arrays.without", points=POINTS)
def without(draw):
    n, d = draw.sizes(2, low=3)
    row, column = int(draw.rng.integers(n)), int(draw.rng.integers(d))
    return Case(inputs={"x": draw(n, d), "row": row, "column": column})


@without.check("square", like="value", points=1)
def square_array(draw):
    """Of a square array, too, all rows and columns but one are kept, and not a diagonal."""
    n = draw.sizes(1, low=3)[0]
    row, column = int(draw.rng.integers(n)), int(draw.rng.integers(n))
    return Case(inputs={"x": draw(n, n), "row": row, "column": column})


without.misconception(
    "both-at-once",
    "x[rows][:, columns]",
    "x[rows, columns]",
    fails=["value", "unchanged", "square"],
)
without.misconception(
    "counted-from-one",
    "rows = np.arange(x.shape[0]) != row\n    columns = np.arange(x.shape[1]) != column",
    "rows = np.arange(x.shape[0]) != row - 1\n    columns = np.arange(x.shape[1]) != column - 1",
    fails=["value", "unchanged", "square"],
)
without.misconception(
    "row-alone", "x[rows][:, columns]", "x[rows]", fails=["value", "unchanged", "square"]
)


@unit.implement("dlkit.arrays.hard_threshold", points={"value": 2, "unchanged": 1})
def hard_threshold(draw):
    shape = draw.sizes(2 + draw.trial % 2)
    x = draw.nonzero(*shape)
    x.flat[:4] = [-2.0, -0.25, 0.25, 2.0]  # both signs on both sides, whatever the draw
    return Case(inputs={"x": x, "limit": 0.75})


@hard_threshold.check("limit", like="value", points=0.5)
def exactly_at_the_limit(draw):
    """An entry whose magnitude is exactly the limit is kept."""
    limit = float(abs(draw.nonzero(1))[0])
    x = draw.nonzero(6)
    x[:2] = [limit, -limit]
    return Case(inputs={"x": x, "limit": limit})


hard_threshold.misconception(
    "in-place", "y = x.copy()\n    y[np.abs(x) < limit] = 0", "y = x\n    y[np.abs(x) < limit] = 0",
    fails=["unchanged"],
)  # fmt: skip
hard_threshold.misconception(
    "magnitude-forgotten", "np.abs(x) < limit", "x < limit", fails=["value", "unchanged", "limit"]
)
hard_threshold.misconception(
    "mask-turned", "np.abs(x) < limit", "np.abs(x) > limit", fails=["value", "unchanged", "limit"]
)


@unit.implement("dlkit.arrays.standardize", points=POINTS)
def standardize(draw):
    n, d = draw.sizes(2, low=3)
    scale, shift = 2.0 ** draw.rng.integers(-2, 3, d), draw.rng.integers(-4, 5, d)
    return Case(inputs={"x": draw(n, d) * scale + shift})


standardize.misconception(
    "one-mean-for-all",
    "(x - x.mean(axis=0)) / x.std(axis=0)",
    "(x - x.mean()) / x.std()",
    fails=["value", "unchanged"],
)
standardize.misconception(
    "rows",
    "(x - x.mean(axis=0)) / x.std(axis=0)",
    "(x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)",
    fails=["value", "unchanged"],
)
standardize.misconception(
    "variance", "x.std(axis=0)", "x.var(axis=0)", fails=["value", "unchanged"]
)
standardize.misconception(
    "in-place",
    "scaled: Array = (x - x.mean(axis=0)) / x.std(axis=0)",
    "std = x.std(axis=0)\n    x -= x.mean(axis=0)\n    scaled = x / std",
    fails=["unchanged"],
)


@unit.fix_the_bug("dlkit.arrays.class_means", points=POINTS)
def class_means(draw):
    n, d, classes = draw.sizes(3)
    t = draw.rng.permutation(np.arange(classes + n) % classes)  # each class has a sample
    return Case(inputs={"x": draw.nonzero(classes + n, d), "t": t, "classes": classes})


class_means.bug(
    "one-number",
    "mean(axis=0)",
    "mean()",
    symptom="Every row of the result holds the same number in all of its columns.",
    fails=["value", "unchanged"],
)
class_means.bug(
    "divided-by-all",
    "x[t == c].mean(axis=0)",
    "x[t == c].sum(axis=0) / len(x)",
    symptom="The entries are too small, and the rarer a class, the more so.",
    fails=["value", "unchanged"],
)
class_means.bug(
    "first-class-forgotten",
    "range(classes)",
    "range(1, classes)",
    symptom="The first row is zero, whatever the samples are.",
    fails=["value", "unchanged"],
)
class_means.bug(
    "the-others",
    "t == c",
    "t != c",
    symptom="Each row is the mean of some samples, but not of those of its class.",
    fails=["value", "unchanged"],
)


@unit.implement("dlkit.arrays.squared_distances", points=POINTS)
def squared_distances(draw):
    n, m, d = draw.sizes(3)
    return Case(inputs={"a": draw(n, d), "b": draw(m, d)})


@squared_distances.check("same-number", like="value", points=1)
def as_many_rows(draw):
    """Where `a` and `b` have as many rows as columns, entry (n, m) is row n of `a` against row m of `b`."""
    n = draw.sizes(1)[0]
    return Case(inputs={"a": draw(n, n), "b": draw(n, n)})


squared_distances.misconception(
    "no-new-axis",
    "squares_a[:, np.newaxis] + squares_b",
    "squares_a + squares_b",
    fails=["value", "unchanged", "same-number"],
)
squared_distances.misconception(
    "two-forgotten", "2 * a @ b.T", "a @ b.T", fails=["value", "unchanged", "same-number"]
)
squared_distances.misconception(
    "not-transposed", "2 * a @ b.T", "2 * a @ b", fails=["value", "unchanged", "same-number"]
)
squared_distances.misconception(
    "square-root",
    "squares_a[:, np.newaxis] + squares_b - 2 * a @ b.T",
    "np.sqrt(squares_a[:, np.newaxis] + squares_b - 2 * a @ b.T)",
    fails=["value", "unchanged", "same-number"],
)


@unit.implement("dlkit.arrays.triangle_areas", points=POINTS)
def triangle_areas(draw):
    corners = draw(4, 3, 2)
    corners[0] = [[0, 0], [2, 0], [0, 3]]  # counterclockwise
    corners[1] = [[1, 1], [1, 3], [4, 1]]  # clockwise
    return Case(inputs={"corners": corners})


triangle_areas.misconception(
    "parallelogram",
    "np.linalg.det(edges) / 2",
    "np.linalg.det(edges)",
    fails=["value", "unchanged"],
)
triangle_areas.misconception(
    "without-sign",
    "np.linalg.det(edges) / 2",
    "np.abs(np.linalg.det(edges)) / 2",
    fails=["value", "unchanged"],
)
triangle_areas.misconception(
    "corners-for-edges",
    "corners[:, 1:] - corners[:, :1]",
    "corners[:, 1:]",
    fails=["value", "unchanged"],
)


@unit.implement("dlkit.arrays.least_squares", points={"value": 3, "unchanged": 0.5})
def least_squares(draw):
    n, d = draw.sizes(2, low=2, high=4)
    x = draw(n + d, d)
    x[:d] += 4 * np.eye(d)  # independent columns, far from dependent ones
    return Case(inputs={"x": x, "t": draw(n + d)}, tolerance=1e-8)


least_squares.misconception(
    "inverse-of-x",
    "np.linalg.inv(x.T @ x) @ (x.T @ t)",
    "np.linalg.inv(x) @ t",
    fails=["value", "unchanged"],
)
least_squares.misconception(
    "product-by-entries",
    "np.linalg.inv(x.T @ x)",
    "np.linalg.inv(x.T * x)",
    fails=["value", "unchanged"],
)
least_squares.misconception(
    "not-inverted",
    "np.linalg.inv(x.T @ x) @ (x.T @ t)",
    "x.T @ t",
    fails=["value", "unchanged"],
)


checkerboard.equivalent("in-place-checkerboard-0", "a number cannot be changed in place")
checkerboard.equivalent("in-place-checkerboard-1", "a number cannot be changed in place")
without.equivalent("in-place-without-1", "a number cannot be changed in place")
without.equivalent("in-place-without-2", "a number cannot be changed in place")
hard_threshold.equivalent("in-place-hard_threshold-1", "a number cannot be changed in place")
triangle_areas.equivalent(
    "exchanged-triangle_areas-0", "turning both edges round multiplies the determinant by (-1)(-1)"
)
triangle_areas.equivalent(
    "constant-triangle_areas-2", "the edge from the second corner to the third spans the same area"
)
least_squares.equivalent("exchanged-least_squares-0", "the inverse of X^T X is symmetric")
least_squares.equivalent("transposed-least_squares-0", "a vector is its own transpose in NumPy")
least_squares.equivalent("transposed-least_squares-1", "a vector is its own transpose in NumPy")
least_squares.equivalent("transposed-least_squares-2", "X^T X is symmetric")
class_means.equivalent("in-place-class_means-2", "a number cannot be changed in place")


with_ones.tell(
    "row-of-ones",
    "The ones stand in a row of their own. They have to be a column: one entry more in each row.",
    "sec-01-parts",
)
with_ones.tell(
    "ones-of-one-axis",
    "The ones have one axis only, so they cannot stand beside a matrix. Make them a column, "
    "with two axes.",
    "sec-01-parts",
)
without.tell(
    "both-at-once",
    "Row and column are picked in one pair of brackets: that takes entries pair by pair. Take "
    "the rows first, then the columns of what is left.",
    "sec-01-parts",
)
without.tell(
    "counted-from-one",
    "Rows and columns are counted from 1 here. In NumPy the first one has the index 0.",
    "sec-01-parts",
)
without.tell(
    "row-alone",
    "Only the row is left out. The column has to go as well.",
    "sec-01-parts",
)
standardize.tell(
    "one-mean-for-all",
    "One mean and one standard deviation of the whole array are used. Each column has its own.",
    "sec-01-axes",
)
standardize.tell(
    "rows",
    "The rows are standardized. It is the columns that should have mean 0 and standard "
    "deviation 1.",
    "sec-01-axes",
)
class_means.tell(
    "the-others",
    "Each row is the mean of the samples that are not of its class: the condition is the "
    "wrong way round.",
    "sec-01-parts",
)
squared_distances.tell(
    "two-forgotten",
    "In the square of a difference the mixed term comes twice.",
    "sec-01-product",
)
least_squares.tell(
    "inverse-of-x",
    "A matrix that is not square has no inverse. Multiply by its transpose first.",
    "sec-01-inverse",
)
least_squares.tell(
    "not-inverted",
    "The matrix is multiplied where the equation has to be solved for the unknown.",
    "sec-01-fit",
)

triangle_areas.tell(
    "corners-for-edges",
    "The determinant is taken of two corners; it needs the two edges that leave one corner.",
    "sec-01-product",
)
