"""Notebooks as a student gets them, and a way to run one where nothing else of the project is."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from grader.bundles.contents import package_files
from grader.bundles.notebook import bundle
from grader.course import PROJECT, Course
from grader.exercises import load_unit

UNIT = "06_backpropagation"

# The notebook's cells in one namespace, as a kernel runs them; no network; nothing that only POSIX has.
RUN = """
import json, socket, sys
def forbidden(*args, **kwargs):
    raise AssertionError("a socket was opened")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = forbidden
for name in ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog", "posix_ipc"):
    sys.modules[name] = None
names = {"__name__": "__main__"}
for source in json.load(open(sys.argv[1], encoding="utf-8")):
    exec(compile(source, "<cell>", "exec"), names)
print("VERSION", names.get("dlkit_version", ""))
"""


@pytest.fixture(scope="session")
def unit():
    return load_unit(Course(PROJECT).key(UNIT))


@cache
def made(name):
    """The bundle of a unit by language."""
    course = Course(PROJECT)
    files = package_files(course, name)
    known = load_unit(course.key(name))
    return {language: bundle(course, known, files, language) for language in ("en", "ja")}


@pytest.fixture(scope="session")
def notebooks():
    """The bundle of unit 06 by language."""
    return made(UNIT)


def code(notebook, **changed):
    """The notebook's code cells in order, some with another text."""
    assert changed.keys() <= {cell["id"] for cell in notebook.cells}
    return [changed.get(c["id"], c["source"]) for c in notebook.cells if c["cell_type"] == "code"]


def interpreters():
    """This Python, and those of DLKIT_PYTHONS: other versions that have NumPy."""
    return [sys.executable, *filter(None, os.environ.get("DLKIT_PYTHONS", "").split(os.pathsep))]


@pytest.fixture
def run(tmp_path):
    """Run cells in an empty folder with a name in Japanese, on a Japanese Windows console's encoding."""

    def run(cells, python=sys.executable, *, path=(), cwd=None, ok=True):
        folder = tmp_path / "機械 学習 の 課題"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        listed = tmp_path / "cells.json"
        listed.write_text(json.dumps(cells), encoding="utf-8")
        temporary = tmp_path / "一時 folder"
        temporary.mkdir(exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONIOENCODING": "cp932",
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": "error",
            "OPENBLAS_NUM_THREADS": "1",
            "TMPDIR": str(temporary),
        }
        # An editable install of the project is found by a hook of `site`; -S leaves it out.
        numpy = [] if python != sys.executable else ["-S"]
        if numpy:
            environment["PYTHONPATH"] += os.pathsep + str(only_numpy(tmp_path))
        done = subprocess.run(
            [python, *numpy, "-s", "-P", "-c", RUN, str(listed)],
            cwd=folder, env=environment, capture_output=True,
        )  # fmt: skip
        said, errors = done.stdout.decode("cp932"), done.stderr.decode("cp932", "replace")
        assert (done.returncode == 0) == ok, said + errors
        assert list(folder.iterdir()) == []
        assert list(temporary.iterdir()) == []
        return said if ok else errors

    return run


def only_numpy(tmp_path):
    """A folder from which NumPy can be imported and nothing else."""
    import numpy

    folder = tmp_path / "packages"
    if not folder.exists():
        folder.mkdir()
        for name in ("numpy", "numpy.libs"):
            (folder / name).symlink_to(Path(numpy.__file__).parent.parent / name)
    return folder
