"""Dates, complaints, marks: what a person decides, and what comes of it."""

from datetime import datetime
from pathlib import Path

import click

REASON = click.option(
    "--reason", required=True, metavar="TEXT", help="Why; the student may read it."
)
WITHDRAW = click.option("--withdraw", is_flag=True, help="Take an earlier decision back.")


@click.command()
@click.argument("student")
@click.argument("unit")
@click.argument("check")
@click.option("--points", type=float, metavar="P", help="What the student gets for the check.")
@WITHDRAW
@REASON
@click.pass_context
def override(
    ctx: click.Context,
    student: str,
    unit: str,
    check: str,
    points: float | None,
    withdraw: bool,
    reason: str,
) -> None:
    """Give STUDENT points for CHECK of UNIT by hand.

    It survives grading anew and stands in the journal. CHECK is a grade id, as affine-dW.

    \b
    Example:
      grader override s123 06 affine-dW --points 1 --reason "right, in another notation"
      grader override s123 06 affine-dW --withdraw --reason "given by mistake"
    """
    from grader import decisions
    from grader.course import Course

    if (points is None) != withdraw:
        raise click.UsageError("Give either --points P or --withdraw.")
    course = Course.find(ctx.obj)
    click.echo(decisions.override(course, course.unit(unit), student, check, points, reason))


@click.command()
@click.argument("unit")
@click.argument("check")
@WITHDRAW
@REASON
@click.pass_context
def void(ctx: click.Context, unit: str, check: str, withdraw: bool, reason: str) -> None:
    """Give everybody full points for CHECK of UNIT.

    For a check that was wrong or unfair. It survives grading anew and stands in the journal.

    \b
    Example:
      grader void 06 affine-unchanged --reason "the task did not ask for it"
    """
    from grader import decisions
    from grader.course import Course

    course = Course.find(ctx.obj)
    click.echo(decisions.void(course, course.unit(unit), check, reason, withdraw))


@click.command()
@click.argument("unit")
@click.argument("student")
@click.option("--until", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]),
              metavar="TIME", help="2027-05-20T23:59, in the course's time zone.")  # fmt: skip
@WITHDRAW
@REASON
@click.pass_context
def extend(
    ctx: click.Context, unit: str, student: str, until: datetime | None, withdraw: bool, reason: str
) -> None:
    """Let STUDENT hand in UNIT until a later time.

    Before or after the submission: a penalty that was given already goes.

    \b
    Example:
      grader extend 06 s123 --until 2027-05-20T23:59 --reason "illness"
    """
    from grader import decisions
    from grader.course import Course

    if (until is None) != withdraw:
        raise click.UsageError("Give either --until TIME or --withdraw.")
    course = Course.find(ctx.obj)
    click.echo(decisions.extend(course, course.unit(unit), student, until, reason))


@click.command("log")
@click.option("--unit", metavar="UNIT", help="Only this unit.")
@click.option("--student", metavar="ID", help="Only this student.")
@click.pass_context
def log(ctx: click.Context, unit: str | None, student: str | None) -> None:
    """Show the journal: who decided what, when and why.

    \b
    Example:
      grader log --unit 06
    """
    from grader.course import Course
    from grader.journal import Journal

    course = Course.find(ctx.obj)
    wanted = course.unit(unit) if unit else None
    found = [
        record for record in Journal(course).records()
        if wanted in (None, record.unit) and student in (None, record.student)
    ]  # fmt: skip
    for record in found:
        click.echo(f"{record.at}  {record.by}  {record.kind:8}  {record.unit}  {record}")
    if not found:
        click.echo("The journal has no such decision.")


@click.command()
@click.option("--student", metavar="ID", help="Show how this student's mark came about.")
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the table as CSV.")  # fmt: skip
@click.pass_context
def marks(ctx: click.Context, student: str | None, csv_file: Path | None) -> None:
    """Show the marks of the course, and how each came about.

    Weights and how many units do not count stand in course.toml.

    \b
    Example:
      grader marks
      grader marks --student s123
    """
    from grader import marks
    from grader.course import Course
    from grader.errors import CourseError
    from grader.platforms.show import marks_as_csv, print_marks

    course = Course.find(ctx.obj)
    found = marks.course_marks(course)
    if student:
        mine = [each for each in found if each.student == student]
        if not mine:
            raise CourseError(
                f"A mark is a student's of the roster or gradebook; there is no {student!r}."
            )
        for line in marks.explained(course, mine[0]):
            click.echo(line)
    else:
        print_marks(found)
    if csv_file:
        csv_file.write_bytes(marks_as_csv(found))


@click.command()
@click.argument("student")
@click.option(
    "--apply", "write", is_flag=True, help="Remove it. Without it, only list what there is."
)
@click.option(
    "--reason", default="asked for", show_default=True, metavar="TEXT", help="For the journal."
)
@click.pass_context
def purge(ctx: click.Context, student: str, write: bool, reason: str) -> None:
    """Remove all that the course holds on STUDENT.

    Files, rows of the gradebook, the line of the roster; a pseudonym stays in the journal. Tables, reports
    and zips of the whole class under _build go too, to be written anew. What was written elsewhere or sent to
    a platform is not reached.

    \b
    Example:
      grader purge s123
      grader purge s123 --apply
    """
    from grader import decisions
    from grader.course import Course

    course = Course.find(ctx.obj)
    for path in decisions.holdings(course, student):
        click.echo(f"   {path.relative_to(course.root)}")
    if write:
        click.echo(f"Removed. In the journal: {decisions.purge(course, student, reason)}")
    else:
        click.echo(
            "Also its rows in the gradebook and the roster. Nothing is removed yet: add --apply."
        )


@click.command()
@click.argument("student")
@click.argument("unit")
@click.argument("check", required=False, default="")
@click.option(
    "--allow-unsandboxed", is_flag=True, help="Run without isolation where none is to be had."
)
@click.pass_context
def why(ctx: click.Context, student: str, unit: str, check: str, allow_unsandboxed: bool) -> None:
    """Show why STUDENT got the marks of UNIT, or of one CHECK.

    The stored notebook is judged again and set beside what was graded: check, case, values, diagnosis. For
    teachers: hidden inputs are shown. Nothing is written.

    \b
    Example:
      grader why s123 06 affine-dW
    """
    from textwrap import indent

    from grader.checks.show import reason, verdict_word
    from grader.course import Course
    from grader.why import why as explained

    course = Course.find(ctx.obj)
    replay = explained(
        course, course.unit(unit), student, check, allow_unsandboxed=allow_unsandboxed
    )
    stored = replay.stored
    click.echo(f"{student}: {stored.points:g} points, isolation {stored.level}, key {stored.run.key}, "
               f"secret {stored.run.secret}")  # fmt: skip
    if replay.total not in (None, stored.points):
        click.echo(
            f"The gradebook counts {replay.total:g} points, with a person's marks and lateness."
        )
    for changed in replay.changed:
        click.echo(f"Changed since it was graded: {changed}.")
    for each in replay.checks:
        got = "?" if each.points is None else f"{each.points:g}"
        click.echo(f"\n{each.check}: {got} / {each.most:g}  {each.sentence}")
        click.echo(f"    graded: {verdict_word(each.stored, 'en')}. {reason(each.stored, 'en')}")
        if each.differs:
            click.echo(f"    now:    {verdict_word(each.again, 'en')}. {reason(each.again, 'en')}")
        if each.counts not in (None, each.points) and not each.decision:
            click.echo(f"    gradebook: {each.counts:g} points, by a person in formgrader")
        if each.decision:
            points = (
                "full points"
                if each.decision.points is None
                else f"{each.decision.points:g} points"
            )
            click.echo(f"    decided: {points} ({each.decision.reason})")
        if each.trace:
            click.echo(indent("\n".join(each.trace), "        "))
