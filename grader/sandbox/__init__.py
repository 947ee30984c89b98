"""Isolation of submissions: their code runs in a locked-down child process, the judge stays outside.

See README.md in this folder for what is covered and what is not.
"""

from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.limits import Limits
from grader.sandbox.plan import Level
from grader.sandbox.remote import RemoteHandle, RemoteStudent
from grader.sandbox.session import CellResult, Session
from grader.sandbox.warm import WarmProcess
from grader.sandbox.zygote import Twins, Zygote

__all__ = [
    "CellResult",
    "Level",
    "Limits",
    "RemoteHandle",
    "RemoteStudent",
    "SandboxUnavailable",
    "Session",
    "Twins",
    "WarmProcess",
    "Zygote",
]
