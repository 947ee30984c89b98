"""A page is written anew when something has changed that it takes from another one.

Sphinx writes the pages that it has read. But every page has the titles of all in its margin, and a reference
shows the title or the number of what it leads to. So what pages offer is compared with what it was: where a
title has changed, or which pages there are, all are written; else those with a reference to what has changed.
"""

import re
import time
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref


def note_references(app, doctree):
    """Keep what a page refers to, as it is written: labels, pages, keys of citations."""
    names = set()
    for reference in doctree.findall(pending_xref):
        for target in (reference["reftarget"], reference.get("reftargetid")):
            names |= {name.strip() for name in re.sub(r"{.*?}", "", target or "").split(",")}
    _kept(app.env, "references")[app.env.docname] = names


def forget(app, env, docname):
    _kept(env, "references").pop(docname, None)


def dependents(app, env):
    """The pages that show what has changed."""
    frame, offered = _frame(env), _offered(env)
    old_frame, old = getattr(env, "offered", (None, {}))
    env.offered = (frame, offered)
    if frame != old_frame:
        found = env.found_docs
    else:
        changed = {name for name in {*old, *offered} if old.get(name) != offered.get(name)}
        found = {page for page, names in _kept(env, "references").items() if names & changed}
    _kept(env, "changed_around").update(dict.fromkeys(found, time.time()))
    return found


def _frame(env):
    """What stands on every page: titles, their order, and which pages the other languages have."""
    trees = Path(env.srcdir).parent
    return (
        {name: (title.astext(), title.get("secnumber")) for name, title in env.titles.items()},
        env.toctree_includes,
        sorted(path.relative_to(trees).as_posix() for path in trees.glob("*/*.md")),
    )


def _offered(env):
    """What a reference to a name shows, and where it leads."""
    offered = {}
    labels = env.get_domain("std")
    for name, place in [*labels.anonlabels.items(), *labels.labels.items()]:
        offered[name] = (*place, _numbers(env, *place[:2]))
    for name, (page, _) in env.get_domain("math").equations.items():
        offered[name] = (page, _numbers(env, page, nodes.make_id(f"equation-{name}")))
    for citation in env.domains["cite"].citations if "cite" in env.domains else []:
        offered[citation.key] = (citation.citation_id, repr(citation.entry))
    return offered


def _numbers(env, page, anchor):
    """The number of a section, figure or formula."""
    kinds = env.toc_fignumbers.get(page, {}).values()
    return [
        env.toc_secnumbers.get(page, {}).get(f"#{anchor}"),
        *(kind[anchor] for kind in kinds if anchor in kind),
    ]


def _kept(env, name):
    """A dictionary that the environment keeps from build to build."""
    return env.__dict__.setdefault(name, {})


def setup(app):
    app.connect("doctree-read", note_references)
    app.connect("env-purge-doc", forget)
    app.connect("env-get-updated", dependents, priority=900)  # after figures have got their numbers
