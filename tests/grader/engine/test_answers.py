"""Odd notebooks: answers are found by name, and what is odd is said."""

import tracemalloc

import pytest

from grader.course import PROJECT, Course
from grader.engine.answers import cells_to_run
from grader.engine.judge import fixed_cells
from grader.exercises import load_unit
from grader.submission import Cell, Notebook, UnreadableSubmission, find, load


@pytest.fixture
def given(small):
    """A right notebook, and what is fixed in it."""
    return load(small.hand_in("ada")), fixed_cells(small.course, small.unit)


def run(small, given, edit):
    """Grade ids of the cells to run, and the remarks, after an edit of the list of cells."""
    notebook, fixed = given
    cells, remarks = cells_to_run(small.unit, Notebook(tuple(edit(list(notebook.cells)))), fixed)
    return [cell.grade_id for cell in cells], [remark.render() for remark in remarks]


def without(cells, *names):
    return [cell for cell in cells if cell.grade_id not in names]


IN_ORDER = ["setup", "add", "relu"]


def test_as_handed_out_all_code_but_the_checks_runs(small, given):
    assert run(small, given, list) == (IN_ORDER, [])


def test_what_is_locked_runs_as_it_was_given_out(small, given):
    notebook, fixed = given
    forged = [
        Cell(cell.type, "check = print", cell.grade_id) if cell.grade_id in fixed else cell
        for cell in notebook.cells
    ]
    cells, _ = cells_to_run(small.unit, Notebook(tuple(forged)), fixed)
    assert [c.source for c in cells if c.grade_id in fixed] == [fixed["setup"]]


def test_without_metadata_everything_runs_after_the_imports(small, given):
    ran, remarks = run(
        small, given, lambda cells: [Cell(c.type, c.source) for c in without(cells, "setup")]
    )
    assert ran[0] == "setup"
    assert remarks == [
        "The cells add, relu are missing or lost their identity: answers were looked for by name in all code "
        "cells, and in text cells that hold nothing but code."
    ]


@pytest.mark.parametrize("above", ["setup", "add-public", "add-forward"])
def test_an_answer_that_was_merged_with_a_cell_of_ours_above_it_runs(above, small, given):
    """The merged cell has the identity of the upper one, which is not run as submitted, or not at all."""
    notebook, fixed = given
    (answer,) = (cell.source for cell in notebook.cells if cell.grade_id == "relu")
    merged = [
        Cell(c.type, f"{c.source}\n\n{answer}", c.grade_id) if c.grade_id == above else c
        for c in without(notebook.cells, "relu")
    ]
    cells, remarks = cells_to_run(small.unit, Notebook(tuple(merged)), fixed)
    assert [answer in cell.source for cell in cells].count(True) == 1
    assert cells[0].source == fixed["setup"]
    assert remarks[0].render().startswith("The cells relu are missing")


def test_a_huge_cell_is_not_made_a_syntax_tree_by_the_judge(small, given):
    """A notebook may have millions of lines: the tree would take gigabytes."""
    notebook, fixed = given
    huge = [Cell(c.type, c.source + "\n0" * 150_000, c.grade_id) for c in notebook.cells]
    tracemalloc.start()
    try:
        cells, remarks = cells_to_run(small.unit, Notebook(tuple(huge)), fixed)
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()
    assert [cell.grade_id for cell in cells] == IN_ORDER
    assert remarks == []


def test_a_text_that_takes_minutes_to_parse_is_no_answer(small, given):
    """Marks over a letter are sorted, in the square of their number of steps."""
    slow = Cell("markdown", "class Add:\n    pass\na" + "\u0300\u0316" * 12_000)
    ran, _ = run(small, given, lambda cells: [slow, *without(cells, "add")])
    assert ran == ["setup", "relu"]


def test_imports_moved_to_the_end_still_come_first(small, given):
    ran, _ = run(
        small, given, lambda c: [*without(c, "setup"), *[x for x in c if x.grade_id == "setup"]]
    )
    assert ran == ["setup", *IN_ORDER[1:], "setup"]


@pytest.mark.parametrize("type", ["markdown", "raw"])
def test_a_retyped_answer_runs_as_code(small, given, type):
    def retype(cells):
        return [Cell(type, c.source, "add") if c.grade_id == "add" else c for c in cells]

    ran, remarks = run(small, given, retype)
    assert ran == IN_ORDER
    assert remarks == ["Answers in cells that are no code cells ran as code: 4."]


def test_a_retyped_answer_without_identity_runs_too(small, given):
    def retype(cells):
        return [Cell("markdown", c.source) if c.grade_id == "add" else c for c in cells]

    ran, remarks = run(small, given, retype)
    assert ran == ["setup", None, *IN_ORDER[2:]]
    assert remarks[-1] == "Answers in cells that are no code cells ran as code: 4."


def test_prose_that_names_a_class_is_not_run(small, given):
    prose = Cell("markdown", "class Add is what I wrote below")
    assert run(small, given, lambda cells: [prose, *cells]) == (IN_ORDER, [])


def test_copies_are_named(small, given):
    ran, remarks = run(
        small, given, lambda c: [*c, *[x for x in c if x.grade_id in ("add", "relu")]]
    )
    assert ran == [*IN_ORDER, "add", "relu"]
    assert remarks == [
        "Several cells are copies of add, relu: all ran, and the last definition counts."
    ]


def test_cells_of_another_release_are_named(small, given):
    _, remarks = run(small, given, lambda cells: [*cells, Cell("code", "", "tanh-forward")])
    assert remarks == [
        "The notebook is of another release of the assignment: some of its cells are not in this one."
    ]


@pytest.mark.parametrize("cells", [[], [Cell("code", "class Conv2D: pass", "conv2d")]])
def test_a_notebook_of_another_unit_is_refused(small, given, cells):
    with pytest.raises(UnreadableSubmission, match="This is no notebook of 97_small"):
        run(small, given, lambda _: cells)


def test_a_cell_in_common_makes_no_notebook_of_this_unit(small, given):
    """Units share ids such as `train`: a notebook of another one got 0 points and no word of why."""
    others = [Cell("code", "", f"conv2d-{number}") for number in range(20)]
    with pytest.raises(UnreadableSubmission, match="most of its cells are of another assignment"):
        run(small, given, lambda cells: [*others, Cell("code", "x = 1", "add")])
    ran, _ = run(
        small, given, lambda cells: [*others, *cells]
    )  # another release: the names are there
    assert {"add", "relu"} <= {*ran}


def test_a_text_for_a_person_is_no_name_to_look_for():
    """An empty one is in every cell that is no Python: any notebook with a magic was one of the unit."""
    unit = load_unit(Course(PROJECT).key("03_networks"))
    assert "" not in unit.names
    with pytest.raises(UnreadableSubmission, match="This is no notebook of 03_networks"):
        cells_to_run(unit, Notebook((Cell("code", "%time\ndef other(): pass"),)), {})


@pytest.mark.parametrize("grade_id", ["relu", None])
def test_an_answer_in_a_fenced_block_of_a_text_cell_runs(grade_id, small, given):
    notebook, fixed = given
    cells = [
        Cell("markdown", f"```python\n{cell.source}\n```\n", grade_id) if cell.grade_id == "relu" else cell
        for cell in notebook.cells
    ]  # fmt: skip
    ran, remarks = cells_to_run(small.unit, Notebook(tuple(cells)), fixed)
    assert [cell.source for cell in ran if "class ReLU" in cell.source] == [small.right("relu")]
    assert "ran as code" in remarks[-1].render()


def test_an_answer_in_a_cell_with_a_magic_is_found(small, given):
    cells = [Cell("code", "%time\nclass Add:\n    pass")]
    ran, remarks = run(small, given, lambda _: cells)
    assert ran == ["setup", None]
    assert len(remarks) == 1


# --- which file


def test_a_renamed_notebook_is_found_and_said(small):
    path = small.hand_in("ada", file="my copy.ipynb")
    found, remarks = find(path.parent, "97_small")
    assert found == path
    assert [r.render() for r in remarks] == [
        "There is no 97_small.ipynb; my copy.ipynb was graded instead."
    ]


def test_of_two_other_notebooks_none_is_chosen(small):
    path = small.hand_in("ada", file="a.ipynb")
    small.hand_in("ada", file="b.ipynb")
    with pytest.raises(UnreadableSubmission, match=r"of a.ipynb, b.ipynb it is not clear"):
        find(path.parent, "97_small")


def test_a_python_file_is_divided_where_editors_divide_it(small):
    path = small.hand_in("ada", "import os\n# %% first\na = 1\n\n# In[2]:\nb = 2\n", file="x.py")
    assert find(path.parent, "97_small")[0] == path
    assert [cell.source for cell in load(path).cells] == ["import os\n", "a = 1\n\n", "b = 2\n"]


def test_an_empty_folder_says_what_is_missing(small):
    folder = small.course.submitted("ada", "97_small")
    folder.mkdir(parents=True)
    with pytest.raises(UnreadableSubmission, match=r"There is no 97_small.ipynb. Keep the name"):
        load(find(folder, "97_small")[0])


def test_a_text_that_a_person_marks_is_no_answer_in_the_wrong_kind_of_cell():
    """An `explain` stands in a Markdown cell, which is where it belongs."""
    course = Course(PROJECT)
    unit = load_unit(course.key("14_generative"))
    notebook = load(course.student_notebook(unit.name))

    cells, remarks = cells_to_run(unit, notebook, fixed_cells(course, unit))

    assert any(exercise.manual for exercise in unit.exercises.values())
    assert not {cell.grade_id for cell in cells} & {
        e.id for e in unit.exercises.values() if e.manual
    }
    assert remarks == []
