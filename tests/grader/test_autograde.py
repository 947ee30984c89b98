"""nbgrader's command and formgrader's button run a submission in the sandbox, never beside the gradebook."""

import os
import sys
from pathlib import Path

import pytest

from grader.course import CONFIG
from grader.demo import Pupil, demo_course, make_class, right
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.exercises.release import register
from grader.gradebook import score_table

UNIT = "06_backpropagation"
STOCK = '\nc.Autograde.pop("autograde_preprocessors")  # nbgrader\'s own, as an instructor could set them\n'


@pytest.fixture
def attacked(tmp_path):
    """A course in which the only submission writes into the course folder when its cells run."""
    course = demo_course(tmp_path / "course")
    for product in products(course, UNIT):
        product.write()
    unit = load_unit(course.key(UNIT))
    loot = course.root / "loot"
    attack = f"import pathlib\npathlib.Path({str(loot)!r}).write_text('mine')\n"
    make_class(
        course, unit, [Pupil("eve", "Eve", "Il", "en", lambda e: right(e) + "\n\n" + attack)]
    )
    register(course, UNIT)
    return course, loot, unit.points


@pytest.mark.slow
def test_nbgrader_autograde_judges_in_the_sandbox(attacked, nbgrader):
    course, loot, points = attacked
    printed = nbgrader(course, "autograde", UNIT)
    assert "isolation: full" in printed or "isolation: landlock" in printed
    assert not loot.exists()
    assert score_table(course, UNIT).total("eve") == points
    assert not list(course.root.rglob("autograded/**/key.py"))

    with (course.root / CONFIG).open("a") as config:  # the attack is one: without our step it works
        config.write(STOCK)
    nbgrader(course, "autograde", UNIT, "--force")
    assert loot.read_text() == "mine"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Object of type")  # nbgrader's own way
def test_formgraders_button_judges_in_the_sandbox(attacked, monkeypatch):
    """What formgrader calls when somebody presses Autograde (`SubmissionAutogradeHandler`)."""
    from nbgrader.apps import NbGrader
    from nbgrader.apps.api import NbGraderAPI

    course, loot, points = attacked
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    app = NbGrader(config_dir=str(course.root))
    app.config_file_paths.insert(0, str(course.root))
    app.load_config_file()
    result = NbGraderAPI(config=app.config).autograde(UNIT, "eve")
    assert result["success"], result
    assert not loot.exists()
    assert score_table(course, UNIT).total("eve") == points
