"""The report of a class: its numbers, what it names and what it hides."""

import dataclasses
import json
import re
import shutil
from copy import copy

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from grader.checks.finding import finding
from grader.cli import main
from grader.course import PROJECT, Course
from grader.errors import CourseError
from grader.exercises import load_unit
from grader.report import course_report, unit_report, write, write_json
from grader.report.examples import blanked, of_the_key
from grader.report.unit import Incident
from grader.report.writing import render
from grader.resume import GradedBefore
from tests.grader.classroom import HOSTILE, ROSTER, RTL
from tests.grader.small import UNIT

STUDENTS = ["ada", "hana", HOSTILE, RTL, "lou", "broken"]


@pytest.fixture(scope="session")
def named(graded):
    return unit_report(graded.course, UNIT)


@pytest.fixture(scope="session")
def anonymous(graded):
    return unit_report(graded.course, UNIT, anonymous=True)


def soup(page):
    return BeautifulSoup(page, "html.parser")


def test_marks_are_those_of_the_gradebook(named):
    """A person gave hana 1.5 of 2 points for a wrong gradient; the other one follows from a wrong forward."""
    assert named.points == 5.0
    assert {row.id: row.total for row in named.students} == {
        "ada": 5.0, "hana": 4.5, HOSTILE: 3.0, RTL: 3.0, "lou": 2.0
    }  # fmt: skip
    assert named.totals == (2.0, 3.0, 3.0, 4.5, 5.0)
    assert (named.mean, named.median) == (3.5, 3.0)


def test_each_check_says_how_it_went(named):
    rows = {f"{row.exercise}-{row.name}": row for row in named.checks}
    assert [row.number for row in named.checks] == [1, 2, 3, 4, 5]
    forward = rows["add-forward"]
    assert (forward.right, forward.wrong, forward.not_tried) == (4, 1, 0)
    assert forward.quality.difficulty == pytest.approx(4 / 5)
    assert rows["relu-dx"].not_tried == 1  # killed before
    exercise = {row.id: row for row in named.exercises}["add"]
    assert (exercise.full, exercise.none, exercise.not_begun) == (4, 1, 0)


def test_what_was_misunderstood_is_counted_by_student(named):
    counts = {each.id: each.count for each in named.misunderstandings}
    assert sum(counts.values()) >= 3
    assert list(counts.values()) == sorted(counts.values(), reverse=True)
    assert all(each.example.student in STUDENTS for each in named.misunderstandings)


def test_what_to_look_at(named):
    assert {(each.kind, each.student) for each in named.stops} == {("time", "lou")}
    assert [(each.kind, each.student) for each in named.flags] == [("reaches-out", RTL)]
    assert "import subprocess" in named.flags[0].text.render()
    assert [each.student for each in named.unreadable] == ["broken"]
    assert [each.student for each in named.absent] == ["idle"]
    assert (named.waiting, named.crashes) == ((), ())
    assert len(named.seconds) == 5
    assert sum(named.levels.values()) == 5


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_anonymous_report_names_nobody_and_quotes_no_student(anonymous, tmp_path, language):
    write_json(anonymous, tmp_path / "report.json")
    page = render(anonymous, language)
    for shown in (soup(page).get_text(), page, (tmp_path / "report.json").read_text("utf8")):
        for id, first, last, email, *_ in ROSTER:
            for word in (id, first, last, email, "lou", "broken"):
                assert len(word) < 2 or not re.search(
                    rf"(?<![\w-]){re.escape(word)}(?![\w-])", shown
                ), word
        assert "alert(" not in shown
        assert "עברית" not in shown
    assert anonymous.students == ()
    assert (len(anonymous.stops), len(anonymous.flags)) == (1, 1)


def test_examples_of_the_key_are_told_as_a_student_would_be():
    unit = copy(load_unit(Course(PROJECT).key("06_backpropagation")))  # others read it, too
    unit.exercises = {"affine": unit.exercises["affine"]}
    examples = of_the_key(unit)
    codes = {example.code for example in examples.values()}
    mistakes = {
        line.strip() for m in unit.exercises["affine"].misconceptions for line in m.new.splitlines()
    }
    assert codes
    assert {line.strip() for code in codes for line in code.splitlines()} <= mistakes


def test_hostile_text_is_text(named):
    page = render(named)
    assert soup(page).find_all(["script", "img"]) == []
    assert "<script>alert(1)</script>" in soup(page).get_text()
    assert f'<bdi><code translate="no">{RTL}</code></bdi>' in page


@pytest.mark.parametrize("language", ["en", "ja"])
def test_figures_need_no_style_and_share_no_id(named, graded, language):
    for report in (named, course_report(graded.course, language)):
        page = soup(render(report, language))
        assert page.find_all(style=True) == []
        assert not [tag for tag in page.find_all() if "xlink" in str(tag.attrs)]
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids))
        references = re.findall(r'(?:href="#|url\(#)([^")]+)', str(page.find_all("svg")))
        assert set(references) <= set(ids)
        assert all(svg["aria-label"] for svg in page.find_all("svg"))


def test_marks_without_isolation_are_stamped(named, graded):
    assert soup(render(named)).select(".stamp") == []
    unsafe = dataclasses.replace(named, levels={"none": 5})
    assert "without isolation: 5" in soup(render(unsafe)).select_one(".stamp").get_text()
    course = dataclasses.replace(course_report(graded.course), levels={"full": 1, "none": 4})
    assert (
        "隔離せずに採点した提出物：4" in soup(render(course, "ja")).select_one(".stamp").get_text()
    )


def test_numbers_in_a_line_are_kept_apart(named):
    one = (Incident("waiting", "ada"),)
    told = dataclasses.replace(
        named, levels={"full": 5}, waiting=one, unreadable=one * 2, absent=one
    )
    line = " ".join(soup(render(told)).select_one("#class + p").get_text().split())
    assert line.endswith(
        "· Isolation: full 5 · Not graded yet: 1 · Unreadable: 2 · Handed nothing in: 1"
    )


def test_the_course_report_shows_progress(graded, tmp_path):
    report = course_report(graded.course)
    assert [unit.unit for unit in report.units] == [UNIT]
    shares = {row.id: row.shares for row in report.students}
    assert shares["ada"] == (1.0,)
    assert shares["idle"] == (None,)
    assert course_report(graded.course, anonymous=True).students == ()
    write(report, tmp_path / "course.html", "ja")
    assert "コースの進み具合" in (tmp_path / "course.html").read_text("utf8")


def test_a_course_without_marks_has_no_report(tmp_path):
    shutil.copy(PROJECT / "nbgrader_config.py", tmp_path)
    with pytest.raises(CourseError, match=r"no unit has any\. Run: grader grade UNIT"):
        course_report(Course(tmp_path))


def test_the_command_writes_page_and_json(graded, tmp_path):
    root = shutil.copytree(graded.course.root, tmp_path / "course")
    command = [
        "--course",
        str(root),
        "report",
        "97",
        "--language",
        "ja",
        "--json",
        str(tmp_path / "r.json"),
    ]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert done.output == f"Report: {root}/_build/report/{UNIT}.ja.html\n"
    assert 'lang="ja"' in (root / "_build" / "report" / f"{UNIT}.ja.html").read_text("utf8")
    document = json.loads((tmp_path / "r.json").read_text("utf8"))
    assert document["totals"] == [2.0, 3.0, 3.0, 4.5, 5.0]
    assert document["checks"][0]["sentence"] == "`forward` returns the right values."
    done = CliRunner().invoke(main, ["--course", str(root), "report", "--course", "--anonymous"])
    assert (root / "_build" / "report" / "course.anonymous.html").exists(), done.output


@pytest.mark.parametrize("arguments", [["report"], ["report", "97", "--course"]])
def test_a_report_is_on_a_unit_or_on_the_course(graded, arguments):
    done = CliRunner().invoke(main, ["--course", str(graded.course.root), *arguments])
    assert done.exit_code == 2
    assert "Name a unit, or say --course" in done.stderr


def test_who_waits_is_named(graded, tmp_path):
    root = shutil.copytree(graded.course.root, tmp_path / "course")
    (root / ".grader" / "graded" / UNIT / "ada.json").unlink()
    assert GradedBefore(Course(root), UNIT).find("ada") is None
    assert [each.student for each in unit_report(Course(root), UNIT).waiting] == ["ada"]


def test_a_sentence_without_what_a_student_wrote_reads_as_one():
    found = finding("variable-missing", missing="secret", where=" (line 3 of the cell of `Mine`)")
    assert blanked(found.text).render() == (
        "`…` is not defined. Is it assigned in another method or cell, or not at all?"
    )
