"""Links from a page into the book."""

from pathlib import Path

import pytest

from grader.course import PROJECT, Course
from grader.errors import CourseError
from grader.pages import Book

UNIT = "06_backpropagation"


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").touch()
    return Course(tmp_path)


def site(course, page):
    path = course.root / "_build" / "site" / page
    path.parent.mkdir(parents=True)
    path.touch()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_label_leads_to_the_page_where_it_stands(course, language):
    site(course, f"{language}/{UNIT}.html")
    where = course.root / "feedback" / "ada" / UNIT
    link = Book(course, language, where).section("sec-06-affine")
    path, _, anchor = link.url.partition("#")
    assert anchor == "sec-06-affine"
    assert (where / path).resolve() == course.root / "_build" / "site" / language / f"{UNIT}.html"
    assert link.title
    assert "`" not in link.title
    exercise = Book(course, language, where).exercise(UNIT, "ex-06-affine")
    assert exercise.url == f"{path}#ex-06-affine"


def test_where_the_page_is_not_built_there_is_a_title_and_no_link(course, monkeypatch):
    monkeypatch.setattr("grader.pages.book.built", lambda course: [course.root])
    link = Book(course, "en", course.root).section("sec-06-affine")
    assert (link.title, link.url) == ("The affine layer", "")


def test_a_course_may_say_where_its_book_is(course):
    (course.root / "course.toml").write_text('book_url = "https://example.org/book/"\n')
    link = Book(course, "ja", course.root).section("sec-06-affine")
    assert link.url == f"https://example.org/book/ja/{UNIT}.html#sec-06-affine"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc"])
def test_an_address_is_one_of_the_web(course, address):
    (course.root / "course.toml").write_text(f'book_url = "{address}"\n')
    with pytest.raises(CourseError, match="book_url is an address that begins with https://"):
        Book(course, "en", course.root)


def test_what_the_book_does_not_have_is_none(course):
    book = Book(course, "en", Path(course.root))
    assert book.section("sec-99-nothing") is None
    assert book.exercise(UNIT, "ex-06-nothing") is None


def test_every_section_that_a_finding_names_is_in_the_book_in_both_languages():
    from grader.checks.known import KNOWN

    for language in ("en", "ja"):
        book = Book(Course(PROJECT), language, PROJECT)
        assert {
            k.section for k in KNOWN.values() if k.section and not book.section(k.section)
        } == set()
