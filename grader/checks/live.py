"""The submission's side of a call: its objects are looked up, called and made plain, its errors told apart.

The same functions serve a notebook, where the judge lives in the same process, and the isolated process of
the sandbox.

StudentError
├── NotImplementedYet      the stub was left as it was
├── MissingName            no such name or attribute; carries the names that exist
├── BadValue               a value that is not an array, a number, a tuple of those, or an object
├── CallFailed             the submission's code raised
└── Stopped                the submission was killed: a limit, or it ended itself
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Value: TypeAlias = Any  # Array | tuple[Value, ...] | str | None | Handle

#: dtypes that may come back from a submission: booleans, integers, floats and complex numbers.
PLAIN_KINDS = "biufc"
MAX_TUPLE = 64
MAX_DEPTH = 2  # of tuples within tuples

NUMBERS = (bool, int, float, complex, np.generic, np.ndarray)


class StudentError(Exception):
    """Base of everything that can go wrong on the submission's side of a call."""


class NotImplementedYet(StudentError):
    """The code raised NotImplementedError: the stub was left as it was."""


class MissingName(StudentError):
    """A name or attribute that does not exist; `name` as asked for, `existing` the public names there are."""

    def __init__(self, name: str, existing: Sequence[str] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.existing = tuple(existing)


class BadValue(StudentError):
    """A value that no check can use; `type_name` says what came instead of an array."""

    def __init__(self, type_name: str) -> None:
        super().__init__(type_name)
        self.type_name = type_name


class CallFailed(StudentError):
    """The submission's code raised `type_name` with `message`.

    line: of the cell in which it was raised, if known. inside: the class or function of that cell that raised.
    """

    def __init__(
        self, type_name: str, message: str, line: int | None = None, inside: str = ""
    ) -> None:
        super().__init__(f"{type_name}: {message}")
        self.type_name = type_name
        self.message = message
        self.line = line
        self.inside = inside


class Stopped(StudentError):
    """The submission no longer runs; `reason` is one of "time", "memory", "exit", "protocol"."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


#: What could be a hidden input in the text of an error: fractions, long or many numbers. Shapes are none.
QUOTED = re.compile(
    r"0x[0-9a-fA-F.]+(?:p[-+]?\d+)?|[-+]?\d*\.\d+(?:[eE][-+]?\d+)?|\d+\.?[eE][-+]?\d+|\d{5,}"
    r"|(?:[-+]?\d+\.?[\s,;|]+){5,}\d+"
)


def without_numbers(error: StudentError) -> StudentError:
    """The error without what its texts may quote of a hidden case; names and shapes stay.

    >>> str(without_numbers(CallFailed("ValueError", "x is [0.25 -1.5], of shape (2, 3)")))
    'ValueError: x is [… …], of shape (2, 3)'
    """
    match error:
        case CallFailed():
            kind, text = QUOTED.sub("…", error.type_name), QUOTED.sub("…", error.message)
            return CallFailed(kind, text, error.line, QUOTED.sub("…", error.inside))
        case BadValue():
            return BadValue(QUOTED.sub("…", error.type_name))
        case MissingName():
            existing = [name for name in error.existing if not QUOTED.search(name)]
            return MissingName(QUOTED.sub("…", error.name), existing)
    return error


def is_plain(value: Any) -> bool:
    """Whether a value is data (numbers, text, None, a tuple or list), and no object with methods of its own."""
    kind = type(value)  # not isinstance: an object may lie about its class, or raise when asked
    return value is None or kind is str or issubclass(kind, (*NUMBERS, tuple, list))


def plain(value: Any, wrap: Callable[[Any], Any], depth: int = 0) -> Value:
    """Make a value plain: exact ndarrays, tuples of plain values, str, None; any other object goes to `wrap`.

    Subclasses of ndarray become plain arrays; object and string arrays raise BadValue.
    """
    kind = type(value)
    if not is_plain(value):
        return wrap(value)
    if value is None or kind is str:
        return value
    if issubclass(kind, NUMBERS):
        try:
            array = np.array(value, copy=True, subok=False)
        except Exception as error:  # a view that is larger than any memory
            raise BadValue(f"{kind.__name__}[{type(error).__name__}]") from None
        if array.dtype.kind not in PLAIN_KINDS:
            raise BadValue(f"{kind.__name__}[{array.dtype}]")
        return array
    base: Any = tuple if issubclass(kind, tuple) else list
    length = base.__len__(value)
    if depth > MAX_DEPTH or length > MAX_TUPLE:
        raise BadValue(f"{kind.__name__}[{length}]")
    return tuple(plain(item, wrap, depth + 1) for item in base.__iter__(value))


def refuse_object(value: Any) -> Any:
    """For `plain`, where an object is no value: BadValue."""
    raise BadValue(type(value).__name__)


def flatten(value: Value) -> Array:
    """All numbers in an array or (nested) tuple of arrays, as one flat array. BadValue for anything else."""
    if isinstance(value, np.ndarray):
        return value.reshape(-1)
    if isinstance(value, tuple) and value:
        return np.concatenate([flatten(item) for item in value])
    raise BadValue(type(value).__name__)


def lookup(target: Any, name: str) -> Any:
    """getattr that raises MissingName with the public names that exist."""
    try:
        return getattr(target, name)
    except AttributeError:
        raise MissingName(name, public_names(target)) from None
    except (Exception, SystemExit) as error:
        raise failure(error) from None


def own_names(names: Mapping[str, Any]) -> list[str]:
    """Public names of a notebook, but for what it imported from its package, or from NumPy, under that name."""
    texts = [name for name in names if isinstance(name, str) and not name.startswith("_")]
    return [name for name in texts if not _is_imported(names[name], name)]


def _is_imported(value: Any, name: str) -> bool:
    try:
        given = value.__module__.partition(".")[0] in ("dlkit", "grader", "numpy")
        return bool(given and value.__name__ == name)
    except (Exception, SystemExit):  # most have neither, and an object may do anything when asked
        return False


def public_names(target: Any) -> list[str]:
    """Public attribute names of an object, none if it cannot tell."""
    try:
        return sorted(n for n in {*vars(target), *dir(type(target))} if not n.startswith("_"))
    except Exception:
        return []


def run(target: Any, *args: Any, **kwargs: Any) -> Any:
    """Call the submission's code; whatever it raises, SystemExit included, becomes a StudentError."""
    try:
        return target(*args, **kwargs)
    except StudentError:
        raise
    except NotImplementedError:
        raise NotImplementedYet from None
    except (Exception, SystemExit) as error:
        raise failure(error) from None


def failure(error: BaseException) -> CallFailed:
    """Describe an exception of the submission: type, message, and the line and cell of its own code."""
    try:
        message = str(error)[:500]
    except (Exception, SystemExit):
        message = "(no message: its text could not be read)"
    line, inside = None, ""
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if _is_a_cell(code.co_filename):
            line, inside = traceback.tb_lineno, code.co_qualname.partition(".")[0][:100]
        traceback = traceback.tb_next
    return CallFailed(type(error).__name__[:100], message, line, inside)


def _is_a_cell(filename: str) -> bool:
    """Whether code of that file name stands in a notebook: ipykernel's, IPython's, Pyodide's <exec>."""
    generated = ("<frozen ", "<string>", "<__array_function__")  # by Python or a library
    return "ipykernel" in filename or (
        filename.startswith("<") and not filename.startswith(generated)
    )
