"""The group of all verbs: its options, and errors of the library as one line."""

import errno
import signal
from pathlib import Path
from typing import Any

import click

from grader.cli.interrupt import leave_to_the_verb
from grader.errors import GraderError


class _OneLine(click.ClickException):
    """An error of the library as its reader sees it: one red line, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message; its unprintable characters may come from a submission: escape them."""
        line = " ".join(self.message.split())
        line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)
        click.secho(f"Error: {line}", fg="red", err=True, file=file)


def _stop(number: int, frame: Any) -> None:
    """End as at Ctrl-C: what is open is closed, what is done recorded."""
    raise KeyboardInterrupt(number)


#: What is not ours to mend, and no bug either: no room, no right.
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


class Stages(click.Group):
    """A group that lists its verbs in the order of definition and reports errors in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of definition; click itself sorts them by the alphabet."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        before = signal.getsignal(signal.SIGTERM)
        if before != signal.SIG_IGN:  # as Python does with SIGINT
            signal.signal(signal.SIGTERM, _stop)
        leave_to_the_verb()
        try:
            return super().invoke(ctx)
        except GraderError as error:
            raise _OneLine(str(error)) from error
        except KeyboardInterrupt as error:
            number = signal.Signals(error.args[0] if error.args else signal.SIGINT)
            again = "what was recorded stays. Run the same again to go on."
            click.secho(f"Stopped by {number.name}; {again}", fg="red", err=True)
            ctx.exit(128 + number)  # as a shell has it
        except OSError as error:
            if error.errno not in DISK:
                raise
            raise _OneLine(
                "Files must be readable and what is written needs room and the right to be written; got: "
                f"{error}. Mend that, then run the same again: what was recorded stays."
            ) from error
        finally:
            signal.signal(signal.SIGTERM, before)


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
