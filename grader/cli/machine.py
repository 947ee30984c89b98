"""What this machine can do: `doctor` says it, `demo` shows it."""

from pathlib import Path

import click


@click.command()
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


@click.command()
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
