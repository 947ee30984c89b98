"""What two languages need: a switch on each page, Japanese paragraphs and a Japanese search.

Sphinx's own Japanese splitter looks for words and misses compounds such as 計算グラフ. Cutting both
the text and the query into pairs of characters finds every string of two characters or more.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.search import SearchLanguage

NAMES = {"en": "English", "ja": "日本語"}
SLIDES = {"en": "Slides", "ja": "スライド"}
PUNCTUATION = "、。「」（）：；？！・"
JAPANESE = "\u3040-\u30ff\u3400-\u9fff々ー"


class JapaneseBigrams(SearchLanguage):
    """Splits Japanese into pairs of characters, everything else into words."""

    lang = "ja"
    language_name = "Japanese"
    js_splitter_code = """
var splitQuery = function (query) {
  var words = [];
  (query.match(/[A-Za-z0-9_]+|[JAPANESE]+/g) || []).forEach(function (run) {
    if (/^[A-Za-z0-9_]/.test(run) || run.length < 3) { words.push(run); return; }
    for (var i = 0; i < run.length - 1; i++) words.push(run.slice(i, i + 2));
  });
  return words;
};
""".replace("JAPANESE", JAPANESE)

    def split(self, input: str) -> list[str]:
        words = []
        for run in re.findall(rf"[A-Za-z0-9_]+|[{JAPANESE}]+", input):
            if run.isascii() or len(run) < 3:
                words.append(run)
            else:
                words += [run[i : i + 2] for i in range(len(run) - 1)]
        return words

    def word_filter(self, word: str) -> bool:
        return len(word) > 1


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


def add_links(app, pagename, templatename, context, doctree):
    """Buttons that lead to the same page in the other language and to the unit's deck."""
    here = app.config.language
    there = "ja" if here == "en" else "en"
    exists = (Path(app.srcdir).parent / there / f"{pagename}.md").exists()
    context["other_language"] = NAMES[there]
    context["other_language_url"] = f"../{there}/{pagename if exists else 'index'}.html"
    if "header_buttons" not in context:  # a deck has no header
        return
    has_deck = doctree is not None and app.env.metadata.get(pagename, {}).get("deck")
    buttons = context["header_buttons"]
    if has_deck:
        deck = f"../slides/{here}/{pagename}.html"
        buttons.append(_link(deck, "deck", SLIDES[here], "fa-display"))
    buttons.append(_link(context["other_language_url"], "language", NAMES[there], "fa-language"))


def _link(url, label, text, icon):
    return {"type": "link", "url": url, "label": label, "text": text, "icon": f"fa-solid {icon}"}


def setup(app):
    app.add_search_language(JapaneseBigrams)
    app.connect("doctree-read", join_lines)
    app.connect("html-page-context", add_links, priority=502)  # after the theme's own buttons
    return {"parallel_read_safe": True}
