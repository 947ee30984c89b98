"""The last cell of a notebook: what is done, what is open, and how to hand it in."""

from collections.abc import Iterator, Mapping, Sequence

from grader.checks import public
from grader.checks.finding import finding
from grader.checks.text import Message, message, student_language
from grader.checks.trial import Check
from grader.checks.verdict import Failed, Passed, Verdict

Found = Mapping[str, Sequence[tuple[Check, Verdict]]]
UNTOUCHED = Failed(finding("not-implemented"))


def hand_in(unit: str, student_id: str, exercises: Sequence[str]) -> None:
    """Say whose notebook this is, which exercises are untouched, which checks fail, and what to do now.

    exercises: the names of those with a `check`, in order. What is said comes from the last run of each
    cell with `check`.
    """
    language = student_language()
    for line in summary(unit, student_id, exercises, public.found):
        print(line.render(language))


def summary(
    unit: str, student_id: str, exercises: Sequence[str], found: Found
) -> Iterator[Message]:
    """What the last cell says, line by line."""
    yield message("Unit: {unit}", unit=unit)
    if student_id.strip():
        yield message("Student: {student}", student=student_id.strip())
    else:
        yield message(
            "Student: missing. Write your student id between the quotes in this cell's first line, "
            "and run the cell again."
        )
    unrun = [name for name in exercises if name not in found]
    untouched = [name for name in exercises if name in found and _is_untouched(found[name])]
    failing = {
        name: [check.name for check, verdict in found[name] if not isinstance(verdict, Passed)]
        for name in exercises
        if name in found and name not in untouched
    }
    if unrun:
        yield message(
            "Not checked: {names}. Run all cells from the top, then this one again.",
            names=", ".join(unrun),
        )
    if untouched:
        yield message("Untouched: {names}", names=", ".join(untouched))
    for name, checks in failing.items():
        if checks:
            yield message(
                "Failing public checks of {name}: {checks}", name=name, checks=", ".join(checks)
            )
    if not unrun and not untouched and not any(failing.values()):
        yield message("All public checks pass. Grading asks the same on other inputs.")
    yield message(
        "To hand in: save this notebook, download it, and upload this file: {file}",
        file=f"{unit}.ipynb",
    )


def _is_untouched(verdicts: Sequence[tuple[Check, Verdict]]) -> bool:
    """Whether nothing was written yet: the first thing asked for is the stub, and nothing passes."""
    passed = any(isinstance(verdict, Passed) for _, verdict in verdicts)
    return bool(verdicts) and verdicts[0][1] == UNTOUCHED and not passed
