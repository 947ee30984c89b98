"""A course folder with one tiny unit, whose instructor notebook has every kind of nbgrader cell."""

import math
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course import CONFIG, PROJECT, Course
from grader.exercises.release import register, release
from tests.grader.classroom import classroom

UNIT = "tiny"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
ROSTER = """\
id,first_name,last_name,email,lms_user_id,language
ada,Ada,King,ada@example.org,17,en
hana,花子,山田,,,ja
idle,Ida,Idle,,,
"""


@pytest.fixture(autouse=True)
def patient_judge(monkeypatch):
    """However busy the machine is, reasons are looked for as on a quiet one."""
    monkeypatch.setattr(import_module("grader.checks.judge"), "SLOW", math.inf)


def _cell(make, name, source, *, points=None, solution=False, locked=False, task=False):
    nbgrader = {
        "schema_version": 3,
        "grade_id": name,
        "grade": points is not None and not task,
        "solution": solution,
        "locked": locked,
        "task": task,
    }
    if points is not None:
        nbgrader["points"] = points
    return make(source, id=name, metadata={"nbgrader": nbgrader})


RELU = """\
def relu(x):
    ### BEGIN SOLUTION
    return max(x, 0)
    ### END SOLUTION"""
POSITIVE = """\
# positive
### BEGIN HIDDEN TESTS
2.0 * (relu(7) == 7)
### END HIDDEN TESTS"""
NEGATIVE = """\
# negative
### BEGIN HIDDEN TESTS
3.0 * (relu(-7) == 0)
### END HIDDEN TESTS"""


def tiny_notebook():
    """The instructor notebook of the unit."""
    cells = [
        new_markdown_cell("# Tiny", id="title"),
        new_markdown_cell("Write `relu`.", id="ex-relu"),
        _cell(new_code_cell, "relu", RELU, solution=True),
        _cell(new_code_cell, "relu-public", "print(relu(1))", locked=True),
        _cell(new_code_cell, "relu-positive", POSITIVE, locked=True, points=2),
        _cell(new_code_cell, "relu-negative", NEGATIVE, locked=True, points=3),
        _cell(new_markdown_cell, "why", "Why is it not differentiable?", solution=True, points=4),
        _cell(new_markdown_cell, "draw", "Draw it below.", task=True, locked=True, points=1),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


@pytest.fixture(scope="session")
def registered(tmp_path_factory):
    """A course whose gradebook knows the unit; tests work on copies of it."""
    course = Course(tmp_path_factory.mktemp("registered") / "course")
    path = course.instructor_notebook(UNIT)
    path.parent.mkdir(parents=True)
    nbformat.write(tiny_notebook(), path)
    path.with_name("key.py").write_text("SECRET_OF_THE_KEY = 1\n")
    shutil.copy(PROJECT / CONFIG, course.root)
    (course.root / "students.csv").write_text(ROSTER, encoding="utf-8")
    handed_out = course.student_notebook(UNIT)
    handed_out.parent.mkdir(parents=True)
    nbformat.write(release(course, UNIT, tiny_notebook()), handed_out)
    register(course, UNIT)
    return course


@pytest.fixture
def course(registered, tmp_path):
    """The registered course, to be written to."""
    return Course(Path(shutil.copytree(registered.root, tmp_path / "course")))


@pytest.fixture(scope="session")
def instructor_notebook():
    """The instructor notebook of the tiny unit."""
    return tiny_notebook()


@pytest.fixture(scope="session")
def nbgrader():
    """Run nbgrader's command in a course folder as a shell does; what it printed."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def run(course, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=course.root,
            env={**os.environ, "PATH": programs},
            capture_output=True,
            text=True,
            timeout=500,  # a loaded machine is slow: pytest's own limit is the tighter one
        )
        printed = done.stdout + done.stderr
        assert done.returncode == 0, printed
        return printed

    return run


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """A small class that was graded; tests do not change it."""
    return classroom(tmp_path_factory.mktemp("classroom") / "course")
