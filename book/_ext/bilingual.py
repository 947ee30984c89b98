"""What two languages need: a switch on each page, Japanese paragraphs and a Japanese search.

Sphinx's own Japanese splitter looks for words and misses compounds such as 計算グラフ. Cutting both
the text and the query into pairs of characters finds every string of two characters or more; kanji are
words by themselves, too. Full-width letters are the same as others.
"""

import re
from pathlib import Path
from unicodedata import normalize

from docutils import nodes
from sphinx.search import SearchLanguage

NAMES = {"en": "English", "ja": "日本語"}
SLIDES = {"en": "Slides", "ja": "スライド"}
DOWNLOADS = {"en": "Download", "ja": "ダウンロード"}
NOTEBOOK = {"en": "Assignment (notebook)", "ja": "課題（ノートブック）"}
PDF = {"en": "Slides (PDF)", "ja": "スライド（PDF）"}
HANDOUT = {"en": "Handout with notes (PDF)", "ja": "ノート付き配布資料（PDF）"}
PUNCTUATION = "、。「」（）：；？！・"
STOP_IN_FORMULA = r"(?<=\s)[.,](?=\s*&?\s*(\\\\|\\end\{|\Z))"
KANJI = "\u3400-\u9fff"
JAPANESE = "\u3040-\u30ff\u3400-\u9fff々ー"


class JapaneseBigrams(SearchLanguage):
    """Splits Japanese into pairs of characters and single kanji, everything else into words."""

    lang = "ja"
    language_name = "Japanese"
    js_splitter_code = """
var splitQuery = function (query) {
  var words = [];
  (query.normalize("NFKC").match(/[A-Za-z0-9_]+|[JAPANESE]+/g) || []).forEach(function (run) {
    if (/^[A-Za-z0-9_]/.test(run) || run.length < 3) { words.push(run); return; }
    for (var i = 0; i < run.length - 1; i++) words.push(run.slice(i, i + 2));
  });
  return words;
};
""".replace("JAPANESE", JAPANESE)

    def split(self, input: str) -> list[str]:
        words = []
        for run in re.findall(rf"[A-Za-z0-9_]+|[{JAPANESE}]+", normalize("NFKC", input)):
            if run.isascii():
                words.append(run)
            else:
                words += [run[i : i + 2] for i in range(len(run) - 1)]
                words += re.findall(f"[{KANJI}]", run)
        return words

    def word_filter(self, word: str) -> bool:
        return len(word) > 1 or not word.isascii()


def join_lines(app, doctree):
    """Take out the line breaks between Japanese characters, which HTML would show as spaces."""
    if app.config.language != "ja":
        return
    for line_break in [text for text in doctree.findall(nodes.Text) if text == "\n"]:
        siblings = line_break.parent.children
        place = next(i for i, node in enumerate(siblings) if node is line_break)
        before, after = (_text(node) for node in siblings[place - 1 : place + 2 : 2])
        after_a_stop = re.search(f"[{PUNCTUATION}]$", before)
        if after_a_stop or re.fullmatch(f"[{JAPANESE}]{{2}}", before[-1:] + after[:1]):
            del siblings[place]


def _text(node):
    return str(node) if isinstance(node, nodes.Text) else ""


def take_stops_out_of_formulas(app, doctree):
    """Take the full stop or comma off the lines of a Japanese display: there the sentence goes on behind it."""
    if app.config.language != "ja":
        return
    for formula in doctree.findall(nodes.math_block):
        formula.children = [nodes.Text(re.sub(STOP_IN_FORMULA, "", formula.astext()))]


def add_links(app, pagename, templatename, context, doctree):
    """Buttons: the unit's deck, what can be downloaded, the same page in the other language."""
    here = app.config.language
    there = "ja" if here == "en" else "en"
    exists = (Path(app.srcdir).parent / there / f"{pagename}.md").exists()
    both = there in app.config.languages
    if both:
        context["other_language"] = NAMES[there]
        context["other_language_url"] = f"../{there}/{pagename if exists else 'index'}.html"
    if "header_buttons" not in context:  # a deck has no header
        return
    has_deck = doctree is not None and app.env.metadata.get(pagename, {}).get("deck")
    buttons = context["header_buttons"]
    deck = f"../slides/{here}/{pagename}"
    if has_deck:
        buttons.append(_link(f"{deck}.html", "deck", SLIDES[here], "fa-display"))
    files = []
    if pagename in app.config.units_with_assignment:
        notebook = f"../notebooks/{here}/{pagename}.ipynb"
        files.append(_link(notebook, "notebook", NOTEBOOK[here], "fa-pen-to-square"))
    if has_deck and app.config.decks_are_printed:
        files.append(_link(f"{deck}.pdf", "deck-pdf", PDF[here], "fa-file-pdf"))
        files.append(_link(f"{deck}_notes.pdf", "handout", HANDOUT[here], "fa-file-lines"))
    if files:
        label, icon = DOWNLOADS[here], "fa-solid fa-download"
        buttons.append(
            {
                "type": "group",
                "label": "downloads",
                "tooltip": label,
                "icon": icon,
                "buttons": files,
            }
        )
    if both:
        url = context["other_language_url"]
        buttons.append(_link(url, "language", NAMES[there], "fa-language"))


def _link(url, label, text, icon):
    return {"type": "link", "url": url, "label": label, "text": text, "icon": f"fa-solid {icon}"}


def setup(app):
    app.add_search_language(JapaneseBigrams)
    app.add_config_value("languages", [*NAMES], "html")
    app.add_config_value("units_with_assignment", [], "html")
    app.add_config_value("decks_are_printed", False, "html")
    app.connect("doctree-read", join_lines)
    app.connect("doctree-read", take_stops_out_of_formulas)
    app.connect("html-page-context", add_links, priority=502)  # after the theme's own buttons
    return {"parallel_read_safe": True}
