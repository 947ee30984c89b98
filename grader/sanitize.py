"""What a submission wrote and showed, made harmless before an instructor's browser or spreadsheet opens it.

Text, formulas, tables, code and pictures stay; nothing that runs or asks another host for anything does.

- Outputs are cleaned when they are recorded (`harmless`): whatever opens the graded notebook finds them so.
- nbgrader renders Markdown cells and comments as they are. `grader.course.configure` puts `markdown2html`
  and `clean` in the place of nbconvert's filters for formgrader and `nbgrader generate_feedback`.
- A table that a spreadsheet may open goes through `csv_cell`.
"""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

import bleach
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s", "span", "strong",
    "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
# Only the classes of highlighted code: formgrader finds its score fields by ids and classes.
_CODE_CLASS = re.compile(r"highlight|language-\w+|[a-z]{1,2}[a-z0-9]?")
_PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,")
_LINK = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)

_PICTURES = {"image/png", "image/jpeg", "image/gif"}
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
# Whoever shows these escapes them.
_TEXTS = {"text/plain", "text/latex"}
MAX_TAGS = 5000
MAX_DEPTH = 100  # of tags in tags
MAX_ATTRIBUTES = 100  # of a tag
MAX_MARKDOWN = 10_000  # characters: some take the square of their number of steps to render
LEFT_OUT = (
    "[Left out, not shown in a graded notebook: {0}. / 採点済みノートブックでは表示されません: {0}]"
)


def harmless(outputs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Outputs of a cell, of nbformat 4, without what could do anything when somebody opens the notebook.

    Plain text, LaTeX and pictures of bits are kept, HTML and Markdown become clean HTML. Everything else
    (scripts, SVG, widgets, JSON) is left out, with a note where nothing remains.
    """
    return [
        {**output, "data": _bundle(output["data"])} if "data" in output else dict(output)
        for output in outputs
    ]


def _bundle(data: Mapping[str, str]) -> dict[str, str]:
    kept = {
        kind: text
        for kind, text in data.items()
        if kind in _TEXTS or (kind in _PICTURES and _BASE64.fullmatch(text))
    }
    if "text/html" in data:
        kept["text/html"] = clean(data["text/html"])
    elif "text/markdown" in data:
        kept["text/html"] = _render(data["text/markdown"], {})
    # nbconvert stumbles over an output of no kind at all.
    return kept or {"text/plain": LEFT_OUT.format(", ".join(sorted(data)) or "?")}


def csv_cell(text: str) -> str:
    """Text as the cell of a table that no spreadsheet takes for a formula.

    >>> csv_cell("=HYPERLINK(0)"), csv_cell("Ada")
    ("'=HYPERLINK(0)", 'Ada')
    """
    first = text.lstrip(" \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}")[:1]
    return f"'{text}" if first and first in "=+-@\t\r\n＝＋－＠" else text


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """HTML of a Markdown text; where it cannot be rendered, the text itself."""
    return _render(source, context.get("cell", {}).get("attachments", {}))


def _render(source: str, attachments: Mapping[str, Any]) -> str:
    if len(source) > MAX_MARKDOWN:
        return _as_text(source)
    renderer = IPythonRenderer(escape=False, attachments=attachments)
    try:
        rendered = MarkdownWithMath(renderer=renderer).render(source)
    except (
        Exception
    ):  # a missing attachment, nesting too deep: one cell must not lose the whole page
        return _as_text(source)
    return clean(rendered)


def _as_text(source: str) -> str:
    return f"<pre>{html.escape(source)}</pre>"


def clean(text: str) -> str:
    """HTML with harmless tags and attributes alone; all others are shown as text or dropped.

    >>> clean('<p onclick="x()">2 <b>W</b></p><script>x()</script>')
    '<p>2 <b>W</b></p>&lt;script&gt;x()&lt;/script&gt;'
    """
    if text.count("<") > MAX_TAGS:
        return _as_text(text)
    cleaner = bleach.Cleaner(TAGS, _is_harmless, {"http", "https", "mailto", "data"})
    _bound(cleaner.parser)
    try:
        return str(cleaner.clean(text))
    except _TooMuch:
        return _as_text(text)


class _TooMuch(Exception):
    """Tags in tags in tags, or a tag of thousands of attributes: time grows with the square of their number."""


def _bound(parser: Any) -> None:
    """Let a parser raise _TooMuch instead of working for minutes."""
    insert, run = parser.tree.insertElementNormal, parser.mainLoop

    def insert_if_shallow(token: Any) -> Any:
        if len(parser.tree.openElements) > MAX_DEPTH:
            raise _TooMuch
        return insert(token)

    def run_with_few_attributes() -> None:
        tokenizer = parser.tokenizer  # each text gets a new one
        name = tokenizer.attributeNameState

        def name_if_few() -> Any:
            if len(tokenizer.currentToken["data"]) > MAX_ATTRIBUTES:
                raise _TooMuch
            return name()

        tokenizer.attributeNameState = name_if_few
        run()

    parser.tree.insertElementNormal = insert_if_shallow
    parser.mainLoop = run_with_few_attributes


def _is_harmless(tag: str, name: str, value: str) -> bool:
    match tag, name:
        case "a", "href":
            return bool(_LINK.match(value))
        case "img", "src":
            return bool(_PICTURE.match(value))
        case (("td" | "th"), ("align" | "colspan" | "rowspan")):
            return True
        case _, "class":
            return bool(_CODE_CLASS.fullmatch(value))
        case _, name:
            return name in {"alt", "title"}
