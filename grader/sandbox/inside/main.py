"""The warm process ("zygote"): loads NumPy, IPython and matplotlib once, then forks for each submission.

It makes the next child while the judge is busy with the last one, and buries the dead while nobody waits:
to make and to unmake namespaces takes longer than to run most submissions.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NoReturn

from grader.sandbox import control
from grader.sandbox.channel import Channel
from grader.sandbox.inside.lockdown import lock_down, own_pid_namespace, system_calls
from grader.sandbox.inside.selftest import breaches
from grader.sandbox.inside.serve import Server
from grader.sandbox.inside.shell import Shell, make_shell
from grader.sandbox.limits import Limits
from grader.sandbox.plan import Plan
from grader.sandbox.wire import frame

RPC = 3  # descriptor of a child's connection to the judge
EXIT_INTERNAL = 70


def main(settings_json: str, *twins: str) -> None:
    """Serve the judge until it hangs up. The settings come from `grader.sandbox.launch`.

    twins: descriptors of connections to other judges; a fork of this process, once it is warm, serves each.
    """
    gc.disable()  # nearly all that is loaded stays
    settings = json.loads(settings_json)
    judge = socket.socket(fileno=os.dup(0))  # the judge talks to our standard input
    plan = Plan(**settings["plan"])
    shell = make_shell()
    system_calls(plan, os.getpid())  # the greater part of it is prepared here, once
    ours = use_packages(settings["packages"])  # noqa: F841  kept alive
    with contextlib.suppress(ModuleNotFoundError):
        # The public ones, which every notebook imports first.
        importlib.import_module("grader.checks")
    gc.collect()
    gc.freeze()  # a collection in a child must not copy the pages that all children share
    gc.enable()
    judge = as_twin([judge, *(socket.socket(fileno=int(number)) for number in twins)])
    control.send(judge, {"ready": True})
    nursery = Nursery(judge, shell, plan)
    while True:
        try:
            message, _ = control.receive(judge)
        except control.Closed:
            break
        nursery.serve(message)
    nursery.close()


def as_twin(judges: Sequence[socket.socket]) -> socket.socket:
    """Fork for each judge but the first one: the connection of whichever process this is afterwards."""
    ours, *others = judges
    for theirs in others:
        if os.fork() == 0:
            ours = theirs
            break
    for judge in judges:
        if judge is not ours:
            judge.close()
    return ours


@dataclass
class Child:
    """A child, locked down for a request, and the judge's end of its connection."""

    pid: int
    request: Any
    rpc: socket.socket


class Nursery:
    """Makes children, keeps one ready, and waits for the dead."""

    def __init__(self, judge: socket.socket, shell: Shell, plan: Plan) -> None:
        self._judge, self._shell, self._plan = judge, shell, plan
        self._spare: Child | None = None
        self._children: set[int] = set()
        self._left: set[int] = set()

    def serve(self, message: Any) -> None:
        """Do what the judge asks: a child, or the wait status of one. It names those that it has killed."""
        self._left.update(message.pop("dead"))
        if "reap" in message:
            status = os.waitpid(message["reap"], 0)[1]
            self._children.discard(message["reap"])
            control.send(self._judge, {"status": status})
        else:
            self._hand_over(self._child_for(message))
            self._spare = None if message["probe"] else self._start(message)
        self._bury()

    def close(self) -> None:
        """Kill all children and wait until they are gone."""
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)  # those that are dead still have their number
        for pid in self._children:
            os.waitpid(pid, 0)

    def _child_for(self, request: Any) -> Child:
        if self._spare is None:
            return self._start(request)
        if self._spare.request == request:
            return self._spare
        self._spare.rpc.close()  # made for other limits
        os.kill(self._spare.pid, signal.SIGKILL)
        self._left.add(self._spare.pid)
        return self._start(request)

    def _start(self, request: Any) -> Child:
        ours, theirs = socket.socketpair()
        if self._plan.level == "full":
            own_pid_namespace()
        pid = os.fork()
        if pid == 0:
            become_submission(self._shell, self._plan, request, theirs.fileno())
        theirs.close()
        self._children.add(pid)
        return Child(pid, request, ours)

    def _hand_over(self, child: Child) -> None:
        pidfds = [os.pidfd_open(child.pid)] if hasattr(os, "pidfd_open") else []
        control.send(self._judge, {"pid": child.pid}, [child.rpc.fileno(), *pidfds])
        control.close_all(pidfds)
        child.rpc.close()

    def _bury(self) -> None:
        buried = {pid for pid in self._left if os.waitpid(pid, os.WNOHANG)[0]}
        self._left -= buried
        self._children -= buried


def become_submission(shell: Shell, plan: Plan, request: Any, rpc: int) -> NoReturn:
    """The child's life: keep one connection only, lock down, serve."""
    try:
        os.setsid()
        keep_only(rpc)
        channel = Channel(socket.socket(fileno=RPC))
        try:
            limits = Limits(**request["limits"])
            lock_down(plan, limits)
            held = breaches(plan.level) if request["probe"] else []
        except Exception as error:
            channel.send(frame({"failed": str(error)}))
            os._exit(EXIT_INTERNAL)
        channel.send(frame({"breaches": held}))
        Server(shell, channel, limits).serve()
    finally:
        os._exit(EXIT_INTERNAL)


def keep_only(rpc: int) -> None:
    """Close every descriptor but that one, which becomes number 3; 0, 1 and 2 are /dev/null."""
    os.dup2(rpc, RPC)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(RPC + 1, os.sysconf("SC_OPEN_MAX"))


def use_packages(folders: Sequence[str]) -> list[ModuleType]:
    """Let submissions import from those folders, their own copy of `grader` included, not this one.

    The modules of this one are returned, because they would be taken apart if nothing held them.
    """
    sys.path[0:1] = folders  # the first one is where this code came from
    # An editable install would find the rest of the project, wherever it is.
    sys.meta_path = [finder for finder in sys.meta_path if "__editable__" not in repr(finder)]
    ours = [name for name in sys.modules if name == "grader" or name.startswith("grader.")]
    return [sys.modules.pop(name) for name in ours]
