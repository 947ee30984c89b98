"""How a run starts: what it loads, and what it leaves as it was."""

import subprocess
import sys

import pytest

from grader.engine import plan
from grader.sandbox import Limits
from tests.grader.small import UNIT

START = """
import sys
import grader.engine, grader.table
assert "nbgrader" not in sys.modules, "workers would wait for it"
from grader.engine.plan import load_nbgrader
load_nbgrader()
assert "nbgrader" in sys.modules
assert "rfc3987_syntax" not in sys.modules
import nbformat.validator
import rfc3987_syntax
"""


def test_workers_do_not_wait_for_nbgrader_and_nothing_stays_hidden():
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_has_to_be_graded_anyway_is_not_looked_up_in_the_gradebook(small, monkeypatch):
    """That would load nbgrader, for which the workers would wait."""
    small.hand_in("ada")
    module = sys.modules["grader.engine.plan"]  # its name in the package is that of the function
    monkeypatch.setattr(module, "load_nbgrader", lambda: pytest.fail("loaded"))
    (first,) = plan(small.course, UNIT, ["ada"], limits=Limits())
    assert first.why == "not graded yet"
