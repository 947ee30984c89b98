"""The directive `{terms}`: the table of terms in both languages, from book/glossary.csv.

It is sorted by the page's own language, Japanese by its reading; the number of a unit leads to its page,
if that is in the book.
"""

import csv
import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

HEADS = {"en": ["English", "Japanese", "Unit"], "ja": ["日本語", "読み", "英語", "章"]}
COLUMNS = {"en": ["en", "ja"], "ja": ["ja", "reading", "en"]}
KEY = {"en": "en", "ja": "reading"}


class Terms(SphinxDirective):
    """See the docstring of the module."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname]["terms"] = True
        path = self.env.srcdir.parent / "glossary.csv"
        self.env.note_dependency(path)
        language = self.config.language
        with path.open(encoding="utf8", newline="") as file:
            terms = sorted(csv.DictReader(file), key=lambda term: term[KEY[language]].lower())
        pages = {
            int(m[1]): page for page in self.env.found_docs if (m := re.match(r"(\d\d)_", page))
        }
        rows = [HEADS[language], [":---"] * len(HEADS[language])]
        for term in terms:
            unit = int(term["unit"])
            link = f"[{unit}]({pages[unit]}.md)" if unit in pages else str(unit)
            rows.append([*(term[column] for column in COLUMNS[language]), link])
        lines = [f"| {' | '.join(row)} |" for row in rows]
        table = nodes.container()
        self.state.nested_parse(StringList(lines, source=str(path)), self.content_offset, table)
        return table.children


def reread(app, env, added, changed, removed):
    """The pages with the table, where there are other pages to lead to."""
    return [
        name for name in env.found_docs if (added or removed) and env.metadata[name].get("terms")
    ]


def setup(app):
    app.connect("env-get-outdated", reread)
    app.add_directive("terms", Terms)
    return {"parallel_read_safe": True}
