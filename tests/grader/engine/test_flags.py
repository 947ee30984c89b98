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


@pytest.mark.parametrize("more", ["\nimport subprocess", "\n_ = open('/proc/self/maps')"])
def test_what_was_added_to_it_is(more):
    assert flagged(CARRYING + more) != []


def test_code_among_the_text_of_the_package_is():
    *head, text, end = CARRYING.split("\n")
    code = f'{text}""")\nimport subprocess\n_bring("", "", """'
    assert flagged("\n".join([*head, code, end])) == ["reaches-out", "reaches-out"]
