"""The index of the search is the same whether all pages were written, or only those that have changed.

Sphinx takes up the index of the last build, but not the entries of the general index in it, and keeps words
that stand on no page any more.
"""

from sphinx.search import IndexBuilder
from sphinx.util.index_entries import split_index_msg

freeze_what_was_written = IndexBuilder.freeze


def freeze(self):
    """What the search loads; the entries of the general index come from what was read of each page."""
    entries = self.env.get_domain("index").entries
    self._index_entries = {page: _split(entries.get(page, ())) for page in sorted(self._titles)}
    self._mapping = {word: pages for word, pages in self._mapping.items() if pages}
    self._title_mapping = {word: pages for word, pages in self._title_mapping.items() if pages}
    return freeze_what_was_written(self)


def _split(entries):
    """Each name that an entry stands under: text, place on the page, whether it is the main one."""
    return sorted(
        {
            (name, place or "", main)
            for kind, text, place, main, _ in entries
            for name in split_index_msg(kind, text)
        }
    )


def setup(app):
    IndexBuilder.freeze = freeze
    return {"parallel_read_safe": True}
