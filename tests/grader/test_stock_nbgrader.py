"""Stock `nbgrader autograde`, with its own execution step, gives the marks that `grader grade` gives."""

import shutil

import pytest

from grader.course import CONFIG
from grader.demo import Pupil, demo_course, is_layer, make_class, pupils
from grader.engine import grade_unit
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.gradebook import score_table
from grader.sandbox import Limits

UNIT = "06_backpropagation"

#: One of each kind, and some misconceptions: stock nbgrader takes seconds for each.
CLASS = {
    "right-1", "half", "syntax-error", "endless-loop", "renamed", "zeros", "affine-dW-transposed",
    "affine-db-wrong-axis", "softmax-with-loss-mean-forgotten", "debugging",
}  # fmt: skip

#: Where nbgrader's ways decide. It gives a submission no mark at all whose cell runs out of time; ours keeps
#: what it had earned. Its other traps do not show, because a hidden cell catches stderr itself.
NO_MARKS_FROM_STOCK = {"endless-loop"}

STOCK = {"endless-loop"}

STOCK = 'c.Autograde.pop("autograde_preprocessors", None)  # nbgrader\'s own, the execution step included\n'


def debugging(exercise):
    """A right answer that prints to stderr whenever it is called."""
    text = exercise.source.text
    if not is_layer(exercise):
        return text
    for name in ("forward", "backward"):
        first = f"def {name}(self"
        head, _, rest = text.partition(first)
        signature, _, body = rest.partition(":\n")
        noise = '        __import__("sys").stderr.write("debug\\n")\n'
        text = f"{head}{first}{signature}:\n{noise}{body}"
    return text


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """The course of the demonstration, and one who left debug prints in every method."""
    course = demo_course(tmp_path_factory.mktemp("taught"))
    for product in products(course, UNIT):
        product.write()
    unit = load_unit(course.key(UNIT))
    everyone = [*pupils(unit), Pupil("debugging", "Deb", "Ugging", "en", debugging)]
    make_class(course, unit, [pupil for pupil in everyone if pupil.id in CLASS])
    return course


def scores(course):
    return {student: dict(row) for student, row in score_table(course, UNIT).scores.items()}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_stock_nbgrader_gives_the_same_score_in_every_cell(taught, nbgrader, tmp_path):
    stock = demo_course(shutil.copytree(taught.root, tmp_path / "stock"))
    with (stock.root / CONFIG).open("a") as config:
        config.write(STOCK)
    for student in NO_MARKS_FROM_STOCK:
        shutil.rmtree(stock.submitted(student, UNIT).parent)
    who = sorted(path.name for path in (taught.root / "submitted").iterdir())
    list(grade_unit(taught, UNIT, who, limits=Limits(cell=10, check=8, total=60)))
    nbgrader(stock, "generate_assignment", UNIT, "--force")
    nbgrader(stock, "autograde", UNIT, "--ExecutePreprocessor.timeout=60")
    ours, theirs = scores(taught), scores(stock)
    assert set(ours) == CLASS
    assert set(theirs) == CLASS - NO_MARKS_FROM_STOCK
    assert {who: row for who, row in ours.items() if who in theirs} == theirs
