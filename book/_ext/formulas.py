"""Formulas in a sentence keep the punctuation beside them.

A browser treats a typeset formula as a picture and may break the line before the comma that follows it, or
after the bracket that opens before it. A span without line breaks holds the formula and its punctuation.
"""

import re

from docutils import nodes

BEFORE = re.compile(r"[(\[“‘（「『]+$")
AFTER = re.compile(r"^[,.;:!?)\]’”、。，．）」』：；？！]+")


def keep_punctuation(app, doctree):
    """Wrap each formula that has punctuation beside it, together with that."""
    for formula in list(doctree.findall(nodes.math)):
        parent = formula.parent
        if isinstance(parent, nodes.title):  # it is copied to tables of contents, as it is
            continue
        place = parent.index(formula)
        before = _take(parent, place - 1, BEFORE) if place else ""
        after = _take(parent, place + 1, AFTER) if place + 1 < len(parent) else ""
        if before or after:
            kept = nodes.inline(classes=["kept"])
            formula.replace_self(kept)
            kept += [nodes.Text(before), formula, nodes.Text(after)]


def _take(parent, place, pattern):
    """Cut what the pattern finds off the text at this place; the empty string where there is none."""
    text = parent[place]
    found = pattern.search(text) if isinstance(text, nodes.Text) else None
    if not found:
        return ""
    parent[place] = nodes.Text(text[: found.start()] + text[found.end() :])
    return found[0]


def setup(app):
    app.connect("doctree-read", keep_punctuation, priority=600)  # after lines have been joined
    return {"parallel_read_safe": True}
