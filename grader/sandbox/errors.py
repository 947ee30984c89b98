"""Errors on the way: what the submission's side reports as data, and what the judge makes of it."""

from typing import Any

from grader.checks.live import (
    BadValue,
    CallFailed,
    MissingName,
    NotImplementedYet,
    StudentError,
)
from grader.errors import SandboxError
from grader.sandbox.values import text
from grader.sandbox.wire import FrameError

MAX_NAME = 200
MAX_NAMES = 200
MAX_MESSAGE = 500
MAX_LINE = 10**9


class SandboxUnavailable(SandboxError):
    """No isolation, or not the one asked for, can be had on this machine; the text says what is missing."""


def describe(error: StudentError) -> dict[str, Any]:
    """The error as JSON, its texts cut to the limits."""
    match error:
        case MissingName():
            existing = [name[:MAX_NAME] for name in error.existing[:MAX_NAMES]]
            return {"kind": "missing", "name": error.name[:MAX_NAME], "existing": existing}
        case BadValue():
            return {"kind": "value", "type": error.type_name[:MAX_NAME]}
        case CallFailed():
            return {
                "kind": "call",
                "type": error.type_name[:MAX_NAME],
                "message": error.message[:MAX_MESSAGE],
                "line": error.line,
                "inside": error.inside[:MAX_NAME],
            }
    return {"kind": "stub"}


def rebuild(described: Any) -> StudentError:
    """The error behind `describe`'s JSON. FrameError for anything else."""
    match described:
        case {"kind": "stub"}:
            return NotImplementedYet()
        case {"kind": "missing", "name": name, "existing": [*names]} if len(names) <= MAX_NAMES:
            return MissingName(text(name, MAX_NAME), [text(item, MAX_NAME) for item in names])
        case {"kind": "value", "type": name}:
            return BadValue(text(name, MAX_NAME))
        case {
            "kind": "call",
            "type": name,
            "message": message,
            "line": line,
            "inside": inside,
        } if line is None or (type(line) is int and 0 <= line <= MAX_LINE):
            return CallFailed(
                text(name, MAX_NAME), text(message, MAX_MESSAGE), line, text(inside, MAX_NAME)
            )
    raise FrameError("an error of an unknown kind")
