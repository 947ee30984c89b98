"""What an error of the submission means: a misspelt name, a missing `self.`, shapes that do not fit.

What the error itself says is the submission's own text: it is matched and quoted, and never believed.
"""

import re
from collections.abc import Callable, Collection, Sequence
from difflib import get_close_matches

import numpy as np

from grader.checks.finding import Finding, finding
from grader.checks.student import BadValue, CallFailed, MissingName, NotImplementedYet, StudentError
from grader.checks.text import Message, message, quote

CLOSE = 0.6  # how alike two names have to be, of 1
BUILT_IN = (
    "tuple|list|dict|set|str|int|float|bool|complex|method|function|builtin_function_or_method"
)
WORD = r"['\"](\w{1,60})['\"]"

#: Error type, pattern of its text, and how a finding is made of what was found, the names there are, the place.
Maker = Callable[[re.Match[str], Sequence[str], str | Message], Finding | None]


def explain_error(
    error: StudentError, name: str, names: Sequence[str] = (), others: Collection[str] = ()
) -> Finding:
    """The finding for an error. name: of the exercise's object; names: those that its objects have.

    others: names that other exercises ask for, so that none of them is a misspelt `name`.
    """
    match error:
        case NotImplementedYet():
            return finding("not-implemented")
        case BadValue():
            return finding("no-array", kind=quote(error.type_name))
        case MissingName():
            return _missing(error, name, others)
        case CallFailed():
            return _raised(error, name, names)
        case _:
            return finding("raised", kind=type(error).__name__, text=quote(str(error)))


def _missing(error: MissingName, name: str, others: Collection[str]) -> Finding:
    if error.name == "grads":  # a layer gathers them from what `backward` has stored
        return finding("gradients-incomplete", name=name)
    if error.name == name:
        near = nearest(name, [each for each in error.existing if each not in others])
        return (
            finding("name-misspelt", name=name, near=near)
            if near
            else finding("name-missing", name=name)
        )
    missing = quote(error.name)
    if near := nearest(error.name, error.existing):
        return finding("attribute-misspelt", name=name, missing=missing, near=near)
    if error.name.startswith("d") and len(error.name) > 1:
        return finding("gradient-not-stored", label=missing)
    return finding("attribute-missing", name=name, missing=missing)


def nearest(name: str, existing: Sequence[str]) -> str | None:
    """The name that was probably meant: the same letters, or one like it."""
    for other in existing:
        if other != name and _letters(other) == _letters(name):
            return quote(other)
    # Two letters have too much in common with any other two.
    close = (
        get_close_matches(name, [n for n in existing if n != name], 1, CLOSE)
        if len(name) > 2
        else []
    )
    return quote(close[0]) if close else None


def _letters(name: str) -> list[str]:
    return sorted(name.lower())


def _raised(error: CallFailed, name: str, names: Sequence[str]) -> Finding:
    kind, text = quote(error.type_name), quote(error.message)
    where: str | Message = ""
    inside = quote(error.inside) if error.inside != name else ""
    line = None if inside.startswith("<") else error.line  # a lambda: nobody knows in which cell
    if line is not None and inside:
        where = message(" (line {line} of the cell of `{inside}`)", line=line, inside=inside)
    elif line is not None:
        where = message(" (line {line} of its cell)", line=line)
    for types, pattern, make in PATTERNS:
        found = re.search(pattern, error.message) if error.type_name in types else None
        if found and (made := make(found, names, where)):
            return made
    if line is None:
        return finding("raised", kind=kind, text=text)
    if inside:
        return finding("raised-elsewhere", kind=kind, line=line, inside=inside, text=text)
    return finding("raised-in-line", kind=kind, line=line, text=text)


def _unknown_name(
    found: re.Match[str], names: Sequence[str], where: str | Message
) -> Finding | None:
    name = found[1]
    if name in names:
        return finding("self-missing", missing=name, where=where)
    if near := nearest(name, ["self", "np", *names]):
        return finding("variable-misspelt", missing=name, near=near, where=where)
    return finding("variable-missing", missing=name, where=where)


def _unknown_attribute(
    found: re.Match[str], names: Sequence[str], where: str | Message
) -> Finding | None:
    if near := nearest(found[2], names):
        return finding("own-attribute-misspelt", missing=found[2], near=near, where=where)
    if names:
        return finding("own-attribute-missing", missing=found[2], where=where)
    return None


def _of_none(found: re.Match[str], names: Sequence[str], where: str | Message) -> Finding:
    return finding("none-used", where=where)


def _of_numpy(found: re.Match[str], names: Sequence[str], where: str | Message) -> Finding:
    near = nearest(found[1], dir(np)) or "-"
    if found[1] in ("int", "float", "bool"):  # names that NumPy 1.24 took away
        near = found[1]
        return finding("numpy-type-removed", missing=found[1], where=where)
    return finding("numpy-name", missing=found[1], near=near, where=where)


def _keyword(found: re.Match[str], names: Sequence[str], where: str | Message) -> Finding | None:
    near = nearest(found[1], ["axis", "keepdims", "dtype", "shape", "out", "initial", *names])
    return finding("keyword-misspelt", missing=found[1], near=near, where=where) if near else None


def _operands(found: re.Match[str], names: Sequence[str], where: str | Message) -> Finding:
    one, other = quote(found[2]), quote(found[3])
    if re.search("method|function|type", f"{one} {other}"):
        return finding("not-called", where=where)
    return finding("operands", operator=quote(found[1]), one=one, other=other, where=where)


def _of_kind(id: str) -> Maker:
    """Of a thing that has no such use: its type is quoted."""
    return lambda found, names, where: (
        finding("not-called", where=where)
        if re.search("method|function", found[1])
        else finding(id, kind=quote(found[1]), where=where)
    )


def _own_rule(found: re.Match[str], names: Sequence[str], where: str | Message) -> Finding:
    """A layer or function of dlkit states its rule, what it got, and the next step."""
    return finding("rule-broken", where=where, text=quote(found[0]))


def _of_array(found: re.Match[str], names: Sequence[str], where: str | Message) -> Finding:
    return finding("array-attribute", missing=found[1], where=where)


def _of_built_in(found: re.Match[str], names: Sequence[str], where: str | Message) -> Finding:
    if re.search("method|function", found[1]):
        return finding("not-called", where=where)
    return finding("list-attribute", kind=found[1], missing=found[2], where=where)


def _simple(id: str) -> Maker:
    return lambda found, names, where: finding(id, where=where)


PATTERNS: list[tuple[tuple[str, ...], str, Maker]] = [
    (("NameError",), rf"name {WORD} is not defined", _unknown_name),
    (("UnboundLocalError",), rf"variable {WORD}", _simple("used-before-set")),
    (("AttributeError", "TypeError"), r"'NoneType' object", _of_none),
    (("TypeError",), r"unsupported operand .*NoneType", _of_none),
    (("ShapeError", "ArgumentError"), r"(?s).+", _own_rule),
    (
        ("TypeError",),
        r"unsupported operand type\(s\) for (\S+): '([^']+)' and '([^']+)'",
        _operands,
    ),
    (
        ("TypeError",),
        r"'(\S+)' not supported between instances of '([^']+)' and '([^']+)'",
        _operands,
    ),
    (
        ("TypeError",),
        r"'([^']+)' object is not (?:iterable|subscriptable|reversible)",
        _of_kind("no-sequence"),
    ),
    (("TypeError",), r"object of type '([^']+)' has no len", _of_kind("no-sequence")),
    (("TypeError",), r"cannot unpack non-iterable (\S+)", _of_kind("no-sequence")),
    (("IndexError",), r"invalid index to (scalar) variable", _of_kind("no-sequence")),
    (("TypeError",), r"(tuple|list) indices must be integers", _of_kind("several-indices")),
    (("TypeError",), r"'([^']+)' object does not support item assignment", _of_kind("no-entries")),
    (("TypeError",), r"'([^']+)' object is not callable", _of_kind("no-function-called")),
    (("AttributeError",), rf"'numpy.ndarray' object has no attribute {WORD}", _of_array),
    (("AttributeError",), rf"module 'numpy' has no attribute {WORD}", _of_numpy),
    (("AttributeError",), rf"'({BUILT_IN})' object has no attribute {WORD}", _of_built_in),
    (("AttributeError",), rf"{WORD} object has no attribute {WORD}", _unknown_attribute),
    (("TypeError",), rf"unexpected keyword argument {WORD}", _keyword),
    (("TypeError",), r"missing \d+ required positional argument", _simple("arguments-missing")),
    (("TypeError",), r"takes .*positional arguments? but", _simple("arguments-too-many")),
    (("TypeError",), r"takes no arguments", _simple("arguments-too-many")),
    (("ValueError",), r"in transpose|axes don't match", _simple("axes-of-transpose")),
    (
        ("TypeError",),
        r"as a data type|data type .*not understood|construct a dtype",
        _simple("not-a-dtype"),
    ),
    (("ValueError",), r"matmul|not aligned|core dimension", _simple("product-of-shapes")),
    (
        ("ValueError",),
        r"could not be broadcast|not broadcastable|broadcast",
        _simple("shapes-do-not-fit"),
    ),
    (("AxisError", "ValueError"), r"axis \d+ is out of bounds", _simple("no-such-axis")),
    (("IndexError",), r"out of bounds|too many indices|out of range", _simple("index-outside")),
    (("IndexError",), r"boolean index did not match", _simple("mask-of-other-shape")),
    (("ValueError",), r"(?:too many|not enough) values to unpack", _simple("unpacking")),
    (("ValueError",), r"cannot reshape", _simple("cannot-reshape")),
    (("ValueError",), r"setting an array element|inhomogeneous", _simple("array-in-entry")),
    (
        ("ValueError",),
        r"zip\(\) argument|must have the same|must match exactly",
        _simple("lengths-differ"),
    ),
    (("ValueError",), r"need at least one array|equal division", _simple("parts-do-not-fit")),
    (("LinAlgError",), r".", _simple("not-square-matrix")),
    (("ZeroDivisionError",), r".", _simple("divided-by-zero")),
    (("KeyError",), r".", _simple("no-such-key")),
    (
        ("TypeError",),
        r"converted to Python scalars|must be real number",
        _simple("array-as-number"),
    ),
    (
        ("TypeError",),
        r"converted to a scalar index|interpreted as an integer|sequence of integers",
        _simple("array-for-number"),
    ),
    (("IndexError",), r"must be of integer|only integers", _simple("index-not-integer")),
    (
        ("UFuncTypeError", "_UFuncOutputCastingError", "_UFuncNoLoopError"),
        r"Cannot cast|cast",
        _simple("integer-buffer"),
    ),
    (("RecursionError",), r".", _simple("calls-itself")),
    (("ValueError",), r"truth value of an array", _simple("truth-of-array")),
]
