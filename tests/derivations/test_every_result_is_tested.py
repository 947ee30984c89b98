"""Every labelled formula of a unit is evaluated by a test that bears its name."""

import ast

import pytest

from tests.book.source import ROOT, UNITS, read_source


@pytest.mark.parametrize("unit", UNITS)
def test_labelled_results_and_tests_are_the_same(unit):
    results = {label for label in read_source("en", unit).equations if label.startswith("eq-")}
    tree = ast.parse((ROOT / "tests" / "derivations" / f"test_{unit}.py").read_text("utf8"))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    tested = {name[len("test_") :].replace("_", "-") for name in names if name.startswith("test_")}
    assert tested == results
