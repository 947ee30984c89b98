"""Takes away from this process, step by step and for good, everything a submission does not need."""

import os
import secrets
import signal
from collections.abc import Sequence

from grader.sandbox.inside import landlock, linux, seccomp
from grader.sandbox.inside.rlimits import set_rlimits
from grader.sandbox.limits import Limits
from grader.sandbox.plan import BOX, DEVICES, Plan

MAX_FILES = 2048  # files and folders in the private folder


def own_pid_namespace() -> None:
    """Let the next fork be process number 1 of a world in which it is alone."""
    ourselves = os.pidfd_open(os.getpid())
    try:
        linux.setns(ourselves, linux.CLONE_NEWPID)  # out of the one that the last fork got
    finally:
        os.close(ourselves)
    linux.unshare(linux.CLONE_NEWPID)


def lock_down(plan: Plan, limits: Limits) -> None:
    """Lock this process down to the plan's level."""
    if plan.level == "none":
        set_rlimits(limits)
        return
    private = plan.level == "full"
    uid = plan.users[0] + secrets.randbelow(plan.users[1]) if plan.users else os.getuid()
    if private:
        make_private_folder(uid, limits)
    set_rlimits(limits)
    give_up_privileges(uid, plan.readable)
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)  # die with the warm process
    linux.prctl(linux.PR_SET_DUMPABLE, 0)  # other processes of this user cannot look inside
    writable = [BOX, *DEVICES] if private else DEVICES
    landlock.restrict(
        {landlock.LIST: plan.listable, landlock.READ: plan.readable, landlock.WRITE: writable}
    )
    seccomp.restrict(system_calls(plan, os.getpid()))


def system_calls(plan: Plan, pid: int) -> bytes:
    """The filter of system calls for a process of that number."""
    private = plan.level == "full"
    return seccomp.program(
        pid,
        threads=private
        or bool(plan.users),  # else the limit on them counts all threads of a person
        private=private,
        truncates=private or landlock.version() >= landlock.JUDGES_TRUNCATION,
    )


def make_private_folder(uid: int, limits: Limits) -> None:
    """Mount an empty file system that nobody else sees, and work in it."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", None, linux.MS_REC | linux.MS_PRIVATE)
    flags = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    options = f"size={limits.files},nr_inodes={MAX_FILES},mode=700,uid={uid},gid={uid}"
    linux.mount("tmpfs", BOX, "tmpfs", flags, options)
    os.chdir(BOX)


def give_up_privileges(uid: int, readable: Sequence[str]) -> None:
    """Become that user, without capabilities.

    Where the environment stands in a folder that only its owner may enter, such as /root, the right to
    read regardless of permissions stays; Landlock then says what it applies to.
    """
    if uid != os.getuid():
        linux.prctl(linux.PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    if all(os.access(path, os.R_OK) for path in readable):
        linux.set_capabilities()
    else:
        linux.set_capabilities(linux.CAP_DAC_READ_SEARCH)
