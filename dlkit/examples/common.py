"""What the examples share: the command line, a progress bar, the place of the figures."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from dlkit.errors import MissingDataError


def main(run: Callable[[Path], Mapping[str, float]], stated: Mapping[str, float]) -> None:
    """Run an example from the command line; print what it reached beside what it states.

    Ends the process with code 1 and a sentence where it reached less, or where its data is not installed.
    """
    module = sys.modules[run.__module__]
    parser = argparse.ArgumentParser(
        description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("_build/examples"), metavar="FOLDER",
                        help="where the figure is saved (default: %(default)s)")  # fmt: skip
    out = parser.parse_args().out
    start = time.perf_counter()
    try:
        reached = run(out)
    except MissingDataError as missing:
        parser.exit(1, f"{missing}\n")
    for name, number in reached.items():
        goal = f"   (stated: at least {stated[name]:g})" if name in stated else ""
        print(f"{name:42} {number:14.4f}{goal}")
    print(f"{time.perf_counter() - start:.0f} s; figures in {out}")
    missed = [f"{name} is {reached[name]:g}, less than {least:g}"
              for name, least in stated.items() if not reached[name] >= least]  # fmt: skip
    if missed:
        parser.exit(1, f"This run did not reach what the example states: {'; '.join(missed)}.\n")


def progress(total: int, what: str = "epoch") -> Callable[[int, Mapping[str, float]], None]:
    """Return a function that draws a bar where someone watches, given how many are done and their numbers."""

    def report(done: int, numbers: Mapping[str, float]) -> None:
        if not sys.stderr.isatty():
            return
        bar = "█" * (30 * done // total)
        shown = "  ".join(f"{name} {number:.4g}" for name, number in numbers.items())
        end = "\n" if done == total else ""
        line = f"\r\033[K{bar:·<30} {what} {done}/{total}  {shown}"
        print(line, end=end, file=sys.stderr, flush=True)

    return report


def save_figure(drawing: Figure, out: Path, name: str) -> None:
    """Save a figure as PNG in the folder, which is made if need be."""
    out.mkdir(parents=True, exist_ok=True)
    drawing.savefig(out / f"{name}.png", dpi=120)
