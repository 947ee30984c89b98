"""`make serve`: what counts as a change, that a failed build does not end it, and a port that is taken."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from tests.book.source import BOOK, load


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "book" / "__pycache__").mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text("root: index")
    (tmp_path / "book" / "page.md").write_text("one")
    return tmp_path


def test_sources_are_watched_and_what_editors_and_python_keep_is_not(folder):
    serve = load("serve")
    before = serve.stamps(folder)
    assert {path.name for path in before} == {"_toc.yml", "page.md"}
    for name in ("__pycache__/page.pyc", ".page.md.swp", "page.md~"):
        (folder / "book" / name).write_text("x")
    assert serve.stamps(folder) == before
    os.utime(folder / "book" / "page.md", (1, 1))
    assert serve.stamps(folder) != before
    (folder / "book" / "page.md").unlink()
    assert len(serve.stamps(folder)) == 1


def test_what_is_saved_while_a_build_runs_is_built_next(folder):
    builds, twice = [], threading.Event()

    def build():
        builds.append((folder / "book" / "page.md").read_text())
        if len(builds) == 1:
            (folder / "book" / "page.md").write_text("two")
            os.utime(folder / "book" / "page.md", (1, 1))
        else:
            twice.set()

    threading.Thread(target=load("serve").follow, args=(folder, build), daemon=True).start()
    assert twice.wait(30)
    time.sleep(1.2)  # nothing changes any more, nothing is built
    assert builds == ["one", "two"]


def test_the_end_ends_a_build_with_what_it_started():
    command = ["bash", "-c", "echo started; sleep 60 & sleep 60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as run:
        assert run.stdout.readline() == b"started\n"
        load("serve").end([run])
        assert run.communicate(timeout=30)[0] == b""  # nobody is left who could write
    assert run.returncode == -signal.SIGKILL


def test_a_taken_port_is_named_before_anything_is_built():
    serve = load("serve")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", serve.PORT))
            taken.listen()
        except OSError:
            pass  # somebody else has it: as good
        command = [sys.executable, BOOK / "serve.py"]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 1
    assert run.stderr == (
        f"Port {serve.PORT} is taken, perhaps by another `make serve`: end that one first.\n"
    )
