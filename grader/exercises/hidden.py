"""What a hidden cell of a plain nbgrader run calls: one check, its points as the cell's value.

It needs the answer key, which stands in the instructor's course folder only. It has no isolation: that is
nbgrader's own way of running tests. `grader grade` judges the same checks from outside the submission.
"""

import contextlib
import io
import warnings
from typing import Any

from grader.checks import Crashed, LocalStudent, earned, judge, verdict_line
from grader.checks.text import student_language
from grader.course import Course
from grader.exercises.insight import Insight
from grader.exercises.keys import load_unit


def grade(unit_name: str, grade_id: str, names: dict[str, Any]) -> float:
    """Judge one check on the notebook's names, print the verdict, and return the points.

    Nothing that the submission writes to stderr reaches the cell: nbgrader would count it as a failure.
    Raises RuntimeError if the check itself breaks, so that nobody takes it for the student's mistake.
    """
    course = Course.find()
    unit = load_unit(course.key(unit_name))
    exercise, check = unit.find(grade_id)
    with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = exercise.hidden_cases(check, course.secret(), unit.version)
        with contextlib.redirect_stdout(io.StringIO()):
            student, key = LocalStudent(names), Insight(exercise, check)
            verdict = judge(check.check, student, exercise.name, cases, key)
    if isinstance(verdict, Crashed):
        raise RuntimeError(f"The check {grade_id} itself failed:\n{verdict.error}")
    print(verdict_line(check.check, verdict, student_language()))
    return earned(verdict, check.points) or 0.0
