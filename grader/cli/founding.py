"""Begin a course of one's own, and build its book."""

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
@click.pass_context
def init(
    ctx: click.Context,
    folder: Path,
    units: str,
    language: str,
    title: str,
    timezone: str,
    old: Path | None,
    weeks: int,
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

    if old is not None and {"units", "language", "title", "timezone"} & given(ctx):
        raise click.UsageError(
            "--from takes units, language, title and time zone from last year's course; leave these options "
            "out, and change course.toml afterwards."
        )
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


def given(ctx: click.Context) -> set[str]:
    """The options that stand on the command line."""
    source = click.core.ParameterSource.COMMANDLINE
    return {name for name in ctx.params if ctx.get_parameter_source(name) is source}


@click.command()
@click.argument("unit", required=False, default="")
@click.option("--language", "languages", multiple=True, type=click.Choice(["en", "ja"]),
              help="Build this language; repeatable.  [default: the course's]")  # fmt: skip
@click.pass_context
def book(ctx: click.Context, unit: str, languages: tuple[str, ...]) -> None:
    """Build the course's book, or UNIT alone: pages, decks, notebooks.

    Its units, title and language are those of course.toml. The course's own book/<language>/<page>.md goes
    before the project's page; its slides/<language>/<unit>.md inserts, replaces and hides slides. The exit
    code is 1 where a page has a mistake.

    \b
    Example:
      grader book
      grader book 06 --language en --language ja
    """
    from grader.book import build_book
    from grader.course import Course

    course = Course.find(ctx.obj)
    site = build_book(course, course.unit(unit) if unit else "", languages)
    if site is None:
        click.echo(
            f"The book is not built. The pages above are copies in {course.root / '_build' / 'pages'}: mend "
            "your own in book/ and slides/."
        )
        ctx.exit(1)
    click.echo(f"Open {site / 'index.html'}, or put the folder on any web server.")
