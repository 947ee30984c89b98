"""From a learning platform and back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from grader.platforms import PLATFORMS


@click.command()
@click.argument("unit")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--from", "platform", type=click.Choice(PLATFORMS), required=True,
              help="The platform that the download came from; folder: one folder or file an id.")  # fmt: skip
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="ROSTER.csv",
    help="Who is in the course.  [default: its students.csv]",
)
@click.option(
    "--worksheet",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.csv",
    help="Moodle's grading worksheet: who a participant is, and when the file came.",
)
@click.option("--take", multiple=True, metavar="PATH",
              help="Of several files of one student take this one; repeatable.")  # fmt: skip
@click.option(
    "--apply", "write", is_flag=True, help="Write into submitted/. Without it nothing is written."
)
@click.pass_context
def collect(
    ctx: click.Context,
    unit: str,
    source: Path,
    platform: str,
    roster: Path | None,
    worksheet: Path | None,
    take: tuple[str, ...],
    write: bool,
) -> None:
    """Fill submitted/ from the download SOURCE of a learning platform.

    First it lists what matches the roster and what does not; --apply writes. Nothing is guessed: a file
    in doubt is listed and left out. What a student had handed in before is kept under .grader/attempts.

    \b
    Example:
      grader collect 06 ~/Downloads/06-submissions.zip --from moodle --worksheet Grades-06.csv
      grader collect 06 ~/Downloads/submissions.zip --from canvas --apply
    """
    from grader.course import Course, read_roster
    from grader.platforms import collect as downloads
    from grader.platforms.moodle import Worksheet
    from grader.platforms.show import print_collection
    from grader.settings import read_settings

    course = Course.find(ctx.obj)
    sheet = Worksheet(worksheet, read_settings(course).timezone) if worksheet else None
    students = read_roster(roster, course.language) if roster else None
    found = downloads.collect(
        course, course.unit(unit), source, platform, roster=students, worksheet=sheet, take=take
    )
    print_collection(found)
    if write:
        count = downloads.apply(course, found)
        click.echo(f"{count} written into {course.root / 'submitted'}.")
    else:
        click.echo("Nothing is written yet: add --apply.")


@click.group()
def export() -> None:
    """Write marks in the form that a learning platform takes.

    \b
    Example:
      grader export moodle 06 --worksheet Grades-06.csv --output Grades-06-filled.csv
      grader export csv 06
    """


def _export(function: Any) -> Any:
    """What all exports share: unit and output file."""
    output = click.option(
        "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.csv",
        help="Where to write.  [default: _build/export/<unit>-<platform>.csv]",
    )  # fmt: skip
    return click.argument("unit")(output(click.pass_context(function)))


@export.command("moodle")
@_export
@click.option("--worksheet", required=True, metavar="FILE.csv",
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The grading worksheet, as Moodle gave it.")  # fmt: skip
def export_moodle(ctx: click.Context, unit: str, output: Path | None, worksheet: Path) -> None:
    """Fill grade and comment in Moodle's grading worksheet.

    Grades are scaled to the worksheet's maximum grade. All else stays as it is, the headings' language too.

    \b
    Example:
      grader export moodle 06 --worksheet Grades-06.csv
    """
    from grader.course import Course
    from grader.gradebook import score_table
    from grader.platforms import export as exports
    from grader.platforms.moodle import Worksheet
    from grader.settings import read_settings

    course = Course.find(ctx.obj)
    name = course.unit(unit)
    sheet = Worksheet(worksheet, read_settings(course).timezone)
    _write(course, name, "moodle", output, exports.moodle(course, score_table(course, name), sheet))


@export.command("canvas")
@_export
@click.option("--gradebook", required=True, metavar="FILE.csv",
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The gradebook, as Canvas exported it.")  # fmt: skip
@click.option(
    "--assignment", metavar="NAME", help="Name of the assignment's column.  [default: the unit]"
)
def export_canvas(
    ctx: click.Context, unit: str, output: Path | None, gradebook: Path, assignment: str | None
) -> None:
    """Fill the column of one assignment in Canvas's gradebook.

    \b
    Example:
      grader export canvas 06 --gradebook Grades.csv --assignment "Unit 6"
    """
    from grader.course import Course
    from grader.gradebook import score_table
    from grader.platforms import export as exports

    course = Course.find(ctx.obj)
    name = course.unit(unit)
    filled = exports.canvas(course, score_table(course, name), gradebook, assignment or name)
    _write(course, name, "canvas", output, filled)


@export.command("csv")
@_export
def export_csv(ctx: click.Context, unit: str, output: Path | None) -> None:
    """Write a plain table of points, one row a student.

    \b
    Example:
      grader export csv 06 --output marks.csv
    """
    from grader.course import Course
    from grader.gradebook import score_table
    from grader.platforms import export as exports

    course = Course.find(ctx.obj)
    name = course.unit(unit)
    _write(course, name, "csv", output, exports.plain(course, score_table(course, name)))


def moodle_zip_options(function: Any) -> Any:
    """Options of the verbs that write a file for each student: --zip and --worksheet."""
    worksheet = click.option(
        "--worksheet", metavar="FILE.csv", callback=_both,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="With --zip: the grading worksheet, as Moodle gave it.",
    )  # fmt: skip
    platform = click.option(
        "--zip", "platform", type=click.Choice(["moodle"]), is_eager=True,
        help="Also pack them as the zip of feedback files that gives each student the own one.",
    )  # fmt: skip
    return platform(worksheet(function))


def _both(ctx: click.Context, _: click.Parameter, worksheet: Path | None) -> Path | None:
    if (worksheet is None) != (ctx.params.get("platform") is None):
        raise click.UsageError("--zip moodle and --worksheet FILE.csv belong together: give both.")
    return worksheet


def write_moodle_zip(course: Any, worksheet: Path, files: Mapping[str, Path], path: Path) -> None:
    """Pack files of students for Moodle, and say who is not in its worksheet."""
    from grader.platforms.moodle import Worksheet
    from grader.platforms.returns import moodle_zip
    from grader.settings import read_settings

    sheet = Worksheet(worksheet, read_settings(course).timezone)
    content, notes = moodle_zip(course, sheet, files)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)
    for note in notes:
        click.echo(f"   {note}")
    click.echo(f"Files of students are packed into {path}")


def _write(course: Any, unit: str, platform: str, output: Path | None, exported: Any) -> None:
    path = output or course.root / "_build" / "export" / f"{unit}-{platform}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(exported.content)
    draft.replace(path)
    for note in exported.notes:
        click.echo(f"   {note}")
    click.echo(f"{len(exported.students)} students in {path}")
