"""Isolation of submissions: their code runs in a locked-down child process, the judge stays outside.

See README.md in this folder for what is covered and what is not.

Each name is imported when it is asked for: most of them load NumPy, which is not waited for where the process
of the submissions is only started.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.sandbox.errors import SandboxUnavailable as SandboxUnavailable
    from grader.sandbox.limits import Limits as Limits
    from grader.sandbox.plan import Level as Level
    from grader.sandbox.remote import RemoteHandle as RemoteHandle
    from grader.sandbox.remote import RemoteStudent as RemoteStudent
    from grader.sandbox.session import CellResult as CellResult
    from grader.sandbox.session import Session as Session
    from grader.sandbox.start import Twin as Twin
    from grader.sandbox.start import Twins as Twins
    from grader.sandbox.zygote import Zygote as Zygote

_LATER = {
    "CellResult": "session",
    "Level": "plan",
    "Limits": "limits",
    "RemoteHandle": "remote",
    "RemoteStudent": "remote",
    "SandboxUnavailable": "errors",
    "Session": "session",
    "Twin": "start",
    "Twins": "start",
    "Zygote": "zygote",
}

__all__ = [*_LATER]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
