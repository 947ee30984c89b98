"""Waiting on a socket: until all has come, the deadline passes, or the other side is gone."""

import os
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from grader.sandbox.channel import Channel, Gone, TimeUp


@pytest.fixture
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    with theirs:
        yield channel, theirs
    channel.close()


def test_a_message_larger_than_the_buffer_goes_through_whole(
    pair: tuple[Channel, socket.socket],
) -> None:
    channel, theirs = pair
    data = os.urandom(3_000_000)
    other = Channel(theirs)
    received = bytearray(len(data))
    reader = threading.Thread(target=other.fill, args=(memoryview(received),))
    reader.start()
    channel.send([data[:10], memoryview(data)[10:]])
    reader.join(30)
    assert bytes(received) == data


def test_waiting_ends_at_the_deadline_also_if_bytes_drip_in(
    pair: tuple[Channel, socket.socket],
) -> None:
    channel, theirs = pair
    done = threading.Event()

    def drip() -> None:
        while not done.wait(0.01):
            theirs.send(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    channel.deadline = time.monotonic() + 0.2
    with pytest.raises(TimeUp):
        channel.fill(memoryview(bytearray(1_000_000)))
    done.set()
    dripping.join()


def test_sending_to_somebody_who_does_not_read_ends_at_the_deadline(
    pair: tuple[Channel, socket.socket],
) -> None:
    channel, _ = pair
    channel.deadline = time.monotonic() + 0.1
    with pytest.raises(TimeUp):
        channel.send([bytes(10_000_000)])


def test_a_deadline_in_the_past_does_not_wait(pair: tuple[Channel, socket.socket]) -> None:
    channel, theirs = pair
    theirs.send(b"there")
    channel.deadline = time.monotonic() - 1
    with pytest.raises(TimeUp):
        channel.fill(memoryview(bytearray(5)))


def test_a_closed_connection_is_noticed_by_both_directions(
    pair: tuple[Channel, socket.socket],
) -> None:
    channel, theirs = pair
    theirs.close()
    with pytest.raises(Gone):
        channel.fill(memoryview(bytearray(1)))
    with pytest.raises(Gone):
        channel.send([b"x"])


def test_death_is_noticed_although_the_connection_stays_open() -> None:
    """A copy of the socket may live on; the descriptor of the process says that it is dead."""
    ours, theirs = socket.socketpair()
    alive, died = os.pipe()
    channel = Channel(ours, alive)
    os.close(died)
    with theirs, pytest.raises(Gone):
        channel.fill(memoryview(bytearray(1)))
    channel.close()
    os.close(alive)


def test_what_came_before_the_death_is_still_read() -> None:
    ours, theirs = socket.socketpair()
    alive, died = os.pipe()
    channel = Channel(ours, alive)
    theirs.send(b"last")
    os.close(died)
    words = bytearray(4)
    channel.fill(memoryview(words))
    assert words == b"last"
    theirs.close()
    channel.close()
    os.close(alive)
