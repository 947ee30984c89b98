"""Sections that changed in one language only are found in the history."""

import subprocess

import pytest

from tests.book.source import load

ENGLISH = "(sec-a)=\n# One\n\nOne\nword.\n\n(sec-b)=\n## Two\n\nText.\n"
JAPANESE = "(sec-a)=\n# 一\n\n文。\n\n(sec-b)=\n## 二\n\n文。\n"


@pytest.fixture
def commit(tmp_path):
    """Write the pages given and commit them."""

    def git(*arguments):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def run(subject="", **pages):
        for language, text in pages.items():
            path = tmp_path / "book" / language / "page.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf8")
        if subject:
            git("add", ".")
            git("commit", "--message", subject)

    git("init")
    run("Both", en=ENGLISH, ja=JAPANESE)
    return run


@pytest.fixture
def lines(tmp_path):
    def run():
        found = load("pairs").one_sided(tmp_path, "page")
        return [line.replace(line.split(": ")[2].split(" ")[0], "HASH") for line in found]

    return run


def test_pages_written_together_are_not_listed(commit, lines):
    assert lines() == []


def test_a_section_that_changed_in_one_language_is_listed(commit, lines):
    commit("Better", en=ENGLISH.replace("Text", "Better text"))
    commit("Rewrapped", ja=JAPANESE.replace("\n文", "\n\n文"))
    assert lines() == ["page sec-b: only en changed: HASH Better"]


def test_it_is_settled_when_the_other_follows(commit, lines):
    commit("Better", en=ENGLISH.replace("Text", "Better text"))
    commit("The same in Japanese", ja=JAPANESE.replace("二\n\n文", "二\n\nよい文"))
    assert lines() == []


def test_what_is_not_committed_counts(commit, lines):
    commit(ja=JAPANESE.replace("一", "壱"))
    assert lines() == ["page sec-a: only ja changed: HASH committed"]


def test_a_change_of_both_settles_what_was_before(commit, lines):
    commit("Better", en=ENGLISH.replace("Text", "Better text"))
    commit(
        "Both anew", en=ENGLISH.replace("Text", "New"), ja=JAPANESE.replace("二\n\n文", "二\n\n新")
    )
    assert lines() == []
