"""Pages and slides in Chromium: nothing foreign, nothing broken, nothing cut off, nothing hard to read.

A quarter of the pages and decks, chosen by their contents, is visited on every run. So is whatever differs from
what the last run here found, where there was one: the page itself, a style, a script, or the visit.
DLCOURSE_FULL=1 visits all.
"""

import json
import os
import shutil
import zipfile
from hashlib import sha256

import pytest

from tests.book.conftest import HERE, PREFIX
from tests.book.source import LANGUAGES, ROOT, UNITS, load, read_source

FULL = os.environ.get("DLCOURSE_FULL") == "1"
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(3600 if FULL else 900)]
KNOWN = (
    ROOT / "_build" / "visited.txt"
)  # fingerprints of all that stood here when a run last passed


def fingerprints(site):
    """Pages and decks by their path; what names the contents of each, with all that shapes it."""
    shape = [HERE / "walk.mjs", *site.glob("*/_static/**/*.css"), *site.glob("*/_static/**/*.js")]
    common = b"".join(sha256(path.read_bytes()).digest() for path in sorted(shape))
    return {
        path.relative_to(site).as_posix(): sha256(common + path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts
    }


def to_visit(found, known, *, full):
    """The pages that are new, where any are known, and the sample: a quarter, by the first digit."""
    return [
        path for path, name in found.items()
        if full or (known and name not in known) or name[0] in "048c"
    ]  # fmt: skip


def test_what_has_not_changed_is_visited_in_the_sample():
    found = {"changed": "1f", "known": "2a", "sampled": "4b"}
    assert to_visit(found, {"2a", "4b"}, full=False) == ["changed", "sampled"]
    assert to_visit(found, {"2a", "4b"}, full=True) == ["changed", "known", "sampled"]
    assert to_visit(found, set(), full=False) == ["sampled"]


def test_every_page_and_slide_is_whole(site, served, look):
    found = fingerprints(site)
    known = set(KNOWN.read_text().split()) if KNOWN.exists() else set()
    paths = to_visit(found, known, full=FULL)
    with served(site) as origin:
        seen = look("walk.mjs", origin, *paths)
    assert seen["problems"] == []
    decks = [path.removesuffix(".html").split("/")[1:] for path in paths if "slides/" in path]
    slides = [len(read_source(*deck).slides) + 1 for deck in decks]  # a deck opens with its title
    assert seen["slides"] == sum(slides)
    KNOWN.write_text("\n".join(sorted(found.values())))


# What a reader types, and a page that must be among the hits: compounds, halves of words, a single
# kanji, letters in any case and width.
SEARCHED = [
    ("ja", "計算グラフ", "06_backpropagation"),
    ("ja", "誤差逆伝播法", "06_backpropagation"),
    ("ja", "勾配消失", "06_backpropagation"),
    ("ja", "学習率", "05_gradient_descent"),
    ("ja", "活性化関数", "03_networks"),
    ("ja", "畳み込み", "11_convolution"),
    ("ja", "過学習", "10_generalization"),
    ("ja", "逆伝播", "06_backpropagation"),
    ("ja", "ソフトマ", "03_networks"),
    ("ja", "層", "03_networks"),
    ("ja", "学習率 発散", "05_gradient_descent"),
    ("ja", "RELU関数", "03_networks"),
    ("ja", "ｓｏｆｔｍａｘ", "03_networks"),
    ("ja", "ﾊﾞｯﾁ", "03_networks"),
    ("en", "recursion", "06_backpropagation"),
    ("en", "Vanishing Gradients", "06_backpropagation"),
]


@pytest.fixture(scope="module")
def seen(site, served, look):
    """What a reader sees."""
    queries = json.dumps([each[:2] for each in SEARCHED])
    with served(site) as origin:
        return look("visit.mjs", origin, queries)


def test_a_reader_finds_the_way(seen):
    assert seen["switched"] == "/en/06_backpropagation.html#sec-06-affine"
    assert seen["downloads"] == [
        "/notebooks/en/06_backpropagation.ipynb",
        "/slides/en/06_backpropagation.pdf",
        "/slides/en/06_backpropagation_notes.pdf",
    ]
    assert seen["deck"].startswith("/slides/en/06_backpropagation.html")
    assert seen["slide"] == 1
    assert seen["notes"].strip()


def test_a_reader_finds_what_is_searched(seen):
    for language, query, page in SEARCHED:
        assert any(hit.startswith(f"/{language}/{page}.html") for hit in seen["hits"][query]), query


def test_a_reader_needs_no_mouse_no_script_and_no_fast_line(seen):
    assert seen["first"] == "#main-content"
    assert seen["opened"]
    assert seen["outline"] != "none"
    assert max(seen["kilobytes"].values()) <= 1000
    assert [font for font in seen["fonts"] if not font.startswith(("fa-", "icons."))] == []
    assert seen["plain"]["top"] < 740
    assert seen["plain"]["visible"] == seen["plain"]["paragraphs"] > 20


def test_the_zip_opens_from_the_disk(site, look, tmp_path):
    load("offline").pack(site, tmp_path / "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as archive:
        archive.extractall(tmp_path)
    folder = next(path for path in tmp_path.iterdir() if path.is_dir())
    seen = look("offline.mjs", folder)
    assert seen["errors"] == []
    assert seen["page"] == "/ja/06_backpropagation.html"
    assert seen["formulas"] > 100
    assert seen["pictures"]
    assert seen["deck"].startswith("/slides/ja/06_backpropagation.html")
    assert seen["notes"] > 0
    assert "/ja/06_backpropagation.html" in seen["hits"]


FLAWS = """
<style>#slide-4 { font-size: 200px } #slide-6 { overflow-x: auto; white-space: nowrap }</style>
<script>console.error("boom")</script>
<img src="http://127.0.0.9:9/foreign.svg" alt="foreign"> <img src="local.svg">
"""
PAGE = """
<html lang="en"><title>page</title><style>@media (prefers-color-scheme: dark) { b { color: #eee } }</style>
<b>faint</b> <article class="bd-article"><div style="overflow: auto"><p style="width: 400px">scrolls</p></div>
<p style="width: 500px">wide</p></article></html>
"""


def test_the_walk_sees_what_is_wrong(site, served, look, tmp_path):
    shutil.copytree(site / "slides" / "en" / "_static", tmp_path / "_static")
    deck = (site / "slides" / "en" / f"{UNITS[0]}.html").read_text("utf8")
    (tmp_path / "deck.html").write_text(deck.replace("</head>", f"</head>{FLAWS}"), "utf8")
    (tmp_path / "page.html").write_text(PAGE, "utf8")
    with served(tmp_path) as origin:
        problems = "\n".join(look("walk.mjs", origin, "deck.html", "page.html")["problems"])
    for flaw in (
        "deck.html: asks http://127.0.0.9:9/foreign.svg",
        "deck.html: console: boom",
        "deck.html: 404 for",
        "deck.html: an image without alternative text:",
        "deck.html: slide 5: ",
        "page.html: is 508 pixels wide on a screen of 360",
        "page.html: on a screen of 360: p “wide” is cut off",
        "page.html: dark: color-contrast: b: ",
    ):
        assert flaw in problems
    assert "is cut off" in problems
    assert "scrolls" not in problems.split("page.html")[-1]
    assert "page.html: light" not in problems


def test_a_word_longer_than_the_screen_breaks_whatever_the_font(site, served, look, tmp_path):
    shutil.copytree(site / "en" / "_static", tmp_path / "_static")
    page = (site / "en" / "bibliography.html").read_text("utf8")
    assert "</article>" in page
    word = "long" * 25
    code = f"<code class='literal'><span class='pre'>{word}</span></code>"
    long = f"<h2>{word}</h2><p>{word}</p><p>{code}</p><ul><li><a href='#'>{word}</a></li></ul></article>"
    (tmp_path / "bibliography.html").write_text(page.replace("</article>", long, 1), "utf8")
    with served(tmp_path) as origin:
        problems = look("walk.mjs", origin, "bibliography.html")["problems"]
    assert [problem for problem in problems if "on a screen of" in problem] == []


def test_what_stands_beside_the_path_of_a_site_is_not_found(served, tmp_path, look):
    (tmp_path / "page.html").write_text(
        "<html lang='en'><title>x</title><img src='/x.svg' alt='x'></html>"
    )
    with served(tmp_path) as origin:
        problems = "\n".join(look("walk.mjs", origin, "page.html")["problems"])
    assert origin.endswith(PREFIX)
    assert f"page.html: asks {origin.removesuffix(PREFIX)}/x.svg" in problems


def test_a_printed_deck_names_no_file_of_this_machine(site, look):
    decks = list(site.glob("slides/*/*.pdf"))  # `look` skips this where Chromium is missing
    assert len(decks) == 2 * len(UNITS) * len(LANGUAGES)  # slides, and handouts
    assert [deck.name for deck in decks if b"file:" in deck.read_bytes()] == []
