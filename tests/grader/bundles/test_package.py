"""The package that travels with a unit, looked at as the files that it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.bundles.contents import package_files
from grader.bundles.package import stripped
from grader.course import PROJECT, Course
from grader.grading import isolation
from grader.sandbox import Limits

COURSE = Course(PROJECT)
UNITS = COURSE.unit_names()
UNIT = "06_backpropagation"


@pytest.fixture(scope="module")
def folder():
    return stripped(COURSE, UNIT)


def python(code, folder, *options):
    """Run code where the package is and the project is not."""
    result = subprocess.run(
        [sys.executable, "-I", *options, "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}"],
        capture_output=True, text=True, cwd="/", env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


IMPORT_ALL = """
import importlib, pkgutil, dlkit, grader.checks
for package in (dlkit, grader):
    assert package.__file__.startswith(sys.path[0]), package
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
for name in ("data", "functions", "layers", "losses", "models", "optim", "plot", "train"):
    module = importlib.import_module("dlkit." + name)
    for public in module.__all__:
        getattr(module, public)
"""


@pytest.mark.parametrize("unit", UNITS)
def test_every_module_of_a_package_can_be_imported(unit):
    python(IMPORT_ALL, stripped(COURSE, unit), "-W", "error")


def test_earlier_units_work_and_later_ones_say_when_they_come(folder):
    said = python(
        """
import dlkit, dlkit.functions as f, dlkit.layers as layers
print(dlkit.__version__, f.relu([-1.0, 2.0]), layers.LSTM, isinstance(1, layers.LSTM))
tries = [lambda: layers.Affine(1, 2), lambda: layers.LSTM.forward, lambda: type("X", (layers.LSTM,), {})]
class Own: pass
def inherit():
    class Mine(layers.ReLU): pass
for one in [*tries[:2], inherit]:
    try: one()
    except Exception as error: print(type(error).__name__, error)
""",
        folder,
    ).splitlines()

    assert said == [
        "0.1.0+u06 [0. 2.] <withheld: dlkit.layers.lstm.LSTM> False",
        "WithheldError `dlkit.layers.affine.Affine` is for you to write in unit 06_backpropagation. Run the "
        "cell of your notebook that defines `Affine`, and use that one.",
        "WithheldError `dlkit.layers.lstm.LSTM` belongs to unit 12: the notebooks of later units bring it. Do "
        "without it here.",
        "WithheldError `dlkit.layers.activation.ReLU` is for you to write in unit 06_backpropagation. Run the "
        "cell of your notebook that defines `ReLU`, and use that one.",
    ]


def test_it_is_made_once_and_is_readable_by_all(folder):
    assert stripped(COURSE, UNIT) == folder
    assert not [p for p in folder.rglob("*") if p.stat().st_mode & 0o044 != 0o044]


def test_another_key_is_another_package(tmp_path):
    (tmp_path / "nbgrader_config.py").touch()
    key = tmp_path / "solutions" / "06_backpropagation" / "key.py"
    key.parent.mkdir(parents=True)
    text = COURSE.key(UNIT).read_text("utf-8")
    key.write_text(text, encoding="utf-8")
    first = stripped(Course(tmp_path), UNIT)
    key.write_text(text + "# later\n", encoding="utf-8")

    second = stripped(Course(tmp_path), UNIT)

    assert first != second
    assert sorted(p.name for p in first.parent.iterdir()) == sorted([first.name, second.name])


def test_twins_examples_keys_and_the_rest_of_the_grader_stay_at_home():
    places = set(package_files(COURSE, UNIT))

    assert "dlkit/layers/lstm.py" in places
    assert not [p for p in places if p.startswith(("dlkit/fast", "dlkit/examples"))]
    outside = [p for p in places if not p.startswith("dlkit/")]
    assert all(
        p.startswith("grader/checks/")
        for p in set(outside) - {"grader/__init__.py", "grader/errors.py"}
    )
    assert {Path(p).suffix for p in places} == {".py", ".mo"}


def test_a_submission_cannot_import_the_reference(folder):
    attack = """
import sys, importlib
found = []
for name in ("dlkit.layers", "dlkit.layers.affine", "dlkit.fast", "dlkit.fast.affine", "grader.exercises"):
    try:
        found.append(repr(getattr(importlib.import_module(name), "Affine", None)))
    except ImportError:
        found.append("none")
answer = "|".join(found)
"""
    with isolation(True, folder) as zygote, zygote.session(Limits()) as session:
        result = session.run_cell(attack)
        answer = session.student.get("answer")

    assert result.error is None
    stub = "<withheld: dlkit.layers.affine.Affine>"
    assert answer == f"{stub}|{stub}|none|none|none"
