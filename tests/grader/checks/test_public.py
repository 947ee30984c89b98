"""What a student sees in the notebook, in both languages, and in a process that has NumPy alone."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import grader
from dlkit.layers import Affine
from grader import check, public_case
from grader.checks import Failed, LocalStudent, judge, public
from grader.checks.diagnosis.describe import VAGUE
from grader.course import PROJECT, PUBLIC_SECRET
from grader.exercises import Insight, load_unit
from grader.exercises.literal import format_case

UNIT = load_unit(PROJECT / "solutions/06_backpropagation/key.py")
IN_A_NOTEBOOK = {name: getattr(grader, name) for name in grader.__all__}


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("GRADER_LANG", "en")
    monkeypatch.setattr(public, "_cases", {})


@pytest.fixture
def affine():
    """The visible case of Affine, as the notebook states it."""
    exec(format_case("affine", UNIT.exercises["affine"].public_case()))


def test_what_a_notebook_may_import_is_offered_before_it_is_loaded():
    source = (
        "import grader, sys; print(set(grader.__all__) <= set(dir(grader)), 'numpy' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    assert said.stdout == "True False\n"


@pytest.mark.parametrize("exercise", UNIT.exercises.values(), ids=lambda e: e.id)
def test_the_reference_passes_the_visible_case_without_a_note(exercise, capsys):
    names = {**IN_A_NOTEBOOK, exercise.name: exercise.source.load()}
    exec(exercise.public_cell(), names)
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith("       right  ") for line in lines)


def test_english(affine, capsys):
    class Student(Affine):
        def backward(self, dout):
            dx = super().backward(dout)
            self.dW = self.dW.T
            return dx

    Student.__name__ = "Affine"
    check("affine", Student)
    assert (
        capsys.readouterr().out
        == """\
       right  forward: `forward` returns the right values.
       right  dx: `backward` returns the right gradient with respect to `x`.
       WRONG  dW: `backward` leaves the right gradient of `W` in `dW`.
              `dW` is the transpose of the right one.
       right  db: `backward` leaves the right gradient of `b` in `db`.
   not tried  repeat: A second call of `forward` and `backward`, on another batch, owes nothing to the first.
              The values of a first call are not right yet.
   not tried  unchanged: Neither `forward` nor `backward` changes the arrays that it is given.
              The values are not right yet.
"""
    )


def test_japanese(affine, capsys, monkeypatch):
    monkeypatch.setenv("GRADER_LANG", "ja_JP.UTF-8")

    class Student(Affine):
        def backward(self, dout):
            dx = super().backward(dout)
            self.dW = self.dW.T
            return dx

    check("affine", Student)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "        正解  forward: `forward` が正しい値を返す。"
    assert lines[2] == "      不正解  dW: `backward` の後、`W` の勾配が `dW` に正しく入っている。"
    assert lines[3].strip() == "`dW` が転置になっています。"


def test_a_reason_that_checks_share_stands_once(affine, capsys):
    class Affine:
        def __init__(self, W, b):
            raise NotImplementedError

    check("affine", Affine)
    out = capsys.readouterr().out
    assert out.count("WRONG") == 6
    assert out.count("This part is not implemented yet.") == 1
    assert out.endswith("\n              This part is not implemented yet.\n")


def test_the_class_is_called_by_its_own_name(affine, capsys):
    class MyAffine:
        def __init__(self, W, b):
            pass

    check("affine", MyAffine)
    assert "Your `MyAffine` has no attribute or method `forward`." in capsys.readouterr().out


@pytest.mark.parametrize("target", [None, 3, "Affine", np.ones(2)], ids=str)
def test_something_that_is_no_class(affine, capsys, target):
    check("affine", target)
    assert capsys.readouterr().out.count("There is no `affine` in the notebook.") == 1


def test_an_exercise_without_its_case(affine, capsys):
    check("relu", Affine)
    assert capsys.readouterr().out == (
        "No exercise `relu` here (there is: affine). Run the cells above first.\n"
    )


def test_the_statement_is_kept_as_arrays_but_for_the_constructors_numbers():
    public_case(
        "double",
        init={"k": 2, "W": [[1, 2]]},
        inputs={"x": [[1, 2]]},
        dout=[[1, 1]],
        expected={"out": [[2.0, 4.0]]},
    )
    _, case = public._cases["double"]
    assert (case.init["k"], type(case.init["k"])) == (2, int)
    assert case.init["W"].shape == (1, 2)
    assert case.inputs["x"].dtype == np.int64
    assert case.dout.dtype == np.float64


def test_a_loss_is_given_a_number_as_its_gradient():
    exec(format_case("softmax-with-loss", UNIT.exercises["softmax-with-loss"].public_case()))
    assert isinstance(public._cases["softmax-with-loss"][1].dout, float)


# --- by itself


def test_numpy_and_the_checks_are_all_that_it_needs(tmp_path):
    """A process that finds NumPy and `grader.checks`, and neither dlkit nor anything else installed."""
    for path in Path(np.__file__).parents[1].glob("numpy*"):  # the package, and its libraries
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "grader").mkdir()
    for name in ("__init__.py", "checks"):
        (tmp_path / "grader" / name).symlink_to(PROJECT / "grader" / name)
    case = format_case("affine", UNIT.exercises["affine"].public_case())
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
from grader import check, public_case
{case}
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T
check("affine", Affine)
foreign = {{m.partition(".")[0] for m in sys.modules}} - sys.stdlib_module_names - {{"__main__"}}
print(sorted(foreign))
print(sorted(m for m in sys.modules if m.startswith("grader.") and not m.startswith("grader.checks")))
"""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        capture_output=True, text=True, encoding="utf-8", env={"GRADER_LANG": "ja", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *verdicts, foreign, ours = done.stdout.splitlines()
    assert [line.split()[0] for line in verdicts] == ["正解"] * 6
    assert set(re.findall(r"'(\w+)'", foreign)) == {"numpy", "grader"}
    assert ours == "[]"


def without_the_keys_own_words(exercise, check, names):
    """The verdict of grading, which does not know the misconceptions of the key."""

    class Unknowing(Insight):
        def suspects(self):
            return ()

    cases = exercise.hidden_cases(check, PUBLIC_SECRET, UNIT.version)
    return judge(check.check, LocalStudent(names), exercise.name, cases, Unknowing(exercise, check))


def test_the_notebook_says_of_a_mistake_what_the_feedback_says(capsys):
    """Of one case less can be concluded than of several: then the notebook names no cause, and no other one."""
    alike = 0
    for exercise in UNIT.exercises.values():
        for mistake in exercise.misconceptions if exercise.kind == "implement" else ():
            names = exercise.source.names(exercise.source.text.replace(mistake.old, mistake.new))
            exec(exercise.public_cell(), {**IN_A_NOTEBOOK, **names})
            here = {c.name: v.diagnosis for c, v in public.found[exercise.id] if type(v) is Failed}
            for one in exercise.checks:
                verdict = without_the_keys_own_words(exercise, one, names)
                if one.name in here and isinstance(verdict, Failed):
                    mine, theirs = here[one.name], verdict.diagnosis
                    alike += mine.text.text == theirs.text.text
                    assert mine.id in (theirs.id, *VAGUE), mistake.id
    assert alike >= 20
