"""The bibliography is formatted when what it is made of has changed, and its page is then written anew.

sphinxcontrib-bibtex formats every entry in each run of Sphinx, twice, which takes longer than a page; but it
leaves the page with the list as it is when another page cites a new source. It also searches all installed
packages for its plugins, once for each citation.
"""

from functools import cache

import pybtex.plugin
from sphinxcontrib.bibtex.domain import BibtexDomain, get_docnames

format_all = BibtexDomain.env_updated


def env_updated(self):
    """Format the entries if they, or what cites them, have changed; returns the pages with the lists."""
    cited = list(self.get_all_cited_keys(list(get_docnames(self.env))))
    made_from = (self.bibdata.bibfiles, cited)
    known, count = self.data.get("formatted", (None, 0))
    if made_from == known and len(self.citations) == count:  # a list that was read anew has none
        return []
    format_all(self)
    self.data["formatted"] = (made_from, len(self.citations))
    return [key.docname for key in self.bibliographies]


def setup(app):
    BibtexDomain.env_updated = env_updated
    pybtex.plugin.find_plugin = cache(pybtex.plugin.find_plugin)
    return {"parallel_read_safe": True}
