"""The warm process ("zygote"): loads NumPy, IPython and matplotlib once, then forks for each submission."""

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
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


def main(settings_json: str) -> None:
    """Serve the judge until it hangs up. The settings come from `grader.sandbox.launch`."""
    settings = json.loads(settings_json)
    judge = socket.socket(fileno=os.dup(0))  # the judge talks to our standard input
    plan = Plan(**settings["plan"])
    shell = make_shell()
    system_calls(plan, os.getpid())  # the greater part of it is prepared here, once
    ours = use_packages(settings["packages"])  # noqa: F841  kept alive
    gc.collect()
    gc.freeze()  # a collection in a child must not copy the pages that all children share
    control.send(judge, {"ready": True})
    children: set[int] = set()
    while True:
        try:
            message, descriptors = control.receive(judge)
        except control.Closed:
            break
        if "reap" in message:
            status = os.waitpid(message["reap"], 0)[1]
            children.discard(message["reap"])
            control.send(judge, {"status": status})
        else:
            children.add(start(judge, shell, plan, message, descriptors))
            control.close_all(descriptors)
    for pid in children:
        os.kill(pid, signal.SIGKILL)  # the judge died before it could


def start(
    judge: socket.socket, shell: Shell, plan: Plan, request: Any, descriptors: Sequence[int]
) -> int:
    """Fork a child for one submission; tell the judge its number, and return it."""
    if plan.level == "full":
        own_pid_namespace()
    pid = os.fork()
    if pid == 0:
        become_submission(shell, plan, request, descriptors[0])
    pidfds = [os.pidfd_open(pid)] if hasattr(os, "pidfd_open") else []
    control.send(judge, {"pid": pid}, pidfds)
    control.close_all(pidfds)
    return pid


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
