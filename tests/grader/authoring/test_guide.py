"""The code of the authors' guide that its commands do not run."""

import re

import numpy as np
import pytest

import dlkit.layers
from dlkit.layers import Dropout
from dlkit.optim import Adam
from grader.checks import Case
from grader.checks.scripted import solve_script
from grader.course import PROJECT, PUBLIC_SECRET
from grader.exercises import Formula, Step, Unit, Worked
from grader.proof import prove


def block(language, comment):
    text = (PROJECT / "book" / language / "authors_guide.md").read_text("utf-8")
    return re.findall(rf"^```python\n# {comment}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "comment", ["a class that is no layer", "chance decides", "the other kinds"]
)
def test_both_guides_show_the_same(comment):
    assert block("en", comment) == block("ja", comment)


def test_the_exercise_on_a_class_that_is_no_layer_is_proved():
    unit = Unit("16_my_unit")
    exec(block("en", "a class that is no layer")[0], {"unit": unit, "Case": Case})  # our own text
    proof = prove(unit, unit.exercises["momentum"], PUBLIC_SECRET)
    assert proof.findings == []
    assert proof.killed


def test_the_other_kinds_are_proved_in_two_variants_each(tmp_path):
    unit = Unit("16_my_unit")
    optim = {"Adam": Adam, "Formula": Formula, "Step": Step, "Worked": Worked}
    names = {"unit": unit, "Case": Case, "np": np, **vars(dlkit.layers), **optim}
    key = tmp_path / "key.py"  # a training is read out of its file
    key.write_text(block("en", "the other kinds")[0], "utf-8")
    exec(compile(key.read_text("utf-8"), key, "exec"), names)  # our own text
    assert [exercise.kind for exercise in unit.exercises.values()] == [
        "fix_the_bug", "compute", "derive", "choose", "explain", "experiment"
    ]  # fmt: skip
    for exercise in unit.exercises.values():
        for variant in (exercise, exercise.variant(PUBLIC_SECRET, "somebody")):
            assert exercise.manual or prove(unit, variant, PUBLIC_SECRET).findings == []


def test_the_script_on_a_layer_that_draws_runs():
    names: dict[str, str] = {}
    exec(block("en", "chance decides")[0], names)  # our own text
    x = np.linspace(1.0, 2.0, 1200).reshape(40, 30)
    inputs = {"x": x, "dout": x + 1, "rate": 0.25, "seed": 3}
    solved = solve_script({"Dropout": Dropout}, Case(inputs=inputs, script=names["DROPOUT"]))
    assert list(solved.expected) == ["kept", "backward", "evaluation", "unchanged"]
