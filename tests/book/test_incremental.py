"""A book that is built anew after a change is the book that a build from nothing makes of the same sources."""

import pytest
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import docutils_namespace

from tests.book.source import BOOK

# sphinx-revealjs reads an attribute that Sphinx 9 will drop
pytestmark = pytest.mark.filterwarnings("ignore:.*DeckBuilder.css_files")

CONF = """
extensions = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_revealjs", "exercise", "deck", "unit_numbers"]
extensions += ["bilingual", "citations", "dependents", "search_index"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
bibtex_bibfiles = ["all.bib"]
bibtex_reference_style = "author_year"
math_numfig = numfig = True
revealjs_script_conf = {"scrollActivationWidth": None}
html_theme = "basic"
html_last_updated_fmt = None
"""
SOURCES = {
    "index.md": "# Book\n\n```{toctree}\n02_first\n03_second\n04_third\nlist\n```\n",
    "02_first.md": """\
# The first

Nothing.

(sec-02-middle)=
## Middle

```{figure} x.png
:name: fig-02-x

What is seen.
```

$$
a = b
$$ (eq-02-a)

```{exercise} One
:label: ex-02-one

Do.
```
""",
    "03_second.md": """\
# The second

{numref}`fig-02-x`, {eq}`eq-02-a`, {ref}`ex-02-one`, {ref}`sec-02-middle` and {cite:t}`old`.

::::{slide} A slide
{numref}`fig-02-x`
::::
""",
    "04_third.md": "# The third\n\n```{index} thirdness\n```\n\nBy itself.\n",
    "list.md": "# Sources\n\n```{bibliography}\n```\n",
    "all.bib": "".join(
        f"@book{{{key}, title={{A {key} one}}, author={{{name}}}, publisher={{P}}, year={{2000}}}}\n"
        for key, name in (("old", "Ann Ash"), ("new", "Bob Beech"))
    ),
    "x.png": "",
    "conf.py": CONF,
}
# What changes: the file, a text in it, what stands there then, and which other pages show it.
EVERY = {"02_first", "03_second", "04_third", "list"}
EXERCISE = "```{exercise} Zero\n:label: ex-02-zero\n\nDo.\n```\n"
CHANGES = [
    ("02_first.md", "Nothing.", "A word.", set()),
    ("02_first.md", "The first", "The newest", EVERY),
    ("02_first.md", "Middle", "Half", {"03_second"}),
    ("02_first.md", "(sec-", "```{figure} x.png\nBefore it.\n```\n\n(sec-", {"03_second"}),
    ("02_first.md", "(sec-", "$$\nc\n$$ (eq-02-c)\n\n(sec-", {"03_second"}),
    ("02_first.md", "(sec-", f"{EXERCISE}\n(sec-", {"03_second"}),
    ("04_third.md", "By itself.", "See {cite:t}`new`.", {"list"}),
    ("all.bib", "Ann Ash", "Eve Elm", {"03_second", "list"}),
    ("../ja/04_third.md", "", "# The third\n", EVERY),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A small book: book/en, and the folder of its other language."""
    monkeypatch.syspath_prepend(str(BOOK / "_ext"))
    for name, text in SOURCES.items():
        path = tmp_path / "book" / "en" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "book" / "ja").mkdir()
    return tmp_path


def build(folder, made):
    """Build pages, then decks; returns which pages were written, and all HTML by its path."""
    written = set()
    for builder in ("html", "deck"):
        with docutils_namespace():
            app = SphinxTestApp(builder, srcdir=folder / "book" / "en", builddir=made)
            if builder == "html":
                app.connect("html-page-context", lambda app, page, *_: written.add(page))
            app.build()
        assert app.warning.getvalue() == ""
        app.cleanup()
    paths = [*made.rglob("*.html"), *made.rglob("searchindex.js")]
    texts = {path.relative_to(made): path.read_text("utf8") for path in paths}
    return written & EVERY, texts


def test_what_shows_a_change_is_written_anew_and_nothing_else(folder):
    _, first = build(folder, folder / "kept")
    for file, before, after, shown in CHANGES:
        path = folder / "book" / "en" / file
        text = path.read_text() if path.exists() else ""
        path.write_text(text.replace(before, after) if before else after)
        written, last = build(folder, folder / "kept")
        assert written == shown | ({path.stem} & EVERY), after
    assert build(folder, folder / "kept") == (set(), last)
    assert build(folder, folder / "fresh")[1] == last != first
