"""Checks of what is no layer and no function of arrays: letters, numbers worked out by hand, experiments."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.diagnosis import diagnose
from grader.checks.finding import Finding, finding
from grader.checks.numeric import relative_error
from grader.checks.program import Found, Program
from grader.checks.student import BadValue, Value
from grader.checks.text import Message, message
from grader.checks.trial import Check, Trial
from grader.checks.verdict import Awaiting, Blocked, Failed, Passed, Verdict


def _asked(name: str, conclude: Callable[[Value], Verdict]) -> Trial:
    """Call a function without arguments, and conclude from what it returns."""
    program = Program()
    returned = program.call(name).read()
    return Trial((program,), lambda found: conclude(found[returned]))


# --- choose: expected {"right": "B", "options": "ABCD"}


def letter(name: str, case: SolvedCase) -> Trial:
    """It returns one of the letters of the options."""
    return _asked(name, lambda got: _is_letter(name, got, case))


def option(name: str, case: SolvedCase) -> Trial:
    """It returns the letter of the right option."""

    def conclude(got: Value) -> Verdict:
        verdict = _is_letter(name, got, case)
        if isinstance(verdict, Passed) and got != case.expected["right"]:
            return Failed(finding("wrong-option", letter=got))
        return verdict

    return _asked(name, conclude)


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

    def judged(got: Array, case: SolvedCase) -> Verdict:
        want, tolerance = case.expected[name], case.tolerance or 0.0
        if got.shape == want.shape and relative_error(got, want) < tolerance:
            return Passed()
        return Failed(diagnose(name, got, want, tolerance=tolerance))

    return _of_part(name, message("`{name}` is right, within rounding.", name=name), judged)


def shape(name: str) -> Check:
    """Check of the shape alone: what a notebook can say without giving the numbers away."""

    def judged(got: Array, case: SolvedCase) -> Verdict:
        want = case.expected[name].shape
        if got.shape == want:
            return Passed()
        return Failed(finding("wrong-shape", label=name, got=got.shape, want=want))

    return _of_part(name, message("`{name}` has the right shape.", name=name), judged)


def _of_part(name: str, sentence: Message, judged: Callable[[Array, SolvedCase], Verdict]) -> Check:
    """Check of one of the values that a function returns."""

    def trial(function: str, case: SolvedCase) -> Trial:
        def conclude(values: Value) -> Verdict:
            got = _part_of(values, function, name, case)
            if isinstance(got, Finding):
                return Failed(got)
            verdict = judged(got, case)
            if isinstance(verdict, Failed) and (e := verdict.diagnosis.evidence):
                beside = {
                    label: other
                    for label in case.expected
                    if label != name
                    and (other := _wrong_part(values, function, label, case)) is not None
                }
                return Failed(replace(verdict.diagnosis, evidence=replace(e, beside=beside)))
            return verdict

        return _asked(function, conclude)

    return Check(name, sentence, trial)


def _part_of(values: Value, function: str, name: str, case: SolvedCase) -> Array | Finding:
    """One of the values that the function returned, or what is wrong with it."""
    names = list(case.expected)
    if len(names) == 1 and not (isinstance(values, tuple) and len(values) == 1):
        values = (values,)
    if not isinstance(values, tuple) or len(values) != len(names):
        return finding("answer-form", function=function, names=", ".join(names))
    got = as_array(values[names.index(name)])
    return finding("no-numbers", label=name) if got is None else got


def _wrong_part(values: Value, function: str, label: str, case: SolvedCase) -> Array | None:
    """Another of the values, if it is as many numbers as it should be, and they are wrong."""
    got, want = _part_of(values, function, label, case), case.expected[label]
    if isinstance(got, Finding) or got.shape != want.shape or got.dtype.kind not in "iuf":
        return None
    return got if relative_error(got, want) >= (case.tolerance or 0.0) else None


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


def learned(name: str, case: SolvedCase) -> Trial:
    """What it returns classifies points that it has not seen."""
    first = _Training(name, case, 1)
    return Trial((first.program,), lambda found: _judged(first.scores(found), case))


def reproducible(name: str, case: SolvedCase) -> Trial:
    """The same data and the same seed give the same scores."""
    first, second = _Training(name, case, 1), _Training(name, case, 2)

    def conclude(found: Found, found_again: Found) -> Verdict:
        scores, again = first.scores(found), second.scores(found_again)
        if isinstance(scores, Finding) or not isinstance(_judged(scores, case), Passed):
            return Blocked(message("It has not learned enough yet."))
        if not isinstance(again, Finding) and np.array_equal(scores, again):
            return Passed()
        return Failed(finding("not-reproducible"))

    return Trial((first.program, second.program), conclude)


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


class _Training:
    """One of several trainings on the same data: each takes long, and both checks ask for the first."""

    def __init__(self, name: str, case: SolvedCase, number: int) -> None:
        self._name, self._case = name, case
        self.program = Program(once=(name, case.inputs["x"].tobytes(), number))
        predict = self.program.call(name, *case.inputs.values())
        self._predict = predict.read()
        self._scores = predict(case.expected["x"]).read()

    def scores(self, found: Found) -> Array | Finding:
        """Scores of the unseen points, or what is wrong with them."""
        if not callable(found[self._predict]):
            return finding("no-function", name=self._name)
        scores, x = found[self._scores], self._case.expected["x"]
        if not isinstance(scores, np.ndarray):
            raise BadValue(type(scores).__name__)
        want = (len(x), self._case.expected["classes"])
        if scores.shape != want:
            return finding("scores-shape", got=scores.shape, want=want)
        if not np.isfinite(scores).all():
            return finding("scores-not-finite")
        return scores


# --- explain


def by_hand(name: str, case: SolvedCase) -> Trial:
    """A person reads and marks your answer."""
    return Trial((), lambda: Awaiting(message("A person will mark this answer.")))


BY_HAND = Check("", Message(by_hand.__doc__ or ""), by_hand)
