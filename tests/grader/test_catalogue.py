"""The catalogues are complete, compiled, and keep every gap of the sentences."""

import re
import string

import pytest

from grader import catalogue
from grader.checks.known import KNOWN
from grader.checks.text import LANGUAGES, translate
from grader.course import PROJECT, Course
from grader.exercises import load_unit

PERCENT = re.compile(r"%\(\w+\)s|%%")
OTHERS = [language for language in LANGUAGES if language != "en"]


DOMAINS = ["checks", "pages"]


@pytest.fixture(scope="module")
def collected():
    return {domain: catalogue.collect(Course(PROJECT), domain) for domain in DOMAINS}


def gaps(sentence):
    try:
        return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
    except ValueError:  # braces in a sentence without gaps
        return set()


def test_sentences_of_code_and_keys_are_collected(collected):
    ids = {entry.id for entry in collected["checks"]}
    assert "Stopped: `{where}` asked for more memory than is allowed." in ids
    assert "Where x is exactly 0, the gradient of ReLU is taken to be 0." in ids
    assert "What to do next" in {entry.id for entry in collected["pages"]}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_sentence_is_translated_and_none_is_left_over(collected, language, domain):
    said = {entry.id for entry in collected[domain] if entry.id}
    translated = {entry.id: entry.string for entry in catalogue.read(language, domain) if entry.id}
    assert {id for id in said if not translated.get(id)} == set()
    assert translated.keys() - said == set()


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_gaps_of_their_sentences(language):
    for entry in catalogue.read(language):
        if entry.id and entry.string:
            assert gaps(entry.string) <= gaps(entry.id), entry.id


@pytest.mark.parametrize("language", OTHERS)
def test_translations_of_the_pages_have_the_gaps_of_their_sentences(language):
    for entry in catalogue.read(language, "pages"):
        if entry.id:
            assert set(PERCENT.findall(entry.string)) == set(PERCENT.findall(entry.id)), entry.id


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", OTHERS)
def test_the_compiled_catalogue_is_fresh(language, domain):
    path = catalogue.po_path(language, domain).with_suffix(".mo")
    assert path.read_bytes() == catalogue.compiled(language, domain)


def test_new_sentences_come_and_old_ones_go(tmp_path, monkeypatch, collected):
    path = tmp_path / "xx.po"
    monkeypatch.setattr(catalogue, "po_path", lambda language, domain: path)
    assert set(catalogue.update(Course(PROJECT), "ja")) == {
        e.id for e in collected["checks"] if e.id
    }
    path.write_text(path.read_text() + '\nmsgid "Gone."\nmsgstr "x"\n')
    catalogue.update(Course(PROJECT), "ja")
    assert "Gone." not in path.read_text()
    assert path.with_suffix(".mo").exists()


POLITE = ("ます", "です", "ません", "ください", "ましょう", "ました", "でした", "か", "}", "）")


def test_findings_speak_japanese_of_one_register():
    """A page of feedback shows findings of the judge and of keys side by side."""
    course = Course(PROJECT)
    units = [load_unit(course.key(name)) for name in course.unit_names()]
    texts = {known.text for known in KNOWN.values()}
    for unit in units:
        for exercise in unit.exercises.values():
            texts |= {told.text for told, _ in exercise.explanations.values()}

    plain = [
        sentence
        for text in sorted(texts)
        for sentence in translate(text, "ja").split("。")[:-1]
        if not sentence.endswith(POLITE)
    ]
    assert plain == []
