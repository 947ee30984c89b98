"""Answers in the manner of textbooks and public repositories lose points in the right checks, and no others."""

import re
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from grader.checks import Crashed, LocalStudent, Passed, judge
from grader.course import PROJECT, PUBLIC_SECRET, Course
from grader.exercises import load_unit
from grader.exercises.source import merge_imports

ANSWER = re.compile(
    r"^## (?P<title>[^\n]*)\n(?P<unit>\S+) (?P<exercise>[^\s:]+):(?P<fails>[^\n]*)\n"
    r"```python\n(?P<code>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
TEXT = Path(__file__).with_name("implementations.md").read_text("utf-8")
ANSWERS = [
    pytest.param(
        *(match[part] for part in ("unit", "exercise", "code", "fails")), id=match["title"]
    )
    for match in ANSWER.finditer(TEXT)
]


@cache
def hidden_cases(unit, exercise):
    """The cases of each check, worked out once for all answers."""
    whole = load_unit(Course(PROJECT).key(unit))
    asked = whole.exercises[exercise]
    return {
        check.name: asked.hidden_cases(check, PUBLIC_SECRET, whole.version)
        for check in asked.checks
    }


def test_every_answer_is_read():
    assert len(ANSWERS) == TEXT.count("\n## ") >= 300


@pytest.mark.parametrize(("unit", "exercise", "code", "fails"), ANSWERS)
def test_points_are_lost_where_they_should_be(unit, exercise, code, fails):
    asked = load_unit(Course(PROJECT).key(unit)).exercises[exercise]
    names = {}
    exec("\n".join(["import numpy as np", *merge_imports(asked.imports(), {asked.name})]), names)
    verdicts = {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of np.matrix, and of what overflows
        exec(code, names)
        student = LocalStudent(names)
        for check in asked.checks:
            cases = hidden_cases(unit, exercise)[check.name]
            verdicts[check.name] = judge(check.check, student, asked.name, cases, explain=False)
    assert not any(isinstance(verdict, Crashed) for verdict in verdicts.values())
    failed = {name for name, verdict in verdicts.items() if not isinstance(verdict, Passed)}
    assert failed == set(fails.split())
