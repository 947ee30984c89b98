"""A unit's key: its exercises, hung on it one by one.

    unit = Unit("06_backpropagation")

    @unit.implement("dlkit.layers.Affine", points={"forward": 2, "dx": 2, "dW": 2, "db": 1})
    def affine(draw):
        n, d, h = draw.sizes(3)
        return Case(init={"W": draw(d, h), "b": draw(h)}, inputs={"x": draw(n, d)})

    affine.misconception("dW-transposed", "self.dW = x.T @ rows", "self.dW = rows.T @ x", fails=["dW"])

The decorated function makes the cases; statement and hints stand in the book.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import TypeVar

from grader.errors import ExerciseError
from grader.exercises.kinds import Implement
from grader.exercises.model import CaseFunction, Exercise, GradedCheck
from grader.exercises.source import Region, Source

NAME = re.compile(r"^[a-z][a-z0-9-]*$")
E = TypeVar("E", bound=Exercise)


class Unit:
    """A unit of the course: its exercises in order. `version` is that of its key (set when loaded)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.exercises: dict[str, Exercise] = {}
        self.version = ""

    def implement(
        self,
        reference: str,
        *,
        points: Mapping[str, float],
        methods: Sequence[str] = ("forward", "backward"),
        region: Region | None = None,
    ) -> Callable[[CaseFunction], Implement]:
        """Add an exercise: implement methods of a dlkit class, or a function. The function makes the cases.

        points: by check, in order: of a class `forward`, `repeat`, `unchanged`, or `d` and the name of an
        input or parameter; of a function `value`, `repeat`, `unchanged`. region: beginnings of the first and
        last line of what is taken away, where it is not the whole body. The exercise's id is the function's
        name, with hyphens.
        """

        def add(cases: CaseFunction) -> Implement:
            source = Source.of(reference)
            wrt = tuple(name[1:] for name in points if name.startswith("d"))
            of = tuple(methods) if source.is_class else (source.name,)
            id = self._new_id(cases)
            exercise = Implement(self.name, id, source, of, cases, wrt, region)
            return self._add(exercise, points)

        return add

    @property
    def points(self) -> float:
        """Sum over the exercises."""
        return sum(exercise.points for exercise in self.exercises.values())

    def find(self, grade_id: str) -> tuple[Exercise, GradedCheck]:
        """Exercise and check of a grade id."""
        for exercise in self.exercises.values():
            for check in exercise.checks:
                if exercise.grade_id(check) == grade_id:
                    return exercise, check
        raise ExerciseError(f"{self.name} has no check {grade_id!r}.")

    def variant(self, secret: bytes, student: str) -> "Unit":
        """The unit with the student's own variant of each exercise; grade ids and points are the same."""
        varied = copy(self)
        varied.exercises = {id: e.variant(secret, student) for id, e in self.exercises.items()}
        return varied

    def _new_id(self, named: Callable[..., object]) -> str:
        id = named.__name__.replace("_", "-")
        if not NAME.match(id) or id in self.exercises:
            raise ExerciseError(f"{self.name}: exercise id {id!r} is taken, or not lower case.")
        return id

    def _add(self, exercise: E, points: Mapping[str, float]) -> E:
        if exercise.methods:
            exercise.source.require(exercise.methods)
        for name, value in points.items():
            check = exercise.known_check(name)
            exercise.checks.append(GradedCheck(check, value, exercise.cases))
        self.exercises[exercise.id] = exercise
        return exercise
