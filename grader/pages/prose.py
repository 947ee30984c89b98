"""Messages as HTML: code between backticks is code, and whatever a submission said stays in its place."""

from markupsafe import Markup, escape

from grader.checks import Message, translate

CODE = Markup('<code translate="no">{}</code>')
#: Isolated, so that text of another direction does not turn the sentence around it.
ISOLATED = Markup("<bdi>{}</bdi>")


def prose(text: Message, language: str) -> Markup:
    """A message in that language as HTML.

    Backticks mark code, in the sentence and in a gap, where they come in pairs. All else in a gap is text.

    >>> from grader.checks import message
    >>> print(prose(message("`{label}` is {kind}.", label="dW", kind="<b>`"), "en"))
    <code translate="no">dW</code> is <bdi>&lt;b&gt;`</bdi>.
    """
    parts = translate(text.text, language).split("`")
    return Markup().join(
        _filled(part, text, language, code=bool(number % 2)) for number, part in enumerate(parts)
    )


def _filled(part: str, text: Message, language: str, *, code: bool) -> Markup:
    shown = escape(part)
    if text.values:  # a sentence without gaps may contain braces
        shown = shown.format_map({n: _value(v, language, code) for n, v in text.values.items()})
    return CODE.format(shown) if code else shown


def _value(value: str | Message, language: str, code: bool) -> Markup:
    if code:
        return escape(value.render(language) if isinstance(value, Message) else value)
    if isinstance(value, Message):
        return prose(value, language)
    parts = value.split("`")
    if len(parts) % 2 == 0:
        return ISOLATED.format(value)
    marked = (
        CODE.format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )
    return ISOLATED.format(Markup().join(marked))
