"""Grading finds the variant by the student's id, and names whose variant a notebook holds."""

import shutil

import pytest

from grader.course import CONFIG, PROJECT, PUBLIC_SECRET, Course
from grader.engine.judge import Judge, Task
from grader.exercises import load_unit
from grader.exercises import notebook as nb
from grader.exercises.page import read_page
from grader.sandbox import Limits

UNIT = "05_gradient_descent"


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", PUBLIC_SECRET.decode())
    shutil.copy(PROJECT / CONFIG, tmp_path)
    shutil.copytree(PROJECT / "assignments" / UNIT, tmp_path / "assignments" / UNIT)
    header = "id,first_name,last_name,email,lms_user_id,language\n"
    (tmp_path / "students.csv").write_text(header + "alice,,,,,en\nbob,,,,,ja\n")
    return Course(tmp_path)


def submit(course, student, whose):
    """Hand in, for one student, the right answers to the variant of another one; "" is the base variant."""
    unit = load_unit(course.key(UNIT))
    own = unit.variant(PUBLIC_SECRET, whose) if whose else unit
    folder = course.submitted(student, UNIT)
    folder.mkdir(parents=True)
    notebook = nb.instructor_notebook(own, read_page(course.page(UNIT, "en")))
    for cell in notebook.cells:
        cell["source"] = cell["source"].split("### BEGIN HIDDEN TESTS")[0]
    (folder / f"{UNIT}.ipynb").write_text(nb.write(notebook), encoding="utf-8")


@pytest.fixture
def judge(course):
    with Judge(course, UNIT, Limits(), allow_unsandboxed=True) as judge:
        yield judge


def points(outcome):
    return {name: mark.points for name, mark in outcome.marks.cells.items()}


def full(unit):
    return {e.grade_id(c): c.points for e in unit.exercises.values() for c in e.checks}


@pytest.mark.parametrize(("student", "whose"), [("alice", ""), ("alice", "alice"), ("bob", "bob")])
def test_right_answers_to_ones_own_variant_get_all_points(course, judge, student, whose):
    submit(course, student, whose)
    outcome = judge(Task(student))
    assert outcome.broken == ""
    assert {k: v for k, v in points(outcome).items() if v is not None} == full(judge.unit)
    assert outcome.run.flags == ()


def test_a_foreign_variant_is_graded_as_what_it_is_and_named_to_the_instructor_alone(course, judge):
    submit(course, "alice", "bob")
    outcome = judge(Task("alice"))
    assert {k: v for k, v in points(outcome).items() if v is not None} == full(judge.unit)
    flags = [(flag.kind, flag.text.render()) for flag in outcome.run.flags]
    assert ("foreign-variant", "`derivative` is the variant of bob.") in flags
    assert "bob" not in str(outcome.marks.cells)


def test_answers_copied_into_ones_own_variant_are_wrong(course, judge):
    submit(course, "alice", "alice")
    unit = load_unit(course.key(UNIT))
    path = course.submitted("alice", UNIT) / f"{UNIT}.ipynb"
    mine, bobs = (
        unit.variant(PUBLIC_SECRET, who).exercises["one-step"].source for who in ("alice", "bob")
    )
    text = path.read_text()
    for old, new in zip(mine.text.split("\n"), bobs.text.split("\n"), strict=True):
        text = text.replace(old, new)
    path.write_text(text)
    found = points(judge(Task("alice")))
    assert {found[f"one-step-{name}"] for name in ("g", "w_new", "decrease")} == {0.0}
