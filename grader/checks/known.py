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
    "attribute-missing": Known(
        "Your `{name}` has no attribute or method `{missing}`. Is `self.` missing, or is the name spelt "
        "differently?",
        "sec-06-layers",
    ),
    "raised": Known("Your code raised {kind}: {text}", "sec-start-work"),
    "raised-in-line": Known(
        "Your code raised {kind} in line {line} of its cell: {text}", "sec-start-work"
    ),
    "no-array": Known("An array of numbers is expected; your code gave {kind}.", "sec-01-array"),
    "keeps-first-call": Known(
        "The first call is right, a second one on another batch is not: something of the first call is still "
        "in use. Does each call replace what it stores?",
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
    "gradient-count": Known(
        "`backward` must return {want} gradients, with respect to {names} in this order; it returned {got}.",
        "sec-06-add-multiply",
    ),
    "no-numbers": Known("`{label}` is not an array of numbers.", "sec-01-array"),
    "truth-values": Known("`{label}` returns truth values; numbers are expected.", "sec-01-parts"),
    "dtype-fixed": Known(
        "`{label}` is of dtype {got} where the input is {want}: is a dtype written into the code?",
        "sec-01-array",
    ),
    "wrong-shape": Known("`{label}` has shape {got}, expected {want}.", "sec-01-axes"),
    "reshaped": Known(
        "`{label}` has the right values in shape {got}; expected is shape {want}.", "sec-01-axes"
    ),
    "summed-to-a-number": Known(
        "`{label}` is a single number; an array of shape {want} is expected. Is the `axis` of a sum missing?",
        "sec-01-axes",
    ),
    "batch-not-summed": Known(
        "`{label}` has shape {got}, expected {want}: is the sum over the batch missing?",
        "sec-06-affine",
    ),
    "wrong-axis": Known(
        "`{label}` has shape {got}, expected {want}: is the sum taken over the wrong axis?",
        "sec-01-axes",
    ),
}

VALUES = {
    "not-finite": Known(
        "`{label}` holds NaN or infinite values. Where could an overflow, a logarithm of 0 or a division by 0 "
        "come from?",
        "sec-04-zero",
    ),
    "all-zero": Known("`{label}` is 0 everywhere.", "sec-06-mistakes"),
    "wrong-sign": Known("`{label}` has the wrong sign.", "sec-06-mistakes"),
    "dout-missing": Known(
        "`{label}` lacks the factor `dout`: the chain rule multiplies by the gradient that arrives.",
        "sec-06-chain-one",
    ),
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
    "transposed": Known("`{label}` is the transpose of the right one.", "sec-06-matrix"),
    "constant-factor": Known(
        "`{label}` is {factor} times the right one, in every entry.", "sec-06-mistakes"
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

KNOWN: dict[str, Known] = CODE | FORM | VALUES | ANSWERS
