"""Statements of exercises are read out of a page; whatever breaks a rule is named by file and line."""

import re

import pytest

from grader.checks import LANGUAGES
from grader.course import PROJECT, Course
from grader.errors import ExerciseError
from grader.exercises import load_unit
from grader.exercises.page import Statement, read_page

PAGE = """\
---
kernelspec:
  name: python3
---

(sec-top)=
# A *title*

Text.

````{exercise} The affine layer
:label: ex-06-affine
:difficulty: 2
:minutes: 40
:nonsense: ignored

Implement `Affine`, $y = xW$.

```python
Affine(W, b)
```

:::{hint}
Which product?

Two lines.
:::
````

More text.

```{exercise} ReLU
:label: ex-06-relu

Implement `ReLU`.
```
"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "06_backpropagation.md"
        path.write_text(text, encoding="utf-8")
        return read_page(path)

    return read


def test_a_page(read):
    page = read(PAGE)
    assert page.title == "A *title*"
    assert page.statements == {
        "ex-06-affine": Statement(
            "ex-06-affine",
            "The affine layer",
            "Implement `Affine`, $y = xW$.\n\n```python\nAffine(W, b)\n```",
            "Which product?\n\nTwo lines.",
            difficulty="2",
            minutes="40",
        ),
        "ex-06-relu": Statement("ex-06-relu", "ReLU", "Implement `ReLU`.", ""),
    }
    assert page.statement("ex-06-relu").title == "ReLU"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (":label: ex-06-relu", ":label: ex-06-affine", r", line 32: a label stands once; ex-06-affine "
         r"stands twice\. Rename one\."),
        (":label: ex-06-relu\n", "", r", line 32: an exercise needs a title and a label; got title 'ReLU', "
                                     r"options \{\}\. Write ```\{exercise\} Title, then :label: ex-06-name\."),
        ("{exercise} ReLU", "{exercise}", r", line 32: an exercise needs a title and a label; got title ''"),
        ("Implement `ReLU`", "See {eq}`eq-06-relu`",
         r", line 32: a statement is read in notebooks too, which do not know \{eq\}`eq-06-relu`\. Say it "),
        ("# A *title*", "A title", r": no title\. A page begins with a heading: # Title\."),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_with_file_and_line(read, old, new, error):
    with pytest.raises(ExerciseError, match=rf"06_backpropagation\.md{error}"):
        read(PAGE.replace(old, new, 1))


def test_a_missing_page(tmp_path):
    with pytest.raises(
        ExerciseError, match=r"There is no page .*x\.md\. Each unit has one in each lang"
    ):
        read_page(tmp_path / "x.md")


def test_a_missing_label_lists_those_that_exist(read):
    with pytest.raises(
        ExerciseError,
        match=r"no exercise with the label ex-06-add\. .* There are: ex-06-affine, ex-06-relu\.",
    ):
        read(PAGE).statement("ex-06-add")
    with pytest.raises(ExerciseError, match=r"There are: none\."):
        read("# Title").statement("ex-06-add")


def test_a_label_that_no_key_has_is_named_with_its_line(read):
    page = read(PAGE)
    page.require_known(["ex-06-affine", "ex-06-relu", "ex-06-more"])
    with pytest.raises(
        ExerciseError,
        match=r"06_backpropagation\.md, line 32: the label of an \{exercise\} is that of an "
        r"exercise of the key; "
        r"ex-06-relu is none\. Rename it, or add the exercise\. There are: ex-06-affine\.",
    ):
        page.require_known(["ex-06-affine"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", Course(PROJECT).unit_names())
def test_the_books_pages_have_a_statement_and_a_hint_for_every_exercise(unit, language):
    course = Course(PROJECT)
    page = read_page(course.page(unit, language))
    labels = [exercise.label for exercise in load_unit(course.key(unit)).exercises.values()]
    assert set(labels) <= set(page.statements)
    for label in labels:
        statement = page.statement(label)
        assert statement.hint
        assert not re.search(r":::|\{hint\}", statement.text)
        assert bool(re.search(r"[ぁ-ん]", statement.text)) == (language == "ja")
