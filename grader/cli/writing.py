"""For authors: write units and notebooks, and prove that their hidden tests tell right from wrong."""

from pathlib import Path

import click

from grader.cli.platforms import moodle_zip_options, write_moodle_zip
from grader.errors import GraderError


@click.group()
def new() -> None:
    """Write the files of a new unit or exercise.

    They work at once: the notebooks are made, the references pass, the named mistakes fail. Then edit
    them.

    \b
    Example:
      grader new unit 16_my_unit
      grader new exercise 16 my-layer
    """


@new.command("unit")
@click.argument("name")
@click.pass_context
def new_unit(ctx: click.Context, name: str) -> None:
    """Write a unit with one exercise: key, pages, notebooks.

    \b
    Example:
      grader new unit 16_my_unit
    """
    from grader.authoring import scaffold
    from grader.course import Course
    from grader.settings import FILE

    course = Course.find(ctx.obj)
    for path in scaffold.new_unit(course, name):
        click.echo(f"   written  {path.relative_to(course.root)}")
    if (course.root / FILE).is_file():
        click.echo(f"Next: add [units.{name}] to {FILE}; marks count the units that stand there.")


@new.command("exercise")
@click.argument("unit")
@click.argument("name")
@click.pass_context
def new_exercise(ctx: click.Context, unit: str, name: str) -> None:
    """Add an exercise to the key and the pages of UNIT.

    \b
    Example:
      grader new exercise 16 my-layer
    """
    from grader.authoring import scaffold
    from grader.course import Course

    course = Course.find(ctx.obj)
    for path in scaffold.new_exercise(course, course.unit(unit), name):
        click.echo(f"   written  {path.relative_to(course.root)}")


@click.command()
@click.argument("units", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail if a notebook is not up to date.")
@click.pass_context
def generate(ctx: click.Context, units: tuple[str, ...], check: bool) -> None:
    """Write the notebooks of UNITS, or of the course's units.

    These are the units that course.toml names, or all where it names none. The notebooks come from key,
    reference and page. For each unit: the instructor notebook in solutions/, the student notebook in
    assignments/, and its Japanese twin in assignments/ja/. Only what changed is written.

    \b
    Example:
      grader generate
      grader generate 06 --check
    """
    from grader.course import Course
    from grader.exercises.generate import products
    from grader.settings import read_settings

    course = Course.find(ctx.obj)
    stale = 0
    taught = read_settings(course).units or course.unit_names()
    for name in [course.unit(unit) for unit in units] or taught:
        for product in products(course, name):
            where = product.path.relative_to(course.root)
            if check:
                changed, word = not product.is_fresh(), "stale"
            else:
                changed, word = product.write(), "written"
            stale += changed
            click.echo(f"{word if changed else 'up to date':>10}  {where}")
    if check and stale:
        raise GraderError(f"{stale} notebooks are not up to date. Run: grader generate")


@click.command()
@click.argument("unit")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default="_build/bundles",
    show_default=True,
    metavar="DIR",
    help="Folder of what is written.",
)
@click.option(
    "--solutions", is_flag=True, help="Write the worked solutions instead, for after the deadline."
)
@click.option(
    "--per-student",
    "roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="ROSTER.csv",
    help="Write a notebook for each student of this roster, with a variant of their own.",
)
@click.option(
    "--pool",
    is_flag=True,
    help="Write one notebook for all, in which the student id picks one of the variants.",
)
@moodle_zip_options
@click.pass_context
def bundle(
    ctx: click.Context,
    unit: str,
    into: Path,
    solutions: bool,
    roster: Path | None,
    pool: bool,
    platform: str | None,
    worksheet: Path | None,
) -> None:
    """Write notebooks for students that are complete alone.

    Each carries a dlkit without answers and the public checks in its first cell, so it runs wherever
    Python and NumPy are: on a laptop without a network, on a JupyterHub, in Colab, in an exam room.

    \b
    Example:
      grader bundle 06
      grader bundle 06 --into handouts
      grader bundle 06 --solutions
      grader bundle 06 --pool
      grader bundle 06 --per-student students.csv
      grader bundle 06 --per-student students.csv --zip moodle --worksheet Grades-06.csv
    """
    from grader.bundles.notebook import bundles, student_bundles
    from grader.bundles.pool import pool_bundles
    from grader.bundles.solutions import solution_notebooks
    from grader.course import Course, read_roster

    if solutions + pool + bool(roster) > 1:
        raise click.UsageError(
            "Choose one of --solutions, --pool and --per-student, and leave out the others."
        )
    if platform and not roster:
        raise click.UsageError(
            "--zip packs a notebook for each student: add --per-student ROSTER.csv."
        )
    course = Course.find(ctx.obj)
    name = course.unit(unit)
    if roster:
        products = student_bundles(
            course, name, into, read_roster(roster, course.language).values()
        )
    else:
        make = solution_notebooks if solutions else pool_bundles if pool else bundles
        products = make(course, name, into)
    written = []
    for product in products:
        word = "written" if product.write() else "up to date"
        click.echo(f"{word:>10}  {product.path}")
        written.append(product.path)
    if worksheet:
        files = {path.parents[1].name: path for path in written}
        write_moodle_zip(course, worksheet, files, into / f"{name}-moodle.zip")


@click.command()
@click.argument("unit")
@click.option("--preview", default=20, show_default=True, help="How many made-up students.")
@click.pass_context
def variants(ctx: click.Context, unit: str, preview: int) -> None:
    """Show a sheet of the variants of UNIT.

    One line for each made-up student and exercise that has variants, drawn by the course's secret. The unit is
    refused as it is when notebooks are generated: where students would be alike beyond the pool's size.

    \b
    Example:
      grader variants 06 --preview 20
    """
    from grader.course import PUBLIC_SECRET, Course
    from grader.exercises import load_unit
    from grader.exercises import variants as made

    course = Course.find(ctx.obj)
    drawn = load_unit(course.key(course.unit(unit)))
    made.refuse_poor_variants(drawn, PUBLIC_SECRET)  # of the key, not of the luck of one secret
    for exercise, own in made.preview(drawn, course.secret(), preview):
        pool = "no end of variants" if exercise.pool is None else f"{exercise.pool} variants"
        click.secho(f"{exercise.id}: {pool}", bold=True)
        for number, variant in enumerate(own, start=1):
            click.echo(f"{number:4}  {variant.summary()}")


@click.command()
@click.argument("units", nargs=-1)
@click.option(
    "--variants", "count", default=20, show_default=True, help="Besides the base variant."
)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the proof as JSON.")  # fmt: skip
@click.option("--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              default="_build/proof/report.html", show_default=True,
              help="Write the proof as a page.")  # fmt: skip
@click.pass_context
def prove(
    ctx: click.Context, units: tuple[str, ...], count: int, json_file: Path | None, html_file: Path
) -> None:
    """Prove that hidden tests tell right from wrong.

    Of UNITS, or of all units. The reference has to pass every check; the stub and the visible answers none;
    each misconception fails what the key says, and differs from every other one; every small mistake in the
    reference (a mutant) fails some check, or stands in the key as equivalent with a reason. A run that was
    broken off goes on where it was. The exit code is 1 if something does not hold.

    \b
    Example:
      grader prove 06
      grader prove --variants 0 --json proof.json
    """
    from grader import proof
    from grader.course import Course
    from grader.table import print_proof, progress

    course = Course.find(ctx.obj)
    names = [course.unit(unit) for unit in units] or course.unit_names()
    work = proof.items(course, names, count)
    store = course.root / "_build" / "proof" / "results.jsonl"
    proofs = list(progress(proof.run(work, store), len(work), "Proving"))
    print_proof(proofs)
    proof.write_html(proofs, html_file)
    click.echo(f"Report: {html_file}")
    if json_file is not None:
        proof.write_json(proofs, json_file)
    if not all(each.holds for each in proofs):
        ctx.exit(1)
