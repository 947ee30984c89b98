"""How a run starts: what it loads, and what it leaves as it was."""

import subprocess
import sys

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
