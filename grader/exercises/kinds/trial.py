"""`experiment` by a script: what a function makes is tried out on inputs that it has not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from grader.checks import Case, Draw, Message, SolvedCase, message, solve_script
from grader.errors import ExerciseError
from grader.exercises.kinds.implement import Implement


@dataclass
class Trial(Implement):
    """A function that makes something for a problem, such as an optimizer; a script tries it out.

    problems: the numbers of each variant, by name; those of this one are inputs of every case.
    """

    kind = "experiment"
    mutable = False
    problems: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    problem: Mapping[str, Any] = field(default_factory=dict)

    @property
    def owns(self) -> str | None:
        """Nothing of dlkit is asked for."""
        return None

    def solved(self, case: Case, draw: Draw) -> SolvedCase:
        """The case with the numbers of the problem. ExerciseError where an input has the name of one."""
        if twice := case.inputs.keys() & self.problem.keys():
            raise ExerciseError(
                f"The problem has {', '.join(sorted(twice))} already. Rename the input."
            )
        given = replace(case, inputs={**self.problem, **case.inputs})
        return solve_script(self.source.names(), given)

    def names_of_inputs(self, case: Case) -> set[str]:
        """The inputs of the case and the numbers of the problem."""
        return {*case.inputs, *self.problem}

    def parrot(self) -> str:
        """Nothing stands in the visible check that could be learned by heart."""
        return ""

    def given(self) -> list[Message]:
        """The numbers of the problem."""
        numbers = ", ".join(f"`{name}` = {value:g}" for name, value in self.problem.items())
        return [message("Given: {numbers}.", numbers=numbers)]

    @property
    def pool(self) -> int | None:
        """As many as problems."""
        return len(self.problems)

    def summary(self) -> str:
        """The numbers."""
        return ", ".join(f"{name} = {value:g}" for name, value in self.problem.items())

    def vary(self, draw: Draw) -> Self:
        """One of the problems."""
        return replace(self, problem=draw.one_of(self.problems))
