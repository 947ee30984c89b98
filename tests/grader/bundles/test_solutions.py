import re

import pytest
from click.testing import CliRunner

from grader.bundles.solutions import solution_notebooks
from grader.cli import main
from grader.course import PROJECT, Course

from .conftest import UNIT, code


@pytest.fixture(scope="module")
def solutions(tmp_path_factory):
    import nbformat

    into = tmp_path_factory.mktemp("solutions")
    made = list(solution_notebooks(Course(PROJECT), UNIT, into))
    return {p.path.relative_to(into).parts[0]: nbformat.reads(p.text, as_version=4) for p in made}


def test_it_runs_alone_and_passes_its_checks(solutions, run):
    said = run(code(solutions[UNIT]))

    assert "WRONG" not in said
    assert said.count("right  forward") >= 6


def test_it_holds_answers_reasons_and_no_hidden_test(solutions, unit):
    text = "\n".join(cell.source for cell in solutions["ja"].cells[1:])

    assert "return dout * self.y * (1.0 - self.y)" in text
    assert "- `kink`\n\n    ```diff\n    - x.real <= 0\n    + x.real < 0\n    ```" in text
    assert unit.exercises["relu"].checks[-1].check.sentence.render("ja") in text
    for mark in ("HIDDEN TESTS", "BEGIN SOLUTION", "nbgrader", "grader.exercises"):
        assert mark not in text


def test_a_wrong_answer_is_explained_and_shows_the_lines_that_change_alone(solutions, unit):
    text = "\n".join(cell.source for cell in solutions["ja"].cells[1:])
    told = [
        exercise.explanations[wrong.id][0].render("ja")
        for exercise in unit.exercises.values()
        for wrong in exercise.possible_misconceptions()
        if wrong.id in exercise.explanations
    ]

    assert told
    for sentence in told:
        assert f"`\n\n    {sentence}\n\n    ```diff\n" in text
    for block in re.findall(r"```diff\n(.*?)```", text, re.DOTALL):
        removed, added = ({x[6:] for x in block.split("\n") if x[4:5] == sign} for sign in "-+")
        assert not removed & added


def test_it_asks_for_nothing_that_is_done_already(solutions):
    english, japanese = (solutions[name].cells[1].source for name in (UNIT, "ja"))

    assert english.startswith("# Backpropagation\n\nThese are worked solutions:")
    assert japanese.count("\n\n") == 1
    assert "模範解答" in japanese
    for text in (english, japanese):
        assert "YOUR CODE HERE" not in text


def test_a_wrong_number_has_no_formula_that_gives_the_right_one(solutions):
    (why,) = (cell.source for cell in solutions[UNIT].cells if cell.id == "delta-recursion-why")
    wrong = re.findall(r"^ +\+ .*", why, re.MULTILINE)

    assert wrong
    assert not any("#" in line for line in wrong)


def test_languages_differ_in_text_alone(solutions):
    english, japanese = solutions[UNIT].cells, solutions["ja"].cells

    assert [c.id for c in english] == [c.id for c in japanese]
    assert code(solutions[UNIT])[1:] == code(solutions["ja"])[1:]
    assert english[1].source != japanese[1].source


def test_the_command_writes_them(tmp_path):
    arguments = ["--course", str(PROJECT), "bundle", "06", "--solutions", "--into", str(tmp_path)]

    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.ipynb")) == [
        f"{UNIT}/{UNIT}_solutions.ipynb",
        f"ja/{UNIT}/{UNIT}_solutions.ipynb",
    ]
