"""Grade a class: several judges at once, marks recorded in batches by this process alone, runs that continue.

`grade_unit` does it; `plan` says what it would do.
"""

from grader.engine.judge import Judge, Outcome, Task
from grader.engine.plan import Plan, plan, submissions, without_full_marks
from grader.engine.pool import Pool
from grader.engine.run import Result, grade_unit

__all__ = [
    "Judge",
    "Outcome",
    "Plan",
    "Pool",
    "Result",
    "Task",
    "grade_unit",
    "plan",
    "submissions",
    "without_full_marks",
]
