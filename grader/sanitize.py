"""What a submission wrote in Markdown or HTML, made harmless before an instructor's browser shows it.

nbgrader renders cells and comments as they are. `grader.course.configure` puts these two functions in the
place of nbconvert's filters, so formgrader and `nbgrader generate_feedback` show text, formulas, tables,
code and pictures of a submission, and nothing that runs or asks another host for anything.
"""

import html
import re
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


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """HTML of a Markdown text; where it cannot be rendered, the text itself."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments)
    try:
        rendered = MarkdownWithMath(renderer=renderer).render(source)
    except (
        Exception
    ):  # a missing attachment, nesting too deep: one cell must not lose the whole page
        rendered = f"<pre>{html.escape(source)}</pre>"
    return clean(rendered)


def clean(text: str) -> str:
    """HTML with harmless tags and attributes alone; all others are shown as text or dropped.

    >>> clean('<p onclick="x()">2 <b>W</b></p><script>x()</script>')
    '<p>2 <b>W</b></p>&lt;script&gt;x()&lt;/script&gt;'
    """
    cleaned: str = bleach.clean(
        text, tags=TAGS, attributes=_is_harmless, protocols={"http", "https", "mailto", "data"}
    )
    return cleaned


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
