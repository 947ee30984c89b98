"""Everything that a student reads goes through here: an English sentence with named gaps, and gettext.

The English sentence is the message's identity (msgid). Catalogues stand in `locale/`; they travel with the
student's package, so that a verdict reads the same in a notebook, in feedback and in a browser.
"""

import gettext
import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = ("en", "ja")


@dataclass(frozen=True)
class Message:
    """A sentence with named gaps, still in no language: judging makes it, rendering chooses the language.

    A gap may hold another message. A sentence without gaps may contain braces.
    """

    text: str
    values: "Mapping[str, str | Message]" = field(default_factory=dict)

    def render(self, language: str = "en") -> str:
        """The sentence in that language, its gaps filled."""
        text = translate(self.text, language)
        filled = {
            name: value.render(language) if isinstance(value, Message) else value
            for name, value in self.values.items()
        }
        return text.format_map(filled) if filled else text


def message(text: str, /, **values: object) -> Message:
    """Make a message. The name of this function marks the text for the catalogues.

    >>> message("{name} has shape {got}.", name="dW", got=(2, 3)).render()
    'dW has shape (2, 3).'
    """
    return Message(
        text,
        {n: value if isinstance(value, Message) else str(value) for n, value in values.items()},
    )


def quote(text: str) -> str:
    """Text of a submission, fit for a gap: one line, and no backtick, which marks code in our sentences.

    Nor a character that is not seen: it could move a terminal's cursor, or turn the direction of a line.

    >>> quote("`x` is\\n wrong")
    "'x' is wrong"
    """
    line = " ".join(text.replace("`", "'").split())
    return "".join(c if c.isprintable() else "\ufffd" for c in line)


def translate(text: str, language: str) -> str:
    """The catalogue's text for an English sentence; the sentence itself where there is none."""
    return _catalogue(language).gettext(text)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("checks", LOCALE_DIR, [language], fallback=True)


def student_language() -> str:
    """Language of messages in a notebook: GRADER_LANG, else the system's locale, else English."""
    wanted = os.environ.get("GRADER_LANG") or locale.getlocale()[0] or ""
    return "ja" if wanted.lower().startswith("ja") else "en"
