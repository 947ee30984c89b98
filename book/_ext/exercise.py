"""The directive `{exercise}`: statement of an exercise, with its hint folded away.

    ````{exercise} Affine
    :label: ex-06-affine
    :difficulty: 2
    :minutes: 40

    Implement ... $y = xW + b$ ...

    :::{hint}
    ...
    :::
    :::{rubric}
    ...
    :::
    ````

The difficulty is 1 (apply what the text says), 2 (put two things together) or 3 (find an idea); the
minutes are what an author expects of a student who has read the unit. The rubric of an exercise
that a person marks stands in the instructor's notebook only.

The label is `ex-<unit>-<id>`. The notebooks are made from the same blocks, so a statement is plain
CommonMark with `$` formulas, and no MyST role stands in it. Exercises are numbered by unit: the
third one of unit 06 is 6.3.
"""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

EXERCISE = {"en": "Exercise", "ja": "演習"}
HINT = {"en": "Hint", "ja": "ヒント"}
EFFORT = {
    "en": "Difficulty {difficulty} of 3, about {minutes} minutes",
    "ja": "難易度 {difficulty}／3、目安 {minutes} 分",
}


class exercise_node(nodes.Admonition, nodes.Element):  # noqa: N801  (docutils names nodes so)
    """An exercise: title, statement and, perhaps, an `exercise_hint`."""


class exercise_effort(nodes.paragraph):  # noqa: N801
    """How hard an exercise is, and how long it takes."""


class exercise_hint(nodes.General, nodes.Element):  # noqa: N801
    """A hint that the reader opens."""


class Exercise(SphinxDirective):
    """See the docstring of the module."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {
        "label": directives.unchanged_required,
        "difficulty": lambda text: directives.choice(text, ("1", "2", "3")),
        "minutes": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        label = self.options.get("label", "")
        parts = label.split("-", 2)
        if len(parts) != 3 or parts[0] != "ex" or not parts[1].isdigit():
            raise self.error(f"an exercise needs :label: ex-<unit>-<id>; got {label!r}.")
        number = self.env.temp_data["exercise"] = self.env.temp_data.get("exercise", 0) + 1
        name = f"{EXERCISE[self.config.language]} {int(parts[1])}.{number}"

        node = exercise_node(ids=[label], names=[label], classes=["admonition", "exercise"])
        title, _ = self.state.inline_text(f"{name} · {self.arguments[0]}", self.lineno)
        node += nodes.title("", "", *title)
        if self.options.keys() >= {"difficulty", "minutes"}:
            effort = EFFORT[self.config.language].format(**self.options)
            node += exercise_effort("", effort, classes=["effort"])
        self.state.nested_parse(_without_rubric(self.content), self.content_offset, node)
        for hint in list(node.findall(nodes.hint)):
            hint.replace_self(exercise_hint("", *hint.children, summary=HINT[self.config.language]))
        self.set_source_info(node)
        # {ref}`ex-06-affine` reads as the name of the exercise
        std = self.env.get_domain("std")
        std.labels[label] = (self.env.docname, label, name)
        std.anonlabels[label] = (self.env.docname, label)
        return [node]


def _without_rubric(content):
    """The lines of an exercise; those of its rubric blank, they are for whoever marks it."""
    shown, inside = content[:], False
    for number, line in enumerate(content):
        inside = inside or line.startswith(":::{rubric}")
        if inside:
            shown[number] = ""
        if line.strip() == ":::":
            inside = False
    return shown


def visit_exercise(self, node):
    self.body.append(self.starttag(node, "div"))


def depart_exercise(self, node):
    self.body.append("</div>\n")


def visit_effort(self, node):
    self.body.append(self.starttag(node, "p", suffix=""))


def depart_effort(self, node):
    self.body.append("</p>\n")


def visit_hint(self, node):
    self.body.append(f'<details class="hint"><summary>{node["summary"]}</summary>\n')


def depart_hint(self, node):
    self.body.append("</details>\n")


def setup(app):
    app.add_node(exercise_node, html=(visit_exercise, depart_exercise))
    app.add_node(exercise_effort, html=(visit_effort, depart_effort))
    app.add_node(exercise_hint, html=(visit_hint, depart_hint))
    app.add_directive("exercise", Exercise)
    return {"parallel_read_safe": True}
