"""`experiment`: train to a stated result, judged on data that the submission has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from grader.checks import (
    EXPERIMENT_CHECKS,
    TASKS,
    Case,
    Check,
    Draw,
    Message,
    SolvedCase,
    experiment_case,
    message,
)
from grader.errors import ExerciseError
from grader.exercises.model import Exercise, GradedCheck


@dataclass
class Experiment(Exercise):
    """A function that trains on the points that it is given, and returns a function from points to scores.

    task: one of `grader.checks.tasks`. reach: share of unseen points to classify right.
    """

    kind = "experiment"
    mutable = False
    deterministic = False
    trials = 1
    tasks: Sequence[str] = tuple(TASKS)
    task: str = ""
    reach: float = 0.9

    def known_check(self, name: str) -> Check:
        """A check of an experiment."""
        if name not in EXPERIMENT_CHECKS:
            raise ExerciseError(f"{name!r} is no check. Use {', '.join(EXPERIMENT_CHECKS)}.")
        return EXPERIMENT_CHECKS[name]

    def solved(self, case: Case, draw: Draw) -> SolvedCase:
        """Points to train on, and others to be judged on."""
        one, other = (int(n) for n in draw.rng.integers(0, 2**31, 2))
        return experiment_case(self.task, one, other, self.reach)

    def public_case(self) -> SolvedCase:
        """Data that anybody can make."""
        return experiment_case(self.task, 0, 1, self.reach)

    def hidden_cases(self, check: GradedCheck, secret: bytes, version: str) -> list[SolvedCase]:
        """Data for all its checks, so that what one check has trained serves the next."""
        return super().hidden_cases(self.checks[0], secret, version)

    def public_cell(self) -> str:
        """The same experiment on points that anybody can make."""
        call = f'public_experiment("{self.id}", task="{self.task}", reach={self.reach})'
        return f'{call}\ncheck("{self.id}", {self.name})'

    def given(self) -> list[Message]:
        """The data and what is to be reached."""
        text = message(
            "Your data: the task `{task}` of `grader.checks.tasks`. To reach: {reach} of unseen points.",
            task=self.task,
            reach=f"{self.reach:.0%}",
        )
        return [text]

    @property
    def pool(self) -> int | None:
        """As many as tasks."""
        return len(self.tasks)

    def summary(self) -> str:
        """The task."""
        return self.task

    def vary(self, draw: Draw) -> Self:
        """One of the tasks."""
        return replace(self, task=draw.one_of(self.tasks))
