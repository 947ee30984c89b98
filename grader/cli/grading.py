"""Grade a class."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click

from grader.errors import GraderError

#: Limits of a submission as options: name of the limit, option, unit, factor to the limit's own unit, help.
LIMITS = [
    ("cell", "--cell-seconds", "S", 1, "Time limit of a cell: 30 s."),
    ("check", "--check-seconds", "S", 1, "Time limit of a check: 10 s."),
    ("total", "--total-seconds", "S", 1, "Time limit of a submission: 120 s."),
    ("memory", "--memory", "MIB", 1 << 20, "Limit of its address space: 1024 MiB."),
    ("files", "--files", "MIB", 1 << 20, "Limit of the files that it writes: 32 MiB."),
    ("reply", "--reply", "MIB", 1 << 20, "Limit of the arrays that a check reads: 64 MiB."),
    ("output", "--output", "CHARS", 1, "Limit of what a cell prints: 200000 characters."),
    ("figures", "--figures", "CHARS", 1, "Limit of the pictures of a cell: 1000000 characters."),
    ("threads", "--threads", "N", 1, "Limit of its threads: 32."),
]


def limit_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options for the limits; what is not given is as the unit's key says, or else the default."""
    for name, flag, unit, factor, says in reversed(LIMITS):
        command = click.option(flag, name, type=float, metavar=unit, help=says,
                               callback=_times(factor))(command)  # fmt: skip
    return command


def _times(factor: int) -> Callable[[click.Context, click.Parameter, float | None], float | None]:
    return lambda context, parameter, value: None if value is None else factor * value


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
    help="Also write marks that a new key lowers for the same submission; otherwise they stay, "
    "as far as it gives so many points.",
)
@click.option("--diff", is_flag=True, help="Show which marks would change, and why; write nothing.")
@click.option(
    "--workers", type=click.IntRange(1), help="Submissions at a time.  [default: the cores]"
)
@limit_options
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
    /,
    unit: str,
    students: tuple[str, ...],
    exercises: tuple[str, ...],
    only: str | None,
    force: bool,
    dry_run: bool,
    diff: bool,
    allow_lower: bool,
    workers: int | None,
    quiet: bool,
    json_file: Path | None,
    allow_unsandboxed: bool,
    **chosen: float | None,
) -> None:
    """Grade the submissions of UNIT into the gradebook.

    Submissions are read from submitted/<student>/<unit>/<unit>.ipynb, as nbgrader lays them out. Each runs
    in an isolated process of its own; the judge sits outside. What was graded and did not change since is
    not graded again, so a run that was broken off can be started again. Afterwards nbgrader's formgrader,
    feedback and export show the marks. The exit code is 1 if a submission could not be graded,
    or if marks were kept that a new key would lower.

    Limits that are not given here are those of the unit's key, Unit(..., limits={"cell": 60}), or else
    as stated below.

    \b
    Example:
      grader grade 06_backpropagation
      grader grade 06 --student s1234567 --check-seconds 5
      grader grade 06 --diff
    """
    import json

    from grader.bundles import stripped
    from grader.course import Course
    from grader.sandbox.start import Twins, cores

    if json_file is not None and not json_file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {json_file.parent}. Make it first.", ctx,
                                 param_hint="--json")  # fmt: skip
    course = Course.find(ctx.obj)
    name = course.unit(unit)
    count = workers or cores()
    twins = None
    if not dry_run:  # it comes up while this process loads what else there is to load
        twins = ctx.with_resource(Twins(count, [stripped(course, name)]))

    from grader import engine
    from grader.exercises import load_unit
    from grader.grading import limits_of

    known = load_unit(course.key(name))
    limits = limits_of(known, **chosen)
    who = engine.submissions(course, name, students)
    if only == "failed":
        who = engine.without_full_marks(course, name, who)
    if dry_run:
        from grader import table

        table.print_plan(
            engine.plan(course, name, who, limits=limits,
                        allow_unsandboxed=allow_unsandboxed, force=force)
        )  # fmt: skip
        return
    results = engine.grade_unit(
        course, name, who, limits=limits, workers=count, exercises=exercises,
        allow_unsandboxed=allow_unsandboxed, force=force, write=not diff,
        allow_lower=allow_lower, twins=twins,
    )  # fmt: skip

    from grader import table  # while the workers begin

    shown = table.progress(results, len(who), f"Grading {name}", table.kind_of(known), quiet)
    with closing(results):  # what is graded when a signal ends the run is recorded at once
        graded = list(shown)
    if json_file is not None:
        json_file.write_text(json.dumps(table.as_json(known, graded), indent=1), encoding="utf-8")
    if diff or not quiet:
        from grader.gradebook import scores_by_hand  # it loads nbgrader, which waits for workers

        by_hand = scores_by_hand(course, name)
        if diff:
            from grader.exercises.release import require_writable

            table.print_changes(graded, by_hand)
            try:
                require_writable(course, known)
            except GraderError as error:
                table.print_obstacle(error)
        else:
            table.print_class(known, graded)
            table.print_too_much(known, by_hand)
    if not all(result.now and not result.lower for result in graded):
        ctx.exit(1)
