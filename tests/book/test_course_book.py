"""`grader book` in the folder of a course: own page, own slides, own title, in one language."""

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course import Course
from grader.errors import CourseError
from grader.new_course import init
from tests.book.html import Reader
from tests.book.source import BOOK, ROOT, load
from tests.book.test_site import broken_links

UNIT = "02_perceptron"
KEY = """\
from grader.exercises import inherit, load_unit
from grader.course import PROJECT

every = load_unit(PROJECT / "solutions" / "02_perceptron" / "key.py").exercises
unit = inherit("02_perceptron", without=[id for id in every if id != "neuron"])
"""
PAGE = """\
(sec-02-top)=
# Our perceptron

See {ref}`the next unit <sec-03-top>` and the picture. ![a robot](robot.png)

```{exercise} Neuron
:label: ex-02-neuron
:difficulty: 1
:minutes: 10

Write it.
```

::::{slide} The question
What can it do?
::::

::::{slide} The answer
Everything.
::::

::::{slide} The end
Goodbye.
::::
"""
SLIDES = """\
::::{slide} Our robot
:after: the-question
:::{show} ex-02-neuron
:::
::::

::::{slide} The true answer
:replace: the-answer
Not everything.
::::

:::{slide}
:hide: the-end
:::
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """The folder of a course in which the tests run `grader book`."""
    root = tmp_path / "our course"
    init(root, [UNIT], title="Robots & networks")
    for name, text in (
        (f"solutions/{UNIT}/key.py", KEY),
        (f"book/en/{UNIT}.md", PAGE),
        ("book/en/house_rules.md", "# Our rules\n\nBe kind.\n"),
        ("book/en/robot.png", ""),
        (f"slides/en/{UNIT}.md", SLIDES),
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", "")  # without Chromium no deck is printed, which takes long
    return root


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / "node_modules" / "mathjax").is_dir(), reason="MathJax is missing")
def test_the_book_of_a_course(course, capfd):
    result = CliRunner().invoke(main, ["book", "02"])
    assert result.exit_code == 0, result.output + "".join(capfd.readouterr())
    site = course / "_build" / "site"
    assert sorted(path.name for path in site.iterdir() if path.is_dir()) == [
        "en", "notebooks", "slides",
    ]  # fmt: skip
    page = (site / "en" / f"{UNIT}.html").read_text("utf8")
    assert "2. Our perceptron" in page
    assert "Robots &amp; networks" in page
    assert '<span class="xref std std-ref">the next unit</span>' in page  # it is not in this book
    assert "日本語" not in page
    assert "Be kind." in (site / "en" / "house_rules.html").read_text("utf8")
    assert not (site / "en" / "06_backpropagation.html").exists()

    deck = (site / "slides" / "en" / f"{UNIT}.html").read_text("utf8")
    places = [deck.find(text) for text in ("What can it do?", "Our robot", "Not everything.")]
    assert places == sorted(places)
    assert min(places) > 0
    assert "Write it." in deck
    assert 'id="the-answer"' in deck
    assert "Everything." not in deck
    assert "Goodbye." not in deck

    notebook = (site / "notebooks" / "en" / f"{UNIT}.ipynb").read_text("utf8")
    assert "neuron" in notebook
    assert "and_gate" not in notebook
    read = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    assert list(broken_links({path.resolve(): Reader(path) for path in read})) == []


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / "node_modules" / "mathjax").is_dir(), reason="MathJax is missing")
def test_a_page_with_a_mistake_fails_again_until_it_is_mended(course, capfd):
    (course / "book" / "en" / "house_rules.md").write_text("# Rules\n\n```{rule}\nBe kind.\n```\n")
    for _ in range(2):  # Sphinx by itself reads the page once, and passes then
        assert CliRunner().invoke(main, ["book", "02"]).exit_code == 1
        assert "Unknown directive type: 'rule'" in capfd.readouterr().err
        assert not list((course / "_build" / "site").rglob("house_rules.html"))


def test_a_mistake_in_an_own_file_is_one_line(course, capfd):
    path = course / "slides" / "en" / f"{UNIT}.md"
    path.write_text(":::{slide}\n:hide: no\n:::")
    result = CliRunner().invoke(main, ["book"])
    printed = capfd.readouterr()
    assert result.exit_code == 1
    assert printed.err.startswith(f"Error: {path}, line 1: :hide: names a slide of the page")
    assert printed.err.count("\n") == 1


@pytest.fixture
def edition(monkeypatch):
    """The module, as build.py finds it."""
    monkeypatch.syspath_prepend(str(BOOK))
    return load("edition")


def test_a_slides_file_without_a_page_is_named(course, edition):
    (course / "slides" / "en" / "02_percepton.md").write_text(SLIDES)
    with pytest.raises(CourseError, match=r"has no page 02_percepton. Rename the file"):
        edition.write_pages(edition.plan(Course(course), ["en"], None))


def test_a_slides_file_of_a_unit_that_is_not_taught_waits(course, edition):
    (course / "slides" / "en" / "06_backpropagation.md").write_text(SLIDES)
    edition.write_pages(edition.plan(Course(course), ["en"], None))
    assert not (course / "_build" / "pages" / "en" / "06_backpropagation.md").exists()


def test_own_units_stand_among_the_others_and_other_pages_behind_them(course, edition):
    (course / "book" / "en" / "16_own.md").write_text("# Own\n")
    chapters = edition.plan(Course(course), ["en"], None).contents["en"]["chapters"]
    names = [chapter["file"] for chapter in chapters]
    assert names[:5] == ["start", UNIT, "16_own", "house_rules", "notation"]


def test_a_page_that_the_course_gave_up_goes(course, edition):
    edition.write_pages(edition.plan(Course(course), ["en"], None))
    (course / "book" / "en" / "house_rules.md").unlink()
    edition.write_pages(edition.plan(Course(course), ["en"], None))
    assert not (course / "_build" / "pages" / "en" / "house_rules.md").exists()


def test_a_unit_without_a_page_is_named(course, edition):
    with pytest.raises(CourseError, match=r"no unit of the course has book/en/16_own.md. Write it"):
        edition.plan(Course(course), ["en"], "16_own")


def test_the_projects_book_is_that_of_its_contents(edition):
    made = edition.plan(Course(ROOT), ["en", "ja"], None)
    assert made.pages == BOOK
    assert not made.partial
    assert set(made.assignments) <= set(Course(ROOT).unit_names())


def test_without_the_books_packages_it_says_what_to_install(course, monkeypatch):
    monkeypatch.setattr("grader.book.unmet", lambda extra: iter([f"Sphinx is missing ({extra})"]))
    result = CliRunner().invoke(main, ["book"])
    assert result.exit_code == 2
    assert "the extra `book`; Sphinx is missing (book). Run: " in result.output


def test_without_a_checkout_it_says_where_to_get_one(course, tmp_path, monkeypatch):
    monkeypatch.setattr("grader.book.PROJECT", tmp_path)
    result = CliRunner().invoke(main, ["book"])
    assert result.exit_code == 2
    assert "A book is built from a checkout of the project" in result.output
