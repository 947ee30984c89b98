"""Every finding there is, by its id: what it says, and where the book explains it.

The texts are the msgids of the catalogues. A text names shapes, relations and ratios; it never shows an input
of grading or a value that would have been right.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A kind of finding. text: an English sentence with named gaps. section: label of a section of the book."""

    text: str
    section: str


CODE = {
    "not-implemented": Known("This part is not implemented yet.", "sec-start-work"),
    "cell-failed": Known("The cell of `{name}` failed: {error}", "sec-start-work"),
    "name-missing": Known(
        "There is no `{name}` in the notebook. Was it renamed, or did its cell fail?",
        "sec-start-work",
    ),
    "name-misspelt": Known(
        "There is no `{name}` in the notebook, but there is `{near}`. Is that the same, spelt differently?",
        "sec-start-work",
    ),
    "attribute-missing": Known(
        "Your `{name}` has no attribute or method `{missing}`. Is `self.` missing, or is the name spelt "
        "differently?",
        "sec-06-layers",
    ),
    "attribute-misspelt": Known(
        "Your `{name}` has no attribute or method `{missing}`, but it has `{near}`. Is that what was meant?",
        "sec-06-layers",
    ),
    "gradients-elsewhere": Known(
        "There is no `{missing}`, though there is something in `grads`. This task asks for each gradient as an "
        "attribute of its own: `self.{missing} = …`.",
        "sec-06-layers",
    ),
    "gradient-not-stored": Known(
        "`{label}` is not there after `backward`. A gradient of a parameter has to be stored in the layer, as "
        "`self.{label} = …`; a local variable is gone when `backward` returns.",
        "sec-06-affine",
    ),
    "gradients-incomplete": Known(
        "The gradients of your `{name}` cannot be read after `backward`: at least one of its parameters has "
        "none yet. Does `backward` call that of every part, and store each gradient?",
        "sec-06-layers",
    ),
    "raised": Known("Your code raised {kind}: {text}", "sec-start-work"),
    "raised-in-line": Known(
        "Your code raised {kind} in line {line} of its cell: {text}", "sec-start-work"
    ),
    "raised-elsewhere": Known(
        "Your code raised {kind} in line {line} of the cell of `{inside}`: {text}", "sec-start-work"
    ),
    "self-missing": Known(
        "`{missing}` is not defined{where}, but the object has it: write `self.{missing}`.",
        "sec-06-layers",
    ),
    "variable-misspelt": Known(
        "`{missing}` is not defined{where}. Is `{near}` meant?", "sec-start-work"
    ),
    "variable-missing": Known(
        "`{missing}` is not defined{where}. Is it assigned in another method or cell, or not at all?",
        "sec-start-work",
    ),
    "used-before-set": Known(
        "A variable is used before it has a value{where}. Is it assigned in one branch of an `if` or in a loop "
        "only?",
        "sec-start-work",
    ),
    "own-attribute-misspelt": Known(
        "`self.{missing}` does not exist{where}. Is `self.{near}` meant?", "sec-06-layers"
    ),
    "own-attribute-missing": Known(
        "`self.{missing}` is used but was never set{where}. Does `forward` store what `backward` needs?",
        "sec-06-layers",
    ),
    "none-used": Known(
        "Something that is None is used as if it were an array{where}. Does a function lack its `return`, or "
        "was an attribute never set after `__init__`?",
        "sec-06-layers",
    ),
    "numpy-type-removed": Known(
        "`np.{missing}` no longer exists in NumPy{where}. Write `{missing}`, without `np.`.",
        "sec-01-array",
    ),
    "numpy-name": Known(
        "NumPy has no `np.{missing}`{where}. Is `np.{near}` meant?", "sec-01-mistakes"
    ),
    "keyword-misspelt": Known(
        "There is no argument `{missing}`{where}. Is `{near}` meant?", "sec-01-axes"
    ),
    "arguments-missing": Known(
        "A call lacks an argument{where}. The signature in the task has to stay: the checks call it as it is "
        "written there.",
        "sec-start-work",
    ),
    "arguments-too-many": Known(
        "A call has more arguments than the function takes{where}. Is `self` missing, or was the signature "
        "changed?",
        "sec-start-work",
    ),
    "product-of-shapes": Known(
        "The shapes of a matrix product do not fit{where}: its inner dimensions must be equal. Is a transpose "
        "missing, or is the order of the factors another one?",
        "sec-01-product",
    ),
    "shapes-do-not-fit": Known(
        "Two arrays of different shapes meet and cannot be broadcast{where}. Print both shapes before that "
        "line. Is an `axis`, a transpose or `keepdims=True` missing?",
        "sec-01-broadcast",
    ),
    "no-such-axis": Known(
        "An `axis` does not exist in the array{where}. Does the array have fewer dimensions than you think, "
        "as a single sample has?",
        "sec-01-axes",
    ),
    "index-outside": Known(
        "An index lies outside of its array{where}. Counting begins at 0, and the last index is the length "
        "minus 1.",
        "sec-01-parts",
    ),
    "index-not-integer": Known(
        "Something that is no integer is used as an index{where}: a division, or targets that are one-hot "
        "where labels are expected?",
        "sec-01-parts",
    ),
    "integer-buffer": Known(
        "A floating-point result does not fit into an array of integers{where}. Work on a new array of floats "
        "instead of changing the given one.",
        "sec-01-array",
    ),
    "truth-of-array": Known(
        "A whole array is used as a condition{where}. For an element-wise choice use a mask or `np.where`.",
        "sec-01-parts",
    ),
    "calls-itself": Known(
        "The code calls itself without end{where}. Does a function have the name of the one that it wants to "
        "call?",
        "sec-start-work",
    ),
    "rule-broken": Known(
        "A function or layer that your code calls{where} got something that it does not take: {text}",
        "sec-start-work",
    ),
    "operands": Known(
        "`{operator}` stands between values of type `{one}` and `{other}`{where}, which does not work. Print "
        "both. Is a call, an index or an attribute missing?",
        "sec-start-work",
    ),
    "not-called": Known(
        "A function itself is used where its result is meant{where}: are the brackets of a call missing?",
        "sec-start-work",
    ),
    "no-sequence": Known(
        "A single `{kind}` is used as if it had entries{where}. Is a `range(…)` missing, or is an array or "
        "tuple meant?",
        "sec-01-parts",
    ),
    "several-indices": Known(
        "A `{kind}` is indexed as if it were an array{where}. Is an array meant, as `np.array(…)` or "
        "`np.zeros(…)` makes one?",
        "sec-01-array",
    ),
    "no-entries": Known(
        "The entries of a `{kind}` cannot be replaced{where}. Is an array meant, as `np.zeros(…)` makes one?",
        "sec-01-array",
    ),
    "no-function-called": Known(
        "A `{kind}` is called like a function{where}. Is an operator missing before a bracket, or does a "
        "variable have the name of a function?",
        "sec-start-work",
    ),
    "list-attribute": Known(
        "A `{kind}` has no `{missing}`{where}. Is an array meant, as `np.array(…)` makes one?",
        "sec-01-array",
    ),
    "axes-of-transpose": Known(
        "The axes given to a transpose do not fit the array{where}: each axis has to stand there exactly once.",
        "sec-01-axes",
    ),
    "not-a-dtype": Known(
        "Something that is no dtype stands where a dtype is expected{where}. Has a size or an array slipped "
        "in, or brackets around a shape been forgotten?",
        "sec-01-array",
    ),
    "array-attribute": Known(
        "An array has no `{missing}`{where}. Is another object meant, as a layer or a list?",
        "sec-01-array",
    ),
    "mask-of-other-shape": Known(
        "A mask has another shape than the array that it is used on{where}. It needs one entry for each of the "
        "array's.",
        "sec-01-parts",
    ),
    "unpacking": Known(
        "There are more or fewer values than names on the left of a `=`{where}. What does the right side give?",
        "sec-start-work",
    ),
    "cannot-reshape": Known(
        "An array cannot be reshaped{where}: the new shape has another number of entries. Are two sizes mixed "
        "up?",
        "sec-01-array",
    ),
    "array-in-entry": Known(
        "A whole array, or rows of different lengths, are put where a single number belongs{where}.",
        "sec-01-array",
    ),
    "lengths-differ": Known(
        "Arrays or lists that go together have different lengths{where}. Print their lengths before that line.",
        "sec-01-axes",
    ),
    "parts-do-not-fit": Known(
        "An array is split into parts, or put together of parts, of which there are too few or which do not "
        "come out even{where}.",
        "sec-01-parts",
    ),
    "not-square-matrix": Known(
        "A square matrix with an inverse is needed{where}: is the array another one, or are transposes in the "
        "wrong places?",
        "sec-01-product",
    ),
    "divided-by-zero": Known(
        "Something is divided by 0{where}. Does a counter begin at 0, or is a size 0?",
        "sec-start-work",
    ),
    "no-such-key": Known(
        "A dictionary is asked for a key that it does not have{where}. Is it never put in, or is another name "
        "meant?",
        "sec-start-work",
    ),
    "array-for-number": Known(
        "An array or a fraction stands where one whole number is needed{where}, as for a size, an axis or an "
        "index. Is `len(…)`, `.shape[…]` or an index missing?",
        "sec-01-array",
    ),
    "array-as-number": Known(
        "A whole array is given to something that takes a single number{where}, as `math.exp` and `float` do. "
        "NumPy's functions take arrays.",
        "sec-01-array",
    ),
    "no-array": Known("An array of numbers is expected; your code gave {kind}.", "sec-01-array"),
    "keeps-first-call": Known(
        "The first call is right, a second one on another batch is not: something of the first call is still "
        "in use. Does each call replace what it stores?",
        "sec-06-layers",
    ),
    "adds-to-first-call": Known(
        "After a second call `{label}` is the sum of both gradients: `backward` adds to what it stored before. "
        "Each call has to replace it.",
        "sec-06-layers",
    ),
    "repeats-first-call": Known(
        "A second call still gives `{label}` of the first one: what the first call stored is never replaced.",
        "sec-06-layers",
    ),
    "keeps-earlier-call": Known(
        "The first call is right, a later one is not: something of an earlier call is still in use.",
        "sec-01-mistakes",
    ),
    "changed-in-place": Known(
        "`{label}` was changed in place. Work on a copy, or write the result into a new array.",
        "sec-01-parts",
    ),
}

FORM = {
    "returned-none": Known("`{label}` is None. Is a `return` missing?", "sec-06-layers"),
    "backward-returned-none": Known(
        "`backward` returned None. Is a `return` missing?", "sec-06-layers"
    ),
    "tuple-returned": Known(
        "`{label}` is a list or tuple of length {count}; one array of shape {want} is expected.",
        "sec-06-layers",
    ),
    "one-of-several": Known(
        "`{label}` is a tuple of {count} values, and value {place} of it is the right one: return that one "
        "alone.",
        "sec-06-layers",
    ),
    "gradient-count": Known(
        "`backward` must return {want} gradients, with respect to {names} in this order; it returned {got}.",
        "sec-06-add-multiply",
    ),
    "no-numbers": Known("`{label}` is not an array of numbers.", "sec-01-array"),
    "truth-values": Known("`{label}` returns truth values; numbers are expected.", "sec-01-parts"),
    "no-truth-values": Known(
        "`{label}` returns other numbers than 0 and 1; truth values are expected.", "sec-01-parts"
    ),
    "dtype-fixed": Known(
        "`{label}` is of dtype {got} where the input is {want}: is a dtype written into the code?",
        "sec-01-array",
    ),
    "wrong-shape": Known("`{label}` has shape {got}, expected {want}.", "sec-01-axes"),
    "reshaped": Known(
        "`{label}` has the right values in shape {got}; expected is shape {want}.", "sec-01-axes"
    ),
    "axes-permuted": Known(
        "`{label}` has the right values with its axes in another order: shape {got}, expected {want}.",
        "sec-01-axes",
    ),
    "summed-to-a-number": Known(
        "`{label}` is a single number; an array of shape {want} is expected. Is the `axis` of a sum missing?",
        "sec-01-axes",
    ),
    "batch-not-summed": Known(
        "`{label}` has shape {got}, expected {want}: is the sum over the batch missing?",
        "sec-06-affine",
    ),
    "axis-not-reduced": Known(
        "`{label}` has shape {got}, expected {want}: a sum or mean over one more axis gives the right values.",
        "sec-01-axes",
    ),
    "wrong-axis": Known(
        "`{label}` has shape {got}, expected {want}: is the sum taken over the wrong axis?",
        "sec-01-axes",
    ),
    "cut-short": Known(
        "`{label}` has the right values as far as it goes, but its end is missing: shape {got}, expected "
        "{want}. Does a loop or a slice end one step too early?",
        "sec-01-parts",
    ),
    "begins-late": Known(
        "`{label}` has the right values, but its beginning is missing: shape {got}, expected {want}. Does a "
        "loop or a slice begin at 1?",
        "sec-01-parts",
    ),
    "too-long": Known(
        "`{label}` begins with the right values and has too many: shape {got}, expected {want}. Does a loop or "
        "a slice go one step too far?",
        "sec-01-parts",
    ),
    "with-margin": Known(
        "`{label}` has the right values with a margin around them: shape {got}, expected {want}. Is padding "
        "still to be cut off?",
        "sec-11-layer",
    ),
    "broadcast-by-accident": Known(
        "`{label}` has shape {got}, expected {want}: a column met a row, and broadcasting made a table of all "
        "pairs. Give both arrays the same shape first.",
        "sec-01-broadcast",
    ),
    "number-expected": Known(
        "`{label}` is an array of shape {got}; a single number is expected. Is a sum or a mean missing, or is "
        "an array used for its length?",
        "sec-01-axes",
    ),
    "shape-of-argument": Known(
        "`{label}` has shape {got}, the shape of `{name}`; expected is {want}. Does a product or a sum with "
        "another array not take place?",
        "sec-01-product",
    ),
    "lengths-exchanged": Known(
        "`{label}` has shape {got}, expected {want}: the lengths are right and stand in another order. Are two "
        "axes exchanged, as height and width?",
        "sec-01-axes",
    ),
    "other-axis": Known(
        "`{label}` has shape {got}, expected {want}: it differs from `{name}` along axis {axis}, and should "
        "along axis {other} instead. Are the indices of two axes exchanged?",
        "sec-01-axes",
    ),
    "axis-too-many": Known(
        "`{label}` has shape {got}, expected {want}: there is one axis too many, of length {length}. Is a sum "
        "or a mean over it missing, or is an array used for its length?",
        "sec-01-axes",
    ),
    "axis-too-few": Known(
        "`{label}` has shape {got}, expected {want}: an axis of length {length} is missing. Is a sum or an "
        "index taken that does not belong there, or `keepdims=True` missing?",
        "sec-01-axes",
    ),
    "one-axis-wrong": Known(
        "`{label}` has shape {got}, expected {want}: it is along axis {axis} alone that it is too long or too "
        "short.",
        "sec-01-axes",
    ),
    "one-hot-for-labels": Known(
        "`{label}` has one-hot rows where labels, of shape {want}, are expected.", "sec-03-softmax"
    ),
    "scores-for-labels": Known(
        "`{label}` has the scores of all classes where labels, of shape {want}, are expected: the index of the "
        "largest score is missing.",
        "sec-03-softmax",
    ),
    "labels-for-one-hot": Known(
        "`{label}` has labels where one-hot rows, of shape {want}, are expected.", "sec-03-softmax"
    ),
}

VALUES = {
    "not-finite": Known(
        "`{label}` holds NaN or infinite values. Where could an overflow, a logarithm of 0, a division by 0 "
        "or a root of a negative number come from?",
        "sec-04-zero",
    ),
    "nan-where-negative": Known(
        "`{label}` is NaN or infinite where `{name}` is negative, and only there: a root, a logarithm or a "
        "power is taken of something that can be negative.",
        "sec-04-zero",
    ),
    "overflow": Known(
        "`{label}` holds NaN or infinite values for large inputs: an exponential overflows. Subtract the "
        "maximum first, inside of the exponential.",
        "sec-03-softmax",
    ),
    "log-of-zero": Known(
        "`{label}` holds NaN or infinite values where an input is exactly 0 or 1: a logarithm of 0, or a "
        "division by 0.",
        "sec-04-zero",
    ),
    "all-zero": Known("`{label}` is 0 everywhere.", "sec-06-mistakes"),
    "wrong-sign": Known("`{label}` has the wrong sign.", "sec-06-mistakes"),
    "dout-returned": Known(
        "`{label}` is `dout` itself. The chain rule multiplies it by the derivative of this layer.",
        "sec-06-chain-one",
    ),
    "dout-missing": Known(
        "`{label}` lacks the factor `dout`: the chain rule multiplies by the gradient that arrives.",
        "sec-06-chain-one",
    ),
    "other-gradient": Known(
        "`{label}` holds what belongs in `{other}`. Are two gradients exchanged?",
        "sec-06-add-multiply",
    ),
    "not-updated": Known(
        "`{label}` still has the values that were given: nothing has changed it.", "sec-05-descent"
    ),
    "argument-returned": Known("`{label}` is just `{name}`, unchanged.", "sec-06-mistakes"),
    "forward-returned": Known(
        "`{label}` is what `forward` returned; its gradient belongs there.", "sec-06-layers"
    ),
    "transposed": Known("`{label}` is the transpose of the right one.", "sec-06-matrix"),
    "times-batch": Known(
        "`{label}` is too large by the factor N = {batch}, the number of samples: is the mean over the batch "
        "missing?",
        "sec-06-softmax",
    ),
    "over-batch": Known(
        "`{label}` is too small by the factor 1/N, N = {batch} the number of samples: is a mean taken where a "
        "sum belongs?",
        "sec-06-affine",
    ),
    "times-size": Known(
        "`{label}` is too large by the factor {size}, a size of the arrays in this case: is a sum taken where "
        "a mean belongs, or over one axis too many?",
        "sec-01-axes",
    ),
    "over-size": Known(
        "`{label}` is too small by the factor 1/{size}, {size} a size of the arrays in this case: is the mean "
        "taken over too many entries?",
        "sec-01-axes",
    ),
    "factor-extra": Known(
        "`{label}` has the factor `{name}` too much, in every entry.", "sec-06-chain-one"
    ),
    "factor-missing": Known(
        "`{label}` lacks the factor `{name}`, in every entry.", "sec-06-chain-one"
    ),
    "divided-for-multiplied": Known(
        "`{label}` is divided by `{name}` where it should be multiplied, or the other way about.",
        "sec-06-mistakes",
    ),
    "other-operation": Known(
        "`{label}` is `{expression}`; another operation belongs between them.", "sec-06-mistakes"
    ),
    "factor-exchanged": Known(
        "`{label}` has the factor `{name}` where another one belongs.", "sec-06-add-multiply"
    ),
    "term-missing": Known(
        "`{label}` lacks a term: `{name}` is not added, or added twice.", "sec-06-chain-many"
    ),
    "term-sign": Known("In `{label}` the term `{name}` has the wrong sign.", "sec-06-mistakes"),
    "wrong-direction": Known(
        "`{label}` goes the opposite way from the given `{name}`: is a sign wrong in the step?",
        "sec-05-descent",
    ),
    "step-size": Known(
        "`{label}` goes the right way from the given `{name}`, but not as far as it should, or too far.",
        "sec-05-rate",
    ),
    "square-missing": Known("The square of `{label}` would be right.", "sec-01-mistakes"),
    "root-missing": Known("The square root of `{label}` would be right.", "sec-01-mistakes"),
    "log-missing": Known("The logarithm of `{label}` would be right.", "sec-04-mistakes"),
    "exp-missing": Known("The exponential of `{label}` would be right.", "sec-03-mistakes"),
    "reciprocal": Known("1 divided by `{label}` would be right.", "sec-01-mistakes"),
    "complement": Known("1 minus `{label}` would be right.", "sec-04-mistakes"),
    "absolute-value": Known(
        "`{label}` has lost its signs: it is the absolute value of the right one.",
        "sec-01-mistakes",
    ),
    "rounded-down": Known(
        "`{label}` is the right one rounded down to integers: is `//` written for `/`, or an array of integers "
        "filled?",
        "sec-01-array",
    ),
    "cut-to-integers": Known(
        "`{label}` is the right one without its decimals: is the result put into an array of integers?",
        "sec-01-array",
    ),
    "rounded": Known("`{label}` is the right one rounded to integers.", "sec-01-array"),
    "rounded-to-float32": Known(
        "`{label}` is right to seven digits only: somewhere on the way the numbers were rounded to float32.",
        "sec-01-array",
    ),
    "nearly-right": Known(
        "`{label}` is right up to an error of {error} only. Is a small constant added somewhere, or is it an "
        "approximation?",
        "sec-04-zero",
    ),
    "constant-factor": Known(
        "`{label}` is {factor} times the right one, in every entry.", "sec-06-mistakes"
    ),
    "varying-factor": Known(
        "`{label}` is the right one up to a factor, which is not the same for all inputs: something that it is "
        "multiplied or divided by is missing or wrong.",
        "sec-06-mistakes",
    ),
    "constant-offset": Known(
        "All entries of `{label}` are off by the same number: a term is missing or too much.",
        "sec-06-mistakes",
    ),
    "offset-per-column": Known(
        "In each column all entries of `{label}` are off by the same number: is a bias missing, or added "
        "twice?",
        "sec-03-layer",
    ),
    "offset-per-row": Known(
        "In each row all entries of `{label}` are off by the same number: is the maximum or the sum of the row "
        "taken wrongly?",
        "sec-03-softmax",
    ),
    "factor-per-row": Known(
        "Each row of `{label}` is a multiple of the right one, another multiple in each row: is a sum taken "
        "over the whole array, or over the other axis?",
        "sec-01-axes",
    ),
    "factor-per-column": Known(
        "Each column of `{label}` is a multiple of the right one, another multiple in each column: is a sum "
        "taken over the wrong axis, or each column divided by something else than it should be?",
        "sec-01-axes",
    ),
    "blocks-permuted": Known(
        "`{label}` has the right values, but its {count} blocks of columns are in another order, as if gates "
        "were exchanged.",
        "sec-01-parts",
    ),
    "reversed": Known("`{label}` is right in reverse order, along axis {axis}.", "sec-01-parts"),
    "shifted": Known(
        "`{label}` is shifted by one along axis {axis}: each place has its neighbour's value.",
        "sec-01-parts",
    ),
    "columns-permuted": Known("`{label}` has the right columns in another order.", "sec-01-parts"),
    "rows-permuted": Known("`{label}` has the right rows in another order.", "sec-01-parts"),
    "reordered": Known(
        "`{label}` has the right numbers in the wrong places. Is it reshaped where it should be transposed?",
        "sec-01-axes",
    ),
    "sign-of-some": Known("Some entries of `{label}` have the wrong sign.", "sec-06-mistakes"),
    "mask-inverted": Known(
        "`{label}` is 0 exactly where it should not be: is a mask the wrong way round?",
        "sec-06-relu",
    ),
    "mask-missing": Known(
        "`{label}` is right except where it should be 0: is a mask missing?", "sec-06-relu"
    ),
    "too-many-zeros": Known(
        "`{label}` is right, or 0 where it should not be: part of it was never filled, or masked.",
        "sec-06-relu",
    ),
    "same-in-rows": Known(
        "All rows of `{label}` are the same, and should not be: is a value of the whole batch used for each "
        "sample?",
        "sec-01-axes",
    ),
    "same-in-columns": Known(
        "All columns of `{label}` are the same, and should not be: is a value of the whole row used for each "
        "entry?",
        "sec-01-axes",
    ),
    "same-everywhere": Known(
        "All entries of `{label}` are the same number, and should not be: is the `axis` of a sum or maximum "
        "missing?",
        "sec-01-axes",
    ),
    "right-for-positive": Known(
        "`{label}` is wrong where `{name}` is negative, and right elsewhere.", "sec-06-relu"
    ),
    "right-for-negative": Known(
        "`{label}` is wrong where `{name}` is positive, and right elsewhere.", "sec-06-relu"
    ),
    "right-at-zero": Known(
        "`{label}` is right where `{name}` is 0, and wrong where it is not.", "sec-06-softmax"
    ),
    "wrong-at-zero": Known(
        "`{label}` is wrong where `{name}` is exactly 0, and only there: is `<` written for `<=`, or the other "
        "way round?",
        "sec-06-relu",
    ),
    "one-entry-wrong": Known(
        "One entry of `{label}` alone is wrong, the one at [{index}]; the others are right.",
        "sec-start-work",
    ),
    "off-by-whole": Known(
        "`{label}` is off by exactly {difference}: is something counted once too often, or left out?",
        "sec-start-work",
    ),
    "decimal-point": Known(
        "`{label}` is {factor} times the right one: is a decimal point in the wrong place?",
        "sec-start-work",
    ),
    "slip": Known(
        "`{label}` is what one gets with `{expression}`. Compare this with the formula, sign by sign and "
        "factor by factor.",
        "sec-start-work",
    ),
    "follows-from-own": Known(
        "`{label}` follows, as it should, from your own {names}: the mistake is there. Mend it, then work "
        "`{label}` out again.",
        "sec-start-work",
    ),
    "too-few-digits": Known(
        "`{label}` is right so far as it is written, but rounded too much, or too early. State four "
        "significant digits, and keep one more while you calculate.",
        "sec-start-work",
    ),
    "digits-exchanged": Known(
        "In `{label}` two neighbouring digits have changed places.", "sec-start-work"
    ),
    "decimal-comma": Known(
        "`{label}` has a decimal comma, which makes two numbers of one. Write a point.",
        "sec-start-work",
    ),
    "every-other-wrong": Known(
        "`{label}` is wrong at every second index of axis {axis} only: look at a slice with the step 2.",
        "sec-01-parts",
    ),
    "one-slice-right": Known(
        "`{label}` is right for the {which} index of axis {axis} only: is one sample or step used for all?",
        "sec-01-parts",
    ),
    "one-slice-wrong": Known(
        "`{label}` is wrong for the {which} index of axis {axis} only.", "sec-01-parts"
    ),
    "right-at-first": Known(
        "`{label}` is right at first, and wrong after more steps: what is kept from one step to the next is "
        "not right.",
        "sec-06-layers",
    ),
    "wrong-axis-of": Known(
        "`{label}` is the {operation} of `{name}` over the wrong axis.", "sec-01-axes"
    ),
    "other-reduction": Known(
        "`{label}` is the {operation} of `{name}`, where something else is asked for.",
        "sec-01-axes",
    ),
    "reduction-of": Known(
        "`{label}` is the {operation} of `{name}`; it has to come from another array.",
        "sec-06-mistakes",
    ),
    "one-share-only": Known(
        "`{label}` holds only what the {which} index of axis {axis} contributes, one sample or one step: is "
        "`=` written where `+=` belongs, or a sum missing?",
        "sec-06-affine",
    ),
    "share-left-out": Known(
        "In `{label}` what the {which} index of axis {axis} contributes is missing, one sample or one step: "
        "does a loop leave it out?",
        "sec-06-affine",
    ),
    "computes": Known(
        "`{label}` is what `{expression}` gives, and something else is asked for.",
        "sec-06-mistakes",
    ),
    "off-by-term": Known(
        "`{label}` is off by exactly `{expression}`: a term is missing, too much, or has the wrong sign.",
        "sec-06-chain-many",
    ),
    "off-by-factor": Known(
        "`{label}` is off by exactly the factor `{expression}`, too much or too little.",
        "sec-06-chain-one",
    ),
    "ignores": Known(
        "`{label}` does not depend on `{name}`, and should: it stays the same whatever `{name}` is.",
        "sec-06-chain-many",
    ),
    "depends-on": Known(
        "`{label}` changes when `{name}` becomes a little larger, and should not.",
        "sec-06-chain-many",
    ),
    "mixed-along": Known(
        "Along axis {axis} the entries of `{label}` should not depend on the entries of `{name}` at another "
        "index, and they do: is something summed, averaged or normalized over the wrong axis?",
        "sec-01-axes",
    ),
    "alone-along": Known(
        "Along axis {axis} each entry of `{label}` depends on the entries of `{name}` at all indices; yours "
        "looks at its own index alone. Is a sum, a mean or a product missing?",
        "sec-01-axes",
    ),
    "wrong-power": Known(
        "When {names} is doubled, the right `{label}` becomes {want} times as large and yours {got} times: is "
        "a factor, a square or a root missing, or too much?",
        "sec-06-mistakes",
    ),
    "scale-changes": Known(
        "When {names} is doubled, the right `{label}` stays the same; yours changes.",
        "sec-06-mistakes",
    ),
    "not-proportional": Known(
        "When {names} is doubled, the right `{label}` becomes {want} times as large, in every entry; yours "
        "does not. Is something added where it belongs as a factor, or does a term not grow along?",
        "sec-06-mistakes",
    ),
    "depends-where-zero": Known(
        "`{label}` depends on entries of `{name}` where `{other}` is 0, and should not.",
        "sec-04-cross-entropy",
    ),
    "not-averaged": Known(
        "When every sample occurs twice, the right `{label}` stays the same; yours becomes {got} times as "
        "large: the mean over the samples is missing, or taken twice.",
        "sec-07-batch",
    ),
    "grows-with-batch": Known(
        "When every sample occurs twice, the right `{label}` becomes {want} times as large and yours {got} "
        "times: is the number of samples a factor too often, or not often enough?",
        "sec-07-batch",
    ),
    "shift-changes": Known(
        "When the same number is added to all of `{name}`, the right `{label}` stays the same; yours changes.",
        "sec-06-mistakes",
    ),
    "not-of-difference": Known(
        "When the same number is added to `{name}` and to `{other}`, the right `{label}` stays the same, since "
        "it depends on their difference; yours changes.",
        "sec-04-mistakes",
    ),
    "not-even": Known(
        "When the sign of {names} is changed, the right `{label}` stays the same; yours does not.",
        "sec-06-mistakes",
    ),
    "not-odd": Known(
        "When the sign of {names} is changed, the right `{label}` changes its sign as well; yours does not.",
        "sec-06-mistakes",
    ),
    "wrong-term": Known(
        "In `{label}` what {right} contributes is right: the mistake stays the same whatever it is. Look at "
        "the term that is made from {wrong}.",
        "sec-06-mistakes",
    ),
    "wrong-factor": Known(
        "`{label}` has the right factor from {right}: it is off by a factor that has nothing to do with it. "
        "Look at the factor that is made from {wrong}.",
        "sec-06-mistakes",
    ),
    "grows-by-amount": Known(
        "When {names} is doubled, the right `{label}` changes by {want} whatever it is, as a logarithm does; "
        "yours does not. Is something inside of the logarithm missing, or a power or factor another one?",
        "sec-06-mistakes",
    ),
    "right-without": Known(
        "`{label}` is right as soon as one of these is 0 everywhere: {names}. Look at the terms and factors in "
        "which they stand.",
        "sec-06-chain-many",
    ),
    "should-vanish": Known(
        "Where `{name}` is {value} everywhere, the right `{label}` is 0; yours is not. Is a factor missing or "
        "another one, or a term added?",
        "sec-06-chain-one",
    ),
    "vanishes": Known(
        "Where `{name}` is {value} everywhere, your `{label}` is 0, and the right one is not. Is a factor "
        "too much, or a term missing?",
        "sec-06-chain-one",
    ),
    "only-as-floats": Known(
        "`{label}` is right for the same numbers given as floats, and wrong for {names} of dtype {dtype}: such "
        "integers wrap around when a result does not fit. Convert them to floats first.",
        "sec-01-array",
    ),
    "ends-in-product": Known(
        "`{label}` ends, as it should, in a product with `{name}` on the right. What is multiplied by it is "
        "wrong: compare the factor on its left, step by step.",
        "sec-06-matrix",
    ),
    "begins-with-product": Known(
        "`{label}` begins, as it should, with a product with `{name}` on the left. What is multiplied by it is "
        "wrong: compare the factor on its right, step by step.",
        "sec-06-matrix",
    ),
    "matrix-transposed": Known(
        "`{label}` has the product with `{name}` where its transpose belongs, or the other way about.",
        "sec-06-matrix",
    ),
    "matrix-missing": Known("`{label}` lacks the product with `{name}`.", "sec-06-matrix"),
    "matrix-extra": Known(
        "`{label}` is multiplied by `{name}` once more than it should be.", "sec-06-matrix"
    ),
    "block-wrong": Known(
        "Of {count} blocks of columns, as gates stand side by side, `{label}` is wrong in block {place} "
        "alone; the others are right.",
        "sec-01-parts",
    ),
    "edges-wrong": Known(
        "`{label}` is wrong at the edges of axis {axes} only, and right inside: look at what happens where a "
        "window, a shift or a padding meets the edge.",
        "sec-11-layer",
    ),
    "overlaps-lost": Known(
        "`{label}` is right where one place of the output alone depends on an entry, and wrong where several "
        "do: their gradients have to be added. Is `=` written for `+=`?",
        "sec-06-chain-many",
    ),
    "sums-to-zero": Known(
        "Along axis {axis} the right `{label}` sums to 0 in every case; yours does not. Is a mean that has "
        "to be subtracted missing, or a term?",
        "sec-06-softmax",
    ),
    "sums-to-one": Known(
        "Along axis {axis} the right `{label}` sums to 1 in every case, as shares do; yours does not. Is it "
        "divided by another sum, or not at all?",
        "sec-03-softmax",
    ),
    "cancels-with": Known(
        "Multiplied by `{name}` and summed along axis {axis}, the right `{label}` gives 0 in every case; "
        "yours does not: a term is missing or wrong.",
        "sec-06-chain-many",
    ),
    "argument-expected": Known(
        "The right `{label}` is `{name}` itself, unchanged; yours is not.", "sec-06-mistakes"
    ),
    "taken-from": Known(
        "Every entry of the right `{label}` is an entry of `{name}` as it stands there; most of yours do not "
        "occur in it. Is something computed where it has to be chosen?",
        "sec-01-parts",
    ),
    "right-at-setting": Known(
        "`{label}` is right with `{name}` = {value} and wrong with another one: look at where it comes in.",
        "sec-11-layer",
    ),
    "batch-changes": Known(
        "When every sample occurs twice, the right `{label}` stays the same; yours changes. Is something "
        "summed over the samples that has to be averaged, or divided by another number than theirs?",
        "sec-07-batch",
    ),
    "inverse-off-by-term": Known(
        "1 divided by `{label}` is off by exactly `{expression}`: look at the denominator, where a term is "
        "missing, too much, or has another factor.",
        "sec-06-mistakes",
    ),
    "order-of-numbers": Known(
        "`{label}` has the right numbers in another order.", "sec-start-work"
    ),
    "simple-ratio": Known(
        "`{label}` and the right value differ by a factor of {factor}: is something counted once too often, "
        "or a half forgotten?",
        "sec-start-work",
    ),
    "square-or-root": Known(
        "Of `{label}` and the right value one is the square of the other: is a root or a square missing, or "
        "too much?",
        "sec-start-work",
    ),
    "wrong-number": Known("`{label}` is another number than it should be.", "sec-06-check"),
    "wrong-at": Known(
        "`{label}` is wrong at some indices of axis {axis} only, and right at the others. In one of the "
        "cases it is wrong at {indices}, of {length}.",
        "sec-06-check",
    ),
    "wrong-entries": Known(
        "`{label}` has the right shape, but {wrong} of its {size} entries are wrong (largest error relative to "
        "the largest entry: {error}).",
        "sec-06-check",
    ),
    "numerical-derivative": Known(
        "`{label}` agrees to {error} only: this looks like numerical differentiation. A derivative in closed "
        "form agrees to about 1e-15.",
        "sec-06-check",
    ),
}

WHEN = {
    "only-batch-of-one": Known(
        "Right for a batch of one sample, wrong for more: {why}", "sec-07-batch"
    ),
    "only-square": Known(
        "Right as long as all sizes are equal, wrong otherwise: two axes are mixed up. {why}",
        "sec-01-product",
    ),
    "only-positive": Known("Right for positive inputs only: {why}", "sec-03-activations"),
    "other-form": Known(
        "Right for some of the forms that `{name}` may have, wrong for another one: {why}",
        "sec-04-cross-entropy",
    ),
    "follow-through": Known(
        "`{label}` is the right gradient of your `forward`, which is not right itself: mend `forward` first. "
        "This earns {share} of the points.",
        "sec-06-check",
    ),
}

SCRIPTS = {
    "not-readable": Known("`{label}` cannot be read: {kind}: {text}", "sec-start-work"),
    "wrong-count": Known("`{label}` must be {want} values; it is {got}.", "sec-start-work"),
    "not-equal": Known("`{label}` must be {want}.", "sec-start-work"),
    "not-scaled": Known(
        "`{label}`: what is kept has to be divided by {share}, so that the expected value stays.",
        "sec-10-dropout",
    ),
    "not-kept": Known(
        "`{label}`: each entry is 0, or that of `{other}` divided by {share}.", "sec-10-dropout"
    ),
    "wrong-share": Known(
        "`{label}`: {got} of the entries are kept, expected about {want}.", "sec-10-dropout"
    ),
    "other-mask": Known(
        "`{label}` and `{other}` have to be 0 at the same entries.", "sec-10-dropout"
    ),
    "not-anew": Known(
        "`{label}` and `{other}` should differ; they are the same.", "sec-07-mistakes"
    ),
    "wrong-mean": Known("The mean of `{label}` is {got}, expected about {want}.", "sec-09-init"),
    "wrong-spread": Known(
        "The standard deviation of `{label}` is {got}, expected about {want}.", "sec-09-init"
    ),
    "not-normal": Known(
        "`{label}` is not normally distributed: {got} of its entries are nearer to the mean than one standard "
        "deviation, expected about {want}.",
        "sec-09-init",
    ),
    "not-less": Known("`{label}` has to be smaller than `{other}`.", "sec-07-curves"),
}

ANSWERS = {
    "no-option": Known(
        "`{name}` must return one of the letters {options}, as text.", "sec-start-work"
    ),
    "wrong-option": Known("Option {letter} is not right.", "sec-start-work"),
    "answer-form": Known(
        "`{function}` must return {names}, in this order. Leave its last line as it is.",
        "sec-start-work",
    ),
    "no-function": Known(
        "`{name}` must return a function, from points to scores.", "sec-start-work"
    ),
    "scores-shape": Known(
        "The scores have shape {got}, expected {want}: a row for each point, a column for each class.",
        "sec-03-softmax",
    ),
    "scores-not-finite": Known(
        "The scores hold NaN or infinite values. Is the learning rate too large?", "sec-05-rate"
    ),
    "too-few-right": Known(
        "{got} of the unseen points are classified right; {want} are asked for.", "sec-05-training"
    ),
    "not-reproducible": Known(
        "Two runs with the same seed differ. Draw every random number from `np.random.default_rng(seed)`.",
        "sec-07-mistakes",
    ),
}

KNOWN: dict[str, Known] = CODE | FORM | VALUES | WHEN | SCRIPTS | ANSWERS
