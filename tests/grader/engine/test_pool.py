"""Workers: results of all tasks come once, a worker that dies is replaced, none outlives the parent."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from grader.engine import Pool
from grader.sandbox import SandboxUnavailable


class Squares:
    """A judge of numbers: it dies at negative ones; at 13 the first time only, leaving a note."""

    def __init__(self, note=None):
        self.note = note

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def __call__(self, number):
        if number < 0 or (number == 13 and self.note and not self.note.exists()):
            if self.note:
                self.note.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number, number**2


def pool(count, note=None):
    return Pool(lambda number: Squares(note), count, lambda number: (number, None))


def results(workers, tasks):
    workers.add(tasks)
    return workers.results()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_task_has_one_result(count):
    with pool(count) as workers:
        assert sorted(results(workers, range(20))) == [(n, n**2) for n in range(20)]


def test_workers_begin_when_tasks_are_added_and_more_can_be_added(tmp_path):
    with pool(1, tmp_path / "begun") as workers:
        workers.add([13, 1])  # 13 leaves a note, and the worker dies of it once
        deadline = time.monotonic() + 20
        while not (tmp_path / "begun").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        workers.add(range(2, 12))
        assert sorted(workers.results()) == [(n, n**2) for n in (*range(1, 12), 13)]
        assert list(workers.results()) == []


def test_no_task_needs_no_worker():
    with pool(0) as workers:
        assert list(results(workers, [])) == []


def test_a_task_whose_worker_was_killed_is_tried_again(tmp_path):
    with pool(2, tmp_path / "died") as workers:
        assert sorted(results(workers, range(20))) == [(n, n**2) for n in range(20)]


def test_a_task_that_kills_every_worker_is_given_up_and_the_others_are_done(tmp_path):
    with pool(2, tmp_path / "died") as workers:
        found = dict(results(workers, [1, 2, -3, 4, 5, 6, 7, 8]))
    assert found == {n: None if n < 0 else n**2 for n in (1, 2, -3, 4, 5, 6, 7, 8)}


def test_a_judge_that_cannot_be_made_is_the_callers_error():
    def refuse(number):
        raise SandboxUnavailable("no isolation here")

    with (
        Pool(refuse, 2, lambda task: None) as workers,
        pytest.raises(SandboxUnavailable, match="no isolation here"),
    ):
        list(results(workers, [1]))


def test_closing_ends_workers_that_are_busy():
    def sleepy(number):
        judge = Squares()
        judge.__class__ = type("Sleepy", (Squares,), {"__call__": lambda self, n: time.sleep(600)})
        return judge

    workers = Pool(sleepy, 2, lambda task: None)
    processes = [worker.process for worker in workers._workers]
    workers._give(workers._workers[0], 1)
    workers.close()
    assert [process.exitcode for process in processes] == [-signal.SIGKILL] * 2


PARENT = r"""
import os, sys, time
from grader.engine import Pool

class Sleepy:
    def __enter__(self): return self
    def __exit__(self, *error): pass
    def __call__(self, task): os.write(1, b"%d\n" % os.getpid()); time.sleep(600)

with Pool(lambda number: Sleepy(), 2, lambda task: None) as workers:
    workers.add([1, 2])
    list(workers.results())
"""


def test_workers_end_when_the_parent_is_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT)], stdout=subprocess.PIPE, text=True
    )
    with parent:
        try:
            pids = [int(parent.stdout.readline()) for _ in range(2)]
        finally:
            parent.kill()
    deadline = time.monotonic() + 20
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
