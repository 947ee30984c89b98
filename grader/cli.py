"""The command line: one verb per stage, in the order in which a course uses them.

A verb parses its options, calls one function of the library and prints what it returns. The bodies
import what they need, so that ``grader --help`` and shell completion stay fast.
"""

from pathlib import Path
from typing import Any

import click

from grader.errors import GraderError


class _OneLine(click.ClickException):
    """An error of the library as its reader sees it: one red line, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message; its unprintable characters may come from a submission: escape them."""
        line = " ".join(self.message.split())
        line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)
        click.secho(f"Error: {line}", fg="red", err=True, file=file)


class Stages(click.Group):
    """A group that lists its verbs in the order of definition and reports errors in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of definition; click itself sorts them by the alphabet."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        try:
            return super().invoke(ctx)
        except GraderError as error:
            raise _OneLine(str(error)) from error


@click.group(
    cls=Stages,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Completion of verbs and options by the shell:
  bash  eval "$(_GRADER_COMPLETE=bash_source grader)"
  zsh   eval "$(_GRADER_COMPLETE=zsh_source grader)"
  fish  _GRADER_COMPLETE=fish_source grader | source""",
)
@click.version_option(package_name="dlkit-course", prog_name="grader")
@click.option(
    "--course",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    default=".",
    show_default=True,
    metavar="DIR",
    help="The course folder.",
)
@click.pass_context
def main(ctx: click.Context, course: Path) -> None:
    """Generate a course's assignments, grade them, and keep the marks.

    The verbs stand below in the order in which a course uses them.

    \b
    Example:
      grader generate 06
      grader --course ../deep-learning-2027 grade 06
    """
    ctx.obj = course


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what this machine can do and what is missing.

    Each missing part comes with the command that installs it. The exit code is 0 if the required
    parts are there, else 1.

    \b
    Example:
      grader doctor
      grader doctor --json
    """
    from grader import doctor

    findings = doctor.examine(ctx.obj)
    doctor.print_json(findings) if as_json else doctor.print_table(findings)
    ctx.exit(0 if doctor.is_fit(findings) else 1)


@main.group()
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

    course = Course.find(ctx.obj)
    for path in scaffold.new_unit(course, name):
        click.echo(f"   written  {path.relative_to(course.root)}")


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


@main.command()
@click.argument("units", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail if a notebook is not up to date.")
@click.pass_context
def generate(ctx: click.Context, units: tuple[str, ...], check: bool) -> None:
    """Write the notebooks of UNITS, or of all units.

    They come from key, reference and page. For each unit: the instructor notebook in solutions/, the
    student notebook in assignments/, and its Japanese twin in assignments/ja/. Only what changed is
    written.

    \b
    Example:
      grader generate
      grader generate 06 --check
    """
    from grader.course import Course
    from grader.exercises.generate import products

    course = Course.find(ctx.obj)
    stale = 0
    for name in [course.unit(unit) for unit in units] or course.unit_names():
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


@main.command()
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
@click.pass_context
def bundle(ctx: click.Context, unit: str, into: Path, solutions: bool, roster: Path | None) -> None:
    """Write notebooks for students that are complete alone.

    Each carries a dlkit without answers and the public checks in its first cell, so it runs wherever
    Python and NumPy are: on a laptop without a network, on a JupyterHub, in Colab, in an exam room.

    \b
    Example:
      grader bundle 06
      grader bundle 06 --into handouts
      grader bundle 06 --solutions
      grader bundle 06 --per-student students.csv
    """
    from grader.bundles.notebook import bundles, student_bundles
    from grader.bundles.solutions import solution_notebooks
    from grader.course import Course, read_roster

    if solutions and roster:
        raise click.UsageError("--solutions are the same for all: leave out --per-student.")
    course = Course.find(ctx.obj)
    name = course.unit(unit)
    if roster:
        products = student_bundles(course, name, into, read_roster(roster).values())
    else:
        products = (solution_notebooks if solutions else bundles)(course, name, into)
    for product in products:
        word = "written" if product.write() else "up to date"
        click.echo(f"{word:>10}  {product.path}")


@main.command()
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
    feedback and export show the marks. The exit code is 1 if a submission could not be graded.

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
    )  # fmt: skip
    known = load_unit(course.key(name))
    graded = list(table.progress(results, len(who), f"Grading {name}", table.kind_of(known), quiet))
    if json_file is not None:
        json_file.write_text(json.dumps(table.as_json(known, graded), indent=1), encoding="utf-8")
    if diff:
        table.print_changes(graded)
    elif not quiet:
        table.print_class(known, graded)
    if not all(result.now for result in graded):
        ctx.exit(1)


@main.command()
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.ipynb"
)
@click.pass_context
def check(ctx: click.Context, file: Path) -> None:
    """Run the public checks of a notebook of one's own.

    Its cells run on this machine as they would in a notebook. Nothing is graded or recorded.

    \b
    Example:
      grader check 06_backpropagation.ipynb
    """
    from grader.authoring import alone
    from grader.checks.text import student_language
    from grader.course import Course

    course = Course.find(ctx.obj)
    tried = alone.try_notebook(course, alone.unit_of(course, file), file)
    for line in alone.public_report(tried, student_language()):
        click.echo(line)


@main.command("self")
@click.argument("unit")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.ipynb"
)
@click.option("--solution", metavar="EXERCISE", help="Show the right answer to this exercise.")
@click.pass_context
def self_(ctx: click.Context, unit: str, file: Path, solution: str | None) -> None:
    """Try a notebook of one's own by the hidden checks.

    For learners without an instructor: every check says what is wrong, and the right answer to an
    exercise is shown when it is asked for. The code runs on this machine, without isolation; no
    gradebook is touched.

    \b
    Example:
      grader self 06 06_backpropagation.ipynb
      grader self 06 06_backpropagation.ipynb --solution affine
    """
    from grader.authoring import alone
    from grader.checks.text import student_language
    from grader.course import Course

    course = Course.find(ctx.obj)
    tried = alone.try_notebook(course, course.unit(unit), file)
    for line in alone.hidden_report(tried, student_language()):
        click.echo(line)
    if solution:
        click.echo(alone.solution(tried.unit, solution))


@main.command()
@click.argument("unit")
@click.argument("exercise")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.py...",
)
@click.option("--student", default="", metavar="ID", help="Judge this student's variant.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line and file.")
@click.option(
    "--allow-unsandboxed", is_flag=True, help="Run without isolation where none is to be had."
)
@click.pass_context
def judge(
    ctx: click.Context,
    unit: str,
    exercise: str,
    files: tuple[Path, ...],
    student: str,
    as_json: bool,
    allow_unsandboxed: bool,
) -> None:
    """Judge plain Python files for one exercise by its hidden checks.

    For authors and for bulk trials: nothing is recorded. A file stands for the exercise's cell, so it
    holds the class or function that the exercise asks for. The exit code is 0 whatever the mark, and 1
    where a check itself broke.

    \b
    Example:
      grader judge 06 affine my_affine.py
      grader judge 06 affine trials/one.py trials/two.py --json
    """
    import json

    from grader.authoring import judge
    from grader.checks.text import student_language
    from grader.course import Course

    course = Course.find(ctx.obj)
    judged = judge.judge_files(
        course, course.unit(unit), exercise, files,
        student=student, allow_unsandboxed=allow_unsandboxed,
    )  # fmt: skip
    broke = False
    for each in judged:
        as_line = json.dumps(judge.as_json(each)) if as_json else ""
        click.echo(as_line or judge.as_text(each, student_language()))
        broke |= each.crashed
    if broke:
        ctx.exit(1)


@main.command()
@click.option("--unit", default="06_backpropagation", show_default=True)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default="_build/demo",
    show_default=True,
    help="Folder of the demonstration course; made anew where it is missing.",
)
@click.pass_context
def demo(ctx: click.Context, unit: str, into: Path) -> None:
    """Grade a synthetic class and say where to look.

    \b
    Example:
      grader demo
      grader demo --unit 06 --into /tmp/demo
    """
    from grader.demo import run_demo

    run_demo(ctx.obj, unit, into)


@main.command()
@click.argument("unit")
@click.option("--preview", default=20, show_default=True, help="How many made-up students.")
@click.pass_context
def variants(ctx: click.Context, unit: str, preview: int) -> None:
    """Show a sheet of the variants of UNIT.

    One line for each made-up student and exercise that has variants. The draws are refused as they are when
    notebooks are generated: where two students would be alike beyond the pool's size.

    \b
    Example:
      grader variants 06 --preview 20
    """
    from grader.course import Course
    from grader.exercises import load_unit
    from grader.exercises import variants as made

    course = Course.find(ctx.obj)
    drawn = load_unit(course.key(course.unit(unit)))
    made.refuse_poor_variants(drawn, course.secret())
    for exercise, own in made.preview(drawn, course.secret(), preview):
        pool = "no end of variants" if exercise.pool is None else f"{exercise.pool} variants"
        click.secho(f"{exercise.id}: {pool}", bold=True)
        for number, variant in enumerate(own, start=1):
            click.echo(f"{number:4}  {variant.summary()}")


@main.command()
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
