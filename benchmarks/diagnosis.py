"""How good the diagnoses are: on every misconception of the keys, on mutants, and on right answers.

    python benchmarks/diagnosis.py                          # all units, on all cores
    python benchmarks/diagnosis.py 06 --mutants 100 --misses --json FILE

specific   The share of wrong answers that get a finding which names a cause. "12 of 12 entries are wrong",
           "shape (3, 4), expected (4, 3)" and an error that is only quoted name none.
right      The share of the answers with specific findings in which all of these are true. For misconceptions
           `diagnosis_expected.json` decides, which a person wrote from the edit that makes the misconception:
           the ids whose sentence is true of that edit. The key's misconceptions are hidden from the judge
           there ("unknown"), so that it cannot look the answer up. How students with a misconception of the
           key fare is counted apart ("named"): right means that this misconception was named, and no other.
           Of mutants nobody has written anything down: a finding counts as right if the judge comes to the
           same one, with the same names, axes and expressions in it, on other inputs, drawn with another
           secret. Chance does not survive that.
right answers   How many findings the references get. There should be none.

A wrong answer is a misconception or a mutant that fails a check; it is specific if one of its failing checks
is. Mutants are made by `grader.proof.mutants`, of each exercise the same at most 20; those that pass every
check are no wrong answers, and those that do not end within 5 s of computing are left out. Numbers worked out
by hand ("compute") have no inputs that could be looked at; so they are counted by themselves.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import random
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import click
import numpy as np

from grader.checks import Failed, LocalStudent, Passed, Verdict, judge
from grader.checks.diagnosis import Suspect
from grader.checks.diagnosis.describe import VAGUE
from grader.checks.finding import Finding
from grader.course import PROJECT, Course
from grader.exercises import Exercise, Insight, Unit, load_unit
from grader.proof.mutants import mutants

EXPECTED = Path(__file__).with_name("diagnosis_expected.json")
SECRETS = (b"diagnosis", b"other inputs")
SECONDS = 5  # of computing for one wrong answer: a mistake can make a loop endless
GENERIC = VAGUE | {"not-implemented"}
SORTS = NAMED, UNKNOWN, MUTANTS = "misconceptions, named", "misconceptions, unknown", "mutants"
#: Gaps of texts that do not depend on the sizes or numbers of a case.
CLAIMS = {
    "name",
    "names",
    "other",
    "expression",
    "axis",
    "axes",
    "place",
    "wrong",
    "right",
    "which",
    "near",
}
Findings = dict[str, Finding]


class Blind(Insight):
    """A key that does not tell its misconceptions."""

    def suspects(self) -> Sequence[Suspect]:
        return ()


class TookTooLong(BaseException):
    """Code that does not end. No Exception: the code under test must not catch it."""


@contextmanager
def bounded() -> Iterator[None]:
    """Without warnings, and not for ever."""

    def ring(*_: object) -> None:
        raise TookTooLong

    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


class Trial:
    """One exercise with its hidden cases under one secret."""

    def __init__(self, unit: Unit, exercise: Exercise, secret: bytes) -> None:
        self.exercise = exercise
        self.cases = {
            c.name: exercise.hidden_cases(c, secret, unit.version) for c in exercise.checks
        }

    def verdicts(self, text: str, key: type[Insight]) -> dict[str, Verdict]:
        """Verdicts by check; none where the code does not end."""
        exercise = self.exercise
        try:
            with bounded():
                student = LocalStudent(exercise.source.names(text))
                return {
                    c.name: judge(
                        c.check, student, exercise.name, self.cases[c.name], key(exercise, c)
                    )
                    for c in exercise.checks
                }
        except TookTooLong:
            return {}

    def findings(self, text: str, key: type[Insight]) -> Findings:
        """What is found by check, of the checks that fail."""
        found = self.verdicts(text, key).items()
        return {name: v.diagnosis for name, v in found if isinstance(v, Failed)}


def telling(found: Findings) -> Findings:
    """Those that name a cause."""
    return {check: f for check, f in found.items() if f.id not in GENERIC}


def claim(found: Finding | None) -> object:
    """What a finding says but for the numbers of a case: its id, and the names, axes and expressions in it."""
    if found is None:
        return None
    return found.id, {gap: found.text.values[gap] for gap in CLAIMS & found.text.values.keys()}


@dataclass(frozen=True)
class Answer:
    """A wrong answer. right: whether what was found is; None where nothing was, or nobody can tell."""

    sort: str
    unit: str
    kind: str
    name: str
    specific: bool
    right: bool | None
    found: list[str]


def shares(answers: Sequence[Answer]) -> str:
    """Cells of a table: how many there are, how many of them are specific, how many of these right."""
    specific = sum(a.specific for a in answers)
    judged = [a.right for a in answers if a.right is not None]
    true = f"{sum(judged) / len(judged):6.1%} of {len(judged):4}" if judged else "-"
    return f"{len(answers):5} | {specific / max(len(answers), 1):6.1%} | {true}"


@click.command()
@click.argument("units", nargs=-1)
@click.option("--mutants", "most", default=20, help="Mutants of an exercise, chosen at random.")
@click.option("--misses", is_flag=True, help="Print what got no specific or no right finding.")
@click.option("--json", "to", type=click.Path(path_type=Path))
def main(units: tuple[str, ...], most: int, misses: bool, to: Path | None) -> None:
    """Measure the diagnoses of the keys' units."""
    course = Course(PROJECT)
    tasks = [
        (name, exercise.id, most)
        for name in [course.unit(u) for u in units] or course.unit_names()
        for exercise in load_unit(course.key(name)).exercises.values()
        if not exercise.manual and exercise.deterministic and exercise.kind != "choose"
    ]
    answers: list[Answer] = []
    checks = noted = 0
    with ProcessPoolExecutor() as pool:
        found = pool.map(measured, tasks)
        with click.progressbar(found, length=len(tasks), label="exercises", file=sys.stderr) as bar:
            for some, right, notes in bar:
                answers, checks, noted = answers + some, checks + right, noted + notes
    for sort in SORTS:
        mine = [a for a in answers if a.sort == sort]
        click.echo(f"| {sort:46} | wrong | specific | right |\n| --- | --- | --- | --- |")
        for unit in sorted({a.unit for a in mine}):
            click.echo(f"| {unit:46} | {shares([a for a in mine if a.unit == unit])} |")
        by_hand = [a for a in mine if a.kind == "compute"]
        click.echo(f"| {'all':46} | {shares(mine)} |")
        click.echo(f"| {'numbers worked out by hand':46} | {shares(by_hand)} |")
        click.echo(f"| {'all others':46} | {shares([a for a in mine if a.kind != 'compute'])} |")
        for a in mine if misses else ():
            if a.right is False or not a.specific:
                click.echo(
                    "\n    ".join([f"  {'wrong' if a.specific else 'vague'} {a.name}", *a.found])
                )
    click.echo(f"right answers: {checks} checks, findings {noted}")
    if to:
        to.write_text(json.dumps([*map(asdict, answers)], indent=1, ensure_ascii=False))


def measured(task: tuple[str, str, int]) -> tuple[list[Answer], int, int]:
    """The wrong answers of one exercise; how many checks its right answer passes, and what it is told."""
    name, id, most = task
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    unit = load_unit(Course(PROJECT).key(name))
    exercise = unit.exercises[id]
    trial, again = (Trial(unit, exercise, secret) for secret in SECRETS)
    right = trial.verdicts(exercise.source.text, Insight).values()
    answers = [
        *of_misconceptions(trial, name[:2], expected),
        *of_mutants(trial, again, name[:2], most),
    ]
    return answers, len(right), sum(v != Passed() for v in right)


def of_misconceptions(trial: Trial, unit: str, expected: dict[str, list[str]]) -> Iterator[Answer]:
    """Judge the misconceptions of an exercise, with and without the key's help."""
    exercise = trial.exercise
    for wrong in exercise.misconceptions:
        if wrong.old not in exercise.source.text:
            continue
        name = f"{unit}/{exercise.id}/{wrong.id}"
        text = exercise.source.text.replace(wrong.old, wrong.new)
        found = trial.findings(text, Insight)
        if not found:  # it fails by not ending
            continue
        keys = {f.id for f in found.values() if f.id.startswith("key:")}
        only = keys == {f"key:{exercise.id}/{wrong.id}"} if keys else None
        yield answer(NAMED, unit, trial, name, found, only)
        blind = trial.findings(text, Blind)
        said, true = {f.id for f in telling(blind).values()}, expected.get(name)
        fits = said <= set(true) if said and true is not None else None
        yield answer(UNKNOWN, unit, trial, name, blind, fits)


def of_mutants(trial: Trial, again: Trial, unit: str, most: int) -> Iterator[Answer]:
    """Judge some of the mutants of an exercise, on two sets of inputs."""
    exercise = trial.exercise
    if not exercise.mutable:
        return
    lines = exercise.source.student_lines(exercise.methods, exercise.region)
    every = mutants(exercise.source.text, exercise.methods, lines)
    for mutant in random.Random(0).sample(every, min(most, len(every))):
        found = trial.findings(mutant.text, Insight)
        if not found:
            continue
        said = telling(found)
        same = again.findings(mutant.text, Insight) if said else {}
        right = all(claim(same.get(check)) == claim(f) for check, f in said.items())
        name = f"{unit}/{exercise.id}/{mutant.id} ({mutant.old!r} → {mutant.new!r})"
        yield answer(MUTANTS, unit, trial, name, found, right if said else None)


def answer(
    sort: str, unit: str, trial: Trial, name: str, found: Findings, right: bool | None
) -> Answer:
    """The record of one."""
    said = [f"{check}: {f.id}: {f.text.render()}" for check, f in found.items()]
    return Answer(sort, unit, trial.exercise.kind, name, bool(telling(found)), right, said)


if __name__ == "__main__":
    main()
