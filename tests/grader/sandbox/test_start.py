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
with Twins(2, [stripped(Course(PROJECT), {UNIT!r})]) as twins:
    print(*{{"numpy", "grader.exercises", "rich"}} & sys.modules.keys())
"""


def test_nothing_heavy_is_loaded_before_the_warm_process_is_started():
    stripped(Course(PROJECT), UNIT)  # where the package is to be made first, its makers are loaded
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("\n", "")


def test_by_default_there_is_a_twin_for_each_core_that_may_be_used():
    assert cores() == len(os.sched_getaffinity(0))
