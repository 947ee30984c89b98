"""Try an answer without a gradebook: a student's own notebook, or plain files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def _in_own_language() -> Iterator[None]:
    """What is wrong with a notebook, its owner reads here, and not an instructor."""
    from grader.checks.text import student_language
    from grader.errors import SubmissionError
    from grader.submission import UnreadableSubmission

    try:
        yield
    except UnreadableSubmission as error:
        raise SubmissionError(error.message.render(student_language())) from None


@click.command()
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.ipynb"
)
@click.pass_context
def check(ctx: click.Context, file: Path) -> None:
    """Run the public checks of a notebook of one's own.

    Its cells run on this machine as they would in a notebook. Ctrl-C stops a cell that does not end.
    Nothing is graded or recorded.

    \b
    Example:
      grader check 06_backpropagation.ipynb
    """
    from grader.authoring import alone
    from grader.checks.text import student_language
    from grader.course import Course

    course = Course.find(ctx.obj)
    with _in_own_language():
        tried = alone.try_notebook(course, alone.unit_of(course, file), file)
    for line in alone.public_report(tried, student_language()):
        click.echo(line)


@click.command("self")
@click.argument("unit")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.ipynb"
)
@click.option("--solution", metavar="EXERCISE", help="Show the right answer to this exercise.")
@click.pass_context
def self_(ctx: click.Context, unit: str, file: Path, solution: str | None) -> None:
    """Try a notebook of one's own by the hidden checks.

    For learners without an instructor: every check says what is wrong, and the right answer to an
    exercise is shown when it is asked for. The code runs on this machine, without isolation, and Ctrl-C
    stops a cell that does not end; no gradebook is touched.

    \b
    Example:
      grader self 06 06_backpropagation.ipynb
      grader self 06 06_backpropagation.ipynb --solution affine
    """
    from grader.authoring import alone
    from grader.checks.text import student_language
    from grader.course import Course

    course = Course.find(ctx.obj)
    name = course.unit(unit)
    with _in_own_language():
        alone.require_base_variant(course, name, file)
    tried = alone.try_notebook(course, name, file)
    for line in alone.hidden_report(tried, student_language()):
        click.echo(line)
    if solution:
        click.echo(alone.solution(tried.unit, solution))


@click.command()
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
    "--explain", is_flag=True, help="Show cases, values and what was tried. Not for students."
)
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
    explain: bool,
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
      grader judge 06 affine my_affine.py --explain
    """
    import json

    from grader.authoring import judge
    from grader.checks.text import student_language
    from grader.course import Course

    course = Course.find(ctx.obj)
    judged = judge.judge_files(
        course, course.unit(unit), exercise, files,
        student=student, allow_unsandboxed=allow_unsandboxed, explain=explain,
    )  # fmt: skip
    broke = False
    for each in judged:
        as_line = json.dumps(judge.as_json(each)) if as_json else ""
        click.echo(as_line or judge.as_text(each, student_language()))
        broke |= each.crashed
    if broke:
        ctx.exit(1)
