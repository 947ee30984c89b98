"""Checks of what is no layer and no function of arrays: letters, numbers worked out by hand, experiments."""

from weakref import WeakKeyDictionary

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.diagnosis import diagnose
from grader.checks.finding import Finding, finding
from grader.checks.function import call
from grader.checks.layer import Check
from grader.checks.numeric import relative_error
from grader.checks.program import Program
from grader.checks.student import BadValue, Student, Value
from grader.checks.text import Message, message
from grader.checks.verdict import Awaiting, Blocked, Failed, Passed, Verdict

# --- choose: expected {"right": "B", "options": "ABCD"}


def letter(student: Student, name: str, case: SolvedCase) -> Verdict:
    """It returns one of the letters of the options."""
    return _is_letter(name, call(student, name, []), case)


def option(student: Student, name: str, case: SolvedCase) -> Verdict:
    """It returns the letter of the right option."""
    got = call(student, name, [])
    verdict = _is_letter(name, got, case)
    if isinstance(verdict, Passed) and got != case.expected["right"]:
        return Failed(finding("wrong-option", letter=got))
    return verdict


def _is_letter(name: str, got: Value, case: SolvedCase) -> Verdict:
    options = case.expected["options"]
    if isinstance(got, str) and got in tuple(options):
        return Passed()
    return Failed(finding("no-option", name=name, options=", ".join(options)))


LETTER = Check("letter", Message(letter.__doc__ or ""), letter)
OPTION = Check("option", Message(option.__doc__ or ""), option)


# --- compute: expected the numbers by name, in the order in which they are returned


def part(name: str) -> Check:
    """Check of one of the numbers, or arrays, that were worked out by hand."""

    def run(student: Student, function: str, case: SolvedCase) -> Verdict:
        got = _returned(student, function, name, case)
        if isinstance(got, Finding):
            return Failed(got)
        want, tolerance = case.expected[name], case.tolerance or 0.0
        if got.shape == want.shape and relative_error(got, want) < tolerance:
            return Passed()
        return Failed(diagnose(name, got, want, tolerance=tolerance))

    return Check(name, message("`{name}` is right, within rounding.", name=name), run)


def shape(name: str) -> Check:
    """Check of the shape alone: what a notebook can say without giving the numbers away."""

    def run(student: Student, function: str, case: SolvedCase) -> Verdict:
        got, want = _returned(student, function, name, case), case.expected[name].shape
        if isinstance(got, Finding):
            return Failed(got)
        if got.shape == want:
            return Passed()
        return Failed(finding("wrong-shape", label=name, got=got.shape, want=want))

    return Check(name, message("`{name}` has the right shape.", name=name), run)


def _returned(student: Student, function: str, name: str, case: SolvedCase) -> Array | Finding:
    """One of the values that the function returned, or what is wrong with it."""
    names, values = list(case.expected), call(student, function, [])
    if len(names) == 1 and not (isinstance(values, tuple) and len(values) == 1):
        values = (values,)
    if not isinstance(values, tuple) or len(values) != len(names):
        return finding("answer-form", function=function, names=", ".join(names))
    got = as_array(values[names.index(name)])
    return finding("no-numbers", label=name) if got is None else got


def as_array(value: Value) -> Array | None:
    """An array out of nested lists of numbers; None where they are none."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, tuple) and value:
        items = [as_array(item) for item in value]
        if all(item is not None and item.shape == items[0].shape for item in items):  # type: ignore[union-attr]
            return np.stack(items)  # type: ignore[arg-type]
    return None


# --- experiment: inputs x, t, seed; expected unseen {"x", "t"} and what is to be reached


def learned(student: Student, name: str, case: SolvedCase) -> Verdict:
    """What it returns classifies points that it has not seen."""
    (scores,) = _scores(student, name, case, runs=1)
    return _judged(scores, case)


def reproducible(student: Student, name: str, case: SolvedCase) -> Verdict:
    """The same data and the same seed give the same scores."""
    scores, again = _scores(student, name, case, runs=2)
    if isinstance(scores, Finding) or not isinstance(_judged(scores, case), Passed):
        return Blocked(message("It has not learned enough yet."))
    if not isinstance(again, Finding) and np.array_equal(scores, again):
        return Passed()
    return Failed(finding("not-reproducible"))


def _judged(scores: Array | Finding, case: SolvedCase) -> Verdict:
    if isinstance(scores, Finding):
        return Failed(scores)
    right = float((scores.argmax(axis=1) == case.expected["t"]).mean())
    if right >= case.expected["reach"]:
        return Passed()
    return Failed(
        finding("too-few-right", got=f"{right:.0%}", want=f"{case.expected['reach']:.0%}")
    )


LEARNED = Check("learned", Message(learned.__doc__ or ""), learned)
REPRODUCIBLE = Check("reproducible", Message(reproducible.__doc__ or ""), reproducible)
EXPERIMENT_CHECKS = {check.name: check for check in (LEARNED, REPRODUCIBLE)}


# What came of the runs so far, for each submission: training takes time, and both checks ask for the same.
_runs: WeakKeyDictionary[Student, dict[tuple[str, bytes], list[Array | Finding]]] = (
    WeakKeyDictionary()
)


def _scores(student: Student, name: str, case: SolvedCase, runs: int) -> list[Array | Finding]:
    """Scores of the unseen points after each of several runs, or what is wrong with them."""
    made = _runs.setdefault(student, {}).setdefault((name, case.inputs["x"].tobytes()), [])
    program, reads = Program(), []
    for _ in range(runs - len(made)):
        predict = program.call(name, *case.inputs.values())
        reads.append((predict.read(), predict(case.expected["x"]).read()))
    if not reads:
        return made[:runs]
    found = student.run(program)
    for predict, scores in reads:
        if not callable(found[predict]):
            made.append(finding("no-function", name=name))
        else:
            made.append(_scores_or_wrong(found[scores], case))
    return made[:runs]


def _scores_or_wrong(scores: Value, case: SolvedCase) -> Array | Finding:
    want = (len(case.expected["x"]), case.expected["classes"])
    if not isinstance(scores, np.ndarray):
        raise BadValue(type(scores).__name__)
    if scores.shape != want:
        return finding("scores-shape", got=scores.shape, want=want)
    if not np.isfinite(scores).all():
        return finding("scores-not-finite")
    return scores


# --- explain


def by_hand(student: Student, name: str, case: SolvedCase) -> Verdict:
    """A person reads and marks your answer."""
    return Awaiting(message("A person will mark this answer."))


BY_HAND = Check("", Message(by_hand.__doc__ or ""), by_hand)
