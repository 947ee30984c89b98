"""Messages: gaps, languages, and words that a terminal of either language can print."""

import pytest

from grader.checks import (
    Blocked,
    Crashed,
    Failed,
    Passed,
    by_name,
    finding,
    message,
    reason,
    verdict_line,
)
from grader.checks.show import verdict_lines
from grader.checks.text import LANGUAGES, Message, quote, student_language, translate

WORDS = {
    "en": ["right", "WRONG", "in part", "not tried", "grader error"],
    "ja": ["正解", "不正解", "部分点", "未実施", "採点側の障害"],
}


def test_a_gap_is_filled_with_text():
    assert message("{got} of {size}", got=(2, 3), size=4).render() == "(2, 3) of 4"


def test_braces_in_a_gap_or_without_gaps_are_text():
    assert message("{text}", text="{x}").render() == "{x}"
    assert Message("A docstring with $x_{ij}$").render() == "A docstring with $x_{ij}$"


def test_a_message_in_a_gap_is_rendered_in_the_same_language():
    text = message("The cell of `{name}` failed: {error}", name="ReLU",
                   error=message("`{label}` has the wrong sign.", label="dx"))  # fmt: skip
    assert text.render("en") == "The cell of `ReLU` failed: `dx` has the wrong sign."
    assert text.render("ja") == "`ReLU` のセルがエラーで止まりました：`dx` の符号が逆です。"


def test_what_has_no_translation_is_said_in_english():
    assert translate("No such sentence.", "ja") == "No such sentence."
    assert message("{x}!", x=1).render("fr") == "1!"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("a\n  b\tc", "a b c"),
        ("`x` and `y`", "'x' and 'y'"),
        ("", ""),
        ("x" * 9, "x" * 9),
        ("\x1b[2Jgone", "\ufffd[2Jgone"),
        ("a\u202eb\0c", "a\ufffdb\ufffdc"),
        ("重み W", "重み W"),
    ],
)
def test_what_a_submission_said_is_quoted_in_one_line_and_without_code_marks(text, quoted):
    assert quote(text) == quoted


@pytest.mark.parametrize(
    ("variable", "language"),
    [("ja", "ja"), ("ja_JP.UTF-8", "ja"), ("JA", "ja"), ("en", "en"), ("C", "en"), ("de_DE", "en")],
)
def test_the_language_is_that_of_the_environment(monkeypatch, variable, language):
    monkeypatch.setenv("GRADER_LANG", variable)
    assert student_language() == language


@pytest.mark.parametrize(
    ("system", "language"),
    [("ja_JP", "ja"), ("Japanese_Japan", "ja"), (None, "en"), ("en_US", "en")],
)
def test_without_a_wish_it_is_that_of_the_system(monkeypatch, system, language):
    monkeypatch.delenv("GRADER_LANG", raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: (system, "UTF-8"))
    assert student_language() == language


# --- verdicts as text

SOME = message("`{label}` has the wrong sign.", label="dx")
WRONG = finding("wrong-sign", label="dx")
VERDICTS = [
    Passed(),
    Failed(WRONG),
    Failed(WRONG, share=0.5),
    Blocked(SOME),
    Crashed("Traceback of ours"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verdict_is_a_word_a_sentence_and_a_reason(language):
    for verdict, word in zip(VERDICTS, WORDS[language], strict=True):
        lines = verdict_line(by_name("dx"), verdict, language).splitlines()
        assert lines[0].split("  ")[-2].endswith(word)
        assert lines[0].endswith(f"dx: {by_name('dx').sentence.render(language)}")
        assert [line.strip() for line in lines[1:]] == [r for r in [reason(verdict, language)] if r]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_end_in_the_same_column(language):
    heads = [verdict_line(by_name("dx"), v, language).splitlines()[0] for v in VERDICTS]
    assert len({len(head[: head.index("dx")].encode("cp932")) for head in heads}) == 1


def test_a_note_is_shown_and_a_crash_shows_nothing_of_ours():
    assert reason(Passed(WRONG), "en") == "`dx` has the wrong sign."
    assert reason(Crashed("Traceback of ours"), "en") == (
        "The check itself failed; a person will look at it."
    )


def test_a_reason_that_verdicts_in_a_row_share_stands_below_them():
    dx, dy = by_name("dx"), by_name("dy")
    text = verdict_lines(
        [(dx, Failed(WRONG)), (dy, Failed(WRONG)), (dx, Passed()), (dy, Failed(WRONG))], "en"
    )
    words = [line.split()[0] for line in text.splitlines()]
    assert words == ["WRONG", "WRONG", "`dx`", "right", "WRONG", "`dx`"]
