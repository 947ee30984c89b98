"""Hints for the instructor: what is flagged, and what is not."""

import pytest

from grader.bundles.carried import carrying_cell
from grader.engine.flags import flags
from grader.exercises import Unit
from grader.exercises.variants import Recognized
from grader.grading import SourceCell

WHOLE = Recognized(Unit("97_small"), {})
CARRYING = carrying_cell({"dlkit/__init__.py": b"x = 1\n" * 100}, "0.1.0+u06", "ja")


def flagged(source):
    return [flag.kind for flag in flags(WHOLE, [SourceCell(0, None, source)], [])]


def test_the_cell_that_carries_the_package_is_not_flagged():
    assert "grader.exercises" in CARRYING
    assert flagged(CARRYING) == []


@pytest.mark.parametrize(
    "source",
    [
        "open('/proc/self/maps')", "sqlite3.connect('gradebook.db')", "open('key.py')", "'solutions/06'",
        "os.environ['GRADER_SECRET']", "().__class__.__base__.__subclasses__()", "sys._getframe(1)",
        "import ctypes", "import subprocess", "import socket", "os.system('ls')", "os.popen('ls')",
        "os.fork()", "os.kill(1, 9)", "os._exit(0)", "import grader.exercises",
    ],
)  # fmt: skip
def test_whatever_reaches_out_is_flagged(source):
    assert flagged("x = 1\n" + source) == ["reaches-out"]


@pytest.mark.parametrize("source", ["import grader.checks", "monkey.pyx", "x = os.path.sep"])
def test_what_an_answer_may_say_is_not(source):
    assert flagged(source) == []


@pytest.mark.parametrize("more", ["\nimport subprocess", "\n_ = open('/proc/self/maps')"])
def test_what_was_added_to_it_is(more):
    assert flagged(CARRYING + more) != []


def test_code_among_the_text_of_the_package_is():
    *head, text, end = CARRYING.split("\n")
    code = f'{text}""")\nimport subprocess\n_bring("", "", """'
    assert flagged("\n".join([*head, code, end])) == ["reaches-out", "reaches-out"]
