"""Decks are printed when they, or what they load, have changed."""

import sys

import pytest

from tests.book.source import BOOK, load

# Stands for Chromium: adds a line to the PDFs of each deck that it is to print.
PRINTER = """
import sys
from pathlib import Path
for deck in map(Path, sys.argv[4:]):
    for name in (f"{deck.stem}.pdf", f"{deck.stem}_notes.pdf"):
        with deck.with_name(name).open("a") as file:
            print("printed", file=file)
"""


@pytest.fixture
def downloads(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(BOOK))
    module = load("downloads")
    program = tmp_path / "printer.py"
    program.write_text(PRINTER)
    monkeypatch.setattr(module.browser, "node", lambda: [sys.executable, str(program)])
    monkeypatch.setattr(module.browser, "chromium", lambda: "chromium")
    return module


@pytest.fixture
def decks(tmp_path):
    folder = tmp_path / "decks"
    folder.mkdir()
    (folder / "deck.css").write_text("one")
    for name, picture in (("06_one", "a.svg"), ("07_two", "b.svg")):
        (folder / picture).write_text("one")
        html = f'<link href="deck.css?v=1"><a href="06_one.html"></a><img src="{picture}">'
        (folder / f"{name}.html").write_text(html)
    return folder


def test_what_has_not_changed_is_not_printed_again(downloads, decks, tmp_path):
    def printed():
        """How often the slides of each deck have been printed."""
        downloads.print_decks(decks, tmp_path / "stamps")
        return [path.read_text().count("printed") for path in sorted(decks.glob("*[!s].pdf"))]

    assert printed() == [1, 1]
    (decks / "06_one.html").touch()
    assert printed() == [1, 1]
    (decks / "a.svg").write_text("two")
    assert printed() == [2, 1]
    (decks / "deck.css").write_text("two")
    assert printed() == [3, 2]
    (decks / "07_two_notes.pdf").unlink()
    assert printed() == [3, 3]
    (decks / "06_one.html").write_text("other")
    assert printed() == [4, 3]
