"""Tell people what was found: feedback to students, reports to instructors."""

from pathlib import Path

import click

from grader.cli.platforms import moodle_zip_options, write_moodle_zip

LANGUAGE = click.Choice(["en", "ja"])


@click.command()
@click.argument("unit")
@click.option(
    "--student", "students", multiple=True, metavar="ID", help="Only this one; repeatable."
)
@click.option(
    "--language", type=LANGUAGE, help="Of all pages.  [default: each student's, in students.csv]"
)
@click.option("--dry-run", is_flag=True, help="Say which pages would be written; write none.")
@click.option("--quiet", is_flag=True, help="No progress.")
@moodle_zip_options
@click.pass_context
def feedback(
    ctx: click.Context,
    unit: str,
    students: tuple[str, ...],
    language: str | None,
    dry_run: bool,
    quiet: bool,
    platform: str | None,
    worksheet: Path | None,
) -> None:
    """Write the feedback pages of UNIT, one for each student.

    A page is one HTML file that needs neither a network nor scripts: marks, every check with its verdict and
    what is wrong, what to do next. It is written from what `grader grade` found; nothing runs again. Scores
    and comments that a person entered in formgrader stand in it. The files are
    feedback/<student>/<unit>/<unit>.html, where nbgrader's release_feedback takes them from.

    \b
    Example:
      grader feedback 06
      grader feedback 06 --student s1234567 --language ja
      grader feedback 06 --zip moodle --worksheet Grades-06.csv
    """
    from grader.course import Course
    from grader.feedback import Desk, page_path
    from grader.table import progress

    course = Course.find(ctx.obj)
    desk = Desk(course, course.unit(unit), students, language)
    if dry_run:
        for student in desk.students:
            path = page_path(course, desk.unit, student).relative_to(course.root)
            click.echo(f"{desk.language(student)}  {click.format_filename(path)}")
    else:
        for _ in progress(
            desk.write(), len(desk.students), f"Feedback of {desk.unit}", quiet=quiet
        ):
            pass
        if worksheet:
            files = {student: page_path(course, desk.unit, student) for student in desk.students}
            target = course.root / "_build" / "feedback" / f"{desk.unit}-moodle.zip"
            write_moodle_zip(course, worksheet, files, target)
    if desk.left_out:
        click.echo(f"Left out, not graded by the key as it is now: {', '.join(desk.left_out)}. "
                   f"Run: grader grade {desk.unit}", err=True)  # fmt: skip
        ctx.exit(1)


@click.command()
@click.argument("unit", required=False)
@click.option("--course", "whole", is_flag=True, help="Of all units: the progress of each student.")
@click.option(
    "--anonymous",
    is_flag=True,
    help="Safe to project: no ids, and examples from the answer key instead of from students.",
)
@click.option("--language", type=LANGUAGE, default="en", show_default=True)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the numbers as JSON, too.")  # fmt: skip
@click.option("--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="The page.  [default: _build/report/UNIT.html in the course folder]")  # fmt: skip
@click.pass_context
def report(
    ctx: click.Context,
    unit: str | None,
    whole: bool,
    anonymous: bool,
    language: str,
    json_file: Path | None,
    html_file: Path | None,
) -> None:
    """Write the report of a class on UNIT, or on the whole course.

    One HTML page: the distribution of marks, how hard each check is and how well it tells students apart, what
    was misunderstood and which section of the book to teach again, time and memory, which submissions were
    stopped, how they were isolated, and which ones to look at.

    \b
    Example:
      grader report 06
      grader report 06 --anonymous --language ja --json report.json
      grader report --course
    """
    from grader import report as reports
    from grader.course import Course

    if (unit is None) != whole:
        raise click.UsageError("Name a unit, or say --course for all of them.")
    course = Course.find(ctx.obj)
    name = course.unit(unit) if unit else "course"
    path = html_file or reports.report_path(course, name, language, anonymous=anonymous)
    where = path.absolute().parent
    found = (
        reports.unit_report(course, name, language, anonymous=anonymous, where=where)
        if unit
        else reports.course_report(course, language, anonymous=anonymous)
    )
    reports.write(found, path, language)
    click.echo(f"Report: {path}")
    if json_file is not None:
        reports.write_json(found, json_file)
