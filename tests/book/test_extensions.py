"""Our Sphinx extensions, each by what it makes of a small book."""

import importlib.util
import sys

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import docutils_namespace

from tests.book.source import BOOK

CONF = """
extensions = ["myst_parser", "sphinx_revealjs", "exercise", "deck", "unit_numbers", "bilingual"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
mathjax_path = "mathjax/tex-svg-full.js"
math_numfig = numfig = True
revealjs_script_conf = {"scrollActivationWidth": None}
html_theme = "basic"
"""

PAGE = """
(sec-07-top)=
# A unit

See {eq}`eq-07-sum` and {ref}`ex-07-two`.

$$
a + b
$$ (eq-07-sum)

```{exercise} The first
:label: ex-07-one

State $x$.
```

````{exercise} The second
:label: ex-07-two

State $y$.

:::{hint}
Think of $z$.
:::
````

::::{slide} A slide
:::{show} eq-07-sum ex-07-two
:::

:::{notes}
For the speaker.
:::
::::
"""


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Build a book of one unit, 07_unit, with a builder in a language; returns its HTML."""
    monkeypatch.syspath_prepend(str(BOOK / "_ext"))
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "index.md").write_text("# Book\n\n```{toctree}\n07_unit\n```\n")

    def run(page=PAGE, *, builder="html", language="en"):
        (tmp_path / "07_unit.md").write_text(page, "utf8")
        app = SphinxTestApp(
            builder, srcdir=tmp_path, confoverrides={"language": language}, freshenv=True
        )
        with docutils_namespace():
            app.build()
        warnings = app.warning.getvalue()
        path = app.outdir / "07_unit.html"
        html = path.read_text("utf8")
        app.cleanup()
        return html, warnings

    return run
