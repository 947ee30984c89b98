"""Grade a class."""

from pathlib import Path

import click


@click.command()
@click.argument("unit")
@click.option(
    "--student", "students", multiple=True, metavar="ID", help="Only this one; repeatable."
)
@click.option(
    "--exercise",
    "exercises",
    multiple=True,
    metavar="ID",
    help="Judge only this one, keep the marks of the others; repeatable.",
)
@click.option(
    "--only", type=click.Choice(["failed"]), help="Only submissions that have not got full marks."
)
@click.option("--force", is_flag=True, help="Grade again what has not changed, too.")
@click.option("--dry-run", is_flag=True, help="Say who would be graded, and why; run nothing.")
@click.option(
    "--allow-lower",
    is_flag=True,
    help="Also write marks that a new key lowers for the same submission; otherwise they stay.",
)
@click.option("--diff", is_flag=True, help="Show which marks would change, and why; write nothing.")
@click.option(
    "--workers", type=click.IntRange(1), help="Submissions at a time.  [default: the cores]"
)
@click.option("--cell-seconds", default=30.0, show_default=True, help="Time limit of a cell.")
@click.option("--check-seconds", default=10.0, show_default=True, help="Time limit of a check.")
@click.option(
    "--total-seconds", default=120.0, show_default=True, help="Time limit of a submission."
)
@click.option("--memory", default=1024, show_default=True, metavar="MIB", help="Memory limit.")
@click.option("--quiet", is_flag=True, help="No progress and no table.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the results as JSON.")  # fmt: skip
@click.option(
    "--allow-unsandboxed",
    is_flag=True,
    help="Grade without isolation where none is to be had. Only for submissions that you trust.",
)
@click.pass_context
def grade(
    ctx: click.Context,
    unit: str,
    students: tuple[str, ...],
    exercises: tuple[str, ...],
    only: str | None,
    force: bool,
    dry_run: bool,
    diff: bool,
    allow_lower: bool,
    workers: int | None,
    cell_seconds: float,
    check_seconds: float,
    total_seconds: float,
    memory: int,
    quiet: bool,
    json_file: Path | None,
    allow_unsandboxed: bool,
) -> None:
    """Grade the submissions of UNIT into the gradebook.

    Submissions are read from submitted/<student>/<unit>/<unit>.ipynb, as nbgrader lays them out. Each runs
    in an isolated process of its own; the judge sits outside. What was graded and did not change since is
    not graded again, so a run that was broken off can be started again. Afterwards nbgrader's formgrader,
    feedback and export show the marks. The exit code is 1 if a submission could not be graded,
    or if marks were kept that a new key would lower.

    \b
    Example:
      grader grade 06_backpropagation
      grader grade 06 --student s1234567 --check-seconds 5
      grader grade 06 --diff
    """
    import json

    from grader import engine, table
    from grader.course import Course
    from grader.exercises import load_unit
    from grader.sandbox import Limits

    course = Course.find(ctx.obj)
    name = course.unit(unit)
    limits = Limits(cell_seconds, check_seconds, total_seconds, memory << 20)
    who = engine.submissions(course, name, students)
    if only == "failed":
        who = engine.without_full_marks(course, name, who)
    if dry_run:
        table.print_plan(
            engine.plan(course, name, who, limits=limits,
                        allow_unsandboxed=allow_unsandboxed, force=force)
        )  # fmt: skip
        return
    results = engine.grade_unit(
        course, name, who, limits=limits, workers=workers or 0, exercises=exercises,
        allow_unsandboxed=allow_unsandboxed, force=force, write=not diff,
        allow_lower=allow_lower,
    )  # fmt: skip
    known = load_unit(course.key(name))
    graded = list(table.progress(results, len(who), f"Grading {name}", table.kind_of(known), quiet))
    if json_file is not None:
        json_file.write_text(json.dumps(table.as_json(known, graded), indent=1), encoding="utf-8")
    if diff:
        table.print_changes(graded)
    elif not quiet:
        table.print_class(known, graded)
    if not all(result.now and not result.lower for result in graded):
        ctx.exit(1)
