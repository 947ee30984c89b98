"""Reaching anything: the internet, this machine, sockets of files, abstract ones, the kernel's rings."""

import socket

import pytest

from grader.sandbox import Zygote, launch
from tests.hostile.attack import REFUSED, SYSCALL, said


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"port = {server.getsockname()[1]}\n"


@pytest.fixture
def abstract():
    """A name that no file system holds: mount namespaces and permissions do not hide it."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("")  # the kernel chooses one
        server.listen()
        yield f"name = {server.getsockname()!r}\n"


CONNECT = "socket.create_connection(('127.0.0.1', port)); print('connected')"
CONNECT_ABSTRACT = "socket.socket(socket.AF_UNIX).connect(name); print('connected')"


def test_a_port_of_this_machine_is_out_of_reach(confined, listener):
    assert said(confined, listener + CONNECT).startswith(REFUSED)


def test_undefended_it_is_reached(unconfined, listener):
    assert said(unconfined, listener + CONNECT) == "connected"


def test_an_abstract_socket_is_out_of_reach(confined, abstract):
    assert said(confined, abstract + CONNECT_ABSTRACT).startswith(REFUSED)


def test_undefended_an_abstract_socket_is_reached(unconfined, abstract):
    assert said(unconfined, abstract + CONNECT_ABSTRACT) == "connected"


@pytest.fixture
def without_filter(monkeypatch):
    """Level full without the filter of system calls: what is left are the namespaces."""
    taken_out = (
        "import grader.sandbox.inside.seccomp as s; s.restrict = lambda code: None; "
        "import grader.sandbox.inside.selftest as t; t.breaches = lambda level: []; "
    )
    monkeypatch.setattr(
        launch, "START", launch.START.replace("from grader", taken_out + "from grader", 1)
    )
    with Zygote("full") as warm:
        yield warm


def test_at_level_full_the_namespaces_hold_by_themselves(without_filter, listener, abstract):
    """Each of two defences is enough; with the filter out, a socket can be made and reaches nobody."""
    assert said(without_filter, "print(socket.socket().fileno() > 0)") == "True"
    assert said(without_filter, listener + CONNECT).startswith(
        ("ConnectionRefusedError", "OSError: [Errno 101]", "PermissionError")
    )
    assert said(without_filter, abstract + CONNECT_ABSTRACT).startswith(
        ("ConnectionRefused", "PermissionError")
    )


OPENING = {
    "IPv4": "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "IPv6": "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "of files": "socket.socket(socket.AF_UNIX)",
    "a pair": "socket.socketpair()",
    "of the kernel": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
    "by its number": "syscall(41, 2, 1, 0)",
    "a server": "socket.create_server(('127.0.0.1', 0))",
    "a page": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    "a name": "socket.getaddrinfo('example.org', 80)",
    "a ring": "syscall(425, 4, ctypes.create_string_buffer(120))",
    "passing files": "syscall(46, 3, ctypes.create_string_buffer(56), 0)",
    "receiving files": "syscall(47, 3, ctypes.create_string_buffer(56), 0)",
    "urgent data": "syscall(44, 3, b'x', 1, socket.MSG_OOB, 0, 0)",
    "reading ahead": "syscall(45, 3, ctypes.create_string_buffer(1), 1, socket.MSG_PEEK, 0, 0)",
}


@pytest.mark.parametrize("way", OPENING)
def test_no_connection_is_opened(way, confined):
    told = said(confined, f"{SYSCALL}{OPENING[way]}\nprint('opened')")
    assert told.startswith((*REFUSED, "URLError", "gaierror"))


@pytest.mark.parametrize(
    "way", ["IPv4", "of files", "a pair", "of the kernel", "by its number", "a server"]
)
def test_undefended_one_is_opened(way, unconfined):
    assert said(unconfined, f"{SYSCALL}{OPENING[way]}\nprint('opened')") == "opened"


SHARED = {
    "memory of the kernel": "syscall(29, 0, 4096, 0o1600)",
    "a queue": "syscall(68, 0x5EC, 0o1666)",
    "semaphores": "syscall(64, 0x5EC, 1, 0o1666)",
    "a named queue": "syscall(240, b'grader', 0o102, 0o666, 0)",
    "memory without a name": "os.memfd_create('x')",
    "a key ring": "syscall(248, b'user', b'x', b'y', 1, -3)",
}


@pytest.mark.parametrize("way", SHARED)
def test_nothing_is_shared_by(way, confined):
    assert said(confined, f"{SYSCALL}{SHARED[way]}\nprint('shared')").startswith("PermissionError")


def test_undefended_memory_is_shared(unconfined):
    source = (
        f"{SYSCALL}at = {SHARED['memory of the kernel']}\nsyscall(31, at, 0, 0)\nprint('shared')"
    )
    assert said(unconfined, source) == "shared"
