"""Giving away what a check hands over: by printing it, keeping it, sending it, raising it."""

import numpy as np
import pytest

from grader.checks import Case, SolvedCase, judge
from grader.checks.layer import FORWARD
from grader.checks.student import MissingName
from grader.exercises import Unit
from grader.exercises.insight import Insight
from tests.hostile.attack import REFUSED
from tests.hostile.test_frames import PATCHED

HIDDEN = 0.123456789
CASE = SolvedCase({}, {"x": np.full(3, HIDDEN)}, np.ones(3), {"out": np.full(3, HIDDEN)})
LEAKING = {
    "printing": "print(x)",
    "on stderr": "import sys; print(x, file=sys.stderr); sys.__stderr__ and print(x, file=sys.__stderr__)",
    "showing": "from IPython.display import display; display(x)",
    "warning": "import warnings; warnings.warn(str(x))",
    "logging": "import logging; logging.error(x)",
    "the descriptor": "import os; os.write(1, bytes(str(x), 'utf-8'))",
}


@pytest.mark.parametrize("way", LEAKING)
def test_what_is_shown_during_a_check_is_dropped(way, confined):
    with confined.session() as session:
        session.run_cell(
            f"class Layer:\n    def forward(self, x):\n        {LEAKING[way]}\n        return x"
        )
        judge(FORWARD, session.student, "Layer", [CASE])
        assert str(HIDDEN)[:6] not in repr(session.run_cell("1").outputs)


def test_shown_in_a_cell_it_is_recorded(confined):
    """So the search above finds what there is."""
    with confined.session() as session:
        assert str(HIDDEN)[:6] in repr(session.run_cell(f"print({HIDDEN})").outputs)


def test_what_was_kept_is_not_there_for_another_submission(confined):
    source = (
        "import os\nkept = []\nclass Layer:\n    def forward(self, x):\n        kept.append(x)\n"
    )
    write = "        open(os.environ['HOME'] + '/kept', 'w').write(str(x))\n"
    with confined.session() as session:
        session.run_cell(source + write)
        judge(FORWARD, session.student, "Layer", [CASE])
    with confined.session() as session:
        told = session.run_cell("import os\nprint(open(os.environ['HOME'] + '/kept').read())")
        assert str(told.error).startswith(REFUSED)


def test_a_look_alike_name_is_not_the_name(confined):
    """A Cyrillic letter: what is judged is the name of the exercise, nothing that looks like it."""
    with confined.session() as session:
        session.run_cell("class L\u0430yer:\n    def forward(self, x): return x")
        with pytest.raises(MissingName):
            session.student.get("Layer")


QUOTING = {
    "the text of an error": "raise ValueError(str(x))",
    "in other words": "raise ValueError(x.tolist()[0].hex())",
    "as large numbers": "raise ValueError(*(x * 10**9).astype(int).tolist())",
    "as many small ones": "raise ValueError(list(str(x[0]).encode()))",
    "the type of an error": "raise type(str(x[0]), (Exception,), {})",
    "the type of a value": "return type(str(x[0]), (list,), {})([0] * 100)",
    "a name that is missing": "return getattr(__import__('math'), 'f' + str(x[0]))",
}
DIGITS = (str(HIDDEN)[2:8], HIDDEN.hex()[4:10], ", ".join(map(str, str(HIDDEN).encode()[:5])))


def told(session, key):
    """What a student reads about a check of that layer."""
    return judge(FORWARD, session.student, "Layer", [CASE], key).diagnosis.render()


@pytest.mark.parametrize("way", QUOTING)
def test_an_error_quotes_no_numbers_of_a_hidden_case(way, confined):
    unit = Unit("16_unit")
    exercise = unit.implement("dlkit.layers.ReLU", points={"forward": 1})(layer)
    with confined.session() as session:
        session.run_cell(f"class Layer:\n    def forward(self, x):\n        {QUOTING[way]}")
        hidden = told(session, Insight(exercise, exercise.checks[0]))
        shown = told(session, None)
    assert not any(digits in hidden for digits in DIGITS)
    assert any(digits in shown for digits in DIGITS)  # of a public case it may


def test_a_forged_error_quotes_no_numbers_of_a_hidden_case(confined):
    """Only our own code names what is missing by the name that was asked for."""
    unit = Unit("16_unit")
    exercise = unit.implement("dlkit.layers.ReLU", points={"forward": 1})(layer)
    error = {"kind": "missing", "name": f"x{HIDDEN}", "existing": [f"y{HIDDEN}"]}
    reply = {"values": [], "error": error}
    with confined.session() as session:
        session.run_cell(f"{PATCHED}\nreply = lambda message: {{'results': [{reply!r}]}}")
        hidden = told(session, Insight(exercise, exercise.checks[0]))
        shown = told(session, None)
    assert str(HIDDEN)[2:8] not in hidden
    assert str(HIDDEN)[2:8] in shown


def layer(draw):
    return Case(inputs={"x": draw(3, 2)})


def test_what_is_not_covered_an_error_can_quote_a_hidden_input_in_letters(confined):
    """As README.md says: the text of an error is shown, because without it nobody could mend the error."""
    spell = "raise ValueError(''.join('abcdefghij'[int(d)] for d in str(x[0])[2:]))"
    unit = Unit("16_unit")
    exercise = unit.implement("dlkit.layers.ReLU", points={"forward": 1})(layer)
    with confined.session() as session:
        session.run_cell(f"class Layer:\n    def forward(self, x): {spell}")
        assert "bcdef" in told(session, Insight(exercise, exercise.checks[0]))
