"""The code of the authors' guide that its commands do not run."""

import re

import numpy as np
import pytest

from dlkit.layers import Dropout
from grader.checks import Case
from grader.checks.scripted import solve_script
from grader.course import PROJECT, PUBLIC_SECRET
from grader.exercises import Unit
from grader.proof import prove


def block(language, comment):
    text = (PROJECT / "book" / language / "authors_guide.md").read_text("utf-8")
    return re.findall(rf"^```python\n# {comment}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("comment", ["a class that is no layer", "chance decides"])
def test_both_guides_show_the_same(comment):
    assert block("en", comment) == block("ja", comment)


def test_the_exercise_on_a_class_that_is_no_layer_is_proved():
    unit = Unit("16_my_unit")
    exec(block("en", "a class that is no layer")[0], {"unit": unit, "Case": Case})  # our own text
    proof = prove(unit, unit.exercises["momentum"], PUBLIC_SECRET)
    assert proof.findings == []
    assert proof.killed


def test_the_script_on_a_layer_that_draws_runs():
    names: dict[str, str] = {}
    exec(block("en", "chance decides")[0], names)  # our own text
    x = np.linspace(1.0, 2.0, 1200).reshape(40, 30)
    inputs = {"x": x, "dout": x + 1, "rate": 0.25, "seed": 3}
    solved = solve_script({"Dropout": Dropout}, Case(inputs=inputs, script=names["DROPOUT"]))
    assert list(solved.expected) == ["kept", "backward", "evaluation", "unchanged"]
