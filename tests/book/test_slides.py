"""A course's own slides: what a slides file makes of a page, and what is said of a wrong one."""

import pytest

from grader.errors import CourseError
from tests.book.source import LANGUAGES, UNITS, load, read_source

slides = load("slides")
PAGE = """\
---
file_format: mystnb
---

# Title

Prose.

::::{slide} The chain rule: $f(g(x))$
Add up.

:::{notes}
Say it.
:::
::::

More prose.

::::{slide} Again
one
::::

::::{slide} Again
:label: last
two
::::
"""


def merged(tmp_path, text, page=PAGE):
    path = tmp_path / "06_unit.md"
    path.write_text(text, "utf8")
    return slides.merged(page, path)


def test_labels_are_written_or_come_of_the_title():
    assert list(slides.labels(PAGE)) == ["the-chain-rule-f-g-x", "again", "last"]
    assert list(slides.labels(PAGE.replace(":label: last\n", ""))) == [
        "the-chain-rule-f-g-x", "again", "again-2",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slide_of_the_book_has_a_label(language):
    for unit in UNITS:
        page = read_source(language, unit)
        assert len(slides.labels(page.source)) == len(page.slides)


def test_slides_are_inserted_in_their_order_replaced_and_hidden(tmp_path):
    text = merged(tmp_path, """\
% what we do differently

::::{slide} Welcome
:after: opening

Hello
::::

::::{slide} First
:after: again
:::{notes}
for me
:::
::::

::::{slide} Second
:after: again
::::

::::{slide} Slowly
:replace: again

step by step
::::

:::{slide}
:hide: last
:::
""")  # fmt: skip
    found = slides.labels(text)
    assert list(found) == ["welcome", "the-chain-rule-f-g-x", "again", "first", "second"]
    assert found["again"].title == "Slowly"
    assert ":::{notes}\nfor me" in found["first"].text()
    assert "step by step" in text
    assert "one\n" not in text
    assert "two" not in text
    assert ":after:" not in text
    assert text.startswith("---\nfile_format: mystnb\n---\n\n# Title\n\nProse.\n")
    assert "More prose." in text


def test_a_page_without_slides_gets_a_deck(tmp_path):
    text = merged(tmp_path, "::::{slide} Welcome\n:after: opening\nHello\n::::\n", "# Title\n")
    assert list(slides.labels(text)) == ["welcome"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "::::{slide} New\n:after: gain\n::::",
            "line 1: :after: names a slide of the page by its label; 'gain' is none. Is it again? "
            "There are: the-chain-rule-f-g-x, again, last, opening.",
        ),
        (
            "\n\n:::{slide}\n:hide: opening\n:::",
            "line 3: :hide: names a slide of the page by its label; 'opening' is none. There are: "
            "the-chain-rule-f-g-x, again, last.",
        ),
        (
            "::::{slide} New\ntext\n::::",
            "line 1: a slide has one of :after:, :replace: and :hide:, with the label of a slide of the "
            "page; this one has none. Write :after: opening for the first slide.",
        ),
        (
            "::::{slide} New\n:after: again\n:hide: last\n::::",
            "this one has after and hide.",
        ),
        ("::::{slide}\n:replace: again\n::::", "line 1: a slide has a title. Write ::::{slide} Title."),
        (
            ":::{slide}\n:hide: last\n:::\n\n:::{slide} New\n:replace: last\n:::",
            "line 5: a slide is replaced or hidden once; last is already, in line 1. Delete one of the two.",
        ),
        (
            "::::{slide} New\n:after: again\n\n::::{slide} Newer\n:after: again\n::::",
            "line 1: a slide ends before the next one begins; this one does not. Close it by a line of as "
            "many colons as it begins with.",
        ),
        (
            "# My slides",
            "line 1: a slides file holds {slide} blocks, and comments that begin with %; got 'My slides'. "
            "Put it into a slide, or into a page of the course.",
        ),
        ("::::{slied} New\n::::", "got '::::{slied} New'."),
    ],
)  # fmt: skip
def test_what_a_slides_file_gets_wrong_is_said_with_its_line(tmp_path, text, said):
    with pytest.raises(CourseError) as raised:
        merged(tmp_path, text)
    assert said in str(raised.value)
    assert str(raised.value).startswith(str(tmp_path / "06_unit.md"))
