"""The kinds of exercise, one a file."""

from grader.exercises.kinds.choose import Choose
from grader.exercises.kinds.compute import Compute, Step, Worked
from grader.exercises.kinds.derive import Derive, Formula
from grader.exercises.kinds.experiment import Experiment
from grader.exercises.kinds.explain import Explain
from grader.exercises.kinds.fix_the_bug import FixTheBug
from grader.exercises.kinds.implement import Implement
from grader.exercises.kinds.trial import Trial

__all__ = [
    "Choose",
    "Compute",
    "Derive",
    "Experiment",
    "Explain",
    "FixTheBug",
    "Formula",
    "Implement",
    "Step",
    "Trial",
    "Worked",
]
