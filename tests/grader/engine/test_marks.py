"""Verdicts as marks and comments."""

import pytest

from grader.checks import LocalStudent
from grader.checks.answer import BY_HAND
from grader.checks.trial import tried
from grader.engine.marks import cell_marks
from grader.exercises import Unit


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "- by hand: A person will mark this answer."),
        ("ja", "- 人が採点: この解答は人が採点します。"),
    ],
)
def test_the_comment_on_what_a_person_marks_names_no_check(language, said):
    unit = Unit("98_words")
    unit.explain("why", points=3)
    (waiting,) = (conclude() for conclude in tried(BY_HAND, LocalStudent({}), "why", [None]))
    marks = cell_marks(unit, {"why": waiting}, language)
    assert marks["why"].comment == said
