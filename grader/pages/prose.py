"""Messages as HTML: code between backticks is code, and whatever a submission said stays in its place."""

from markupsafe import Markup, escape

from grader.checks import Message, translate

CODE = Markup('<code translate="no">{}</code>')
#: Isolated, so that text of another direction does not turn the sentence around it.
ISOLATED = Markup("<bdi>{}</bdi>")


def prose(text: Message, language: str) -> Markup:
    """A message in that language as HTML.

    Only the sentence's own backticks mark code: a gap is filled afterwards, and escaped.

    >>> from grader.checks import message
    >>> print(prose(message("`{label}` is not {kind}.", label="dW", kind="<b>`x`"), "en"))
    <code translate="no">dW</code> is not <bdi>&lt;b&gt;`x`</bdi>.
    """
    parts = translate(text.text, language).split("`")
    shown = [CODE.format(_filled(part, text, language, code=True)) if inside else
             _filled(part, text, language, code=False)
             for part, inside in zip(parts, _alternating(len(parts)), strict=True)]  # fmt: skip
    return Markup().join(shown)


def _alternating(count: int) -> list[bool]:
    return [bool(number % 2) for number in range(count)]


def _filled(part: str, text: Message, language: str, *, code: bool) -> Markup:
    if not text.values:
        return escape(part)  # a sentence without gaps may contain braces
    values = {
        name: _nested(value, language, code=code) if isinstance(value, Message)
        else escape(value) if code else ISOLATED.format(value)
        for name, value in text.values.items()
    }  # fmt: skip
    return escape(part).format_map(values)


def _nested(value: Message, language: str, *, code: bool) -> Markup:
    return escape(value.render(language)) if code else prose(value, language)
