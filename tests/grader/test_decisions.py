"""Decisions by people: they reach the gradebook, survive grading anew, and can be taken back."""

import re
from datetime import datetime, timedelta

import pytest
from nbgrader.api import Grade

from grader import decisions
from grader.course import Course
from grader.errors import CourseError, GradebookError
from grader.gradebook import CellMarks, SubmissionMarks, record, score_table
from grader.journal import Journal
from grader.marks import course_marks
from grader.stock import open_gradebook
from grader.submission import Cell, Notebook, load

UNIT = "tiny"
TOML = """
timezone = "Asia/Tokyo"
[units.tiny]
due = 2027-04-30T21:00:00
[late]
grace_minutes = 5
penalty_per_day = 0.2
cap = 0.5
"""
DUE = datetime(2027, 4, 30, 12)  # in UTC


@pytest.fixture
def dated(course):
    (course.root / "course.toml").write_text(TOML)
    return course


def grade(course, *students, late=timedelta(0), points=(2.0, 0.0), by_hand=4.0):
    cells = load(course.student_notebook(UNIT)).cells
    notebook = Notebook(tuple(Cell(c.type, c.source, c.grade_id) for c in cells))
    marks = {
        "relu-positive": CellMarks(points[0]),
        "relu-negative": CellMarks(points[1]),
        "why": CellMarks(by_hand),
        "draw": CellMarks(0.0),
    }
    record(course, UNIT, [SubmissionMarks(s, DUE + late, notebook, marks) for s in students])


def total(course, student="ada"):
    return score_table(course, UNIT).total(student)


def waits(course, student="ada"):
    with open_gradebook(course) as gradebook:
        notebook = gradebook.find_submission_notebook(UNIT, UNIT, student)
        return [g.name for g in notebook.grades if g.needs_manual_grade]


def test_an_override_survives_grading_anew_and_can_be_taken_back(course):
    grade(course, "ada", "hana")
    decisions.override(course, UNIT, "ada", "relu-negative", 2.5, "right in part")
    assert (total(course), total(course, "hana")) == (8.5, 6.0)
    assert "relu-negative" not in waits(course)
    grade(course, "ada", "hana", points=(1.0, 0.0))
    assert (total(course), total(course, "hana")) == (7.5, 5.0)
    decisions.override(course, UNIT, "ada", "relu-negative", None, "by mistake")
    assert total(course) == 5.0


def test_a_void_check_gives_everybody_full_points_also_later(course):
    grade(course, "ada")
    decisions.void(course, UNIT, "relu-negative", "unfair")
    grade(course, "hana")
    assert (total(course), total(course, "hana")) == (9.0, 9.0)
    decisions.void(course, UNIT, "relu-negative", "fair", withdrawn=True)
    assert (total(course), total(course, "hana")) == (6.0, 6.0)


def test_marks_that_a_person_gave_in_formgrader_are_left_alone(course):
    grade(course, "ada")
    with open_gradebook(course) as gradebook:
        gradebook.find_grade("why", UNIT, UNIT, "ada").manual_score = 1.5
        gradebook.db.commit()
    decisions.void(course, UNIT, "relu-negative", "unfair")
    assert total(course) == 2.0 + 3.0 + 1.5


@pytest.mark.parametrize(
    ("late", "penalty"),
    [(timedelta(minutes=4), 0.0), (timedelta(hours=1), 1.2), (timedelta(days=30), 3.0)],
)
def test_lateness_costs_what_course_toml_says(dated, late, penalty):
    grade(dated, "ada", late=late)
    assert score_table(dated, UNIT).penalties["ada"] == pytest.approx(penalty)


def test_an_extension_comes_before_or_after_the_submission(dated):
    decisions.extend(dated, UNIT, "hana", datetime(2027, 5, 2, 21), "ill")
    late = timedelta(days=1, hours=1)
    grade(dated, "ada", "hana", late=late)
    penalties = score_table(dated, UNIT).penalties
    assert (penalties["ada"], penalties["hana"]) == (pytest.approx(2.4), 0.0)
    decisions.extend(dated, UNIT, "ada", datetime(2027, 5, 2, 21), "ill, too")
    assert score_table(dated, UNIT).penalties["ada"] == 0.0
    grade(dated, "ada", late=late)
    assert score_table(dated, UNIT).penalties["ada"] == 0.0
    decisions.extend(dated, UNIT, "ada", None, "it was not so")
    assert score_table(dated, UNIT).penalties["ada"] == pytest.approx(2.4)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda c: decisions.override(c, UNIT, "ada", "relu-negative", 9, "r"), "between 0 and 3; got 9"),
        (lambda c: decisions.override(c, UNIT, "ada", "nothing", 1, "r"), "has no 'nothing'. It has: relu-pos"),
        (lambda c: decisions.override(c, UNIT, "bob", "relu-negative", 1, "r"), "there is no 'bob'"),
        (lambda c: decisions.override(c, UNIT, "ada", "why", None, "r"), "nothing on why of ada"),
        (lambda c: decisions.extend(c, UNIT, "ada", datetime(2027, 1, 1), "r"), "needs a due date"),
        (lambda c: decisions.override(c, UNIT, "idle", "why", 1, "r"), "a submission; idle has none in tiny"),
        (lambda c: decisions.void(c, UNIT, "why", ""), "has a reason"),
        (lambda c: decisions.void(c, UNIT, "why", "r", withdrawn=True), "taken back; why is not void"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_not_written_down(course, act, said):
    grade(course, "ada")
    with pytest.raises((CourseError, GradebookError)) as error:
        act(course)
    assert said in str(error.value)
    assert Journal(course).records() == []


def test_an_extension_that_nobody_has_is_not_taken_back(dated):
    with pytest.raises(CourseError, match="taken back; ada has no extension in tiny"):
        decisions.extend(dated, UNIT, "ada", None, "r")
    assert Journal(dated).records() == []


def test_an_extension_into_the_past_is_refused(dated):
    with pytest.raises(CourseError, match="after the due date"):
        decisions.extend(dated, UNIT, "ada", datetime(2027, 4, 30, 20), "r")


def test_purge_leaves_a_pseudonym_and_nothing_else(course):
    grade(course, "ada", "hana")
    folder = course.submitted("ada", UNIT)
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_text("{}")
    decisions.override(course, UNIT, "ada", "relu-negative", 1, "r")
    of_all = course.root / "_build" / "report" / "tiny.html"
    of_all.parent.mkdir(parents=True)
    of_all.write_text("ada: 2 points")
    assert {folder.parent, of_all} <= set(decisions.holdings(course, "ada"))

    pseudonym = decisions.purge(course, "ada", "asked for")
    files = [path for path in course.root.rglob("*") if path.is_file()]
    assert [path for path in files if re.search(rb"\bada\b", path.read_bytes())] == []
    assert list(course.students()) == ["hana", "idle"]
    assert set(score_table(course, UNIT).scores) == {"hana"}
    with open_gradebook(course) as gradebook:
        assert {g.notebook.assignment.student_id for g in gradebook.db.query(Grade)} == {"hana"}
    said = [record.student for record in Journal(course).records()]
    assert said == [pseudonym, pseudonym]
    with pytest.raises(CourseError, match="no 'ada'"):
        decisions.purge(course, "ada", "again")


def test_a_purge_that_was_broken_off_can_be_started_again(course, monkeypatch):
    grade(course, "ada")
    decisions.override(course, UNIT, "ada", "relu-negative", 1, "r")

    def broken(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(decisions, "_strike_from_roster", broken)
        with pytest.raises(KeyboardInterrupt):
            decisions.purge(course, "ada", "asked for")
    decisions.purge(course, "ada", "asked for")
    assert "ada" not in course.students()
    assert "ada" not in (course.root / "journal.jsonl").read_text()


def test_nobody_is_not_listed(course):
    with pytest.raises(CourseError, match="knows; it has no 'nobody'"):
        decisions.holdings(course, "nobody")


def test_the_mark_of_the_course(dated):
    grade(dated, "ada", late=timedelta(hours=1))
    ada, hana, _ = course_marks(dated)
    assert ada.mark == pytest.approx(4.8 / 10)
    assert str(ada.units[0]) == "(6 - 1.2 late) / 10 = 0.480, weight 1"
    assert hana.mark == 0.0
    grade(dated, "hana", by_hand=None)
    assert course_marks(dated)[1].mark is None


def test_the_lowest_unit_does_not_count(tmp_path):
    from grader.gradebook import ScoreTable
    from grader.marks import _mark
    from grader.settings import Settings, UnitDates

    def table(points):
        return ScoreTable({"a": 10.0}, {"ada": {"a": points}}, {"ada": 0.0})

    tables = {"01": table(4.0), "02": table(8.0), "03": table(6.0)}
    settings = Settings(
        units={"01": UnitDates(), "02": UnitDates(weight=3), "03": UnitDates()}, drop_lowest=1
    )
    course = Course(tmp_path)
    found = _mark(course, "ada", tables, settings)
    assert [unit.counts for unit in found.units] == [False, True, True]
    assert found.mark == pytest.approx((3 * 0.8 + 0.6) / 4)
    assert str(found) == "(3 x 0.800 + 1 x 0.600) / 4 = 0.750"
    assert str(found.units[0]) == "(4) / 10 = 0.400, weight 1, among the lowest, dropped"
    assert _mark(course, "ada", {"01": table(4.0)}, settings).mark == pytest.approx(0.4)
