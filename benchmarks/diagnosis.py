"""How good the diagnoses are: on every misconception of the keys, on mutants, and on right answers.

    python benchmarks/diagnosis.py                          # all units
    python benchmarks/diagnosis.py 06 --mutants 100 --misses --json FILE

specific   The share of wrong answers that get a finding which names a cause. "12 of 12 entries are wrong",
           "shape (3, 4), expected (4, 3)" and an error that is only quoted name none.
right      The share of the answers with specific findings in which all of these are true. For misconceptions
           `diagnosis_expected.json` decides, which a person wrote from the edit that makes the misconception:
           the ids whose sentence is true of that edit. The key's misconceptions are hidden from the judge
           there ("unknown"), so that it cannot look the answer up. How students with a misconception of the
           key fare is counted apart ("named"): right means that this misconception was named, and no other.
           Of mutants nobody has written anything down: a finding counts as right if the judge comes to the
           same one on other inputs, drawn with another secret. Chance does not survive that.
right answers   How many findings the references get. There should be none.

A wrong answer is a misconception or a mutant that fails a check; it is specific if one of its failing checks
is. Mutants are made by `grader.proof.mutants`; those that pass every check are no wrong answers.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import random
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import click
import numpy as np

from grader.checks import Failed, LocalStudent, Passed, Verdict, judge
from grader.checks.diagnosis import Suspect
from grader.checks.diagnosis.describe import VAGUE
from grader.course import PROJECT, Course
from grader.exercises import Exercise, Insight, Unit, load_unit
from grader.proof.mutants import mutants

EXPECTED = Path(__file__).with_name("diagnosis_expected.json")
SECRETS = (b"diagnosis", b"other inputs")
SECONDS = 5  # for one wrong answer: a mistake can make a loop endless
GENERIC = VAGUE | {"not-implemented"}


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

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


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

    def findings(self, text: str, key: type[Insight]) -> dict[str, str]:
        """Ids of findings by check, of the checks that fail."""
        found = self.verdicts(text, key).items()
        return {name: v.diagnosis.id for name, v in found if isinstance(v, Failed)}


def telling(ids: dict[str, str]) -> dict[str, str]:
    """Those that name a cause."""
    return {check: id for check, id in ids.items() if id not in GENERIC}


class Tally:
    """Counts over wrong answers of one sort."""

    def __init__(self) -> None:
        self.wrong = self.specific = self.judged = self.right = 0
        self.misses: list[str] = []
        self.units: dict[str, list[int]] = {}

    def add(self, name: str, ids: dict[str, str], right: bool | None) -> None:
        """right: whether the specific findings are; None where there are none, or nobody can tell."""
        self.wrong += 1
        self.specific += bool(telling(ids))
        counts = self.units.setdefault(name[:2], [0, 0, 0, 0])
        for place, one in enumerate((True, telling(ids), right is not None, right)):
            counts[place] += bool(one)
        if right is not None:
            self.judged += 1
            self.right += right
        if right is False or not telling(ids):
            self.misses.append(f"{name}: {sorted(set(ids.values()))}")

    def as_dict(self) -> dict[str, object]:
        return {
            "wrong": self.wrong,
            "specific": self.specific,
            "judged": self.judged,
            "right": self.right,
            "units": self.units,
            "misses": self.misses,
        }

    def line(self, name: str) -> str:
        share = self.specific / max(self.wrong, 1)
        true = f"{self.right / self.judged:.1%} of {self.judged}" if self.judged else "-"
        return f"{name:28} {self.wrong:5} wrong answers   specific {share:6.1%}   right {true}"


@click.command()
@click.argument("units", nargs=-1)
@click.option("--mutants", "most", default=40, help="Mutants of an exercise, chosen at random.")
@click.option("--misses", is_flag=True, help="Print what got no specific or no right finding.")
@click.option("--json", "to", type=click.Path(path_type=Path))
def main(units: tuple[str, ...], most: int, misses: bool, to: Path | None) -> None:
    """Measure the diagnoses of the keys' units."""
    course = Course(PROJECT)
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    named, blind, mutated = Tally(), Tally(), Tally()
    answers = noted = 0
    kinds: Counter[str] = Counter()
    for name in [course.unit(u) for u in units] or course.unit_names():
        unit = load_unit(course.key(name))
        for exercise in unit.exercises.values():
            if exercise.manual or not exercise.deterministic or exercise.kind == "choose":
                continue
            trial = Trial(unit, exercise, SECRETS[0])
            right = trial.verdicts(exercise.source.text, Insight).values()
            answers, noted = answers + len(right), noted + sum(v != Passed() for v in right)
            of_misconceptions(trial, name, expected, named, blind)
            of_mutants(trial, Trial(unit, exercise, SECRETS[1]), name, most, mutated, kinds)
        click.echo(f"{name}: done", err=True)
    tallies = {"misconceptions, named": named, "misconceptions, unknown": blind, "mutants": mutated}
    for title, tally in tallies.items():
        click.echo(tally.line(title))
        for unit, (wrong, specific, judged, true) in sorted(tally.units.items()):
            click.echo(
                f"    {unit}  {specific:4} of {wrong:4} specific   {true:4} of {judged:4} right"
            )
        for miss in tally.misses if misses else ():
            click.echo(f"    {miss}")
    click.echo(f"{'right answers':28} {answers:5} checks          findings {noted}")
    click.echo(
        "most frequent on mutants: " + ", ".join(f"{k} {n}" for k, n in kinds.most_common(12))
    )
    if to:
        figures = {title: tally.as_dict() for title, tally in tallies.items()}
        to.write_text(json.dumps({**figures, "right answers": [answers, noted]}, indent=1))


def of_misconceptions(
    trial: Trial, unit: str, expected: dict[str, list[str]], named: Tally, blind: Tally
) -> None:
    """Judge the misconceptions of an exercise, with and without the key's help."""
    exercise = trial.exercise
    for wrong in exercise.misconceptions:
        if wrong.old not in exercise.source.text:
            continue
        text, name = (
            exercise.source.text.replace(wrong.old, wrong.new),
            f"{unit[:2]}/{exercise.id}/{wrong.id}",
        )
        ids = trial.findings(text, Insight)
        if not ids:  # it fails by not ending
            continue
        keys = {id for id in ids.values() if id.startswith("key:")}
        named.add(name, ids, keys == {f"key:{exercise.id}/{wrong.id}"} if keys else None)
        found = trial.findings(text, Blind)
        true = expected.get(name)
        said = set(telling(found).values())
        blind.add(name, found, said <= set(true) if said and true is not None else None)


def of_mutants(
    trial: Trial, again: Trial, unit: str, most: int, tally: Tally, kinds: Counter[str]
) -> None:
    """Judge some of the mutants of an exercise, on two sets of inputs."""
    exercise = trial.exercise
    if not exercise.mutable:
        return
    lines = exercise.source.student_lines(exercise.methods, exercise.region)
    every = mutants(exercise.source.text, exercise.methods, lines)
    for mutant in random.Random(0).sample(every, min(most, len(every))):
        ids = trial.findings(mutant.text, Insight)
        if not ids:
            continue
        said = telling(ids)
        kinds.update(id.partition(":")[0] for id in said.values())
        same = again.findings(mutant.text, Insight)
        right = all(same.get(check) == id for check, id in said.items()) if said else None
        tally.add(
            f"{unit[:2]}/{exercise.id}/{mutant.id} ({mutant.old!r} → {mutant.new!r})", ids, right
        )


if __name__ == "__main__":
    main()
