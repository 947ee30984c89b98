"""A course changes one of the project's units without a copy of it."""

import pytest

from grader.course import CONFIG, PROJECT, Course
from grader.errors import ExerciseError
from grader.exercises import load_unit
from grader.exercises.inherit import inherit

UNIT = "06_backpropagation"
KEY = """\
from grader.exercises.inherit import inherit

unit = inherit("06_backpropagation", without=["multiply"], points={"affine-dW": 3})
"""


def test_a_course_key_changes_points_and_leaves_out(tmp_path):
    (tmp_path / CONFIG).write_text("")
    key = tmp_path / "solutions" / UNIT / "key.py"
    key.parent.mkdir(parents=True)
    key.write_text(KEY)
    own = load_unit(Course(tmp_path).key(UNIT))
    project = load_unit(Course(PROJECT).key(UNIT))
    assert set(project.exercises) - set(own.exercises) == {"multiply"}
    changed = {
        project.exercises[id].grade_id(old): new.points
        for id, exercise in own.exercises.items()
        for old, new in zip(project.exercises[id].checks, exercise.checks, strict=True)
        if old.points != new.points
    }
    assert changed == {"affine-dW": 3}
    assert own.version != project.version


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"name": "06"}, "the project has no '06'"),
        ({"name": UNIT, "without": ["divide"]}, "no exercise 'divide' to leave out; it has: "),
        ({"name": UNIT, "points": {"affine-dV": 1}}, "no check 'affine-dV'"),
    ],
)
def test_what_is_not_there_is_said(arguments, said):
    with pytest.raises(ExerciseError) as error:
        inherit(**arguments)
    assert said in str(error.value)
