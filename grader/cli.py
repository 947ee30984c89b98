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
    epilog='Completion in bash: eval "$(_GRADER_COMPLETE=bash_source grader)"; in zsh the same with '
    "zsh_source; in fish: _GRADER_COMPLETE=fish_source grader | source.",
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
      grader doctor
      grader --course ~/deep-learning doctor
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
