"""The first cell that a student runs: what it imports is in the unit's package."""

import ast

import pytest

from grader.bundles import stripped
from grader.bundles.modules import bound
from grader.course import PROJECT, Course
from grader.exercises import load_unit
from grader.exercises.fixed import setup_text

COURSE = Course(PROJECT)


@pytest.mark.parametrize("unit", COURSE.unit_names())
def test_the_setup_cell_imports_what_the_package_has(unit):
    package = stripped(COURSE, unit)
    for node in ast.parse(setup_text(load_unit(COURSE.key(unit)))).body:
        if isinstance(node, ast.ImportFrom) and node.module.startswith("dlkit"):
            place = package / node.module.replace(".", "/")
            file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            there = {
                name for part in ast.parse(file.read_text("utf8")).body for name in bound(part)
            }
            missing = {alias.name for alias in node.names} - there
            assert missing == set(), f"from {node.module} import {missing}"
