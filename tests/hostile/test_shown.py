"""Showing what runs in the browser of whoever opens the graded notebook, converted by nobody's settings."""

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

from grader.gradebook import SubmissionMarks
from grader.gradebook.graded import graded_notebook
from grader.gradebook.sheet import Sheet
from grader.sanitize import harmless
from grader.submission import Cell, Notebook

BITE = "<img src=x onerror=bite()><script>bite()</script>"
SHOWING = {
    "HTML": f"display(HTML({BITE!r}))",
    "Markdown": f"display(Markdown({BITE!r}))",
    "JavaScript": "display(Javascript('bite()'))",
    "a script by its type": "display({'application/javascript': 'bite()'}, raw=True)",
    "SVG": "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"bite()\"/>'))",
    "Mermaid": f"display({{'text/vnd.mermaid': {BITE!r}}}, raw=True)",
    "LaTeX": f"display(Latex({BITE!r}))",
    "a widget": "display({'application/vnd.jupyter.widget-view+json': '</script>' + BITE}, raw=True)",
    "text": f"print({BITE!r})",
    "colours": f"print('\\x1b[31m' + {BITE!r} + '\\x1b]8;;javascript:bite()\\x07')",
    "an error": f"raise type({BITE!r}, (Exception,), {{}})({BITE!r})",
    "a picture": "display({'image/png': 'x\" onerror=\"bite()'}, raw=True)",
    "a type of its own": f"display({{'text/html; x=1': {BITE!r}, 'Text/HTML': {BITE!r}}}, raw=True)",
    "an object": f"type('X', (), {{'_repr_html_': lambda self: {BITE!r}}})()",
    "metadata": "display({'image/png': 'iVBO'}, raw=True, metadata={'image/png': {'width': '1 onload=x'}})",
}  # fmt: skip
IMPORTS = f"from IPython.display import HTML, Javascript, Latex, Markdown, SVG\nBITE = {BITE!r}\n"


@pytest.fixture(scope="module")
def alive():
    """What would run, or be fetched, of a code cell with these outputs in stock nbconvert's page."""
    exporter = HTMLExporter(template_name="lab")

    def find(cell):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.from_dict(cell)])
        page = BeautifulSoup(exporter.from_notebook_node(notebook)[0], "html.parser")
        return [
            tag
            for tag in page.body.find_all()
            if (tag.name == "script" and "bite()" in tag.text)
            or any(
                name.startswith("on") or "bite" in str(value) for name, value in tag.attrs.items()
            )
        ]

    return find


def code_cell(outputs):
    return nbformat.v4.new_code_cell("", outputs=nbformat.from_dict(outputs))


@pytest.mark.parametrize("what", SHOWING)
def test_nothing_runs_when_the_graded_notebook_is_shown(what, confined, alive):
    with confined.session() as session:
        outputs = session.run_cell(IMPORTS + SHOWING[what]).outputs
    assert outputs
    sheet = Sheet("unit", "unit", {"name": "python3"}, {})
    marks = SubmissionMarks("eve", None, Notebook((Cell("code", ""),)), {}, {0: outputs})
    (cell,) = graded_notebook(sheet, marks, "en")["cells"]
    assert not alive(cell)


TANGLED = {
    "tags in tags": "HTML('<div>' * 1000)",
    "tags that cross": "HTML('<a><div>' * 1000)",
    "tags that a comment closes": "HTML('<div><!--</div>-->' * 1000)",
    "tags that a cell keeps open": "HTML('<div><table><tr><td></div></table>' * 1000)",
    "a tag of many attributes": "HTML('<b ' + 'a ' * 1000 + '>x</b>')",
    "tags without end": "HTML('<b><p>' * 2000 + '</b>' * 2000)",
    "formulas that never end": "Markdown(chr(92) * 2 + '(' + '$a ' * 4000)",
}


@pytest.mark.parametrize("what", TANGLED)
def test_what_takes_minutes_to_clean_is_shown_as_text(what, confined):
    """The process that writes the marks of a class cleans it, and waits for nothing."""
    with confined.session() as session:
        (shown,) = harmless(session.run_cell(f"{IMPORTS}\n{TANGLED[what]}").outputs)
    assert shown["data"]["text/html"].startswith(("<pre>&lt;", "<pre>\\"))


@pytest.mark.parametrize(
    "what", ["HTML", "Markdown", "JavaScript", "a script by its type", "Mermaid", "an object"]
)
def test_shown_as_it_came_it_runs(what, unconfined, alive):
    with unconfined.session() as session:
        outputs = session.run_cell(IMPORTS + SHOWING[what]).outputs
    assert alive(code_cell(outputs))
