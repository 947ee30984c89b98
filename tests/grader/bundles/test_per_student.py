"""Each student's notebook: a variant, an id and a language of their own, and the same cells to grade."""

import nbformat
import pytest
from click.testing import CliRunner

from grader.authoring.judge import judge_files
from grader.bundles.notebook import student_bundles
from grader.cli import main
from grader.course import PROJECT, PUBLIC_SECRET, Course, Student
from grader.exercises import load_unit

from .conftest import UNIT

COURSE = Course(PROJECT)


@pytest.fixture(autouse=True)
def _secret(monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", PUBLIC_SECRET.decode())


def grading(notebook):
    return {
        c.id: c.metadata.nbgrader.get("points") for c in notebook.cells if "nbgrader" in c.metadata
    }


def test_neighbours_differ_in_content_and_not_in_what_is_graded(tmp_path):
    students = [Student("ada"), Student("hana", language="ja"), Student("bob")]

    made = list(student_bundles(COURSE, UNIT, tmp_path, students))

    assert [p.path.relative_to(tmp_path).parts[0] for p in made] == ["ada", "hana", "bob"]
    ada, hana, bob = (nbformat.reads(product.text, as_version=4) for product in made)
    assert grading(ada) == grading(hana) == grading(bob)
    assert ada.cells[-1].source.startswith('student_id = "ada"')
    assert "配点の合計" in hana.cells[1].source
    different = [a.id for a, b in zip(ada.cells, bob.cells, strict=True) if a.source != b.source]
    assert set(different) - {"hand-in"}, "no exercise varies"
    again = next(student_bundles(COURSE, UNIT, tmp_path, students))
    assert again.text == made[0].text


def test_a_file_is_judged_by_the_variant_of_its_student(tmp_path):
    """Of those that vary, the right answer to one's own variant is right, for every student."""
    unit = load_unit(COURSE.key(UNIT))
    exercise = next(e for e in unit.exercises.values() if e.kind == "compute")
    file = tmp_path / "mine.py"
    points = {}
    for judged_as in ("ada", "bob"):
        own = unit.variant(PUBLIC_SECRET, "ada").exercises[exercise.id]
        file.write_text(own.source.text, encoding="utf-8")
        (found,) = judge_files(
            COURSE, UNIT, exercise.id, [file], student=judged_as, allow_unsandboxed=True
        )
        points[judged_as] = found.points

    assert points["ada"] == exercise.points
    assert points["bob"] < exercise.points


def test_the_roster_is_read_and_solutions_are_for_all(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,first_name,last_name,email,lms_user_id,language\nada,,,,,\n")
    command = ["--course", str(PROJECT), "bundle", "06", "--into", str(tmp_path / "out"),
               "--per-student", str(roster)]  # fmt: skip

    assert CliRunner().invoke(main, command).exit_code == 0
    assert [p.relative_to(tmp_path / "out").as_posix() for p in tmp_path.rglob("*.ipynb")] == [
        f"ada/{UNIT}/{UNIT}.ipynb"
    ]
    assert "leave out the others" in CliRunner().invoke(main, [*command, "--solutions"]).output
