"""What a check sees of a submission: names that can be looked up, called and swept.

A check is written once, against the `Student` protocol. In a notebook the student's objects live in the
same process (`LocalStudent`, here); while grading they live in an isolated process and are reached over
a socket (`grader.sandbox.remote`). What comes back is plain either way: NumPy arrays of exactly type
`numpy.ndarray`, tuples, strings, None, or a `Handle` on an object that stays where it is.

StudentError
├── NotImplementedYet      the stub was left as it was
├── MissingName            no such name or attribute; carries the names that exist
├── BadValue               a value that is not an array, a number, a tuple of those, or an object
├── CallFailed             the submission's code raised
└── Stopped                the submission was killed: a limit, or it ended itself
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.checks.forms import Form

Array: TypeAlias = npt.NDArray[Any]
Value: TypeAlias = Any  # Array | tuple[Value, ...] | str | None | Handle

#: dtypes that may come back from a submission: booleans, integers, floats and complex numbers.
PLAIN_KINDS = "biufc"
MAX_TUPLE = 64
MAX_DEPTH = 2  # of tuples within tuples


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
    """The submission's code raised `type_name` with `message`, in line `line` of its cell `cell` if known."""

    def __init__(self, type_name: str, message: str, line: int | None = None) -> None:
        super().__init__(f"{type_name}: {message}")
        self.type_name = type_name
        self.message = message
        self.line = line


class Stopped(StudentError):
    """The submission no longer runs; `reason` is one of "time", "memory", "exit", "protocol"."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Handle(Protocol):
    """An object of the submission: a class, a function, a layer, a bound method."""

    def __call__(self, *args: Value, **kwargs: Value) -> Value:
        """Call it. Arrays are handed over as copies; those of `Student.hold` as they are."""
        ...

    def get(self, name: str) -> Value:
        """Attribute `name`: an array, or a handle on a method or object. MissingName if there is none."""
        ...

    def set(self, name: str, value: Value) -> None:
        """Set attribute `name`, for example a parameter of a layer."""
        ...

    def value(self) -> Value:
        """The object itself, made plain, such as an array of `Student.hold`. BadValue if not plain."""
        ...


#: A chain of calls, each on what the last one returned: ``[("Affine", (0, 1)), ("forward", (2,))]`` means
#: ``Affine(a0, a1).forward(a2)`` with a0, a1, a2 taken from the list of arrays.
Chain: TypeAlias = Sequence[tuple[str, Sequence[int]]]


class Student(Protocol):
    """A submission after its cells have run."""

    def get(self, name: str) -> Value:
        """Top-level name of the notebook. MissingName if there is none."""
        ...

    def hold(self, array: Array) -> Handle:
        """Hand a copy of an array over and keep a handle on it.

        Passed as an argument, it is the same array on the submission's side each time, so that
        `Handle.value` shows afterwards whether the submission changed it.
        """
        ...

    def function(self, name: str, c: Array) -> Handle:
        """A function that lives where the submission does: the form of that name (`grader.checks.forms`)."""
        ...

    def call(self, chain: Chain, arrays: Sequence[Array]) -> Value:
        """Evaluate the chain in one trip and return what the last call returns."""
        ...

    def sweep(
        self, chain: Chain, arrays: Sequence[Array], which: int, entries: Array, step: complex
    ) -> Array:
        """Evaluate the chain once per entry, with `step` added to that entry of array `which`.

        entries: flat indices, shape (K,). The loop runs where the submission is, and the raw outputs come
        back: shape (K, M), M the number of values that the last call returns (a tuple is flattened). The
        judge draws its conclusions from them outside.
        """
        ...


def plain(value: Any, wrap: Callable[[Any], Any], depth: int = 0) -> Value:
    """Make a value plain: exact ndarrays, tuples of plain values, str, None; any other object goes to `wrap`.

    Subclasses of ndarray become plain arrays; object and string arrays raise BadValue.
    """
    kind = type(value)  # not isinstance: an object may lie about its class, or raise when asked
    if value is None or kind is str:
        return value
    if issubclass(kind, (bool, int, float, complex, np.generic, np.ndarray)):
        try:
            array = np.array(value, copy=True, subok=False)
        except Exception as error:  # a view that is larger than any memory
            raise BadValue(f"{kind.__name__}[{type(error).__name__}]") from None
        if array.dtype.kind not in PLAIN_KINDS:
            raise BadValue(f"{kind.__name__}[{array.dtype}]")
        return array
    if issubclass(kind, (tuple, list)):
        base: Any = tuple if issubclass(kind, tuple) else list
        length = base.__len__(value)
        if depth > MAX_DEPTH or length > MAX_TUPLE:
            raise BadValue(f"{kind.__name__}[{length}]")
        return tuple(plain(item, wrap, depth + 1) for item in base.__iter__(value))
    return wrap(value)


def flatten(value: Value) -> Array:
    """All numbers in an array or (nested) tuple of arrays, as one flat array. BadValue for anything else."""
    if isinstance(value, np.ndarray):
        return value.reshape(-1)
    if isinstance(value, tuple) and value:
        return np.concatenate([flatten(item) for item in value])
    raise BadValue(type(value).__name__)


class LocalHandle:
    """A handle on an object in this process."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __call__(self, *args: Value, **kwargs: Value) -> Value:
        """Call the object; what its code raises becomes a StudentError."""
        return plain(run(self._target, *map(unwrap, args), **kwargs), LocalHandle)

    def get(self, name: str) -> Value:
        """Attribute `name`, made plain."""
        return plain(lookup(self._target, name), LocalHandle)

    def set(self, name: str, value: Value) -> None:
        """Set attribute `name`."""
        run(setattr, self._target, name, unwrap(value))

    def value(self) -> Value:
        """The object itself, made plain."""
        return plain(self._target, _no_object)


class LocalStudent:
    """A student whose names live in this process: a dictionary such as the notebook's globals."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def get(self, name: str) -> Value:
        """The object of that name, made plain."""
        return plain(self._resolve(name), LocalHandle)

    def _resolve(self, name: str) -> Any:
        if name not in self._names:
            raise MissingName(name, [n for n in self._names if not n.startswith("_")])
        return self._names[name]

    def hold(self, array: Array) -> LocalHandle:
        """See `Student.hold`."""
        return LocalHandle(array.copy())

    def function(self, name: str, c: Array) -> LocalHandle:
        """See `Student.function`."""
        return LocalHandle(Form(name, c.copy()))

    def call(self, chain: Chain, arrays: Sequence[Array]) -> Value:
        """See `Student.call`."""
        return plain(evaluate(self._resolve, chain, arrays), LocalHandle)

    def sweep(
        self, chain: Chain, arrays: Sequence[Array], which: int, entries: Array, step: complex
    ) -> Array:
        """See `Student.sweep`."""
        return sweep(self._resolve, chain, arrays, which, entries, step)


def evaluate(resolve: Callable[[str], Any], chain: Chain, arrays: Sequence[Array]) -> Any:
    """Evaluate a chain of calls on live objects; each array is handed over as a copy."""
    value: Any = None
    for position, (name, indices) in enumerate(chain):
        target = resolve(name) if position == 0 else lookup(value, name)
        if not callable(target):
            raise MissingName(name)
        value = run(target, *(arrays[i].copy() for i in indices))
    return value


def sweep(
    resolve: Callable[[str], Any],
    chain: Chain,
    arrays: Sequence[Array],
    which: int,
    entries: Array,
    step: complex,
) -> Array:
    """`Student.sweep` on live objects; the child process of the sandbox calls it too."""
    shifted = list(arrays)
    dtype = np.result_type(arrays[which].dtype, type(step))
    rows = []
    for entry in entries.tolist():
        moved = arrays[which].astype(dtype)
        moved.reshape(-1)[entry] += step
        shifted[which] = moved
        rows.append(flatten(plain(evaluate(resolve, chain, shifted), _no_object)))
    return np.stack(rows)


def _no_object(value: Any) -> Any:
    raise BadValue(type(value).__name__)


def unwrap(value: Value) -> Any:
    """The live object behind a local handle; a copy of an array; anything else unchanged."""
    if isinstance(value, LocalHandle):
        return value._target
    return value.copy() if isinstance(value, np.ndarray) else value


def lookup(target: Any, name: str) -> Any:
    """getattr that raises MissingName with the public names that exist."""
    try:
        return getattr(target, name)
    except AttributeError:
        raise MissingName(name, public_names(target)) from None
    except (Exception, SystemExit) as error:
        raise failure(error) from None


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
    """Describe an exception of the submission: type, message, and the line of its own code."""
    try:
        message = str(error)[:500]
    except (Exception, SystemExit):
        message = "(no message: its text could not be read)"
    line = None
    traceback = error.__traceback__
    while traceback is not None:
        if _is_a_cell(traceback.tb_frame.f_code.co_filename):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return CallFailed(type(error).__name__[:100], message, line)


def _is_a_cell(filename: str) -> bool:
    """Whether code of that file name stands in a notebook: ipykernel's, IPython's, Pyodide's <exec>."""
    generated = ("<frozen ", "<string>", "<__array_function__")  # by Python or a library
    return "ipykernel" in filename or (
        filename.startswith("<") and not filename.startswith(generated)
    )
