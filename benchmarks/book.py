"""How long the book takes to build: `python benchmarks/book.py`.

The committed sources are copied to a temporary folder and built there, in both languages, with decks, their
PDFs and notebooks: cold (no cell has run), warm (nothing has changed), and after one sentence was added to a
page in both languages. The last column is what each is meant to stay below, on two cores.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
PAGE = "06_backpropagation.md"
SENTENCE = {"en": "\nOne more sentence.\n", "ja": "\n一文を加える。\n"}


def copy(target: Path) -> None:
    """The committed files, and what npm installed."""
    files = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "--extract", "--directory", target], input=files.stdout, check=True)
    (target / "node_modules").symlink_to(ROOT / "node_modules")


def build(folder: Path) -> float:
    """Seconds that a build takes."""
    start = time.perf_counter()
    environment = os.environ | {"PYTHONPATH": str(folder)}
    subprocess.run(
        [sys.executable, folder / "book" / "build.py"],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


@click.command()
def main() -> None:
    """Measure how long the book takes to build: cold, warm, and after a page has changed.

    It takes no argument, builds the last commit in a temporary folder, and needs some five minutes in which
    nothing else runs.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy(folder)
        units = len(list(folder.glob("solutions/*/key.py")))
        load = os.getloadavg()[0]
        click.echo(f"{units} units, {os.cpu_count()} processors, load {load:.1f}")
        click.echo(f"cold              {build(folder):6.1f} s   480 s")
        click.echo(f"warm              {build(folder):6.1f} s    20 s")
        for language, sentence in SENTENCE.items():
            page = folder / "book" / language / PAGE
            page.write_text(page.read_text("utf8") + sentence, "utf8")
        click.echo(f"one page changed  {build(folder):6.1f} s    15 s")


if __name__ == "__main__":
    main()
