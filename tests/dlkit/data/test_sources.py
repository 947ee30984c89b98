"""Each real data set says whose it is, and what brings it."""

import ast
from pathlib import Path

import pytest

import dlkit.data
from dlkit.data import SOURCES
from dlkit.data.sources import missing
from dlkit.errors import MissingDataError

every_source = pytest.mark.parametrize("name", SOURCES)


@every_source
def test_it_has_a_function_that_points_here(name):
    function = getattr(dlkit.data, name)
    assert f'SOURCES["{name}"]' in function.__doc__


@every_source
def test_origin_rights_and_carrier_are_stated_apart(name):
    source = SOURCES[name]
    stated = [source.what, source.origin, source.rights, source.carrier, source.install]
    assert all(stated)
    assert len(set(stated)) == len(stated)


@every_source
def test_where_it_is_missing_the_command_stands_in_the_error(name):
    error = missing(name)
    assert isinstance(error, MissingDataError)
    assert str(error).startswith(f"{name} reads what ")
    assert str(error).endswith(f"Install it with: {SOURCES[name].install}")


def test_pictures_are_credited_by_their_photographers():
    credit = SOURCES["pictures"].credit
    assert all(part in credit for part in ("danielbuechele", "vultilion", "CC BY 2.0"))


def test_nothing_here_can_reach_the_network():
    """No module of the data sets imports anything that opens connections or starts processes."""
    imported = set()
    for path in Path(dlkit.data.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
    assert imported <= {
        "collections", "dataclasses", "dlkit", "gzip", "importlib", "io", "numpy", "pathlib",
        "pydoc_data", "re", "shlex", "sklearn", "sys", "tarfile",
    }  # fmt: skip


def test_every_public_name_has_an_example():
    for name in set(dlkit.data.__all__) - {"SOURCES"}:
        assert ">>>" in getattr(dlkit.data, name).__doc__, name
