"""Numbers of units come from their file names: 06_backpropagation is unit 6, whatever else the book holds.

Sphinx would count the entries of the table of contents, and a book that is built in part would be numbered anew. The
sections are 6.1, 6.2 …, and figures and formulas follow: Figure 6.1, (6.1).
"""

import re

from docutils import nodes
from sphinx.environment.collectors.toctree import TocTreeCollector


def number_units(app, env):
    """Give the pages of units their section numbers, then let Sphinx number figures and formulas."""
    for docname in env.found_docs:
        unit = re.match(r"(\d\d)_", docname)
        if unit:
            number = (int(unit[1]),)
            env.titles[docname]["secnumber"] = number
            env.toc_secnumbers[docname] = numbers = {}
            _number(env.tocs[docname], number[:-1], number[-1], numbers)
    return TocTreeCollector().assign_figure_numbers(env)


def _number(entries, prefix, first, numbers):
    """Number the entries of a (nested) list of sections; `numbers` maps anchors to numbers."""
    for count, entry in enumerate(entries.children, first):
        number = (*prefix, count)
        for reference in entry[0].findall(nodes.reference):
            reference["secnumber"] = number
            numbers[reference["anchorname"]] = number
        for deeper in entry.children[1:]:
            _number(deeper, number, 1, numbers)


def setup(app):
    app.connect("env-get-updated", number_units, priority=600)  # Sphinx's own numbering has 500
    return {"parallel_read_safe": True}
