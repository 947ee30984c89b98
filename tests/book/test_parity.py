"""The Japanese tree is the English one in another language: nothing differs but words."""

import pytest
import yaml

from tests.book.source import BOOK, LANGUAGES, PAGES, ROOT, UNITS, read_source


def test_both_trees_hold_the_pages_of_the_contents():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    chapters = [page for top in toc["chapters"] for page in (top, *top.get("sections", []))]
    listed = {toc["root"], *(page["file"] for page in chapters)}
    for language in LANGUAGES:
        found = {path.stem for path in (BOOK / language).glob("*.md")}
        assert found >= listed
        assert all("{exercise}" in read_source(language, page).source for page in found - listed)


def test_pages_of_exercises_alone_ask_for_the_same():
    for page in set(PAGES) - set(UNITS):
        english, japanese = (read_source(language, page) for language in LANGUAGES)
        assert english.exercises == japanese.exercises


PARTS = [
    "labels",
    "levels",
    "equations",
    "unlabelled",
    "cells",
    "figures",
    "exercises",
    "efforts",
    "citations",
]


@pytest.mark.parametrize("part", PARTS)
def test_units_have_the_same(pair, part):
    english, japanese = (getattr(page, part) for page in pair)
    assert english
    assert english == japanese


def test_units_have_the_same_slides(pair):
    english, japanese = ([slide.shown for slide in page.slides] for page in pair)
    assert english == japanese


def test_sections_are_labelled_so_that_the_language_switch_finds_them(page):
    sections = [label for label in page.labels if label.startswith("sec-")]
    assert len(sections) == len(page.levels)
