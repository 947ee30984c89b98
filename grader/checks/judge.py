"""Run a check on its cases, turn whatever the submission does into a verdict, and say why."""

import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from grader.checks.case import Array, SolvedCase
from grader.checks.diagnosis import Suspect, describe, explain_error, same
from grader.checks.diagnosis.describe import as_number
from grader.checks.diagnosis.ends import by_ends, by_kind, by_setting, by_zero
from grader.checks.diagnosis.example import search, worst_entry
from grader.checks.diagnosis.follow import SHARE, follows
from grader.checks.diagnosis.key import Key
from grader.checks.diagnosis.made import by_expression
from grader.checks.diagnosis.moved import by_arguments, by_laws, by_part
from grader.checks.diagnosis.products import by_product
from grader.checks.diagnosis.samples import by_overlap, by_samples
from grader.checks.diagnosis.slips import by_slip
from grader.checks.diagnosis.when import PROBES, by_form, by_probe, by_steps, is_vague
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding
from grader.checks.live import without_numbers
from grader.checks.student import (
    CallFailed,
    Handle,
    MissingName,
    Program,
    Stopped,
    Student,
    StudentError,
)
from grader.checks.text import Message, message, quote
from grader.checks.trial import Check, Conclusion, Tried, Unready, tried
from grader.checks.verdict import Blocked, Crashed, Failed, Passed, Verdict

Trace = Callable[[str], None]


LOOKS = 60  # at other inputs, for one finding
WRITING = ("too-few-digits", "digits-exchanged", "decimal-comma")  # the number itself is right
SLOW = 0.5  # seconds for the cases of one check: more than a layer of this course needs


class StoppedLater(Stopped):
    """The submission was stopped when its verdict was clear, while the judge looked for the reason."""

    def __init__(self, verdict: Verdict, cause: Stopped) -> None:
        super().__init__(cause.reason, cause.detail)
        self.verdict = verdict


def silent(line: str) -> None:
    """For whoever does not want to know how a verdict came about."""


def judge(
    check: Check,
    student: Student,
    name: str,
    cases: Sequence[SolvedCase],
    key: Key | None = None,
    *,
    public: bool = False,
    explain: bool = True,
    trace: Trace = silent,
    ahead: Tried | None = None,
) -> Verdict:
    """Verdict of a check on the object `name`: passed if it passes on every case.

    Otherwise the first case that does not pass decides; what is wrong is concluded from all of them. key: what
    the answer key knows besides. public: whether students may see the cases and what is right for them.
    explain: whether to look for what is wrong; without it nothing follows through either. trace: is told, line
    by line, how the verdict came about. ahead: of `tried_ahead`, where it was tried before. Raises Stopped
    if the submission was killed meanwhile.
    """
    try:
        return _Judging(check, student, name, cases, key, public, trace).verdict(explain, ahead)
    except Stopped:
        raise
    except Exception:
        return Crashed(traceback.format_exc())


class _Judging:
    """One check on one submission."""

    def __init__(
        self,
        check: Check,
        student: Student,
        name: str,
        cases: Sequence[SolvedCase],
        key: Key | None,
        public: bool,
        trace: Trace,
    ) -> None:
        self._check = check
        self._student = student
        self._name = name
        self._cases = cases
        self._key = key
        self._slow = False
        self._public = public
        self._trace = trace

    def verdict(self, explain: bool, ahead: Tried | None) -> Verdict:
        """Conclude for the cases, in order."""
        note, began = None, time.monotonic() - (ahead.seconds if ahead else 0.0)
        found: list[Verdict] = []
        coming = self._verdicts(self._student, self._cases, ahead)
        for verdict in coming:
            found.append(verdict)
            if isinstance(verdict, Failed) and explain:
                self._slow = time.monotonic() - began > SLOW
                try:
                    return self._explained([*found, *coming])
                except Stopped as error:
                    raise StoppedLater(verdict, error) from None
            if not isinstance(verdict, Passed):
                return verdict
            note = note or verdict.note
        return Passed(note)

    def _run(self, student: Student, case: SolvedCase) -> Verdict:
        """The verdict on one case."""
        return next(self._verdicts(student, [case]))

    def _verdicts(
        self, student: Student, cases: Sequence[SolvedCase], ahead: Tried | None = None
    ) -> Iterator[Verdict]:
        """The verdicts on cases, in one trip."""
        concluding = (
            iter(ahead.conclusions) if ahead else tried(self._check, student, self._name, cases)
        )
        for case in cases:
            yield self._concluded(student, case, concluding)

    def _concluded(
        self, student: Student, case: SolvedCase, concluding: Iterator[Conclusion]
    ) -> Verdict:
        """The next of the verdicts, with what the submission may raise."""
        try:
            verdict = next(concluding)()
        except Stopped:
            raise
        except Unready as error:
            return Blocked(
                message(
                    "`forward` comes first: {why}", why=self._error(student, error.cause, case).text
                )
            )
        except StudentError as error:
            return Failed(self._error(student, error, case))
        if isinstance(verdict, Failed) and (seen := verdict.diagnosis.evidence):
            return Failed(replace(verdict.diagnosis, evidence=replace(seen, case=case)))
        return verdict

    def _error(self, student: Student, error: StudentError, case: SolvedCase) -> Finding:
        """What an error means, among the names that the submission has."""
        if isinstance(error, MissingName) and self._in_a_container(student, error, case):
            return finding("gradients-elsewhere", missing=error.name)
        names = self._names(student, case) if isinstance(error, CallFailed) else ()
        if self._key is not None:  # the case is hidden, and the error may quote it
            error = without_numbers(error)
        others = self._key.others if self._key else ()
        return explain_error(error, self._name, names, others)

    def _names(self, student: Student, case: SolvedCase) -> Sequence[str]:
        """The names that a layer of the submission has, and those of the arguments."""
        program = Program()
        program.call(self._name, *case.init.values()).get("no attribute has this name").read()
        missing = student.run(program).error if "dx" in case.expected or case.init else None
        found = missing.existing if isinstance(missing, MissingName) else ()
        return (*found, *case.inputs, *case.init)

    def _in_a_container(self, student: Student, error: MissingName, case: SolvedCase) -> bool:
        """Whether the gradients are there, in a list or dictionary `grads`, as some textbooks have them."""
        if error.name not in case.expected or "grads" not in error.existing:
            return False
        program = Program()
        layer = program.call(self._name, *case.init.values())
        layer.call("forward", *case.inputs.values())
        layer.call("backward", case.dout)
        read = layer.get("grads").read()
        try:
            found = student.run(program)[read]
            count = found.get("__len__")() if isinstance(found, Handle) else len(found)
            return bool(count >= sum(f"d{name}" in case.expected for name in case.init))
        except Stopped:
            raise
        except (StudentError, TypeError, ValueError):  # its length may be anything
            return False

    # --- why

    def _explained(self, verdicts: Sequence[Verdict]) -> Verdict:
        """The verdict with what is wrong, from those on all cases."""
        if self._trace is not silent:
            for number, each in enumerate(verdicts):
                self._say_case(number, each)
        failed = [v.diagnosis for v in verdicts if isinstance(v, Failed)]
        evidence = [each.evidence for each in failed if each.evidence is not None]
        found = failed[0]
        if any(e.is_oversized for e in evidence):
            return Failed(replace(found, evidence=None))  # let go of what takes much memory
        if evidence and len(evidence) == len(failed):
            found = describe(evidence, self._trace)
            found = self._slip(found) or found
        if shared := self._follow_through(verdicts):
            return shared
        if self._slow:  # what is left of its time goes to the checks that are still to come
            return Failed(found)
        vague, hit = is_vague(found), self._suspect(verdicts)
        if vague and len(evidence) == len(failed) and not (hit and hit.says):
            with np.errstate(all="ignore"):
                found = self._looked_closer(verdicts, found, evidence) or found
        elif not hit:
            found = self._when(verdicts, found) or found
        if hit:
            found = _named(hit, found, vague)
        return Failed(replace(found, example=self._example(found)))

    def _slip(self, found: Finding) -> Finding | None:
        """What went wrong in a number worked out by hand, where it is not only written wrongly."""
        e = found.evidence
        if e is None or self._key is None or found.id in WRITING:
            return None
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            slip = by_slip(e, self._key.slips(e.label, e.beside))
        return replace(slip, evidence=e) if slip else None

    def _looked_closer(
        self, verdicts: Sequence[Verdict], found: Finding, evidence: Sequence[Evidence]
    ) -> Finding | None:
        """What expressions of the known arrays tell, and other inputs, where the values alone tell nothing."""
        key = self._key
        if key is None:
            return by_expression(evidence) or self._when(verdicts, found)

        left = iter(range(LOOKS))

        def look(case: SolvedCase, label: str) -> tuple[Array, Array] | None:
            return None if next(left, None) is None else self._look(key, case, label)

        return (
            by_samples(evidence, key.reference(), self._name)
            or by_arguments(evidence, look)
            or by_expression(evidence)
            or by_product(evidence)
            or by_steps(evidence)
            or self._when(verdicts, found)
            or by_kind(evidence, look)
            or by_setting(evidence, look)
            or by_overlap(evidence, key.reference(), self._name)
            or by_laws(evidence, look)
            or by_zero(evidence, look)
            or by_part(evidence, look)
            or by_ends(evidence, look)
        )

    def _look(self, key: Key, case: SolvedCase, label: str) -> tuple[Array, Array] | None:
        """What comes for another case under a label, and what is right there; None if it cannot be had."""
        again = key.again(case)
        if again is None:
            return None
        verdict = self._run(self._student, again)
        if isinstance(verdict, Passed):
            right = again.expected.get("out" if label not in again.expected else label)
            return None if right is None else (as_number(right), as_number(right))
        seen = verdict.diagnosis.evidence if isinstance(verdict, Failed) else None
        if seen is None or seen.label != label or not seen.is_array:
            return None
        return as_number(seen.got), as_number(seen.want)

    def _say_case(self, number: int, verdict: Verdict) -> None:
        self._trace(f"case {number}: {type(verdict).__name__}")
        if isinstance(verdict, Failed) and (e := verdict.diagnosis.evidence):
            got = e.got if isinstance(e.got, np.ndarray) else quote(str(e.got))  # for a terminal
            self._trace(f"  {e.label} came as\n{got}\n  right is\n{e.want}")
        elif isinstance(verdict, Failed):
            self._trace(f"  {verdict.diagnosis.render()}")

    def _suspect(self, verdicts: Sequence[Verdict]) -> Suspect | None:
        """The misconception of the key that gives the same, if exactly one does."""
        hits = []
        for suspect in self._key.suspects() if self._key else ():
            student = suspect.student
            with np.errstate(all="ignore"):  # a mistake may overflow, and tells the teacher nothing
                alike = same(verdicts, (self._run(student, case) for case in self._cases))
            self._trace(f"{suspect.id}: {'the same' if alike else 'not the same'}")
            if alike:
                hits.append(suspect)
        return hits[0] if len(hits) == 1 else None

    def _when(self, verdicts: Sequence[Verdict], found: Finding) -> Finding | None:
        """What the cases that pass have in common, where nothing else is known."""
        if not is_vague(found) and found.evidence is not None:
            return None
        if known := by_form(verdicts, self._cases, found):
            return known
        if self._key is None or not is_vague(found):
            return None
        return by_probe(self._probed(self._key), found)

    def _probed(self, key: Key) -> Iterator[tuple[str, bool]]:
        for kind in ("plain", *PROBES):
            cases = key.probes(kind)
            passed = [isinstance(v, Passed) for v in self._verdicts(self._student, cases)]
            self._trace(f"public cases, {kind}: {sum(passed)} of {len(passed)} pass")
            yield kind, any(passed) if kind == "plain" else bool(passed) and all(passed)

    def _follow_through(self, verdicts: Sequence[Verdict]) -> Failed | None:
        """Part of the points for a gradient that follows from a wrong forward pass."""
        if self._key is not None and not self._key.follow_through:
            return None
        gradients: list[Evidence | None] = []
        for each in verdicts:
            if isinstance(each, Passed):
                gradients.append(None)
            elif isinstance(each, Failed) and _is_gradient(each.diagnosis.evidence):
                gradients.append(each.diagnosis.evidence)
            else:
                return None
        with np.errstate(all="ignore"):
            if not follows(self._student, self._name, self._cases, gradients):
                return None
        label = next(e.label for e in gradients if e is not None)
        found = finding("follow-through", label=label, share=f"{SHARE:.0%}")
        self._trace(f"{label} is the gradient of the forward pass of the submission")
        return Failed(found, SHARE)

    def _example(self, found: Finding) -> Message | None:
        """A public case that shows the mistake: the case itself, or one of the key's."""
        e = found.evidence
        if e is None:
            return None
        if self._public:
            return worst_entry(e)
        if self._key is None:
            return None
        cases = list(self._key.small_cases())
        return search(cases, self._verdicts(self._student, cases))


def _named(hit: Suspect, found: Finding, vague: bool) -> Finding:
    """The finding under the name of a misconception. vague: whether the values alone told nothing."""
    text = found.text
    if vague:
        text = message("The values are exactly those of a known mistake, `{mistake}`. {why}",
                       mistake=hit.id.rpartition("/")[2], why=text)  # fmt: skip
    text, section = hit.says or text, hit.section or found.section
    return replace(found, id=hit.id, text=text, section=section, confidence=1.0)


def _is_gradient(e: Evidence | None) -> bool:
    return e is not None and e.dout is not None
