"""Generated notebooks: what is committed is fresh, and writing changes only what is stale."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from grader.course import PROJECT, Course
from grader.exercises.generate import Product, products, same_text

COURSE = Course(PROJECT)


@pytest.mark.parametrize("unit", COURSE.unit_names())
def test_the_committed_notebooks_are_fresh(unit):
    made = products(COURSE, unit)
    assert [p.path.relative_to(PROJECT).as_posix() for p in made] == [
        f"solutions/{unit}/{unit}.ipynb",
        f"assignments/{unit}/{unit}.ipynb",
        f"assignments/ja/{unit}/{unit}.ipynb",
    ]
    stale = [p.path for p in made if not p.is_fresh()]
    assert not stale, "Run: grader generate"


def test_the_same_sources_give_the_same_bytes():
    unit = COURSE.unit_names()[0]
    assert [p.text for p in products(COURSE, unit)] == [p.text for p in products(COURSE, unit)]


def test_nothing_but_the_notebooks_is_written(tmp_path):
    """Making them leaves no gradebook, folder or file behind."""
    (tmp_path / "nbgrader_config.py").write_text((PROJECT / "nbgrader_config.py").read_text())
    course = Course(tmp_path)
    for product in products(course, course.unit_names()[0]):
        assert product.path.is_relative_to(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["nbgrader_config.py"]


def test_a_product_is_written_once(tmp_path):
    product = Product(tmp_path / "a" / "b.ipynb", "x: 1.5\n")
    assert not product.is_fresh()
    assert product.write()
    assert product.is_fresh()
    assert not product.write()
    assert product.path.read_text() == "x: 1.5\n"
    product.path.write_text("x: 1.50000000000001\n")
    assert product.is_fresh()
    product.path.write_text("y: 1.5\n")
    assert not product.is_fresh()
    assert product.write()
    assert [p.name for p in product.path.parent.iterdir()] == ["b.ipynb"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("[1.5, -2.]", "[1.5, -2.]", True),
        ("[0.333333333333]", "[0.333333333334]", True),
        ("1.00000000001e-05", "1.00000000002e-05", True),
        ("[0.333333333]", "[0.333333334]", False),
        ("[1.5]", "[-1.5]", False),
        ("[1.5]", "[1.5, 1.5]", False),
        ("points: 1", "points: 2", False),
        ('"dx": 1.5', '"dW": 1.5', False),
        ('{"checksum": "0a1b", "x": 1.0}', '{"checksum": "ffff", "x": 1.0}', True),
        ('{"checksum": "0a1b", "x": 1.0}', '{"checksum": "ffff", "y": 1.0}', False),
    ],
)
def test_texts_are_the_same_but_for_rounding(one, other, same):
    assert same_text(one, other) is same


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "stub"),
    [("en", "This part is not implemented yet."), ("ja", "この部分はまだ実装されていません。")],
    ids=["en", "ja"],
)
@pytest.mark.parametrize("name", COURSE.unit_names())
def test_a_notebook_runs_from_top_to_bottom_as_it_is_handed_out(
    name, language, stub, monkeypatch, tmp_path
):
    monkeypatch.setenv("GRADER_LANG", language)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(COURSE.student_notebook(name, language), as_version=4)
    NotebookClient(
        notebook,
        timeout=60,
        coalesce_streams=True,  # a kernel may send a text in pieces
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        assert [o.output_type for o in outputs] == (
            ["display_data"] if "-public" in cell.id else []
        )
        if outputs:
            assert "text/html" in outputs[0].data
            *verdicts, reason = outputs[0].data["text/plain"].splitlines()
            assert verdicts
            assert all(re.match(r" +(WRONG|不正解)  ", line) for line in verdicts)
            assert reason.strip() == stub
