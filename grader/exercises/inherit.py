"""A course's own version of one of the project's units, in the course's `solutions/<unit>/key.py`.

    from grader.exercises import inherit

    unit = inherit("06_backpropagation", without=["multiply"], points={"affine-dW": 3})

Exercises can be added to it as to any unit; their statements stand in the course's own page.
"""

import runpy
from collections.abc import Collection, Mapping
from dataclasses import replace

from grader.course import PROJECT
from grader.errors import ExerciseError
from grader.exercises.unit import Unit


def inherit(
    name: str, *, without: Collection[str] = (), points: Mapping[str, float] | None = None
) -> Unit:
    """The project's unit of that name, without some exercises and with other points.

    without: ids of exercises. points: by grade id, `<exercise>-<check>`.
    """
    key = PROJECT / "solutions" / name / "key.py"
    if not key.is_file():
        raise ExerciseError(f"A unit is inherited by its full name; the project has no {name!r}.")
    unit: Unit = runpy.run_path(str(key))["unit"]
    if unknown := sorted(set(without) - unit.exercises.keys()):
        raise ExerciseError(
            f"{name} has no exercise {unknown[0]!r} to leave out; it has: {', '.join(unit.exercises)}."
        )
    for id in without:
        del unit.exercises[id]
    wanted = dict(points or {})
    for exercise in unit.exercises.values():
        exercise.checks = [
            replace(check, points=wanted.pop(exercise.grade_id(check), check.points))
            for check in exercise.checks
        ]
    if wanted:
        raise ExerciseError(
            f"{name} has no check {min(wanted)!r} to give points; a check is named <exercise>-<check>."
        )
    return unit
