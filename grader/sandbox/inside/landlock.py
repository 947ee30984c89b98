"""Landlock: which files this process can still open. Linux 5.13; see man 7 landlock.

Whatever is not listed can neither be read nor written, wherever it is mounted. Landlock does not hide
that a file exists: names that are known can still be asked for their size and date.
"""

import contextlib
import ctypes
import os
import stat
import struct
from collections.abc import Iterable, Mapping

from grader.sandbox.inside import linux

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1 << 0
_PATH_BENEATH = 1

# Rights by the version of the interface that brought them.
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_ALL_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_FILE_RIGHTS = _WRITE_FILE | _READ_FILE | _TRUNCATE
_NETWORK = {4: 0b11}  # bind and connect of TCP sockets
_SCOPES = {6: 0b11}  # abstract sockets and signals stay among the locked-down

JUDGES_TRUNCATION = 3  # before this version O_TRUNC needs no right of its own

LIST = _READ_DIR
READ = _READ_FILE | _READ_DIR
WRITE = READ | _WRITE_FILE | _TRUNCATE | _REFER | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG


def version() -> int:
    """Version of the kernel's Landlock interface; 0 where there is none."""
    try:
        return linux.syscall("landlock_create_ruleset", _CREATE_RULESET, 0, 0, _VERSION)
    except OSError:
        return 0


def restrict(allowed: Mapping[int, Iterable[str]]) -> None:
    """From now on, and in every thread made from now on, open only what is beneath these paths.

    allowed: paths by what may be done beneath them: LIST, READ or WRITE. A path that does not exist is
    left out. OSError where the kernel has no Landlock.
    """
    has = version()
    rights, network, scopes = (_newest(table, has) for table in (_ALL_RIGHTS, _NETWORK, _SCOPES))
    attributes = struct.pack("=QQQ", rights, network, scopes)[
        : 24 if scopes else 16 if network else 8
    ]
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    ruleset = linux.syscall("landlock_create_ruleset", _CREATE_RULESET, buffer, len(attributes), 0)
    try:
        for wanted, paths in allowed.items():
            for path in paths:
                with contextlib.suppress(FileNotFoundError):
                    _allow(ruleset, path, wanted & rights)
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        linux.syscall("landlock_restrict_self", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _newest(table: dict[int, int], has: int) -> int:
    return max((rights for version, rights in table.items() if version <= has), default=0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _FILE_RIGHTS
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, place), 12)
        linux.syscall("landlock_add_rule", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(place)
