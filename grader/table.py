"""What a terminal shows: progress of long work, and a class's marks as a table."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

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

from grader.course import Course
from grader.engine import Result
from grader.exercises import load_unit
from grader.proof import ExerciseProof

T = TypeVar("T")


def progress(items: Iterable[T], total: int, title: str) -> Iterator[T]:
    """Pass items through and show how far they have come; where there is no terminal, say it at the end."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        yield from bar.track(items, total=total, description=title)
    if not console.is_terminal:
        console.print(f"{title}: {total} done")


def print_class(course: Course, unit_name: str, results: Sequence[Result]) -> None:
    """Print the marks of a class: a row for each student, a column for each exercise."""
    unit = load_unit(course.key(unit_name))
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)  # a file or a pipe has room for the remarks
    width = 8 if console.width >= 120 else 4
    table = Table(title=f"{unit_name}: {unit.points:g} points")
    table.add_column("student", no_wrap=True, max_width=34 if console.width >= 120 else 18)
    for exercise in unit.exercises.values():
        heading = exercise.id.replace("-", "\n") + f"\n/{exercise.points:g}"
        table.add_column(heading, justify="right", no_wrap=True, width=width)
    table.add_column(f"total\n/{unit.points:g}", justify="right", no_wrap=True, style="bold")
    taken = sum((column.width or column.max_width or 6) + 3 for column in table.columns) + 4
    table.add_column("remark", no_wrap=True, max_width=max(console.width - taken, 12))
    for result in results:
        points = [result.earned(exercise) for exercise in unit.exercises.values()]
        table.add_row(
            escape(result.student),
            *(f"{p:g}" for p in points),
            f"{sum(points):g}",
            escape(result.remark),
        )
    if any(result.level == "none" for result in results):
        console.print(
            "Graded without isolation: the submissions could do what you can.", style="red"
        )
    console.print(table)


def print_proof(proofs: Iterable[ExerciseProof]) -> None:
    """Print what was proved, exercise by exercise, and every gap with the edit that makes it."""
    table = Table("exercise", title="Proof of the hidden tests")
    for heading in ("mutants", "killed", "equivalent", "gaps"):
        table.add_column(heading, justify="right")
    console = Console()
    gaps = []
    for proof in proofs:
        name = f"{proof.unit}/{proof.exercise}"
        numbers = (proof.mutants, len(proof.killed), len(proof.equivalent), len(proof.findings))
        table.add_row(name, *map(str, numbers), style=None if proof.holds else "red")
        gaps += [(name, finding) for finding in proof.findings]
    console.print(table)
    for name, finding in gaps:
        console.print(f"{name}: not so: {finding.rule} ({finding.detail})", markup=False)
        if finding.old:
            console.print(f"  - {finding.old}\n  + {finding.new}", markup=False)
