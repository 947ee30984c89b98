"""Begin a course of one's own."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--units", default="", metavar="01,06", help="Its units, by comma.  [default: all]")
@click.option("--language", type=click.Choice(["en", "ja"]), default="en", show_default=True)
@click.option("--title", default="", metavar="TEXT", help="Title of the course.")
@click.option(
    "--timezone", default="UTC", show_default=True, metavar="ZONE", help="Such as Asia/Tokyo."
)
@click.option("--from", "old", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
              help="Take settings and own units over from last year's course.")  # fmt: skip
@click.option(
    "--weeks", default=52, show_default=True, help="With --from: how much later all dates are."
)
def init(
    folder: Path, units: str, language: str, title: str, timezone: str, old: Path | None, weeks: int
) -> None:
    """Make the folder of a course of one's own.

    It holds settings, roster and secret; units and pages come from the project unless the folder has its
    own. No student is taken over from last year.

    \b
    Example:
      grader init deep-learning-2027 --units 01,06 --language ja --timezone Asia/Tokyo
      grader init deep-learning-2028 --from deep-learning-2027
    """
    from grader import new_course
    from grader.course import Course

    if old is not None:
        written = new_course.init_from(Course.find(old), folder, weeks)
    else:
        wanted = [unit.strip() for unit in units.split(",") if unit.strip()]
        written = new_course.init(folder, wanted, language, title, timezone)
    for path in written:
        click.echo(f"   written  {path}")
    click.echo(
        f"Next: enter the dates in {folder / 'course.toml'} and the students in students.csv."
    )
