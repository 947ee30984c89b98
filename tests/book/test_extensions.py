"""Our Sphinx extensions, each by what it makes of a small book."""

import importlib
import re

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import docutils_namespace

from tests.book.source import BOOK

# sphinx-revealjs reads an attribute that Sphinx 9 will drop
pytestmark = pytest.mark.filterwarnings("ignore:.*DeckBuilder.css_files")

CONF = """
extensions = ["myst_parser", "sphinx_revealjs", "exercise", "deck", "formulas", "pictures", "unit_numbers"]
extensions += ["bilingual"]
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
:difficulty: 3
:minutes: 40

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


def test_exercises_are_numbered_by_unit_and_fold_their_hints(build):
    html, warnings = build()
    assert warnings == ""
    assert "Exercise 7.2 · The second" in html
    assert '<span class="std std-ref">Exercise 7.2</span>' in html
    assert '<p class="effort">Difficulty 3 of 3, about 40 minutes</p>' in html
    assert '<details class="hint"><summary>Hint</summary>\n<p>Think of' in html


def test_exercises_speak_the_language_of_the_page(build):
    html, _ = build(language="ja")
    assert "演習 7.1 · The first" in html
    assert "<summary>ヒント</summary>" in html
    assert "難易度 3／3、目安 40 分" in html


@pytest.mark.parametrize("option", [":difficulty: 4", ":minutes: soon"])
def test_an_effort_that_is_none_is_refused(build, option):
    name = option.split(": ")[0]
    page = "\n".join(option if line.startswith(name) else line for line in PAGE.splitlines())
    _, warnings = build(page)
    assert f"Invalid option value for '{name[1:]}'" in warnings


def test_an_exercise_without_a_proper_label_is_refused(build):
    _, warnings = build(PAGE.replace("ex-07-one", "first"))
    assert "an exercise needs :label: ex-<unit>-<id>; got 'first'." in warnings


def test_a_page_leaves_its_slides_out(build):
    html, _ = build()
    assert "A slide" not in html
    assert "For the speaker" not in html


def test_a_deck_holds_the_slides_with_what_they_show(build):
    html, warnings = build(builder="deck")
    assert warnings == ""
    assert '<h2 class="rubric">A slide</h2>' in html
    assert '<span class="eqno">(7.1)</span>' in html
    assert "Exercise 7.2 · The second" in html
    assert '<aside class="notes"><p>For the speaker.</p>' in html
    assert "The first" not in html
    assert "Think of" not in html
    assert "about 40 minutes" not in html


def test_a_list_on_a_slide_appears_item_by_item_and_what_stands_below_it_last(build):
    listed = ":::{show} eq-07-sum ex-07-two\n:::\n\n- one\n- two\n\nSo three.\n"
    html, _ = build(PAGE.replace(":::{show} eq-07-sum ex-07-two\n:::\n", listed), builder="deck")
    steps = re.findall(r'<(?:li|p) class="fragment">\s*(?:<p>)?([\w ]+)', html)
    assert steps == ["one", "two", "So three"]
    assert html.count("fragment") == len(steps)  # neither the formula above nor the notes


def test_a_slide_that_shows_what_is_not_there_is_reported(build):
    _, warnings = build(PAGE.replace("{show} eq-07-sum", "{show} eq-07-product"), builder="deck")
    assert "{show} names a label that this page lacks: eq-07-product" in warnings


def test_a_figure_that_holds_a_picture_is_marked(build, tmp_path):
    svg = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
    (tmp_path / "drawing.svg").write_text(svg.format("<path />"))
    (tmp_path / "photograph.svg").write_text(svg.format('<image href="data:image/png;base64," />'))
    html, warnings = build("# A unit\n\n![one](drawing.svg)\n![two](photograph.svg)\n")
    assert warnings == ""
    assert re.findall(r'<img alt="(\w+)" class="picture"', html) == ["two"]


def test_units_are_numbered_by_their_file_names(build):
    html, _ = build()
    assert '<span class="section-number">7. </span>A unit' in html
    assert '<span class="eqno">(7.1)' in html


def test_japanese_lines_are_joined_without_a_space(build):
    page = "# 章\n\n計算\nグラフを、\n`code`\nで NumPy\nを使う。\n"
    html, _ = build(page, language="ja")
    assert "計算グラフを、<code" in html
    assert "NumPy\nを使う。" in html


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "Let $a$, ($b$) and $c$.", ["M,", "(M)", "M."]),
        ("en", "The $n$-th of $m$ is $k$ large", []),
        ("ja", "大きさ（$a$）と$b$、\n$c$。", ["（M）", "M、", "M。"]),
    ],
)
def test_a_formula_and_its_punctuation_stay_on_one_line(build, language, text, kept):
    html, _ = build(f"# A unit: $f$, $g$\n\n{text}\n", language=language)
    html = re.sub(r'<span class="math[^>]*>.*?</span>', "M", html)
    assert re.findall(r'<span class="kept">(.*?)</span>', html) == kept
    assert "A unit: M, M" in html


FORMULAS = r"""
# A unit

$$
\begin{aligned}
a &= f(x, y) , \\
b &= 1.5 . &
\end{aligned}
$$

$$
c .
$$
"""


@pytest.mark.parametrize(
    ("language", "ends"),
    [("en", [r"f(x,y),\\", "1.5.&amp;", r"\[c.\]"]), ("ja", [r"f(x,y)\\", "1.5&amp;", r"\[c\]"])],
)
def test_a_display_ends_in_a_stop_in_english_alone(build, language, ends):
    html, _ = build(FORMULAS, language=language)
    squeezed = re.sub(r"\s", "", html)
    assert [end for end in ends if end not in squeezed] == []


def test_japanese_is_searched_by_pairs_of_characters_and_single_kanji(monkeypatch):
    monkeypatch.syspath_prepend(str(BOOK / "_ext"))
    bilingual = importlib.import_module("bilingual")
    split = bilingual.JapaneseBigrams({}).split
    pairs = ["計算", "算グ", "グラ", "ラフ", "フと", "と勾", "勾配"]
    assert split("計算グラフと勾配") == [*pairs, "計", "算", "勾", "配"]
    assert split("ＲｅＬＵ層") == ["ReLU", "層"]
    assert split("ﾊﾞｯﾁ") == ["バッ", "ッチ"]


@pytest.fixture
def figures(monkeypatch):
    monkeypatch.syspath_prepend(str(BOOK))
    with mpl.rc_context():
        yield importlib.import_module("figures")


def test_a_figure_takes_the_word_of_its_language(figures):
    assert figures.use("en")("loss", "損失") == "loss"


def test_without_a_japanese_font_a_figure_has_no_words(figures, monkeypatch):
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    assert figures.use("ja")("loss", "損失") == ""


def test_with_a_japanese_font_a_figure_has_japanese_words(figures, monkeypatch):
    font = font_manager.FontEntry(fname="", name=figures.JAPANESE_FONTS[0])
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [font])
    assert figures.use("ja")("loss", "損失") == "損失"
    assert mpl.rcParams["font.family"] == [font.name]
