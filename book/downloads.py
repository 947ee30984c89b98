"""What the pages offer for download: the student's notebook of a unit, its deck as PDF, the handout."""

import hashlib
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import browser

from grader.bundles.notebook import bundle
from grader.bundles.package import package_files
from grader.course import PROJECT, Course
from grader.exercises import load_unit
from grader.exercises.notebook import write

PROGRAM = Path(__file__).parent / "print_decks.mjs"


def digest(paths: Iterable[Path]) -> str:
    """A name for the contents of files."""
    contents = b"".join(path.read_bytes() for path in sorted(paths))
    return hashlib.sha256(contents).hexdigest()[:12]


def write_notebooks(course: Course, units: list[str], languages: list[str], folder: Path) -> None:
    """Write the units' assignments, each complete alone, to <folder>/<language>/<unit>.ipynb.

    They are made anew when something has changed that they are made from, which takes a second a unit.
    """
    shared = [
        *(PROJECT / "dlkit").rglob("*.py"),
        *(path for path in (PROJECT / "grader").rglob("*") if path.suffix in (".py", ".mo")),
        *(course.key(name) for name in course.unit_names()),
    ]
    for name in units:
        made_from = digest([*shared, *(course.page(name, language) for language in languages)])
        targets = {language: folder / language / f"{name}.ipynb" for language in languages}
        stamp = course.root / "_build" / "notebooks" / f"{name}.from"
        if (
            stamp.exists()
            and stamp.read_text() == made_from
            and all(map(Path.exists, targets.values()))
        ):
            continue
        unit, files = load_unit(course.key(name)), package_files(course, name)
        for language, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(write(bundle(course, unit, files, language)), "utf8")
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(made_from)


def can_print() -> bool:
    """Whether Chromium and node are there."""
    return bool(browser.chromium() and browser.node())


def print_decks(folder: Path) -> None:
    """Print each deck of a folder that is newer than its PDF: as slides, and as a handout with the notes."""
    if decks := list(_unprinted(folder)):
        program = [*(browser.node() or []), PROGRAM, browser.chromium() or ""]
        subprocess.run([*program, " ".join(browser.FLAGS), *decks], check=True)


def _unprinted(folder: Path) -> Iterator[Path]:
    for deck in sorted(folder.glob("[0-9][0-9]_*.html")):
        handout = deck.with_name(f"{deck.stem}_notes.pdf")  # written last
        sources = [deck, PROGRAM]
        if not handout.exists() or any(_is_newer(path, handout) for path in sources):
            yield deck


def _is_newer(path: Path, other: Path) -> bool:
    return path.stat().st_mtime > other.stat().st_mtime
