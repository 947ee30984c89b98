import json
import sys

import pytest
from click.testing import CliRunner

import dlkit
from grader.authoring import alone
from grader.bundles.contents import package_files
from grader.bundles.notebook import bundle
from grader.cli import main
from grader.course import PROJECT, Course
from grader.errors import SubmissionError
from grader.exercises import load_unit
from grader.exercises.notebook import write

UNIT = "06_backpropagation"
COURSE = Course(PROJECT)


@pytest.fixture(scope="module")
def unit():
    return load_unit(COURSE.key(UNIT))


@pytest.fixture(scope="module")
def handed_out(unit):
    return write(bundle(COURSE, unit, package_files(COURSE, UNIT), "en"))


@pytest.fixture
def notebook(handed_out, unit, tmp_path):
    """A notebook with the right answers but for some."""

    def make(**others):
        document = json.loads(handed_out)
        right = {e.id: e.source.text for e in unit.exercises.values() if not e.manual} | others
        for cell in document["cells"]:
            if cell["id"] in right:
                cell["source"] = right[cell["id"]]
        path = tmp_path / "mine.ipynb"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return make


def run(verb, *arguments, language="en"):
    return CliRunner(env={"GRADER_LANG": language}).invoke(
        main, ["--course", str(PROJECT), verb, *map(str, arguments)]
    )


def test_check_prints_public_verdicts_and_what_is_open(notebook, unit):
    wrong = unit.exercises["affine"].source.text.replace("axis=0", "axis=1")

    result = run("check", notebook(affine=wrong))

    assert result.exit_code == 0, result.output
    assert "WRONG  db: `backward` leaves the right gradient of `b` in `db`." in result.output
    assert "Failing public checks of affine: db, repeat, unchanged" in result.output


def test_check_speaks_japanese(notebook):
    assert "公開チェックはすべて通りました" in run("check", notebook(), language="ja").output


def test_self_gives_points_reasons_and_on_demand_the_solution(notebook, unit):
    shifted = unit.exercises["relu"].source.text.replace("x.real <= 0", "x.real < 0")
    file = notebook(relu=shifted, sigmoid="class Sigmoid: 1 / 0")

    result = run("self", "06", file)

    assert result.exit_code == 0, result.output
    assert "relu: 4 / 5" in result.output
    assert "WRONG  kink: Where x is exactly 0" in result.output
    assert "Cell sigmoid failed: ZeroDivisionError: division by zero" in result.output
    assert "sigmoid: 0 / 4" in result.output
    assert "self.mask = x.real <= 0" not in result.output
    assert "self.mask = x.real <= 0" in run("self", "06", file, "--solution", "relu").output


def test_a_cell_that_failed_is_named_rather_than_another_exercise_of_a_like_name(notebook):
    result = run("self", UNIT, notebook(relu="class ReLU(:"))

    assert "The cell of `ReLU` failed: SyntaxError" in result.output
    assert "spelt differently" not in result.output


def test_a_missing_name_is_no_other_one_that_the_notebook_was_given_or_asks_for(notebook, unit):
    """`sigmoid` and `relu` may be imported from dlkit; neither is what was meant."""
    renamed = unit.exercises["sigmoid"].source.text.replace("class Sigmoid", "class Sigmod")
    file = notebook(sigmoid=renamed)

    said = run("self", UNIT, file).output

    assert "There is no `Sigmoid` in the notebook, but there is `Sigmod`." in said

    said = run("self", UNIT, notebook(sigmoid="pass", relu="pass")).output
    assert "There is no `Sigmoid` in the notebook. Was it renamed" in said
    assert "There is no `ReLU` in the notebook. Was it renamed" in said


def test_a_missing_name_is_no_like_one_of_another_exercise(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("def sum_squared_error(y, t):\n    return 0.5 * ((y - t) ** 2).sum()\n")

    said = run("self", "04", file).output

    assert "There is no `mean_squared_error` in the notebook. Was it renamed" in said


def refusal(verb, *arguments, language="en"):
    result = run(verb, *arguments, language=language)
    assert result.exit_code == 2
    return result.output.strip()


@pytest.mark.parametrize("verb", [["check"], ["self", UNIT]])
def test_a_file_that_is_no_notebook_is_refused_in_its_owners_language(verb, tmp_path):
    file = tmp_path / "notes.ipynb"
    file.write_text("x = 1", encoding="utf-8")

    assert refusal(*verb, file) == (
        "Error: notes.ipynb is not a notebook. Open it in Jupyter and save it."
    )
    assert refusal(*verb, file, language="ja") == (
        "Error: notes.ipynb はノートブックではありません。Jupyter で開いて保存し直してください。"
    )


def test_self_refuses_a_notebook_of_another_unit(notebook):
    assert refusal("self", "03", notebook()).startswith(
        f"Error: mine.ipynb is a notebook of {UNIT}, not of 03_networks."
    )


def test_self_refuses_a_file_without_any_answer_of_the_unit(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("x = 1")

    assert "This is no notebook of 03_networks: none of its cells" in refusal("self", "03", file)


def test_self_takes_an_answer_in_a_plain_file(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(
        "class Add:\n"
        "    def forward(self, x, y):\n        return x + y\n"
        "    def backward(self, dout):\n        return dout, dout\n"
    )

    assert "add: 3 / 3" in run("self", UNIT, file).output


def test_self_judges_no_variant_whose_answers_it_does_not_know(notebook):
    """The public checks travel with it: they can be run."""
    file = notebook()
    text = file.read_text(encoding="utf-8").replace(
        "public_shapes(", "# variant 0123456789ab\\npublic_shapes("
    )
    file.write_text(text, encoding="utf-8")

    said = refusal("self", UNIT, file)
    assert said.startswith("Error: mine.ipynb holds a variant of its owner's")
    assert run("check", file).exit_code == 0


def test_the_right_answers_get_every_point(notebook, unit):
    tried = alone.try_notebook(COURSE, UNIT, notebook())

    *_, total = alone.hidden_report(tried, "en")

    most = f"{sum(e.points for e in unit.exercises.values() if not e.manual):g}"
    assert total == f"In all: {most} of {most} points"
    assert tried.errors == {}


def test_a_notebook_cannot_answer_with_the_reference(notebook):
    """It gets the package that grading gives it, and the whole dlkit is back afterwards."""
    before = sys.modules["dlkit"], list(sys.path)

    tried = alone.try_notebook(COURSE, UNIT, notebook(affine="from dlkit.layers import Affine"))

    assert "affine: 0 / 10" in "\n".join(alone.hidden_report(tried, "en"))
    assert (sys.modules["dlkit"], sys.path) == before
    assert sys.modules["dlkit"] is dlkit


def test_the_unit_of_a_notebook_is_found_by_its_cells(notebook, tmp_path):
    assert alone.unit_of(COURSE, notebook()) == UNIT

    other = tmp_path / "other.ipynb"
    other.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    with pytest.raises(SubmissionError, match=r"other\.ipynb has none of those of 0"):
        alone.unit_of(COURSE, other)


def test_a_solution_that_is_not_there_is_named_with_those_that_are(unit):
    with pytest.raises(
        SubmissionError, match=r"no solution of 'afine'\. There are: .*multiply, add"
    ):
        alone.solution(unit, "afine")
