"""The directives `{slide}`, `{notes}` and `{show}`, and the builder that makes a reveal.js deck of them.

    ::::{slide} The chain rule
    :::{show} eq-06-chain-many
    :::
    Add up the paths.

    :::{notes}
    What the speaker says.
    :::
    ::::

Slides stand in the page of the unit, beside the text that they condense. The page leaves them out;
the deck holds nothing else. `{show}` puts a formula, figure, exercise or cell of the page on the
slide, by its label, so that nothing is written twice: a figure comes without its caption, an
exercise without its effort and hint. A list appears item by item, then what stands below it.
"""

from pathlib import Path
from typing import ClassVar

from bilingual import NAMES
from docutils import nodes
from docutils.parsers.rst import directives
from exercise import exercise_effort, exercise_hint
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator
from sphinx_revealjs.builders import RevealjsHTMLBuilder

PAGE = {"en": "The page of this unit", "ja": "この章の本文"}

logger = logging.getLogger(__name__)


class slide_node(nodes.General, nodes.Element):  # noqa: N801  (docutils names nodes so)
    """A slide: its title, then its content."""


class notes_node(nodes.General, nodes.Element):  # noqa: N801
    """What the speaker view shows beside a slide."""


class show_node(nodes.General, nodes.Element):  # noqa: N801
    """Stands for the node with this label until the deck is made."""


class Slide(SphinxDirective):
    """One slide; the argument is its title. Its address ends in `:label:`, or else in its number."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {"label": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        number = self.env.temp_data["slide"] = self.env.temp_data.get("slide", 0) + 1
        self.env.metadata[self.env.docname]["deck"] = True
        slide = slide_node(ids=[self.options.get("label", f"slide-{number}")])
        title, _ = self.state.inline_text(self.arguments[0], self.lineno)
        slide += nodes.rubric("", "", *title, **{"level": 2})
        self.state.nested_parse(self.content, self.content_offset, slide)
        return [slide]


class Notes(SphinxDirective):
    """Speaker notes of the slide around it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        notes = notes_node()
        self.state.nested_parse(self.content, self.content_offset, notes)
        return [notes]


class Show(SphinxDirective):
    """Pulls the nodes with these labels onto the slide."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        shown = [show_node(label=label) for label in self.arguments[0].split()]
        for node in shown:
            self.set_source_info(node)
        return shown


class MakeDeck(SphinxPostTransform):
    """In a page, drop the slides; in a deck, drop everything else."""

    default_priority = 8  # after MyST-NB has chosen formats, before images and links are resolved

    def run(self, **kwargs: object) -> None:
        slides = list(self.document.findall(slide_node))
        if self.app.builder.name != "deck":
            for slide in slides:
                slide.parent.remove(slide)
            return
        for slide in slides:
            for place in list(slide.findall(show_node)):
                place.replace_self(self.pull(place))
            _step_through(slide)
        opening = self.opening()
        self.document.clear()
        self.document += [opening, *slides]

    def opening(self) -> slide_node:
        """The first slide: the unit's title, the course, the way to the page and to the other language."""
        title = next(self.document.findall(nodes.title)).deepcopy()
        heading = nodes.rubric("", "", *title.children, **{"level": 1})
        course = nodes.paragraph("", self.config.html_title)
        here, page = self.config.language, f"{self.env.docname}.html"
        there = "ja" if here == "en" else "en"
        links = nodes.paragraph()
        links += nodes.reference("", PAGE[here], refuri=f"../../{here}/{page}")
        if there in self.config.languages:
            links += nodes.Text(" · ")
            links += nodes.reference("", NAMES[there], refuri=f"../{there}/{page}")
        return slide_node("", heading, course, links, ids=["opening"])

    def pull(self, place: show_node) -> nodes.Node:
        label = place["label"]
        for node in self.document.findall(nodes.Element):
            names = [*node.get("ids", []), *node.get("names", []), node.get("label")]
            if label in names and not isinstance(node, nodes.target | nodes.section | show_node):
                return _bare(node.deepcopy())
        logger.warning("{show} names a label that this page lacks: %s", label, location=place)
        return nodes.paragraph("", label)


def _bare(node: nodes.Element) -> nodes.Element:
    """The node without what belongs to the page alone."""
    for part in list(
        node.findall(lambda n: isinstance(n, nodes.caption | exercise_effort | exercise_hint))
    ):
        part.parent.remove(part)
    return node


def _step_through(slide: slide_node) -> None:
    """Make the items of a list, and what stands below it, appear one after the other."""
    below = False
    for part in slide.children:
        if isinstance(part, nodes.Sequential):
            below = True
            steps = part.children
        else:
            steps = [part] if below and not isinstance(part, notes_node) else []
        for step in steps:
            step["classes"].append("fragment")


class DeckBuilder(RevealjsHTMLBuilder):
    """Writes one deck for each page that has slides, with none of the scripts of the book's theme."""

    name = "deck"
    default_translator_class = HTML5Translator  # our nodes are slides already
    add_permalinks = False

    def init(self):
        """Keep `revealjs_static_path` as configured: a changed value would have all pages read anew."""
        paths = list(self.config.revealjs_static_path)
        super().init()
        self.config.revealjs_static_path = paths

    def init_js_files(self):
        """MathJax comes page by page, reveal.js from the template."""

    def get_outdated_docs(self):
        """The decks that are older than their page as last read, or than what it shows of other pages."""
        return [
            name for name in self.env.found_docs if self.has_deck(name) and self.is_outdated(name)
        ]

    def is_outdated(self, docname):
        deck = Path(self.get_outfilename(docname))
        read = Path(self.doctreedir) / f"{docname}.doctree"
        around = getattr(self.env, "changed_around", {}).get(docname, 0)
        return not deck.exists() or deck.stat().st_mtime < max(read.stat().st_mtime, around)

    def write_doc(self, docname, doctree):
        if self.has_deck(docname):
            super().write_doc(docname, doctree)

    def has_deck(self, docname):
        return self.env.metadata.get(docname, {}).get("deck", False)


def keep_reveal_and_mathjax(app, pagename, templatename, context, doctree):
    """Take the scripts and styles of the book's theme out of a deck: there they only raise errors."""
    if app.builder.name != "deck":
        return
    wanted = ("revealjs/", "mathjax/", *app.config.revealjs_css_files)
    for kind in "script_files", "css_files":
        context[kind][:] = [file for file in context[kind] if _is_wanted(file, wanted)]


def _is_wanted(file, wanted):
    path = str(getattr(file, "filename", file) or "")
    return any(part in path for part in wanted) if path else "MathJax" in file.attributes["body"]


def visit_slide(self, node):
    self.body.append(self.starttag(node, "section"))


def depart_slide(self, node):
    self.body.append("</section>\n")


def visit_notes(self, node):
    self.body.append('<aside class="notes">')


def depart_notes(self, node):
    self.body.append("</aside>\n")


def setup(app):
    app.add_node(slide_node, html=(visit_slide, depart_slide))
    app.add_node(notes_node, html=(visit_notes, depart_notes))
    app.add_node(show_node)
    app.add_directive("slide", Slide)
    app.add_directive("notes", Notes)
    app.add_directive("show", Show)
    app.add_post_transform(MakeDeck)
    app.add_builder(DeckBuilder)
    app.connect("html-page-context", keep_reveal_and_mathjax, priority=900)
    return {"parallel_read_safe": True}
