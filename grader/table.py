"""What a terminal shows: progress of long work, and a class's marks as a table."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from grader.checks import Passed
from grader.checks.text import quote
from grader.engine import Plan, Result
from grader.exercises import Unit
from grader.proof import ExerciseProof, by_exercise
from grader.resume import CellEntry

T = TypeVar("T")
SECOND = 1.0


def progress(
    items: Iterable[T],
    total: int,
    title: str,
    count: Callable[[T], str] | None = None,
    quiet: bool = False,
) -> Iterator[T]:
    """Pass items through and show how far they have come, how fast, and how long it will take.

    count: the kind of an item; kinds are counted. Where there is no terminal, a line a second at most.
    """
    if quiet:
        yield from items
        return
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(),
    )
    state = _State(count)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total, state="")
        for item in items:
            state.add(item)
            bar.update(task, advance=1, state=state.text())
            if not console.is_terminal and state.is_due():
                console.print(f"{title}: {state.done} of {total}, {state.text()}", highlight=False)
            yield item
    if not console.is_terminal and state.unsaid:
        console.print(f"{title}: {state.done} of {total}, {state.text()}", highlight=False)


class _State:
    """How many items there were of each kind, and in what time."""

    def __init__(self, kind: Callable[[Any], str] | None) -> None:
        self.done, self.unsaid = 0, True
        self._kind = kind
        self._kinds: Counter[str] = Counter()
        self._started = self._said = time.monotonic()

    def add(self, item: Any) -> None:
        self.done, self.unsaid = self.done + 1, True
        if self._kind:
            self._kinds[self._kind(item)] += 1

    def is_due(self) -> bool:
        """Whether a second has passed since this was last so."""
        now = time.monotonic()
        if now - self._said < SECOND:
            return False
        self._said, self.unsaid = now, False
        return True

    def text(self) -> str:
        rate = self.done / max(time.monotonic() - self._started, 1e-9)
        kinds = [f"{number} {kind}" for kind, number in sorted(self._kinds.items())]
        return ", ".join([f"{rate:.1f}/s", *kinds])


def kind_of(unit: Unit) -> Callable[[Result], str]:
    """In one or two words what became of a submission, to be counted."""

    def kind(result: Result) -> str:
        if not result.now:
            return "without marks"
        if not result.new:
            return "unchanged"
        points = sum(result.earned(exercise) for exercise in unit.exercises.values())
        return "full marks" if points == unit.points else "partial" if points else "zero"

    return kind


def print_class(unit: Unit, results: Sequence[Result]) -> None:
    """Print the marks of a class: a row for each student, a column for each exercise."""
    console = Console()
    # Cut off, a mark would be another one: where they do not all fit, only the totals stand. What is counted:
    # the name, a column with its frame for each exercise, and 30 for total and remark.
    count = len(unit.exercises)
    wide = not console.is_terminal or console.width >= 34 + 11 * count + 30
    needs = 18 + 8 * count + 30
    exercises = [*unit.exercises.values()] if wide or console.width >= needs else []
    table = Table(title=f"{unit.name}: {unit.points:g} points")
    table.add_column("student", no_wrap=True, max_width=34 if wide else 18)
    for exercise in exercises:
        heading = exercise.id.replace("-", "\n") + f"\n/{exercise.points:g}"
        table.add_column(heading, justify="right", no_wrap=True, width=8 if wide else 5)
    table.add_column(f"total\n/{unit.points:g}", justify="right", no_wrap=True, style="bold")
    taken = sum((column.width or column.max_width or 6) + 3 for column in table.columns) + 4
    if not console.is_terminal:
        console = Console(width=taken + 80)  # a file or a pipe has room for the remarks
    table.add_column("remark", no_wrap=True, max_width=max(console.width - taken, 12))
    for result in sorted(results, key=lambda result: result.student):
        points = [result.earned(exercise) for exercise in unit.exercises.values()]
        numbers = [f"{p:g}" if result.now else "-" for p in (*points, sum(points))]
        shown = numbers if exercises else numbers[-1:]
        table.add_row(escape(quote(result.student)), *shown, escape(result.remark))
    if any(result.level == "none" for result in results):
        console.print(
            "Graded without isolation: the submissions could do what you can.", style="red"
        )
    console.print(table)
    if not exercises:
        console.print(f"The points of each exercise need a terminal of {needs} columns.")


def print_too_much(unit: Unit, by_hand: Mapping[str, Mapping[str, float]]) -> None:
    """Say which points that a person gave are more than the key gives now: nobody else may change them."""
    most = unit.worth
    for student, given in sorted(by_hand.items()):
        for name, points in given.items():
            if points > most.get(name, points):
                Console().print(
                    f"{quote(student)}: {name} has {points:g} points by hand, and the key gives "
                    f"{most[name]:g}. They stay: change them in formgrader or by grader override.",
                    style="yellow", markup=False, highlight=False, soft_wrap=True,
                )  # fmt: skip


def print_changes(
    results: Iterable[Result], by_hand: Mapping[str, Mapping[str, float]] | None = None
) -> None:
    """Print which marks differ from those of the earlier run, and why.

    by_hand: points that a person gave, by student and grade id. They stay, and hide the change.
    """
    table = Table("student", "check", "before", "now", "why", title="What would change")
    for result in sorted(results, key=lambda result: result.student):
        given = (by_hand or {}).get(result.student, {})
        for name, old, new, why in changes(result):
            if name in given:
                why = f"no change: {given[name]:g} by hand stay. {why}"
            table.add_row(escape(quote(result.student)), name, old, new, escape(why))
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table if table.row_count else "No mark would change.")


def print_obstacle(error: Exception) -> None:
    """Say why the marks that were shown could not be written as things are."""
    Console().print(f"They could not be written: {error}", style="yellow", markup=False,
                    highlight=False, soft_wrap=True)  # fmt: skip


def changes(result: Result) -> Iterator[tuple[str, str, str, str]]:
    """Grade id, points before and now, and the reason, of each cell whose points differ."""
    before = result.before.cells if result.before else {}
    if result.now is None:
        yield "-", "marks" if before else "none", "kept" if before else "none", result.remark
    for name, cell in result.cells.items():
        old = before[name].points if name in before else None
        if old != cell.points or name not in before:
            was = "-" if name not in before else _points(old)
            better = _why_better(before.get(name)) if before else ""
            yield name, was, _points(cell.points), cell.reason or better
    for name in before if result.now else ():
        if name not in result.cells:
            yield (
                name,
                _points(before[name].points),
                "-",
                "the key does not have this check any more",
            )


def _why_better(before: CellEntry | None) -> str:
    """Why a check that passes has other points than before."""
    if before is None:
        return "the key did not have this check"
    return "the key gives it other points" if isinstance(before.verdict, Passed) else "right now"


def _points(points: float | None) -> str:
    return "by hand" if points is None else f"{points:g}"


def print_plan(plans: Iterable[Plan]) -> None:
    """Print who would be graded, and why."""
    table = Table("student", "would be graded", "why")
    for each in plans:
        table.add_row(
            escape(quote(each.student)), "yes" if each.why else "no", each.why or "nothing changed"
        )
    Console().print(table)


def as_json(unit: Unit, results: Iterable[Result]) -> dict[str, Any]:
    """The results of a run for programs."""
    return {
        "unit": unit.name,
        "key": unit.version,
        "max": unit.points,
        "submissions": [
            {
                "student": result.student,
                "graded": result.now is not None,
                "new": result.new,
                "isolation": result.level,
                "points": sum(result.earned(exercise) for exercise in unit.exercises.values())
                if result.now
                else None,
                "cells": {
                    name: {"points": cell.points, "reason": cell.reason}
                    for name, cell in result.cells.items()
                },
                "remark": result.remark,
                "seconds": round(result.seconds, 4),
            }
            for result in sorted(results, key=lambda result: result.student)
        ],
    }


def print_proof(proofs: Sequence[ExerciseProof]) -> None:
    """Print what was proved, exercise by exercise, and every gap with the edit that makes it."""
    table = Table("exercise", title="Proof of the hidden tests")
    for heading in ("variants", "mutants", "killed", "equivalent", "gaps"):
        table.add_column(heading, justify="right")
    console = Console()
    for name, group in by_exercise(proofs):
        counts = (
            len(group),
            sum(proof.mutants for proof in group),
            sum(len(proof.killed) for proof in group),
            sum(len(proof.equivalent) for proof in group),
            sum(len(proof.findings) for proof in group),
        )
        table.add_row(name, *map(str, counts), style="red" if counts[-1] else None)
    console.print(table)
    for proof in proofs:
        for finding in proof.findings:
            where = f"{proof.unit}/{proof.exercise}, variant {proof.variant}"
            console.print(f"{where}: not so: {finding.rule} ({finding.detail})", markup=False)
            if finding.diff:
                console.print(finding.diff, markup=False)
