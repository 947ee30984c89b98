"""Worker processes, each with a judge of its own.

A task is a small message to a worker and what it finds a message back. They are pickled, between processes
that are all ours: nothing that a submission wrote is read that way (it arrives as text and numbers, see
`grader.sandbox.wire`). A worker that dies is replaced, and the task that it had begun is tried once more.
"""

import contextlib
import gc
import itertools
import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any, Generic, TypeVar

from grader.errors import GraderError
from grader.sandbox.closing import Closing

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4  # tasks at a worker: it goes on while nbgrader is loaded, and while results are recorded
ATTEMPTS = 2
#: Forked: what is loaded and computed before is there at once. Each worker starts its warm process anew.
FORK = multiprocessing.get_context("fork")


@dataclass
class _Worker(Generic[T]):
    process: ForkProcess
    connection: Connection
    tasks: deque[T] = field(default_factory=deque)  # the first one is being worked on


class Pool(Closing, Generic[T, R]):
    """Processes that each make a judge and put tasks to it. Use it as a context manager.

    make: gives the judge, a context manager that is called with a task; it is called in the new process, with
    the number of workers that were started before it. count: how many there are.
    lost: what stands for the result of a task during which its worker died twice.
    """

    def __init__(
        self,
        make: Callable[[int], AbstractContextManager[Callable[[T], R]]],
        count: int,
        lost: Callable[[T], R],
    ) -> None:
        self.count = count
        self._make = make
        self._lost = lost
        self._workers: list[_Worker[T]] = []
        self._waiting: deque[T] = deque()
        self._attempts: Counter[T] = Counter()
        self._numbers = itertools.count()
        for _ in range(count):
            self._workers.append(self._start())

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        for worker in self._workers:
            worker.connection.close()
            worker.process.kill()  # its warm process ends when the connection to it does
        for worker in self._workers:
            worker.process.join()
        self._workers = []

    def add(self, tasks: Iterable[T]) -> None:
        """More tasks: the workers begin with what they have room for, the others wait."""
        self._waiting.extend(tasks)
        self._hand_out()

    def results(self) -> Iterator[R]:
        """Results in the order in which they come, until no task is left.

        Raises GraderError if a judge cannot be made.
        """
        while busy := self._hand_out():
            for connection in wait(list(busy)):
                worker = busy[connection]  # type: ignore[index]
                try:
                    reply = worker.connection.recv()
                except (EOFError, OSError):
                    yield from self._bury(worker)
                    continue
                if isinstance(reply, GraderError):
                    raise reply
                worker.tasks.popleft()
                yield reply

    def _hand_out(self) -> dict[Connection, _Worker[T]]:
        """Give tasks to the workers; those that are busy now, by their connections."""
        for level in range(1, AHEAD + 1):  # nobody waits for a second task before all have one
            for worker in self._workers:
                if self._waiting and len(worker.tasks) < level:
                    self._give(worker, self._waiting.popleft())
        return {worker.connection: worker for worker in self._workers if worker.tasks}

    def _bury(self, worker: _Worker[T]) -> Iterator[R]:
        """Replace a worker that died; the task that it had begun waits for its last attempt, or is lost."""
        begun, *others = worker.tasks
        self._attempts[begun] += 1
        self._waiting.extendleft(reversed(others))
        self._replace(worker)
        if self._attempts[begun] < ATTEMPTS:
            self._waiting.append(begun)
        else:
            yield self._lost(begun)

    def _give(self, worker: _Worker[T], task: T) -> None:
        worker.tasks.append(task)
        with contextlib.suppress(OSError):  # it is dead, which the wait for its result will notice
            worker.connection.send(task)

    def _replace(self, dead: _Worker[T]) -> None:
        dead.connection.close()
        dead.process.kill()
        dead.process.join()
        self._workers[self._workers.index(dead)] = self._start()

    def _start(self) -> _Worker[T]:
        ours, theirs = FORK.Pipe()
        inherited = [ours, *(worker.connection for worker in self._workers)]
        make = partial(self._make, next(self._numbers))
        process = FORK.Process(target=_work, args=(make, theirs, inherited), daemon=True)
        # A Ctrl-C between fork and the worker's first line would show what Python was about to do there.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        theirs.close()
        return _Worker(process, ours)


def _work(make: Callable[[], Any], connection: Connection, inherited: list[Connection]) -> None:
    """A worker's life: make a judge, then put tasks to it until the parent hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not as the parent, who has something to record
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # it was blocked for the fork
    for other in inherited:
        other.close()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with make() as judge:
            gc.freeze()  # what is loaded stays: collections look through what a submission left
            while True:
                task = connection.recv()
                connection.send(judge(task))
    except (EOFError, OSError):
        return
    except GraderError as error:
        connection.send(error)


def _end_with_parent() -> None:
    """A worker whose parent was killed has nobody to report to, and may wait for a submission."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
