"""The start of the warm process; what becomes of it and its twins is in test_zygote."""

import os
import subprocess
import sys

from grader.bundles import stripped
from grader.course import PROJECT, Course
from grader.sandbox.start import cores

UNIT = "06_backpropagation"
START = f"""
import sys
from grader.bundles import stripped
from grader.course import PROJECT, Course
from grader.sandbox.start import Twins
with Twins(2, [stripped(Course(PROJECT), {UNIT!r})]):
    print(*{{"numpy", "grader.exercises", "rich"}} & sys.modules.keys())
"""


def test_nothing_heavy_is_loaded_before_the_warm_process_is_started():
    stripped(Course(PROJECT), UNIT)  # where the package is to be made first, its makers are loaded
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("\n", "")


def test_cores_are_those_that_this_process_may_use():
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, before)
    assert cores() == len(before)
