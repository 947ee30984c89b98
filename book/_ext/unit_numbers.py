"""Numbers of units come from their file names: 06_backpropagation is unit 6, whatever else is built.

Sphinx would count the entries of the table of contents, and a book that is built in part would be
numbered anew. The sections are 6.1, 6.2 …, and figures and formulas follow: Figure 6.1, (6.1).

Sphinx numbers sections and then, in the same step, figures; there is no event between the two. So
the first half is wrapped.
"""

import re

from docutils import nodes
from sphinx.environment.collectors.toctree import TocTreeCollector

number_by_toctree = TocTreeCollector.assign_section_numbers


def assign_section_numbers(self, env):
    """Number the sections of units; returns the pages whose numbers changed."""
    before = env.toc_secnumbers
    changed = number_by_toctree(self, env)
    for docname in env.found_docs:
        unit = re.match(r"(\d\d)_", docname)
        if unit:
            number = int(unit[1])
            env.titles[docname]["secnumber"] = (number,)
            env.toc_secnumbers[docname] = numbers = {}
            _number(env.tocs[docname], (), number, numbers)
            if numbers != before.get(docname):
                changed.append(docname)
    return changed


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
    TocTreeCollector.assign_section_numbers = assign_section_numbers
    return {"parallel_read_safe": True}
