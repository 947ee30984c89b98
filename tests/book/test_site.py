"""The built site as files: every link leads somewhere, nothing foreign is loaded, no answer is printed."""

import ast
import re
from urllib.parse import unquote, urlsplit

import pytest

from grader.exercises.keys import load_unit
from tests.book.html import Reader
from tests.book.source import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SHORTEST = 20  # a shorter body, such as `return x + y`, is a phrase that any page may need


@pytest.fixture(scope="module")
def pages(site):
    """Every page and deck, read."""
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {path.resolve(): Reader(path) for path in paths}


def broken_links(pages):
    """Links within the site that lead nowhere."""
    for path, page in pages.items():
        for link in [*page.links, *page.loaded]:
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            if not target.is_file():
                yield f"{path.name}: {link}: no such file"
                continue
            slide = url.fragment.startswith("/")  # reveal.js finds it
            if target in pages and not slide and unquote(url.fragment) not in pages[target].anchors:
                yield f"{path.name}: {link}: no such place"


def test_every_link_leads_somewhere(pages):
    assert list(broken_links(pages)) == []


def test_nothing_is_loaded_from_another_host(pages):
    foreign = [url for page in pages.values() for url in page.loaded if urlsplit(url).netloc]
    assert foreign == []


def test_a_broken_link_is_seen(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p id="here"><a href="#here"></a><a href="#gone"></a><img src="gone.svg"></p>')
    assert list(broken_links({page: Reader(page)})) == [
        "page.html: #gone: no such place",
        "page.html: gone.svg: no such file",
    ]


def squeezed(code):
    """Code as letters, digits and operators: layout, parentheses and `self` do not tell answers apart."""
    return re.sub(r"[\s()]|self\.", "", code)


def bodies():
    """The bodies that students write, of all keys: the exercise, and the body in the form compared."""
    for key in sorted(ROOT.glob("solutions/*/key.py")):
        for exercise in load_unit(key).exercises.values():
            if not exercise.methods:
                continue
            for node in ast.walk(ast.parse(exercise.source.text)):
                if isinstance(node, ast.FunctionDef) and node.name in exercise.methods:
                    text = squeezed("\n".join(_lines(node)))
                    if len(text) >= SHORTEST:
                        yield exercise.label, text


def _lines(function):
    """The statements of a body without what students need not write: docstring, tests of shapes, types."""
    for statement in function.body:
        text = ast.unparse(statement)
        if isinstance(statement, ast.AnnAssign):
            text = f"{ast.unparse(statement.target)} = {ast.unparse(statement.value)}"
        if not isinstance(statement, ast.Expr) or not re.match(r"expect|'", text):
            yield text


def test_no_page_deck_reference_or_index_holds_the_body_of_an_exercise(site, pages):
    answers = list(bodies())
    assert {label[3:5] for label, _ in answers} == {
        key.name[:2] for key in ROOT.glob("solutions/*")
    }
    texts = {path: squeezed("".join(page.texts)) for path, page in pages.items()}
    for index in site.glob("*/searchindex.js"):
        texts[index] = squeezed(index.read_text("utf8"))
    found = [
        f"{path.relative_to(site)}: {label}"
        for path, text in texts.items()
        for label, answer in answers
        if answer in text
    ]
    assert found == []


def test_a_printed_body_is_seen(tmp_path):
    page = tmp_path / "page.html"
    label, answer = next(bodies())
    page.write_text(f"<pre><span>{answer[:9]}</span> (<b>{answer[9:]}</b>)</pre>")
    assert label.startswith("ex-01")
    assert answer in squeezed("".join(Reader(page).texts))
