"""Every kind of exercise goes through stock `nbgrader autograde`: its marks are those of `grader grade`."""

import shutil

import pytest

from grader.course import CONFIG
from grader.demo import Pupil, demo_course, make_class, untouched
from grader.engine import grade_unit
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.gradebook import score_table
from grader.sandbox import Limits
from grader.stock import open_gradebook

#: Unit 03 has an `explain` and a `choose`, unit 08 classes judged by scripts, a `compute` and an `experiment`.
UNITS = ("03_networks", "08_optimizers")
STOCK = 'c.Autograde.pop("autograde_preprocessors", None)  # nbgrader\'s own, the execution step included\n'


def right(exercise):
    return "A product of matrices is a matrix." if exercise.manual else exercise.source.text


def needs_a_person(course, unit):
    with open_gradebook(course) as gradebook:
        submission = gradebook.find_submission(unit, "right")
        return {grade.name for grade in submission.notebooks[0].grades if grade.needs_manual_grade}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("unit_name", UNITS)
def test_each_kind_gets_the_same_marks_from_stock_nbgrader(unit_name, nbgrader, tmp_path):
    course = demo_course(tmp_path / "ours")
    for product in products(course, unit_name):
        product.write()
    unit = load_unit(course.key(unit_name))
    everyone = [
        Pupil("right", "R", "R", "en", right),
        Pupil("untouched", "U", "U", "ja", untouched),
    ]
    make_class(course, unit, everyone)
    stock = demo_course(shutil.copytree(course.root, tmp_path / "stock"))
    with (stock.root / CONFIG).open("a") as config:
        config.write(STOCK)

    list(grade_unit(course, unit_name, ["right", "untouched"], limits=Limits()))
    nbgrader(stock, "generate_assignment", unit_name, "--force")
    nbgrader(stock, "autograde", unit_name)

    ours, theirs = (score_table(each, unit_name).scores for each in (course, stock))
    automatic = {
        exercise.grade_id(check): check.points
        for exercise in unit.exercises.values()
        for check in exercise.checks
        if not exercise.manual
    }
    assert {id: ours["right"][id] for id in automatic} == automatic
    for student in ("right", "untouched"):
        assert {id: ours[student][id] for id in automatic} == {
            id: theirs[student][id] for id in automatic
        }
    assert sum(theirs["untouched"][id] for id in automatic) == 0
    by_hand = {exercise.id for exercise in unit.exercises.values() if exercise.manual}
    assert needs_a_person(course, unit_name) == needs_a_person(stock, unit_name) == by_hand
