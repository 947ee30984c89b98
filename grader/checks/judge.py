"""Run a check on its cases, and turn whatever the submission does into a verdict."""

import traceback
from collections.abc import Sequence

from grader.checks.case import SolvedCase
from grader.checks.layer import Check
from grader.checks.student import (
    BadValue,
    CallFailed,
    MissingName,
    NotImplementedYet,
    Stopped,
    Student,
)
from grader.checks.text import Message, message, quote
from grader.checks.verdict import Crashed, Failed, Passed, Verdict


def judge(check: Check, student: Student, name: str, cases: Sequence[SolvedCase]) -> Verdict:
    """Verdict of a check on the object `name`: passed if it passes on every case.

    The first case that does not pass decides. Raises Stopped if the submission was killed meanwhile.
    """
    note = None
    for case in cases:
        verdict = _guarded(check, student, name, case)
        if not isinstance(verdict, Passed):
            return verdict
        note = note or verdict.note
    return Passed(note)


def _guarded(check: Check, student: Student, name: str, case: SolvedCase) -> Verdict:
    try:
        return check.run(student, name, case)
    except Stopped:
        raise
    except NotImplementedYet:
        return Failed(message("This part is not implemented yet."))
    except MissingName as error:
        return Failed(_missing(name, error))
    except BadValue as error:
        return Failed(message("An array of numbers is expected; your code gave {kind}.",
                              kind=quote(error.type_name)))  # fmt: skip
    except CallFailed as error:
        return Failed(_raised(error))
    except Exception:
        return Crashed(traceback.format_exc())


def _missing(name: str, error: MissingName) -> Message:
    if error.name == name:
        return message("There is no `{name}` in the notebook. Was it renamed, or did its cell fail?",
                       name=name)  # fmt: skip
    return message("Your `{name}` has no attribute or method `{missing}`. Is `self.` missing, or is the name "
                   "spelt differently?", name=name, missing=error.name)  # fmt: skip


def _raised(error: CallFailed) -> Message:
    kind, text = quote(error.type_name), quote(error.message)
    if error.line is None:
        return message("Your code raised {kind}: {text}", kind=kind, text=text)
    return message("Your code raised {kind} in line {line} of its cell: {text}",
                   kind=kind, line=error.line, text=text)  # fmt: skip
