"""The grader of the course. In a student's notebook: ``from grader import check, form, public_case``.

Nothing heavier than NumPy is imported here, so that the same judge runs in a notebook, in a browser and
in the grading process.
"""

from grader.checks import (
    check,
    form,
    public_case,
    public_experiment,
    public_options,
    public_script,
    public_shapes,
)

__all__ = [
    "check",
    "form",
    "public_case",
    "public_experiment",
    "public_options",
    "public_script",
    "public_shapes",
]
