"""Talk between the judge and its warm process: one small JSON message there, one back, with descriptors."""

import contextlib
import json
import os
import socket
from collections.abc import Sequence
from typing import Any

MAX_MESSAGE = 4096
MAX_DESCRIPTORS = 2


class Closed(Exception):
    """The other side hung up."""


def send(control: socket.socket, message: Any, descriptors: Sequence[int] = ()) -> None:
    """Send one message; it is small enough to go in one piece."""
    data = json.dumps(message).encode()
    if len(data) > MAX_MESSAGE:
        raise ValueError(f"a control message of {len(data)} bytes")
    try:
        socket.send_fds(control, [data], descriptors)
    except OSError:
        raise Closed from None


def receive(control: socket.socket) -> tuple[Any, list[int]]:
    """Receive one message and its descriptors, which are the caller's to close."""
    try:
        data, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, MAX_DESCRIPTORS)
    except TimeoutError:
        raise
    except OSError:
        raise Closed from None
    if not data:
        raise Closed
    return json.loads(data), descriptors


def close_all(descriptors: Sequence[int]) -> None:
    """Close descriptors that nobody needs any more."""
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.close(descriptor)
