"""Sentences as HTML: whatever stands in a gap stays text."""

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import message
from grader.pages import prose

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\x0c"))


@given(TEXT, TEXT)
def test_a_gap_is_text_in_code_and_beside_it(label, kind):
    shown = prose(message("`{label}` is {kind}.", label=label, kind=kind), "en")
    page = BeautifulSoup(str(shown), "html.parser")
    assert page.get_text().replace("`", "") == f"{label} is {kind}.".replace("`", "")
    assert [tag.name for tag in page.find_all()][:2] == ["code", "bdi"]
    assert {tag.name for tag in page.find_all()} == {"code", "bdi"}


def test_code_in_a_gap_is_code():
    shown = str(prose(message("with {given}", given="`x = <1>`, `y`"), "en"))
    code = '<code translate="no">{}</code>'
    assert shown == f"with <bdi>{code.format('x = &lt;1&gt;')}, {code.format('y')}</bdi>"


def test_a_gap_may_hold_a_sentence():
    inner = message("cell {number}", number="<3>")
    outer = message("Stopped: `{where}` ended the whole program.", where=inner)
    assert str(prose(outer, "en")) == (
        'Stopped: <code translate="no">cell &lt;3&gt;</code> ended the whole program.'
    )


def test_braces_without_gaps_are_text():
    assert str(prose(message("{x} & `{}`"), "en")) == '{x} &amp; <code translate="no">{}</code>'


def test_the_language_is_that_of_the_reader():
    text = message("`{label}` is 0 everywhere.", label="dW")
    assert prose(text, "en") != prose(text, "ja")
