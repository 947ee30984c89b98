"""What the pages offer for download: the student's notebook of a unit, its deck as PDF, the handout."""

import hashlib
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import browser

from grader.course import PROJECT, Course

PROGRAM = Path(__file__).parent / "print_decks.mjs"


def digest(paths: Iterable[Path]) -> str:
    """A name for the contents of files."""
    contents = b"".join(path.read_bytes() for path in sorted(paths))
    return hashlib.sha256(contents).hexdigest()[:12]


def write_notebooks(course: Course, units: list[str], languages: list[str], folder: Path) -> None:
    """Write the units' assignments, each complete alone, to <folder>/<language>/<unit>.ipynb.

    They are made anew when something has changed that they are made from, which takes a second a unit.
    """
    # Here, as this runs beside the pages, which would wait for the import.
    from grader.bundles.contents import package_files
    from grader.bundles.notebook import bundle
    from grader.exercises import load_unit
    from grader.exercises.notebook import write

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


def print_decks(folder: Path, stamps: Path) -> None:
    """Print the decks of a folder, as slides and as a handout with the notes, where they have changed."""
    unprinted = {
        deck: made_from
        for deck in sorted(folder.glob("[0-9][0-9]_*.html"))
        if (made_from := digest([deck, PROGRAM, *_loaded(deck)])) != _printed(deck, stamps)
    }
    if not unprinted:
        return
    program = [*(browser.node() or []), PROGRAM, browser.chromium() or ""]
    subprocess.run([*program, " ".join(browser.FLAGS), *unprinted], check=True)
    stamps.mkdir(parents=True, exist_ok=True)
    for deck, made_from in unprinted.items():
        (stamps / f"{deck.stem}.from").write_text(made_from)


def _loaded(deck: Path) -> set[Path]:
    """The styles, scripts and pictures of a deck."""
    names = re.findall(r'(?:src|href)="([^"#?]+)', deck.read_text("utf8"))
    files = {deck.parent / name for name in names if not name.endswith(".html")}
    return {file for file in files if file.is_file()}


def _printed(deck: Path, stamps: Path) -> str:
    """What the PDFs of a deck were made from; the empty string where one is missing."""
    stamp = stamps / f"{deck.stem}.from"
    files = [stamp, deck.with_suffix(".pdf"), deck.with_name(f"{deck.stem}_notes.pdf")]
    return stamp.read_text() if all(map(Path.exists, files)) else ""
