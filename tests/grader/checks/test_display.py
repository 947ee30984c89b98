"""The same words in a notebook, in a terminal, and where there is neither."""

import re
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from grader.checks import Blocked, Crashed, Failed, Passed, by_name, finding, message, reason
from grader.checks.display import as_html, show
from grader.checks.show import verdict_lines, verdict_word
from grader.checks.text import LANGUAGES

FOUND = [
    (by_name("forward"), Passed()),
    (by_name("dW"), Failed(finding("transposed", label="dW"))),
    (by_name("dx"), Failed(finding("follow-through", label="dx", share="50%"), share=0.5)),
    (by_name("db"), Failed(finding("raised", kind="Odd", text="<script>alert(1)</script> & \"'"))),
    (by_name("repeat"), Blocked(message("The values are not right yet."))),
    (by_name("unchanged"), Crashed("ours")),
]


class Text(HTMLParser):
    """The text of HTML, and the names of its elements."""

    def __init__(self, text):
        super().__init__()
        self.said, self.names, self.open = "", set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said += data


@pytest.fixture
def plain(monkeypatch):
    monkeypatch.setattr(sys, "modules", {**sys.modules, "IPython": None})
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_says_what_the_text_says_and_is_escaped(language):
    page = Text(as_html(FOUND, language))
    for check, verdict in FOUND:
        for text in (verdict_word(verdict, language), check.name, reason(verdict, language)):
            assert text.replace("`", "") in page.said
    assert page.names <= {"ul", "li", "b", "span", "div", "code"}
    assert page.open == []
    assert len(as_html(FOUND, language)) < 4000


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_neither_it_is_plain(language, plain, capsys):
    show(FOUND, language)
    assert capsys.readouterr().out == verdict_lines(FOUND, language) + "\n"


def test_a_terminal_gets_colour_and_the_same_words(plain, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    show(FOUND, "en")
    out = capsys.readouterr().out
    assert re.sub(r"\x1b\[[\d;]*m", "", out) == verdict_lines(FOUND, "en") + "\n"
    assert out.count("\x1b[0m") == len(FOUND)
    assert re.search(r"\x1b\[1;32m *right\x1b", out)
    assert re.search(r"\x1b\[1;31m *WRONG\x1b", out)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_whoever_does_not_want_colour_gets_none(name, value, plain, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv(name, value)
    show(FOUND, "en")
    assert "\x1b" not in capsys.readouterr().out


def test_a_notebook_gets_html_and_text_to_choose_from(monkeypatch, capsys):
    shown = []
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=shown.append))
    show(FOUND, "ja")
    assert repr(shown[0]) == verdict_lines(FOUND, "ja")
    assert shown[0]._repr_html_() == as_html(FOUND, "ja")
    assert capsys.readouterr().out == ""
