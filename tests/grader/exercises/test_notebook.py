"""The notebooks of every unit: their structure, what they hold, and what they must not hold."""

import ast
import re

import nbformat
import numpy as np
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from grader.checks import Draw, Form, SolvedCase, form, seed
from grader.course import PROJECT, Course
from grader.errors import ExerciseError
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.exercises.literal import format_case
from grader.exercises.notebook import instructor_notebook
from grader.exercises.page import read_page

COURSE = Course(PROJECT)
UNITS = COURSE.unit_names()


@pytest.fixture(scope="module", params=UNITS)
def unit(request):
    return load_unit(COURSE.key(request.param))


@pytest.fixture(scope="module")
def notebooks(unit):
    """The instructor's notebook, the student's, and the Japanese one."""
    return [nbformat.reads(p.text, as_version=4) for p in products(COURSE, unit.name)]


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def sources(notebook, type):
    return {cell.id: cell.source for cell in notebook.cells if cell.cell_type == type}


def bodies(unit):
    """Every line that a student has to write, without brackets that stand alone."""
    lines, frame = set(), set()
    for exercise in unit.exercises.values():
        written = exercise.source.student_lines(exercise.methods, exercise.region)
        for number, line in enumerate(exercise.source.text.split("\n"), start=1):
            (lines if number in written else frame).add(line.strip())
        frame |= {line.strip() for line in exercise.read_only_cell().split("\n")}
    # What one exercise shows is no secret of another.
    return {line for line in lines - frame if len(line) > 4 and not line.startswith("#")}


def found(pattern, text):
    """What matches, without regard to line breaks."""
    return {" ".join(match.split()) for match in re.findall(pattern, text, re.DOTALL)}


def written(unit):
    """The exercises whose answer is code."""
    return [exercise for exercise in unit.exercises.values() if not exercise.manual]


def functions(text):
    """Names, signatures and docstrings of the functions and classes in a text."""
    return [
        (node.name, ast.dump(getattr(node, "args", ast.arguments())), ast.get_docstring(node))
        for top in ast.parse(text).body
        for node in [top, *(top.body if isinstance(top, ast.ClassDef) else [])]
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    ]


# --- structure


def test_cells_stand_in_the_order_in_which_they_are_worked_on(unit, notebooks):
    order = [f"{unit.name[:2]}-intro", "setup"]
    for exercise in unit.exercises.values():
        order += [exercise.label, f"{exercise.id}-given", exercise.id, f"{exercise.id}-public"]
        order += [exercise.grade_id(check) for check in exercise.checks if not exercise.manual]
    for notebook in notebooks:
        found = [cell.id for cell in notebook.cells]
        assert found == [id for id in order if id in found]
        needed = {id for id in order if not re.search(r"-(given|public)$", id)}
        assert needed <= set(found)


def test_ids_are_unique_and_grade_ids_are_the_same(unit, notebooks):
    by_hand = {exercise.id for exercise in unit.exercises.values() if exercise.manual}
    for notebook in notebooks:
        ids = [cell.id for cell in notebook.cells]
        assert len(set(ids)) == len(ids)
        for cell in notebook.cells:
            graded = cell.cell_type == "code" or cell.id in by_hand
            assert grade_id(cell) == (cell.id if graded else None)


def test_the_format_is_valid_for_jupyter_and_for_nbgrader(notebooks):
    for notebook in notebooks:
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert notebook.metadata.kernelspec.name == "python3"
        assert all(cell.get("outputs", []) == [] for cell in notebook.cells)


def test_a_solution_cell_can_be_edited_and_all_others_are_locked(unit, notebooks):
    _, student, japanese = notebooks
    for notebook in (student, japanese):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                is_solution = cell.id in unit.exercises
                assert cell.metadata.nbgrader.solution == is_solution
                assert cell.metadata.nbgrader.locked != is_solution
                assert cell.metadata.get("editable", True) == is_solution
                assert cell.metadata.deletable is False


def test_points_are_those_of_the_key(unit, notebooks):
    points = {e.grade_id(c): c.points for e in unit.exercises.values() for c in e.checks}
    for notebook in notebooks:
        graded = {cell.id: cell.metadata.nbgrader.points for cell in notebook.cells
                  if cell.metadata.get("nbgrader", {}).get("grade")}  # fmt: skip
        assert graded == points
    assert sum(points.values()) == unit.points
    intro = notebooks[1].cells[0].source
    assert intro.endswith(f"Points in all: {unit.points:g}")


# --- what stands in them


def test_the_student_gets_signatures_and_docstrings(unit, notebooks):
    for exercise in written(unit):
        stub = sources(notebooks[1], "code")[exercise.id]
        assert stub == exercise.with_answer("# YOUR CODE HERE\nraise NotImplementedError()")
        ours, theirs = (functions(text) for text in (exercise.source.text, stub))
        assert ours
        assert ours == theirs


def test_the_instructor_gets_the_reference(unit, notebooks):
    for exercise in written(unit):
        cell = sources(notebooks[0], "code")[exercise.id]
        marks = ("### BEGIN SOLUTION", "### END SOLUTION")
        lines = [line for line in cell.split("\n") if line.strip() not in marks]
        assert "\n".join(lines) == exercise.source.text
        assert [cell.count(mark) for mark in marks] == [len(exercise.methods)] * 2


def test_no_line_of_a_solution_reaches_a_student(unit, notebooks):
    secret = bodies(unit)
    assert len(secret) > len(unit.exercises)
    for notebook in notebooks[1:]:
        shown = {line.strip() for cell in notebook.cells for line in cell.source.split("\n")}
        assert not secret & shown
        assert "SOLUTION" not in nbformat.writes(notebook)


def test_no_hidden_test_reaches_a_student(unit, notebooks):
    instructor, *students = notebooks
    for exercise in written(unit):
        for check in exercise.checks:
            name = exercise.grade_id(check)
            heading = f"# {name}, points: {check.points:g}"
            hidden = f'grade("{unit.name}", "{name}", globals())'
            assert hidden in sources(instructor, "code")[name]
            for notebook in students:
                assert sources(notebook, "code")[name] == heading
    for notebook in students:
        text = nbformat.writes(notebook)
        assert not re.search(r"HIDDEN TESTS|grader\.exercises|globals\(\)|misconception", text)


def test_the_japanese_notebook_differs_in_its_markdown_alone(notebooks):
    _, english, japanese = notebooks
    assert english.metadata == japanese.metadata
    for mine, its in zip(english.cells, japanese.cells, strict=True):
        if mine.cell_type == "code":
            assert mine == its
        else:
            assert {**mine, "source": ""} == {**its, "source": ""}
            if mine.metadata:  # an answer in words, still to be written
                assert mine.source == its.source == "YOUR ANSWER HERE"
                continue
            assert re.search(r"[ぁ-ん]", its.source)
            assert not re.search(r"[ぁ-んァ-ヶ一-龠]", mine.source)


def test_statements_have_title_hint_and_table_of_checks(unit, notebooks):
    for notebook, hint in zip(notebooks[1:], ("Hint", "ヒント"), strict=True):
        for exercise in unit.exercises.values():
            text = sources(notebook, "markdown")[exercise.label]
            assert text.startswith("## ")
            assert f"<details><summary>{hint}</summary>" in text
            table = text[text.index("\n| ") :].strip().split("\n")
            assert len(table) == 2 + len(exercise.checks)
            assert all(row.count("|") == 3 for row in table)


def test_formulas_and_code_are_the_same_in_both_languages(unit, notebooks):
    for exercise in unit.exercises.values():
        english, japanese = (sources(n, "markdown")[exercise.label] for n in notebooks[1:])
        for pattern in (r"`[^`]+`", r"\$\$.*?\$\$", r"(?<!\$)\$[^$]+\$(?!\$)"):
            assert found(pattern, english) == found(pattern, japanese)


def test_setup_imports_nothing_twice_and_none_of_the_exercises(unit, notebooks):
    lines = sources(notebooks[1], "code")["setup"].split("\n")
    assert len(set(lines)) == len(lines)
    names = [a.asname or a.name for node in ast.parse("\n".join(lines)).body for a in node.names]
    assert len(set(names)) == len(names)
    assert not set(names) & {exercise.name for exercise in unit.exercises.values()}
    assert {"np", "check", "public_case"} <= set(names)


# --- the visible case


def test_a_case_is_written_so_that_it_is_read_back(unit):
    for exercise in unit.exercises.values():
        if "public_case(" not in exercise.public_cell():
            continue
        case = exercise.public_case()
        call = ast.parse(format_case(exercise.id, case), mode="eval").body
        read = {
            keyword.arg: eval(
                compile(ast.Expression(keyword.value), "<case>", "eval"), {"form": form}
            )
            for keyword in call.keywords
        }
        assert ast.literal_eval(call.args[0]) == exercise.id
        for group in ("init", "inputs"):
            given = getattr(case, group)
            assert list(read[group]) == list(given)
            for name, value in given.items():
                if isinstance(value, Form):
                    assert str(read[group][name]) == str(value)
                else:
                    np.testing.assert_array_equal(read[group][name], value)
        assert list(read["expected"]) == list(case.expected)
        assert read.get("tolerance") == case.tolerance


def test_numbers_are_short_and_signed_once():
    case = SolvedCase({}, {"t": Draw(seed(b"s")).labels(3, 2)}, 1 / 3 + 0 * Draw(seed(b"s"))(1, 2),
                      {"out": -0.0 * Draw(seed(b"s")).nonzero(2)})  # fmt: skip
    text = format_case("x", case)
    assert "dout=[[0.333333333333, 0.333333333333]]," in text
    assert '"out": [0., 0.],' in text
    assert re.search(r'"t": \[\d, \d, \d\],', text)
    assert "    init={},\n" in text


def test_lines_are_short_enough_to_read(unit, notebooks):
    for source in sources(notebooks[1], "code").values():
        assert max(map(len, source.split("\n"))) <= 112


def test_two_cells_of_one_name_are_refused(unit):
    exercise = next(iter(unit.exercises.values()))
    page = read_page(COURSE.page(unit.name, "en"))
    exercise.checks.append(exercise.checks[0])
    try:
        with pytest.raises(
            ExerciseError,
            match=rf"{exercise.id}-{exercise.checks[0].name} would stand twice\. Rename an",
        ):
            instructor_notebook(unit, page)
    finally:
        exercise.checks.pop()
