"""The grader of the course. In a student's notebook: ``from grader import check, form, public_case``.

Nothing heavier than NumPy is imported here, so that the same judge runs in a notebook, in a browser and
in the grading process; and that only when one of these is asked for, so that the command line is there at once.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.checks import check as check
    from grader.checks import form as form
    from grader.checks import public_case as public_case
    from grader.checks import public_experiment as public_experiment
    from grader.checks import public_options as public_options
    from grader.checks import public_script as public_script
    from grader.checks import public_shapes as public_shapes

__all__ = [
    "check",
    "form",
    "public_case",
    "public_experiment",
    "public_options",
    "public_script",
    "public_shapes",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader import checks

    return getattr(checks, name)
