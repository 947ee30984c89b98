"""The answer key as data: a unit, its exercises, their checks, and what learners get wrong.

A key (`solutions/<unit>/key.py`) makes one `Unit` and hangs exercises on it:

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
from dataclasses import dataclass, field

from grader.checks import Case, Check, Draw, Message, SolvedCase, by_name, seed, solve
from grader.errors import ExerciseError
from grader.exercises.source import Source

CaseFunction = Callable[[Draw], Case]
TRIALS = 3
NAME = re.compile(r"^[a-z][a-z0-9-]*$")


@dataclass(frozen=True)
class GradedCheck:
    """A check with its points and the cases that it is run on; one grade cell of the notebook."""

    check: Check
    points: float
    cases: CaseFunction

    def __post_init__(self) -> None:
        if not self.points > 0:
            raise ExerciseError(f"The check `{self.name}` has {self.points} points; it needs some.")

    @property
    def name(self) -> str:
        """Name within the exercise: the grade id is `<exercise>-<name>`."""
        return self.check.name


@dataclass(frozen=True)
class Misconception:
    """A way in which learners get it wrong: an edit of the reference's source."""

    id: str
    old: str
    new: str
    fails: tuple[str, ...]


@dataclass
class Exercise:
    """An exercise of kind `implement`: methods of a dlkit class that the student writes.

    unit, id: its place, as in 06_backpropagation and softmax-with-loss. reference: dotted path of the class.
    methods: those whose bodies are taken away. wrt: names of the inputs and parameters with a gradient.
    """

    unit: str
    id: str
    reference: str
    methods: tuple[str, ...]
    cases: CaseFunction
    wrt: tuple[str, ...]
    checks: list[GradedCheck] = field(default_factory=list)
    misconceptions: list[Misconception] = field(default_factory=list)
    equivalents: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        """Source text of the reference."""
        return Source.of(self.reference)

    @property
    def name(self) -> str:
        """Name of the class to implement."""
        return self.reference.rpartition(".")[2]

    @property
    def label(self) -> str:
        """Label of the exercise in the book, as in ex-06-affine."""
        return f"ex-{self.unit[:2]}-{self.id}"

    @property
    def points(self) -> float:
        """Sum of the checks' points."""
        return sum(check.points for check in self.checks)

    def grade_id(self, check: GradedCheck) -> str:
        """Id of the grade cell of a check."""
        return f"{self.id}-{check.name}"

    def check(
        self, name: str, *, like: str, points: float
    ) -> Callable[[CaseFunction], CaseFunction]:
        """Add a check of the kind `like` on cases of its own; the function's docstring is its sentence."""

        def add(cases: CaseFunction) -> CaseFunction:
            sentence = inspect.getdoc(cases)
            if not sentence:
                raise ExerciseError(
                    f"{self.unit}: check `{name}` of `{self.id}` needs a docstring: it is the sentence "
                    "that the student reads."
                )
            check = Check(name, Message(" ".join(sentence.split())), _kind(like).run)
            self.checks.append(GradedCheck(check, points, cases))
            return cases

        return add

    def misconception(self, id: str, old: str, new: str, *, fails: Sequence[str]) -> None:
        """Name a misconception: `old` in the reference's source becomes `new`, and these checks fail."""
        if old not in self.source.text:
            raise ExerciseError(
                f"{self.unit}: misconception `{id}` of `{self.id}` replaces text that {self.reference} "
                f"does not contain: {old!r}. Copy it from the source as it stands."
            )
        known = {check.name for check in self.checks}
        if unknown := set(fails) - known:
            raise ExerciseError(
                f"{self.unit}: misconception `{id}` of `{self.id}` names checks that do not exist: "
                f"{', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}."
            )
        self.misconceptions.append(Misconception(id, old, new, tuple(fails)))

    def equivalent(self, mutant: str, reason: str) -> None:
        """State that a mutant of the reference does the same as the reference, and why.

        mutant: its id, as `grader prove` prints it. A mutant that a check does tell apart is refused there.
        """
        self.equivalents[mutant] = reason

    def public_case(self) -> SolvedCase:
        """The case that is printed in the notebook, with what is right for it."""
        draw = Draw(seed(b"public", self.unit, self.id), public=True)
        return self._solve(self.cases, draw)

    def hidden_cases(self, check: GradedCheck, secret: bytes, version: str) -> list[SolvedCase]:
        """The cases of a check: the same for the same secret and version of the key."""
        draws = [
            Draw(seed(secret, self.unit, self.id, "base", check.name, version, str(trial)), trial)
            for trial in range(TRIALS)
        ]
        return [self._solve(check.cases, draw) for draw in draws]

    def _solve(self, cases: CaseFunction, draw: Draw) -> SolvedCase:
        """Draw a case, and work out what is right for it."""
        try:
            case = cases(draw)
            if unknown := [name for name in self.wrt if name not in {**case.init, **case.inputs}]:
                raise ValueError(
                    f"points for d{unknown[0]}, but no input or parameter {unknown[0]}"
                )
            return solve(self.name, self.source.load(), case, draw, self.wrt)
        except Exception as error:
            code = cases.__code__
            raise ExerciseError(
                f"{code.co_filename}, line {code.co_firstlineno}: a case of `{self.id}` must fit "
                f"{self.reference}; {type(error).__name__}: {error}"
            ) from error


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
    ) -> Callable[[CaseFunction], Exercise]:
        """Add an exercise: implement methods of a dlkit class. The function makes the cases.

        points: by check, in order: `forward`, `repeat`, `unchanged`, or `d` and the name of an input or
        parameter. The exercise's id is the function's name, with hyphens.
        """

        def add(cases: CaseFunction) -> Exercise:
            id = cases.__name__.replace("_", "-")
            if not NAME.match(id) or id in self.exercises:
                raise ExerciseError(f"{self.name}: exercise id {id!r} is taken, or not lower case.")
            wrt = tuple(name[1:] for name in points if name.startswith("d"))
            exercise = Exercise(self.name, id, reference, tuple(methods), cases, wrt)
            exercise.source.require(methods)
            for name, value in points.items():
                exercise.checks.append(GradedCheck(_kind(name), value, cases))
            self.exercises[id] = exercise
            return exercise

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


def _kind(name: str) -> Check:
    """A check by name. Raises ExerciseError with the names that there are."""
    try:
        return by_name(name)
    except KeyError:
        raise ExerciseError(
            f"{name!r} is no check. Use forward, repeat, unchanged, or d and a name, as in dW."
        ) from None
