"""What the page of a unit must hold, in either language, and what it must not."""

import ast
import re

from grader.exercises.keys import load_unit
from grader.exercises.page import read_page
from tests.book.source import BOOK, ROOT, count_words

WORDS_ON_A_SLIDE = 60


def test_the_prose_has_the_length_of_a_chapter(page):
    assert 2000 <= count_words(page.prose) <= 4000


def test_every_figure_has_an_alternative_text(page):
    assert len(page.alternatives) == len(page.figures) > 0


def test_a_deck_fills_a_lecture(page):
    assert 15 <= 1 + len(page.slides) <= 30  # a deck opens with its title


def test_every_slide_has_notes(page):
    assert [slide.title for slide in page.slides if not slide.notes] == []


def test_every_exercise_has_a_slide(page):
    shown = {label for slide in page.slides for label in slide.shown}
    assert shown >= set(page.exercises)


def test_no_slide_is_crowded(page, place):
    language, unit = place
    statements = read_page(BOOK / language / f"{unit}.md").statements
    for slide in page.slides:
        exercises = [statements[label].text for label in slide.shown if label in statements]
        words = count_words("\n".join([slide.title, slide.text, *exercises]))
        assert words <= WORDS_ON_A_SLIDE, slide.title


def test_every_exercise_says_how_hard_and_how_long_it_is(page, place):
    statements = read_page(BOOK / place[0] / f"{place[1]}.md").statements.values()
    assert [s.label for s in statements if s.difficulty not in ("1", "2", "3")] == []
    assert 60 <= sum(int(statement.minutes or 0) for statement in statements) <= 300


def test_the_key_and_the_page_have_the_same_exercises(page, place):
    unit = load_unit(ROOT / "solutions" / place[1] / "key.py")
    assert {exercise.label for exercise in unit.exercises.values()} == set(page.exercises)


def answers(unit: str) -> set[str]:
    """What gives an exercise away: returned values and gradients that its reference computes."""
    found = set()
    for exercise in load_unit(ROOT / "solutions" / unit / "key.py").exercises.values():
        for node in ast.walk(ast.parse(exercise.source.text)):
            if not isinstance(node, ast.FunctionDef) or node.name not in exercise.methods:
                continue
            for line in ast.walk(node):
                if isinstance(line, ast.AnnAssign):  # a result that needs a type, returned by name
                    found.add(ast.unparse(line.value))
                name = ast.unparse(line.targets[0]) if isinstance(line, ast.Assign) else ""
                if isinstance(line, ast.Return) or re.match(r"(self\.)?d[a-zA-Z]$", name):
                    found.add(ast.unparse(line))
    return {answer for answer in found if len(answer) > len("return self.y")}


def squeezed(code: str) -> str:
    """Without spaces and parentheses, in which equal code may differ."""
    return re.sub(r"[\s()]", "", code)


def test_no_page_prints_an_answer(page, place):
    expected = answers(place[1])
    assert expected  # else the comparison below could not fail
    text = squeezed(page.source)
    assert [answer for answer in expected if squeezed(answer) in text] == []
