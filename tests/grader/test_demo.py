"""The synthetic class: every kind of submission is there, and gets the marks that it is made for."""

import csv

import nbformat
import pytest
from sqlalchemy import text

import grader.demo as demo_module
from grader.course import PROJECT, PUBLIC_SECRET, Course
from grader.demo import demo_course, is_layer, make_class, places, pupils, run_demo
from grader.engine import grade_unit
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.gradebook import auto_scores
from grader.sandbox import Limits
from grader.stock import open_gradebook

UNIT = "06_backpropagation"
GRADED = ("right-1", "right-2", "half", "untouched", "zeros", "noisy", "renamed", "exception",
          "syntax-error", "endless-loop", "affine-dW-transposed", "affine-db-wrong-axis",
          "softmax-with-loss-mean-forgotten")  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    course = demo_course(tmp_path_factory.mktemp("demo"))
    for product in products(course, UNIT):
        product.write()
    unit = load_unit(course.key(UNIT))
    make_class(course, unit, list(pupils(unit)))
    return course, unit


def test_every_misconception_of_the_key_has_its_pupil(demo):
    course, unit = demo
    everyone = {pupil.id for pupil in pupils(unit)}
    named = {f"{e.id}-{m.id}" for e in unit.exercises.values() for m in e.possible_misconceptions()}
    assert named <= everyone
    assert {*GRADED} <= everyone
    assert {path.name for path in (course.root / "submitted").iterdir()} == everyone
    with (course.root / "students.csv").open(encoding="utf-8") as roster:
        assert {row["id"] for row in csv.DictReader(roster)} == everyone
    assert set(course.students()) == everyone


def test_a_pupil_has_the_notebook_of_its_language(demo):
    course, _ = demo
    texts = {
        student: nbformat.read(course.submitted(student, UNIT) / f"{UNIT}.ipynb", 4).cells[0].source
        for student in ("right-1", "right-2")
    }
    assert (
        texts["right-1"].isascii() < texts["right-2"].isascii()
        or texts["right-1"] != texts["right-2"]
    )


def test_what_is_drawn_is_no_secret_and_says_so(demo, monkeypatch):
    monkeypatch.delenv("GRADER_SECRET", raising=False)  # it would stand above the course's own
    assert demo[0].secret() == PUBLIC_SECRET


def test_making_it_again_writes_only_what_changed(demo):
    course, unit = demo
    path = course.submitted("right-1", UNIT) / f"{UNIT}.ipynb"
    before = path.stat().st_mtime_ns
    make_class(course, unit, list(pupils(unit)))
    assert path.stat().st_mtime_ns == before


def test_places_exist(demo):
    found = dict(places(demo[0], UNIT))
    assert {"submissions", "student notebook", "instructor notebook"} <= found.keys()
    assert all(path.exists() for path in found.values())


@pytest.fixture(scope="module")
def lost(demo):
    """Grade ids without points of each pupil, graded for real."""
    course, unit = demo
    limits = Limits(cell=5, check=8, total=60)
    worth = {e.grade_id(c): c.points for e in unit.exercises.values() for c in e.checks}
    results = grade_unit(course, UNIT, GRADED, limits=limits)
    return {r.student: {id for id in worth if r.cells[id].points != worth[id]} for r in results}


def of(unit, *exercises):
    return {unit.exercises[e].grade_id(c) for e in exercises for c in unit.exercises[e].checks}


@pytest.mark.parametrize("student", ["right-1", "right-2", "noisy"])
def test_right_answers_get_all_points_noise_or_not(lost, student):
    assert lost[student] == set()


def test_a_stub_and_a_layer_of_zeros_get_none(demo, lost):
    _, unit = demo
    assert lost["untouched"] == of(unit, *unit.exercises)
    assert lost["zeros"] >= of(unit, *(e.id for e in unit.exercises.values() if is_layer(e)))


@pytest.mark.parametrize("student", ["renamed", "exception", "syntax-error", "endless-loop"])
def test_a_layer_that_fails_costs_its_own_points_and_those_of_what_uses_it(demo, lost, student):
    """A submission that is killed in the middle keeps what it had earned before, and after."""
    _, unit = demo
    assert lost[student] >= of(unit, "softmax-with-loss")
    assert not lost[student] & of(unit, "multiply", "add", "relu", "sigmoid", "affine", "mend-tanh")


@pytest.mark.parametrize(
    "student", ["affine-dW-transposed", "affine-db-wrong-axis", "softmax-with-loss-mean-forgotten"]
)
def test_a_misconception_fails_what_the_key_says(demo, lost, student):
    _, unit = demo
    exercise = next(e for e in unit.exercises.values() if student.startswith(f"{e.id}-"))
    (misconception,) = (m for m in exercise.misconceptions if student == f"{exercise.id}-{m.id}")
    expected = {f"{exercise.id}-{check}" for check in misconception.fails}
    assert lost[student] & of(unit, exercise.id) == expected


def test_one_of_an_older_version_is_made_anew(tmp_path, monkeypatch, capsys):
    """Its gradebook knows a grade cell that the unit no longer has."""
    unit = load_unit(Course(PROJECT).key(UNIT))
    few = [pupil for pupil in pupils(unit) if pupil.id == "right-1"]
    monkeypatch.setattr(demo_module, "pupils", lambda unit: few)
    run_demo(PROJECT, UNIT, tmp_path / "demo")
    with open_gradebook(Course(tmp_path / "demo")) as gradebook:
        (cell, *_) = gradebook.find_notebook(UNIT, UNIT).grade_cells
        gradebook.db.execute(
            text("update base_cell set name = 'gone' where id = :id"), {"id": cell.id}
        )
        gradebook.db.commit()

    run_demo(PROJECT, UNIT, tmp_path / "demo")

    assert "of an older version of the unit: it is made anew" in capsys.readouterr().out
    assert auto_scores(Course(tmp_path / "demo"), UNIT).keys() == {"right-1"}
