"""Run a check on its cases, and turn whatever the submission does into a verdict."""

import traceback
from collections.abc import Sequence

from grader.checks.case import SolvedCase
from grader.checks.finding import Finding, finding
from grader.checks.layer import Check
from grader.checks.student import (
    BadValue,
    CallFailed,
    MissingName,
    NotImplementedYet,
    Stopped,
    Student,
)
from grader.checks.text import quote
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
        return Failed(finding("not-implemented"))
    except MissingName as error:
        return Failed(_missing(name, error))
    except BadValue as error:
        return Failed(finding("no-array", kind=quote(error.type_name)))
    except CallFailed as error:
        return Failed(_raised(error))
    except Exception:
        return Crashed(traceback.format_exc())


def _missing(name: str, error: MissingName) -> Finding:
    if error.name == name:
        return finding("name-missing", name=name)
    return finding("attribute-missing", name=name, missing=error.name)


def _raised(error: CallFailed) -> Finding:
    kind, text = quote(error.type_name), quote(error.message)
    if error.line is None:
        return finding("raised", kind=kind, text=text)
    return finding("raised-in-line", kind=kind, line=error.line, text=text)
