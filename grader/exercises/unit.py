"""A unit's key: its exercises, hung on it one by one.

    unit = Unit("06_backpropagation")

    @unit.implement("dlkit.layers.Affine", points={"forward": 2, "dx": 2, "dW": 2, "db": 1})
    def affine(draw):
        n, d, h = draw.sizes(3)
        return Case(init={"W": draw(d, h), "b": draw(h)}, inputs={"x": draw(n, d)})

    affine.misconception("dW-transposed", "self.dW = x.T @ rows", "self.dW = rows.T @ x", fails=["dW"])

The decorated function makes the cases; statement and hints stand in the book.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any, TypeVar

from grader.checks import TASKS, Case, Draw, seed
from grader.errors import ExerciseError
from grader.exercises.kinds import (
    Choose,
    Compute,
    Derive,
    Experiment,
    Explain,
    FixTheBug,
    Formula,
    Implement,
    Trial,
    Worked,
)
from grader.exercises.model import CaseFunction, Exercise, GradedCheck
from grader.exercises.source import Region, Source

NAME = re.compile(r"^[a-z][a-z0-9-]*$")
E = TypeVar("E", bound=Exercise)


class Unit:
    """A unit of the course: its exercises in order. `version` is that of its key (set when loaded).

    points: what the points of all checks have to add up to, if that is to be watched. limits: what a
    submission of this unit may use, by the names of `grader.sandbox.Limits`, as in {"cell": 60}.
    """

    def __init__(
        self, name: str, points: float | None = None, limits: Mapping[str, float] | None = None
    ) -> None:
        self.name = name
        self.stated_points = points
        self.limits = dict(limits or {})
        self.exercises: dict[str, Exercise] = {}
        self.version = ""

    @property
    def names(self) -> set[str]:
        """The names of the classes and functions that its exercises ask for."""
        names = {exercise.name for exercise in self.exercises.values()}
        return names - {""}  # of a text for a person

    def implement(
        self,
        reference: str,
        *,
        points: Mapping[str, float],
        methods: Sequence[str] = ("forward", "backward"),
        region: Region | None = None,
        says: Mapping[str, str] | None = None,
    ) -> Callable[[CaseFunction], Implement]:
        """Add an exercise: implement methods of a dlkit class, or a function. The function makes the cases.

        points: by check, in order: of a class `forward`, `repeat`, `unchanged`, or `d` and the name of an
        input or parameter; of a function `value`, `repeat`, `unchanged`. region: beginnings of the first and
        last line of what is taken away, where it is not the whole body. says: for a class that is no layer, the
        checks of a script and what each asks for (`grader.checks.script`); `unchanged` needs no entry. The
        exercise's id is the function's name, with hyphens.
        """

        def add(cases: CaseFunction) -> Implement:
            written = _written(reference, methods)
            exercise = Implement(self.name, self._new_id(cases), *written, cases, region=region)
            exercise.says, exercise.wrt = _sentences(says), () if says else _gradients(points)
            return self._add(exercise, points)

        return add

    def fix_the_bug(
        self,
        reference: str,
        *,
        points: Mapping[str, float],
        methods: Sequence[str] = ("forward", "backward"),
        says: Mapping[str, str] | None = None,
    ) -> Callable[[CaseFunction], FixTheBug]:
        """Add an exercise: mend a wrong version of a dlkit object. Its bugs are added with .bug(…)."""

        def add(cases: CaseFunction) -> FixTheBug:
            written = _written(reference, methods)
            exercise = FixTheBug(self.name, self._new_id(cases), *written, cases)
            exercise.says, exercise.wrt = _sentences(says), () if says else _gradients(points)
            return self._add(exercise, points)

        return add

    def choose(self, id: str, *, points: float, right: str, wrong: Mapping[str, str]) -> Choose:
        """Add an exercise: choose one of the options of the statement.

        right: its letter on the page. wrong: letter → the misconception behind it.
        """
        name = id.replace("-", "_")
        empty = Source(name, "", "dlkit.functions", edited=True)
        exercise = Choose(self.name, self._checked(id), empty, (name,), _nothing)
        exercise.right, exercise.wrong = right, dict(wrong)
        return self._add(exercise.with_options(sorted([right, *wrong])), {"option": points})

    def compute(
        self, *, points: Mapping[str, float], tolerance: float = 2e-3
    ) -> Callable[[Callable[[Draw], Worked]], Compute]:
        """Add an exercise: work numbers out by hand. The function makes a problem with its solution.

        points: by step. tolerance: how far a number may be off, relative to the largest of its array.
        """

        def add(problem: Callable[[Draw], Worked]) -> Compute:
            name, id = problem.__name__, self._new_id(problem)
            empty = Source(name, "", "dlkit.functions", edited=True)
            exercise = Compute(self.name, id, empty, (name,), _nothing)
            exercise.problem, exercise.tolerance = problem, tolerance
            base = Draw(seed(b"public", self.name, id, "base"), public=True)
            return self._add(exercise.vary(base), points)

        return add

    def derive(
        self, *, points: Mapping[str, float], problems: Sequence[Formula]
    ) -> Callable[[CaseFunction], Derive]:
        """Add an exercise: derive a formula. The function makes the points at which it is compared.

        problems: the first is that of the base variant. The function's docstring is that of the stub.
        """

        def add(cases: CaseFunction) -> Derive:
            name, id = cases.__name__, self._new_id(cases)
            empty = Source(name, "", "dlkit.functions", edited=True)
            exercise = Derive(self.name, id, empty, (name,), cases)
            exercise.problems, exercise.stub_says = tuple(problems), inspect.getdoc(cases) or ""
            exercise.arguments = tuple(cases(Draw(b"names", public=True)).inputs)
            added = self._add(exercise.with_problem(problems[0]), points)
            self.exercises[id] = derived = added.with_problem(
                problems[0]
            )  # its checks are known now
            return derived

        return add

    def experiment(
        self, *, points: Mapping[str, float], tasks: Sequence[str], reach: float
    ) -> Callable[[Callable[..., object]], Experiment]:
        """Add an exercise: train to a stated result. The function is the reference; its text is shown to none.

        tasks: the first is that of the base variant. reach: share of unseen points to classify right.
        """

        def add(train: Callable[..., object]) -> Experiment:
            source, id = _written_here(train, "dlkit.layers"), self._new_id(train)
            if unknown := set(tasks) - set(TASKS):
                raise ExerciseError(
                    f"{self.name}: the tasks of `{id}` are those of grader.checks.tasks; got "
                    f"{', '.join(sorted(unknown))}. Use some of {', '.join(TASKS)}."
                )
            exercise = Experiment(self.name, id, source, (train.__name__,), _nothing)
            exercise.tasks, exercise.task, exercise.reach = tuple(tasks), tasks[0], reach
            return self._add(exercise, points)

        return add

    def trial(
        self,
        cases: CaseFunction,
        *,
        points: Mapping[str, float],
        says: Mapping[str, str],
        problems: Sequence[Mapping[str, Any]],
        module: str,
    ) -> Callable[[Callable[..., object]], Trial]:
        """Add an exercise: make something that a script then tries out. The function is the reference.

        cases: makes a script and its inputs. problems: further inputs, by name; the first are those of the base
        variant. module: of dlkit, where the function's names come from.
        """

        def add(make: Callable[..., object]) -> Trial:
            source, id = _written_here(make, module), self._new_id(make)
            exercise = Trial(self.name, id, source, (make.__name__,), cases)
            exercise.says, exercise.problems, exercise.problem = (
                _sentences(says),
                problems,
                problems[0],
            )
            return self._add(exercise, points)

        return add

    def explain(self, id: str, *, points: float) -> Explain:
        """Add an exercise: an answer in words, marked by a person with the rubric of the page."""
        empty = Source("", "", "dlkit.functions", edited=True)
        return self._add(Explain(self.name, self._checked(id), empty, (), _nothing), {"": points})

    @property
    def points(self) -> float:
        """Sum over the exercises."""
        return sum(exercise.points for exercise in self.exercises.values())

    @property
    def worth(self) -> dict[str, float]:
        """Points of each check, by grade id."""
        return {
            exercise.grade_id(check): check.points
            for exercise in self.exercises.values()
            for check in exercise.checks
        }

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
        return self._checked(named.__name__.replace("_", "-"))

    def _checked(self, id: str) -> str:
        if not NAME.match(id):
            raise ExerciseError(
                f"{self.name}: an exercise is named in lower case, as in my_layer; got {id!r}. Rename it."
            )
        if id in self.exercises:
            raise ExerciseError(
                f"{self.name}: an exercise's id stands once in its unit; {id!r} is taken. Rename one of them."
            )
        return id

    def _add(self, exercise: E, points: Mapping[str, float]) -> E:
        if exercise.methods:
            exercise.source.require(exercise.methods)
        for name, value in points.items():
            check = exercise.known_check(name)
            exercise.checks.append(GradedCheck(check, value, exercise.cases))
        exercise.place = _place()
        self.exercises[exercise.id] = exercise
        return exercise


def _written(reference: str, methods: Sequence[str]) -> tuple[Source, tuple[str, ...]]:
    """The source of a dlkit object, and the functions in it that are taken away."""
    source = Source.of(reference)
    return source, tuple(methods) if source.is_class else (source.name,)


def _written_here(function: Callable[..., object], module: str) -> Source:
    """The source of a function that stands in the key. module: where its names come from."""
    text = inspect.getsource(function)
    return Source(function.__name__, text[text.index("def ") :].rstrip(), module, edited=True)


def _place() -> str:
    """File and line of the key that is being run."""
    frame = inspect.currentframe()
    while frame and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}" if frame else "?"


def _gradients(points: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(name[1:] for name in points if name.startswith("d"))


def _sentences(says: Mapping[str, str] | None) -> dict[str, str]:
    return {name: " ".join(sentence.split()) for name, sentence in (says or {}).items()}


def _nothing(draw: Draw) -> Case:
    """The case of an exercise that has no inputs."""
    return Case()
