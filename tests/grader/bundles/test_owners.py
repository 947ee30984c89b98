import ast

import pytest

from grader.bundles.modules import DEFINES, imported, read_package, used
from grader.bundles.owners import ALWAYS, OWNERS, Ownership
from grader.bundles.strip import is_withheld
from grader.course import PROJECT

MODULES = read_package(PROJECT, "dlkit")
TABLE = Ownership()
UNITS = [f"{n:02}_x" for n in range(1, 17)]
# The gates of unit 02 use `step`, which unit 03 asks for: in that unit alone they raise when called.
BROKEN = {("dlkit.models.gates.neuron", ("dlkit.functions", "step"))}
BROKEN |= {("dlkit.models.perceptron.Perceptron", ("dlkit.functions", "step"))}
NEVER = ("dlkit.fast", "dlkit.examples")


def public_objects():
    for module in MODULES.values():
        for name, node in module.bindings.items():
            if isinstance(node, DEFINES) and not name.startswith("_"):
                yield f"{module.name}.{name}"


def test_every_public_object_has_an_owner_but_twins_and_examples():
    for path in public_objects():
        assert (TABLE.owner(path) is None) == path.startswith(NEVER), path


def test_every_entry_of_the_table_names_something():
    there = {*MODULES, *public_objects()}

    assert not set(OWNERS) - there


@pytest.mark.parametrize("unit", UNITS)
def test_what_is_present_needs_nothing_that_is_withheld(unit):
    """So nobody is stopped by a stub inside the package."""
    for path in public_objects():
        if not TABLE.is_present(path, unit):
            continue
        where, _, name = path.rpartition(".")
        module = MODULES[where]
        for other in used(module.bindings[name]) & module.bindings.keys():
            source = imported(module.bindings[other], other) or (where, other)
            if source[0] in MODULES and source[1] in MODULES[source[0]].bindings:
                target = _defining(*source)
                withheld = is_withheld(MODULES[target[0]], target[1], TABLE, unit)
                assert not withheld or (unit == "03_x" and (path, target) in BROKEN), target


def _defining(where, name):
    """Follow an import through the `__init__` of packages."""
    while source := imported(MODULES[where].bindings[name], name):
        where, name = source
    return where, name


def test_a_key_that_asks_earlier_than_the_table_owns_it():
    path = "dlkit.layers.lstm.LSTM"
    asked = Ownership({"03_networks": [path], "20_again": [path]})

    assert TABLE.owner(path) == "12"
    assert asked.owner(path) == "03"
    assert not asked.is_present(path, "03_networks")
    assert asked.is_present(path, "04_losses")
    assert not asked.is_present(path, "20_again")
    assert asked.is_present(path, "21_later")


@pytest.mark.parametrize("path", ["dlkit.fast.affine.Affine", "dlkit.new.thing", "os.path.join"])
def test_what_is_not_in_the_table_is_in_no_package(path):
    assert TABLE.owner(path) is None
    assert not TABLE.is_present(path, "99_last")


def test_the_version_is_always_there():
    assert TABLE.owner("dlkit.__version__") == ALWAYS


def test_imports_in_a_function_are_not_overlooked():
    """`used` sees names only, so no module of dlkit may import inside a function what has an owner."""
    for module in MODULES.values():
        if module.name.startswith(NEVER):
            continue
        for node in ast.walk(ast.parse(module.text)):
            if isinstance(node, DEFINES):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.ImportFrom)]
                assert not [n for n in inner if str(n.module).startswith("dlkit")], module.name
