"""One notebook that carries a pool of variants: the student number picks, and grading knows what it picked."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from click.testing import CliRunner

from grader.bundles.notebook import student_bundles
from grader.bundles.pool import pool_bundles
from grader.checks.own_notebook import member
from grader.cli import main
from grader.course import CONFIG, PROJECT, PUBLIC_SECRET, Course, Student
from grader.engine import grade_unit
from grader.errors import CourseError
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.exercises.variants import drawn_for
from grader.sandbox import Limits

UNIT, SIZE = "02_perceptron", 3


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course with a pool, and its notebook in Japanese."""
    course = Course(tmp_path_factory.mktemp("pool"))
    (course.root / CONFIG).write_text((PROJECT / CONFIG).read_text())
    (course.root / "course.toml").write_text(f"[units.{UNIT}]\npool = {SIZE}\n")
    (course.root / "students.csv").write_text(
        "id,first_name,last_name,email,lms_user_id,language\nada,,,,,\nhana,,,,,ja\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_SECRET", PUBLIC_SECRET.decode())
        japanese = list(pool_bundles(course, UNIT, course.root / "out"))[1]
        japanese.write()
        yield course, japanese.path


def chosen(made, folder, number):
    """Run the notebook as a student does, without this project; what it printed."""
    code = [c.source for c in nbformat.read(made[1], as_version=4).cells if c.cell_type == "code"]
    script = "\n".join([code[0], code[1].replace('student_id = ""', f"student_id = {number!r}", 1)])
    (folder / "run.py").write_text(script, "utf8")
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONUTF8": "1", "GRADER_LANG": "ja"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


#: The project is installed where tests run; a student has nothing but the standard library and NumPy.
RUN = """
import sys
sys.meta_path = [f for f in sys.meta_path if "editable" not in repr(f).lower()]
sys.path = [p for p in sys.path if not __import__("pathlib").Path(p, "grader").is_dir()]
exec(open("run.py", encoding="utf8").read())
"""


def test_a_number_picks_the_variant_that_a_notebook_of_ones_own_would_have(made, tmp_path):
    course, _ = made
    assert "hana" in chosen(made, tmp_path, " hana ")
    got = nbformat.read(tmp_path / f"{UNIT}.ipynb", as_version=4)
    student = Student("hana", language="ja")
    own = next(student_bundles(course, UNIT, tmp_path / "own", [student]))
    assert [c.source for c in got.cells] == [
        c.source for c in nbformat.reads(own.text, as_version=4).cells
    ]
    nbformat.validate(got)


def test_it_asks_for_a_number_and_overwrites_nothing(made, tmp_path):
    assert "学籍番号" in chosen(made, tmp_path, "  ")
    assert not (tmp_path / f"{UNIT}.ipynb").exists()
    (tmp_path / f"{UNIT}.ipynb").write_text("mine")
    assert "すでに" in chosen(made, tmp_path, "hana")
    assert (tmp_path / f"{UNIT}.ipynb").read_text() == "mine"


def test_neither_secret_nor_roster_travels(made):
    course, path = made
    text = path.read_text("utf8")
    assert course.secret().decode() not in text
    # As a word: the package that travels is Base64, which has any four letters by chance.
    assert not re.search(r"(?<![\w+/])hana(?![\w+/])", text)
    assert course.secret() != b""


def test_width_case_and_spaces_of_a_number_do_not_count():
    assert member(UNIT, 1000, "21K0001") == member(UNIT, 1000, " ２１ｋ０００１\n")
    assert len({member(UNIT, 8, f"s{n:03}") for n in range(100)}) == 8


def test_grading_knows_the_variant_and_flags_that_of_another_number(made, tmp_path):
    course, _ = made
    unit = load_unit(course.key(UNIT))
    other = next(n for n in "bcdefghijkl" if member(UNIT, SIZE, n) != member(UNIT, SIZE, "hana"))
    for student, number in (("ada", "ada"), ("hana", other)):
        folder = tmp_path / student
        folder.mkdir()
        chosen(made, folder, number)
        notebook = nbformat.read(folder / f"{UNIT}.ipynb", as_version=4)
        whose = unit.variant(course.secret(), drawn_for(UNIT, number, SIZE))
        for cell in notebook.cells:
            exercise = whose.exercises.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if exercise:
                cell.source = exercise.source.text
        path = course.submitted(student, UNIT) / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    for product in products(course, UNIT):
        product.write()
    runs = grade_unit(course, UNIT, ["ada", "hana"], limits=Limits(), workers=1, write=False)
    found = {run.student: run.now for run in runs}
    assert found["ada"].points == found["hana"].points == unit.points
    assert found["ada"].run.flags == ()
    assert {flag.kind for flag in found["hana"].run.flags} == {"foreign-variant"}


def test_a_course_without_a_pool_says_what_to_write(tmp_path):
    (tmp_path / CONFIG).write_text("")
    with pytest.raises(CourseError, match=r"\[units.02_perceptron\] pool = 12"):
        list(pool_bundles(Course(tmp_path), UNIT, tmp_path))
    result = CliRunner().invoke(main, ["bundle", "02", "--pool", "--solutions"])
    assert "Choose one of --solutions, --pool and --per-student" in result.output
