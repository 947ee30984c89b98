"""Importing stays light, and every public name is really there."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import dlkit.layers

heavy = ("matplotlib", "scipy", "sklearn", "torch", "pandas", "IPython", "grader")


@pytest.mark.parametrize(
    "module",
    ["dlkit", "dlkit.layers", "dlkit.losses", "dlkit.optim", "dlkit.init", "dlkit.gradcheck"],
)
def test_importing_brings_numpy_alone(module):
    code = f"import {module}, sys; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["layers", "functions", "losses", "optim", "init", "gradcheck"])
def test_public_names_are_there_and_documented(name):
    module = importlib.import_module(f"dlkit.{name}")
    assert len(set(module.__all__)) == len(module.__all__)
    assert all(getattr(module, public).__doc__ for public in module.__all__)


def test_every_layer_is_exported():
    modules = [m.name for m in pkgutil.iter_modules(dlkit.layers.__path__, "dlkit.layers.")]
    defined = {
        cls.__name__
        for module in map(importlib.import_module, modules)
        for cls in vars(module).values()
        if isinstance(cls, type)
        and issubclass(cls, dlkit.layers.Layer)
        and cls.__module__ in modules
    }
    bases = {"Pooling", "Recurrent"}
    assert {name for name in defined if not name.startswith("_")} - bases <= set(
        dlkit.layers.__all__
    )
