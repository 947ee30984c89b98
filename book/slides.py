"""A course's own slides: its slides/<language>/<unit>.md inserts, replaces and hides slides of a page's deck.

    ::::{slide} Our robot
    :after: the-chain-rule

    It has two arms.
    ::::

    ::::{slide} The chain rule, slowly
    :replace: the-chain-rule
    ...
    ::::

    :::{slide}
    :hide: a-closing-question
    :::

A slide's label is its `:label:`, or else its title in small letters, with hyphens for what is neither letter
nor digit; where a title stands twice, the second one's ends in -2. Behind `opening`, which every deck begins
with, goes what comes first. The merged page is what Sphinx reads, so a slide of the course can `{show}` all
that the page has.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin

from grader.errors import CourseError

DIRECTIVE = re.compile(r"^\{slide\}\s*(?P<title>.*)$")
OPTION = re.compile(r"^:(?P<name>[\w-]+):[ \t]*(?P<value>.*)$")
WITHIN = re.compile(r"^\s*:{3,}\{slide\}", re.MULTILINE)
ORDERS = ("after", "replace", "hide")
OPENING = "opening"


@dataclass(frozen=True)
class Slide:
    """A `{slide}` block. first, last: its lines, counted from 0, the last one not included."""

    title: str
    options: dict[str, str]
    lines: tuple[str, ...]
    first: int
    last: int

    @property
    def name(self) -> str:
        """Its label, but for a number where a title stands twice."""
        return self.options.get("label") or "-".join(re.findall(r"\w+", self.title.casefold()))

    def text(self, label: str = "") -> str:
        """The block without what it orders, and with that label where one is given."""
        label = label or self.options.get("label", "")
        head = [self.lines[0], *([f":label: {label}"] if label else [])]
        return "\n".join([*head, *self.lines[1 + len(self.options) :]])


@dataclass
class _Orders:
    """What a slides file asks for, by the label of the slide that it is about."""

    after: dict[str, list[Slide]] = field(default_factory=lambda: defaultdict(list))
    replace: dict[str, Slide] = field(default_factory=dict)
    hide: dict[str, Slide] = field(default_factory=dict)


def labels(page: str) -> dict[str, Slide]:
    """The slides of a page by label, in order."""
    found: dict[str, Slide] = {}
    for slide in _slides(page):
        label, count = slide.name, 2
        while label in found:
            label, count = f"{slide.name}-{count}", count + 1
        found[label] = slide
    return found


def merged(page: str, path: Path) -> str:
    """The text of a page with what a slides file orders. CourseError names file, line, rule and next step."""
    there = labels(page)
    orders = _read(path, there)
    lines = page.split("\n")
    for label, slide in reversed(there.items()):
        new = [] if label in orders.hide else ["\n".join(lines[slide.first : slide.last])]
        if label in orders.replace:
            new = [orders.replace[label].text(label)]
        new += [each.text() for each in orders.after[label]]
        lines[slide.first : slide.last] = ["\n\n".join(new)]
    if opening := [each.text() for each in orders.after[OPENING]]:
        place = min((slide.first for slide in there.values()), default=len(lines))
        lines[place:place] = ["\n\n".join(["", *opening, ""])]
    return "\n".join(lines)


def _read(path: Path, there: dict[str, Slide]) -> _Orders:
    text, orders = path.read_text(encoding="utf-8-sig"), _Orders()
    _refuse_other_text(path, text)
    for slide in _slides(text):
        where = f"{path}, line {slide.first + 1}"
        given = [name for name in ORDERS if name in slide.options]
        if len(given) != 1:
            raise CourseError(
                f"{where}: a slide has one of :after:, :replace: and :hide:, with the label of a slide of "
                f"the page; this one has {' and '.join(given) or 'none'}. Write :after: {OPENING} for the "
                "first slide."
            )
        if not slide.title and given != ["hide"]:
            raise CourseError(f"{where}: a slide has a title. Write ::::{{slide}} Title.")
        if WITHIN.search("\n".join(slide.lines[1:])):
            raise CourseError(
                f"{where}: a slide ends before the next one begins; this one does not. Close it by a line "
                "of as many colons as it begins with."
            )
        label = slide.options[given[0]]
        known = [*there, *([OPENING] if given == ["after"] else [])]
        if label not in known:
            near = difflib.get_close_matches(label, known, n=1)
            hint = f"Is it {near[0]}? " if near else ""
            raise CourseError(
                f"{where}: :{given[0]}: names a slide of the page by its label; {label!r} is none. {hint}"
                f"There are: {', '.join(known) or 'none'}."
            )
        if given == ["after"]:
            orders.after[label].append(slide)
            continue
        earlier = {**orders.replace, **orders.hide}.get(label)
        if earlier is not None:
            raise CourseError(
                f"{where}: a slide is replaced or hidden once; {label} is already, in line "
                f"{earlier.first + 1}. Delete one of the two."
            )
        getattr(orders, given[0])[label] = slide
    return orders


def _refuse_other_text(path: Path, text: str) -> None:
    """Raise CourseError for what would be lost: text outside of slides that is no comment."""
    for token in _blocks(text):
        comment = token.type == "inline" and token.content.startswith("%")
        if token.type == "inline" and not comment:
            begins = token.content.split("\n")[0]
        elif token.map and "fence" in token.type and not DIRECTIVE.match(token.info.strip()):
            begins = f"{token.markup}{token.info}"
        else:
            continue
        raise CourseError(
            f"{path}, line {token.map[0] + 1 if token.map else 1}: a slides file holds {{slide}} blocks, and "
            f"comments that begin with %; got {begins!r}. Put it into a slide, or into a page of the course."
        )


def _slides(text: str) -> Iterator[Slide]:
    lines = text.split("\n")
    for token in _blocks(text):
        match = DIRECTIVE.match(token.info.strip()) if "fence" in token.type else None
        if match and token.map:
            first, last = token.map
            options: dict[str, str] = {}
            for line in lines[first + 1 : last]:
                if not (option := OPTION.match(line)):
                    break
                options[option["name"]] = option["value"].strip()
            yield Slide(match["title"].strip(), options, tuple(lines[first:last]), first, last)


def _blocks(text: str) -> list[Token]:
    """The blocks of a text, each with its lines; a page's front matter is none of them."""
    text = re.sub(r"\A---\n.*?\n---\n", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)
    return MarkdownIt("commonmark").use(colon_fence_plugin).parse(text)
