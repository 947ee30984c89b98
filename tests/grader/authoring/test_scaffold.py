"""What `grader new` writes works at once; the guide's commands do what the guide says."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.authoring.scaffold import new_exercise, new_unit
from grader.authoring.templates import TEMPLATES
from grader.cli import main
from grader.course import CONFIG, PROJECT, PUBLIC_SECRET, Course
from grader.errors import ExerciseError
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.exercises.page import read_page
from grader.proof import prove

UNIT = "16_my_unit"


@pytest.fixture
def course(tmp_path):
    """A course folder with nothing in it."""
    folder = tmp_path / "course"
    folder.mkdir()
    shutil.copy(PROJECT / CONFIG, folder)
    return Course(folder)


def ruff(*arguments):
    program = Path(sys.executable).with_name("ruff")
    done = subprocess.run(
        [program, *map(str, arguments)], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_a_new_unit_and_all_exercises_that_can_be_added_hold(course):
    written = list(new_unit(course, UNIT))
    for number in range(1, len(TEMPLATES)):
        list(new_exercise(course, UNIT, f"layer-{number}"))

    unit = load_unit(course.key(UNIT))
    assert [e.name for e in unit.exercises.values()] == [t.name for t in TEMPLATES]
    assert {path.relative_to(course.root).as_posix() for path in written} == {
        f"solutions/{UNIT}/key.py", f"solutions/{UNIT}/{UNIT}.ipynb",
        f"book/en/{UNIT}.md", f"book/ja/{UNIT}.md",
        f"assignments/{UNIT}/{UNIT}.ipynb", f"assignments/ja/{UNIT}/{UNIT}.ipynb",
    }  # fmt: skip
    assert all(product.is_fresh() for product in products(course, UNIT))
    pages = [read_page(course.page(UNIT, language)).statements for language in ("en", "ja")]
    assert list(pages[0]) == list(pages[1])
    assert all(pages[0][label].text != pages[1][label].text for label in pages[0])
    assert all(said.difficulty and said.minutes for page in pages for said in page.values())
    key = course.key(UNIT)
    ruff("format", "--check", "--config", PROJECT / "pyproject.toml", key)
    ruff("check", "--ignore", "D1,ANN", key)
    for exercise in unit.exercises.values():
        proof = prove(unit, exercise, PUBLIC_SECRET)
        assert proof.holds, proof.findings
        assert proof.killed


@pytest.mark.parametrize(
    "name", ["16", "my_unit", "16-my-unit", "16_Unit", "../16_x", "06_backpropagation"]
)
def test_a_unit_with_a_name_that_breaks_the_rule_is_refused(course, name):
    rule = "There is a unit 06_back" if name[0] == "0" else "named by two digits"

    with pytest.raises(ExerciseError, match=rule):
        list(new_unit(course, name))
    assert not (course.root / "solutions").exists()


def test_nothing_that_is_there_is_written_over(course):
    page = course.root / "book" / "ja" / f"{UNIT}.md"
    page.parent.mkdir(parents=True)
    page.write_text("# 私の原稿\n", encoding="utf-8")

    with pytest.raises(ExerciseError, match=r"16_my_unit\.md is there already"):
        list(new_unit(course, UNIT))
    assert page.read_text(encoding="utf-8") == "# 私の原稿\n"
    assert not (course.root / "solutions").exists()


@pytest.mark.parametrize("name", ["tanh", "My-Layer", "1st", "a b"])
def test_an_exercise_with_a_name_that_breaks_the_rule_is_refused(course, name):
    list(new_unit(course, UNIT))

    with pytest.raises(ExerciseError, match=r"once in its unit; got .*There are: tanh\."):
        list(new_exercise(course, UNIT, name))


def test_a_unit_of_the_project_is_not_edited_from_another_course(course):
    with pytest.raises(ExerciseError, match="Copy the unit's key and its pages there first"):
        list(new_exercise(course, "06_backpropagation", "another"))


GUIDES = {language: PROJECT / "book" / language / "authors_guide.md" for language in ("en", "ja")}


def commands(path):
    """The lines of the guide's shell blocks, and the files that it tells to write."""
    blocks = re.findall(
        r"^```console\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


def edits(path):
    """Edits of the key: what stands under "old" and "new" comments in the guide."""
    pattern = r"^```python\n# (?:in place of|added to)[^\n]*\n(.*?)^```"
    return re.findall(pattern, path.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_both_guides_give_the_same_commands_and_edits():
    assert commands(GUIDES["en"]) == commands(GUIDES["ja"])
    assert edits(GUIDES["en"]) == edits(GUIDES["ja"])
    assert commands(GUIDES["en"])


def test_the_commands_of_the_guide_run(course, monkeypatch):
    """In their order, in an empty course; the key is edited where the guide says so."""
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("GRADER_SECRET", PUBLIC_SECRET.decode())
    said = {}
    for line in commands(GUIDES["en"]):
        program, *arguments = shlex.split(line)
        assert program == "grader"
        if arguments[0] == "generate":  # the reader has edited by now
            key = course.key(UNIT)
            key.write_text(key.read_text("utf-8") + edits(GUIDES["en"])[0], encoding="utf-8")
        if arguments[0] == "judge":
            Path(arguments[-1]).write_text(edits(GUIDES["en"])[1], encoding="utf-8")
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        said[arguments[0]] = result.output

    assert "tanh" in said["prove"]
    assert "my_tanh.py: 1 / 4.5" in said["judge"]
