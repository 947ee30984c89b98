"""Statements of exercises: read out of the book's page, where they stand once for all products."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.errors import ExerciseError

DIRECTIVE = re.compile(r"^\{exercise\}\s*(?P<title>.*)$")
OPTION = re.compile(r"^:(?P<name>[\w-]+):\s*(?P<value>.*)$")
ROLE = re.compile(r"\{[\w:-]+\}`[^`]*`")
RUBRIC = re.compile(r"^:::\s*\{rubric\}\s*\n(?P<text>.*?)^:::\s*$", re.MULTILINE | re.DOTALL)
HINT = re.compile(r"^:::\s*\{hint\}\s*\n(?P<text>.*?)^:::\s*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """What a student is asked to do: title, text and hint, in Markdown with $-formulas; how it is marked.

    difficulty: 1 to 3; minutes: what it takes, both as text, empty where the page does not say.
    """

    label: str
    title: str
    text: str
    hint: str
    rubric: str = ""  # for whoever marks it; students do not see it
    difficulty: str = ""
    minutes: str = ""
    line: int = field(default=0, compare=False)  # of the page


@dataclass(frozen=True)
class Page:
    """What the notebooks take from a page of the book: its title, and the exercises by label."""

    path: Path
    title: str
    statements: dict[str, Statement]

    def statement(self, label: str) -> Statement:
        """Statement of a label. Raises ExerciseError with the labels that exist."""
        if label not in self.statements:
            raise ExerciseError(
                f"{self.path}: no exercise with the label {label}. Add an {{exercise}} block with "
                f":label: {label}. There are: {', '.join(self.statements) or 'none'}."
            )
        return self.statements[label]

    def require_known(self, labels: Collection[str]) -> None:
        """Raise ExerciseError for a statement whose exercise no key has. labels: of the key's exercises."""
        for label, statement in self.statements.items():
            if label not in labels:
                raise ExerciseError(
                    f"{self.path}, line {statement.line}: the label of an {{exercise}} is that of an exercise "
                    f"of the key; {label} is none. Rename it, or add the exercise. There are: "
                    f"{', '.join(labels) or 'none'}."
                )


def read_page(path: Path) -> Page:
    """Read a page. Raises ExerciseError with file and line where a block breaks a rule."""
    if not path.is_file():
        raise ExerciseError(f"There is no page {path}. Each unit has one in each language.")
    text = re.sub(r"\A---\n.*?\n---\n", lambda m: "\n" * m[0].count("\n"),
                  path.read_text(encoding="utf-8"), flags=re.DOTALL)  # fmt: skip
    tokens = MarkdownIt("commonmark").parse(text)
    statements: dict[str, Statement] = {}
    for token in tokens:
        match = DIRECTIVE.match(token.info.strip()) if token.type == "fence" else None
        if match:
            statement = _statement(path, token, match["title"])
            if statement.label in statements:
                raise ExerciseError(
                    f"{_where(path, token)}: a label stands once; {statement.label} stands twice. Rename one."
                )
            statements[statement.label] = statement
    return Page(path, _title(tokens, path), statements)


def _statement(path: Path, token: Token, title: str) -> Statement:
    lines = token.content.split("\n")
    options = {}
    while lines and (match := OPTION.match(lines[0])):
        options[match["name"]] = match["value"]
        lines.pop(0)
    if "label" not in options or not title:
        raise ExerciseError(
            f"{_where(path, token)}: an exercise needs a title and a label; got title {title!r}, "
            f"options {options}. Write ```{{exercise}} Title, then :label: ex-06-name."
        )
    body = "\n".join(lines)
    if role := ROLE.search(body):
        raise ExerciseError(
            f"{_where(path, token)}: a statement is read in notebooks too, which do not know {role[0]}. "
            "Say it without the role."
        )
    hint, rubric = HINT.search(body), RUBRIC.search(body)
    return Statement(
        label=options["label"],
        title=title,
        text=RUBRIC.sub("", HINT.sub("", body)).strip(),
        hint=hint["text"].strip() if hint else "",
        rubric=rubric["text"].strip() if rubric else "",
        difficulty=options.get("difficulty", ""),
        minutes=options.get("minutes", ""),
        line=_line(token),
    )


def _title(tokens: list[Token], path: Path) -> str:
    for here, following in pairwise(tokens):
        if here.type == "heading_open" and here.tag == "h1":
            return following.content
    raise ExerciseError(f"{path}: no title. A page begins with a heading: # Title.")


def _where(path: Path, token: Token) -> str:
    return f"{path}, line {_line(token)}"


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
