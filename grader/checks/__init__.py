"""The judge of the course: checks that see a submission through a protocol, verdicts that say why.

It needs NumPy alone, and it is the same in a notebook, in a plain nbgrader kernel, in a browser and in
`grader grade`.
"""

from grader.checks.answer import BY_HAND, EXPERIMENT_CHECKS, OPTION, part
from grader.checks.case import Case, Draw, SolvedCase, seed
from grader.checks.finding import Finding, finding
from grader.checks.forms import Form, form
from grader.checks.function import FUNCTION_CHECKS
from grader.checks.judge import judge
from grader.checks.layer import by_name
from grader.checks.numeric import solve
from grader.checks.public import (
    check,
    public_case,
    public_experiment,
    public_options,
    public_script,
    public_shapes,
)
from grader.checks.script import script_names
from grader.checks.scripted import script_check, solve_script
from grader.checks.show import reason, verdict_line, verdict_word
from grader.checks.stored import from_json, to_json
from grader.checks.student import LocalStudent, Stopped, Student
from grader.checks.tasks import TASKS, experiment_case
from grader.checks.text import LANGUAGES, Message, message, translate
from grader.checks.trial import Check
from grader.checks.verdict import Awaiting, Blocked, Crashed, Failed, Passed, Verdict, earned

__all__ = [
    "BY_HAND",
    "EXPERIMENT_CHECKS",
    "FUNCTION_CHECKS",
    "LANGUAGES",
    "OPTION",
    "TASKS",
    "Awaiting",
    "Blocked",
    "Case",
    "Check",
    "Crashed",
    "Draw",
    "Failed",
    "Finding",
    "Form",
    "LocalStudent",
    "Message",
    "Passed",
    "SolvedCase",
    "Stopped",
    "Student",
    "Verdict",
    "by_name",
    "check",
    "earned",
    "experiment_case",
    "finding",
    "form",
    "from_json",
    "judge",
    "message",
    "part",
    "public_case",
    "public_experiment",
    "public_options",
    "public_script",
    "public_shapes",
    "reason",
    "script_check",
    "script_names",
    "seed",
    "solve",
    "solve_script",
    "to_json",
    "translate",
    "verdict_line",
    "verdict_word",
]
