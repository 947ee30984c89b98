"""Messages between the judge and its warm process."""

import os
import socket
from collections.abc import Iterator

import pytest

from grader.sandbox import control


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_message_arrives_with_its_descriptors(ends: tuple[socket.socket, socket.socket]) -> None:
    one, other = ends
    read, write = os.pipe()
    control.send(one, {"reap": 7}, [write])
    message, descriptors = control.receive(other)
    assert message == {"reap": 7}
    os.write(descriptors[0], b"through the copy")
    assert os.read(read, 100) == b"through the copy"
    control.close_all([read, write, *descriptors])
    control.close_all([read])  # what is closed already is no error


def test_a_message_that_would_not_go_in_one_piece_is_refused(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    with pytest.raises(ValueError, match="a control message of 5002 bytes"):
        control.send(ends[0], "x" * 5000)


def test_hanging_up_is_told_from_waiting_too_long(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    one, other = ends
    one.settimeout(0.01)
    with pytest.raises(TimeoutError):
        control.receive(one)
    other.close()
    with pytest.raises(control.Closed):
        control.receive(one)
    with pytest.raises(control.Closed):
        control.send(one, {})
