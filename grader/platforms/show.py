"""Collections and marks as tables in the terminal."""

import csv
import io
import shlex
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.marks import CourseMark, UnitMark
from grader.platforms.collect import Collection
from grader.sanitize import csv_cell


def print_collection(collection: Collection) -> None:
    """What matches the roster, then what does not, then counts."""
    console = Console()
    matched = Table(title=f"{collection.unit}: files that belong to somebody")
    for column in ("student", "file", "handed in", ""):
        matched.add_column(column, overflow="fold")
    for match in sorted(collection.matched, key=lambda match: match.student):
        time = match.submitted.isoformat(" ", "minutes") if match.submitted else "not known"
        late = ", marked late" if match.late else ""
        matched.add_row(escape(match.student), escape(str(match.file)), time + late, match.state)
    console.print(matched)
    for title, entries in (
        ("Not matched: nobody, or more than one", collection.unmatched),
        ("Several files of one student", collection.duplicates),
        ("Another unit's notebook", collection.wrong_unit),
        ("Left out", collection.ignored),
    ):
        if entries:
            table = Table(title=title)
            table.add_column("file", overflow="fold")
            table.add_column("why", overflow="fold")
            for file, why in entries:
                table.add_row(escape(str(file)), escape(why))
            console.print(table)
    if collection.duplicates:
        console.print("Choose one of each student's by name:")
    for file, _ in collection.duplicates:  # in one line each, to be copied
        console.print(
            f"   --take {escape(shlex.quote(str(file)))}", highlight=False, soft_wrap=True
        )
    if collection.missing:
        console.print(f"Nothing from: {escape(', '.join(collection.missing))}", highlight=False)
    console.print(
        f"{len(collection.matched)} matched, {len(collection.unmatched)} not matched, "
        f"{len(collection.duplicates)} among several, {len(collection.wrong_unit)} of another unit, "
        f"{len(collection.ignored)} left out, {len(collection.missing)} missing",
        highlight=False,
    )


def print_marks(marks: Sequence[CourseMark]) -> None:
    """The marks of a course: one row a student, one column a unit."""
    table = Table(title="Share of the points, and the mark")
    table.add_column("student")
    for unit in marks[0].units if marks else ():
        table.add_column(unit.unit[:2], justify="right")
    table.add_column("mark", justify="right")
    for each in marks:
        table.add_row(escape(each.student), *map(_share, each.units), _number(each.mark))
    Console().print(table)


def marks_as_csv(marks: Sequence[CourseMark]) -> bytes:
    """The same as a file for spreadsheets."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", *(unit.unit for unit in (marks[0].units if marks else ())), "mark"])
    for each in marks:
        shares = [_number(unit.share) for unit in each.units]
        writer.writerow([csv_cell(each.student), *shares, _number(each.mark)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _share(unit: UnitMark) -> str:
    return f"({_number(unit.share)})" if not unit.counts else _number(unit.share)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
