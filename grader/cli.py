"""The command line: one verb per stage, in the order in which a course uses them.

A verb parses its options, calls one function of the library and prints what it returns. Bodies import
what they need, so that ``grader --help`` and shell completion stay fast.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from grader.errors import GraderError


class _OneLine(click.ClickException):
    """An error of the library as the user sees it: one red line, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message to stderr; what is not printable may come from a submission: escape it."""
        line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in " ".join(self.message.split()))
        click.secho(f"Error: {line}", fg="red", err=True, file=file)


@contextmanager
def _errors_in_one_line() -> Iterator[None]:
    try:
        yield
    except GraderError as error:
        raise _OneLine(str(error)) from error


class Stages(click.Group):
    """A group that lists its commands in the order of their definition and reports errors in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of definition; click itself sorts them by the alphabet."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        with _errors_in_one_line():
            return super().invoke(ctx)


@click.group(
    cls=Stages,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Completion: run  eval \"$(_GRADER_COMPLETE=bash_source grader)\"  in bash "
    "(zsh_source in zsh; in fish pipe fish_source into source).",
)
@click.version_option(package_name="dlkit-course", prog_name="grader")
@click.option("--course", default=".", show_default=True, metavar="DIR", help="The course folder.",
              type=click.Path(exists=True, file_okay=False, path_type=Path))  # fmt: skip
@click.pass_context
def main(ctx: click.Context, course: Path) -> None:
    """Generate a course's assignments, grade them, and keep the marks.

    The stages stand below in the order in which a course uses them.

    \b
    Example:
      grader doctor
      grader --course ~/deep-learning-2027 doctor
    """
    ctx.obj = course.resolve()


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what this machine can do and what is missing.

    Each missing part comes with the command that installs it. The exit code is 0 if the required parts
    are there, else 1.

    \b
    Example:
      grader doctor
      grader doctor --json
    """
    from grader import doctor

    findings = doctor.examine(ctx.obj)
    click.echo(doctor.as_json(findings) if as_json else doctor.as_table(findings))
    ctx.exit(0 if doctor.healthy(findings) else 1)
