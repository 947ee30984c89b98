"""A collection as tables in the terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.platforms.collect import Collection


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
    if collection.missing:
        console.print(f"Nothing from: {escape(', '.join(collection.missing))}", highlight=False)
    console.print(
        f"{len(collection.matched)} matched, {len(collection.unmatched)} not matched, "
        f"{len(collection.duplicates)} among several, {len(collection.wrong_unit)} of another unit, "
        f"{len(collection.ignored)} left out, {len(collection.missing)} missing",
        highlight=False,
    )
