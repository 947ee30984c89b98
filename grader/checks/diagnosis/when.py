"""When it is right, and when it is not: what the cases that pass have in common."""

from collections.abc import Iterator, Sequence

import numpy as np

from grader.checks.case import SolvedCase
from grader.checks.diagnosis.describe import VAGUE
from grader.checks.evidence import Evidence
from grader.checks.finding import Finding, finding
from grader.checks.verdict import Failed, Passed, Verdict

#: Kinds of probe, in the order in which they are tried: public cases of which all have one thing in common.
PROBES = {
    "batch-of-one": "only-batch-of-one",
    "square": "only-square",
    "positive": "only-positive",
}


def by_form(
    verdicts: Sequence[Verdict], cases: Sequence[SolvedCase], found: Finding
) -> Finding | None:
    """Some cases pass, others do not, and an input has another form in these, as targets do."""
    if not _tells(found):
        return None
    right = [c for c, v in zip(cases, verdicts, strict=True) if isinstance(v, Passed)]
    bad = [c for c, v in zip(cases, verdicts, strict=True) if isinstance(v, Failed)]
    if not right or not bad:
        return None
    for name in cases[0].inputs:
        forms = [{_form_of(case.inputs.get(name)) for case in group} for group in (right, bad)]
        if forms[0].isdisjoint(forms[1]):
            return finding("other-form", name=name, why=found.text)
    return None


def _tells(found: Finding) -> bool:
    """Whether right values are no chance: there are more of them than yes and no."""
    e = found.evidence
    return e is None or np.unique(e.want).size > 2 or bool((e.want != np.round(e.want)).any())


def _form_of(value: object) -> tuple[int, str]:
    array = np.asarray(value)
    return array.ndim, "number" if array.dtype.kind in "iuf" else array.dtype.kind


def by_probe(passes: Iterator[tuple[str, bool]], found: Finding) -> Finding | None:
    """The first kind of probe that passes. passes: kind and whether the check passes on it; then "plain" may
    come, a public case that has nothing special: if it passes, the probes tell nothing."""
    kinds = [kind for kind, passed in passes if passed]
    if "plain" in kinds or not _tells(found):
        return None
    return next((finding(id, why=found.text) for kind, id in PROBES.items() if kind in kinds), None)


def by_steps(found: Sequence[Evidence]) -> Finding | None:
    """In each case the same was right in an earlier step."""
    if all(e.later for e in found):
        return finding("right-at-first", label=found[0].label)
    return None


def is_vague(found: Finding) -> bool:
    """Whether a finding names no cause."""
    return found.id in VAGUE
