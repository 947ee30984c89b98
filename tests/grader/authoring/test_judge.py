import json

import pytest
from click.testing import CliRunner

from grader.authoring import judge
from grader.cli import main
from grader.course import PROJECT, PUBLIC_SECRET, Course
from grader.errors import ExerciseError, SubmissionError
from grader.exercises import load_unit

UNIT = "06_backpropagation"
RIGHT = """
class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y
    def backward(self, dout):
        return dout * self.y * (1 - self.y)
"""
WRONG = RIGHT.replace("return dout * self.y", "return self.y")


@pytest.fixture(autouse=True)
def _secret(monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", PUBLIC_SECRET.decode())


def files(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return [folder / f"{name}.py" for name in texts]


def run(*arguments):
    return CliRunner().invoke(
        main, ["--course", str(PROJECT), "judge", "--allow-unsandboxed", *map(str, arguments)]
    )


def test_right_and_wrong_files_get_their_points_in_the_right_checks(tmp_path):
    ends = "class Sigmoid: ...\nimport os; os._exit(3)"
    found = list(
        judge.judge_files(
            Course(PROJECT), UNIT, "sigmoid",
            files(tmp_path, right=RIGHT, wrong=WRONG, ends=ends, syntax="def ("),
            allow_unsandboxed=True,
        )
    )  # fmt: skip

    right, wrong, *others = map(judge.as_json, found)
    assert right["points"] == right["max"]
    assert {c["check"]: c["verdict"] for c in wrong["checks"]} == {
        "forward": "passed", "dx": "failed", "repeat": "blocked", "unchanged": "blocked",
    }  # fmt: skip
    assert [other["points"] for other in others] == [0, 0]


# A class, a network that builds upon other exercises' classes, and numbers worked out by hand.
EXERCISES = [
    (UNIT, "affine"),
    (UNIT, "train"),
    (UNIT, "delta-recursion"),
    ("03_networks", "softmax"),
]


@pytest.mark.parametrize(("unit", "exercise"), EXERCISES)
def test_the_reference_alone_earns_everything(unit, exercise, tmp_path):
    """So what it imports and builds upon is there before the file runs."""
    source = load_unit(Course(PROJECT).key(unit)).exercises[exercise].source.text

    (found,) = judge.judge_files(
        Course(PROJECT), unit, exercise, files(tmp_path, it=source), allow_unsandboxed=True
    )

    assert found.points == found.exercise.points
    assert not found.crashed


def test_the_command_prints_verdicts_and_ends_with_0_whatever_the_mark(tmp_path):
    result = run("06", "sigmoid", *files(tmp_path, wrong=WRONG))

    assert result.exit_code == 0, result.output
    assert "wrong.py: 1 / 4" in result.output
    assert "WRONG  dx: `backward` returns the right gradient" in result.output


def test_json_is_a_line_for_each_file(tmp_path):
    result = run("06", "sigmoid", "--json", *files(tmp_path, right=RIGHT, wrong=WRONG))

    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["points"] for line in lines] == [4, 1]
    assert {line["level"] for line in lines} <= {"full", "landlock", "none"}


def test_an_exercise_that_is_not_there_is_named_with_those_that_are(tmp_path):
    with pytest.raises(
        ExerciseError, match=r"no exercise 'afine'. There are: .*multiply, .*affine"
    ):
        next(judge.judge_files(Course(PROJECT), UNIT, "afine", files(tmp_path, a="")))


ODD = {
    "bom": b"\xef\xbb\xbf" + RIGHT.encode(),
    "crlf": RIGHT.replace("\n", "\r\n").encode(),
    "latin": "# coding: latin-1\nAUTHOR = 'J\xe9r\xf4me'\n".encode("latin-1") + RIGHT.encode(),
    "prints": b"print('x' * 10_000_000)\n" + RIGHT.encode(),
    "exits-late": RIGHT.encode() + b"\nraise SystemExit",
    "empty": b"",
    "exits": b"import sys; sys.exit(0)",
    "syntax": b"class Sigmoid(",
    "nul": b"x = 1\0",
    "magic": b"%matplotlib inline\n" + RIGHT.encode(),
}


def test_odd_files_are_judged_as_what_they_define(tmp_path):
    for name, data in ODD.items():
        (tmp_path / f"{name}.py").write_bytes(data)
    paths = [tmp_path / f"{name}.py" for name in ODD]
    found = judge.judge_files(Course(PROJECT), UNIT, "sigmoid", paths, allow_unsandboxed=True)
    points = {each.file.stem: each.points for each in found if not each.crashed}
    right = ("bom", "crlf", "latin", "prints", "exits-late", "magic")
    assert points == {name: 4 if name in right else 0 for name in ODD}


def test_a_file_that_is_no_text_is_an_error_not_a_zero(tmp_path):
    path = tmp_path / "x.py"
    path.write_bytes("s = 'é'".encode("latin-1"))

    with pytest.raises(SubmissionError, match=r"x\.py is not UTF-8"):
        list(judge.judge_files(Course(PROJECT), UNIT, "relu", [path], allow_unsandboxed=True))
    assert run("06", "relu", path).exit_code == 2
