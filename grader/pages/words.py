"""The pages' own sentences: gettext, English as the identity, translations in `locale/`.

Apart from the catalogue of verdicts, which travels with every student's package.
"""

import gettext
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"


@cache
def words(language: str) -> gettext.NullTranslations:
    """The translations into a language; English sentences are their own."""
    return gettext.translation("pages", LOCALE_DIR, [language], fallback=True)
