"""Mistakes of an author in a key or a page: each is told with the file, the line, the rule and what to do."""

import shutil

import pytest

from grader.authoring.scaffold import new_unit
from grader.bundles.contents import ownership, package_files
from grader.course import CONFIG, PROJECT, PUBLIC_SECRET, Course
from grader.errors import CourseError, ExerciseError
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.proof import prove

UNIT = "16_my_unit"


@pytest.fixture
def course(tmp_path):
    """A course folder with a new unit."""
    shutil.copy(PROJECT / CONFIG, tmp_path)
    course = Course(tmp_path)
    list(new_unit(course, UNIT))
    return course


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def told(course):
    with pytest.raises(ExerciseError) as caught:
        products(course, UNIT)
    return str(caught.value).removeprefix(f"{course.root}/")


def test_a_label_that_no_exercise_has(course):
    edit(course.page(UNIT, "ja"), ":label: ex-16-tanh", ":label: ex-16-tahn")
    assert told(course) == (
        "book/ja/16_my_unit.md, line 5: the label of an {exercise} is that of an exercise of the "
        "key; ex-16-tahn "
        "is none. Rename it, or add the exercise. There are: ex-16-tanh."
    )


def test_a_statement_in_one_language_alone(course):
    page = course.page(UNIT, "ja")
    page.write_text(page.read_text("utf-8").partition("````")[0], "utf-8")
    assert told(course) == (
        f"{page}: no exercise with the label ex-16-tanh. Add an {{exercise}} block with :label: ex-16-tanh. "
        "There are: none."
    ).removeprefix(f"{course.root}/")


def test_a_page_in_one_language_alone(course):
    """It serves both in a course folder; none at all is refused."""
    course.page(UNIT, "ja").unlink()
    assert len(list(products(course, UNIT))) == 3
    course.page(UNIT, "en").unlink()
    with pytest.raises(CourseError, match=r"book/.*/16_my_unit\.md must exist; .* Write it\."):
        products(course, UNIT)


def test_points_that_do_not_add_up(course):
    edit(course.key(UNIT), 'Unit("16_my_unit")', 'Unit("16_my_unit", points=5)')
    assert told(course) == (
        "solutions/16_my_unit/key.py, line 6: the points of the checks have to add up to those of "
        "the unit; they "
        "are 4, and the unit states 5. Change a check's points or the sum."
    )


def test_a_reference_that_does_not_exist(course):
    edit(course.key(UNIT), "dlkit.layers.Tanh", "dlkit.layers.Tahn")
    assert told(course) == (
        "solutions/16_my_unit/key.py, line 9: There is no 'dlkit.layers.Tahn'. Name a class or "
        "function of dlkit "
        "by its path, as in dlkit.layers.Affine."
    )


def test_a_key_that_is_no_python(course):
    edit(course.key(UNIT), "draw.sizes(2)", "draw.sizes(2")
    assert told(course) == (
        "solutions/16_my_unit/key.py, line 14: a key has to be Python; '(' was never closed. Mend "
        "this line, or "
        "the one before it."
    )


def test_two_exercises_of_one_name(course):
    key = course.key(UNIT)
    key.write_text(key.read_text("utf-8") + '\n\n@unit.derive(points={"value": 1}, problems=[])\n'
                   "def tanh(draw):\n    pass\n", "utf-8")  # fmt: skip
    assert told(course).startswith(
        "solutions/16_my_unit/key.py, line 32: 16_my_unit: an exercise's id stands once in its unit; 'tanh' is "
        "taken. Rename one of them."
    )


NEVER_FAILS = '''

@unit.implement(
    "dlkit.optim.SGD",
    methods=["step"],
    points={"step": 1, "rate": 1},
    says={"step": "The step is right.", "rate": "The rate is kept."},
)
def sgd(draw):
    script = """
optimizer = SGD(lr)
optimizer.update({"W": W}, {"W": g})
see("step", W)
see("rate", optimizer.lr)
"""
    return Case(inputs={"W": draw(2), "g": draw(2), "lr": 0.25}, script=script)
'''


def test_a_check_that_never_fails(course):
    key = course.key(UNIT)
    key.write_text(key.read_text("utf-8") + NEVER_FAILS, "utf-8")
    unit = load_unit(key)
    found = prove(unit, unit.exercises["sgd"], PUBLIC_SECRET).findings[-1]
    assert found.rule == "every check fails for some wrong answer"
    assert found.detail == (
        f"{key}, line 32: `rate` fails for no misconception and no mutant. Draw inputs at which "
        f"answers go wrong, "
        "name the misconception that it is for, or drop it."
    )


def test_a_key_that_does_not_load_stops_no_other_unit(course):
    package = package_files(course, "06_backpropagation")
    edit(course.key(UNIT), "draw.sizes(2)", "draw.sizes(2")
    assert UNIT not in ownership(course).asked
    assert package_files(course, "06_backpropagation") == package


EMPTY = f'from grader.exercises import Unit\n\nunit = Unit("{UNIT}")\n\n'
CHOOSE = 'unit.choose("best", points=1, right="A", wrong={"B": "worst"})\n'
EXPLAIN = 'unit.explain("why", points=2)\n'


def test_options_that_the_page_does_not_have(course):
    for language in ("en", "ja"):
        edit(course.page(UNIT, language), "ex-16-tanh", "ex-16-best")
    course.key(UNIT).write_text(EMPTY + CHOOSE)
    assert told(course) == (
        "solutions/16_my_unit/key.py, line 5: the options of `best` are those of its statement; the key has "
        "A, B, the page none. An option is a line `- **A** text`."
    )


def test_an_answer_in_words_without_a_rubric(course):
    edit(course.page(UNIT, "en"), "ex-16-tanh", "ex-16-why")
    course.key(UNIT).write_text(EMPTY + EXPLAIN)
    edit(course.page(UNIT, "ja"), "ex-16-tanh", "ex-16-why")
    assert told(course) == (
        "book/en/16_my_unit.md, line 5: a person marks `why` with the rubric of its page; there is none. Add "
        "a :::{rubric} block to the exercise."
    )


def test_a_task_that_does_not_exist(course):
    with course.key(UNIT).open("a") as key:
        key.write("""

@unit.experiment(points={"learned": 1}, tasks=["rings"], reach=0.9)
def train(x, t, seed):
    return None
""")
    assert told(course).startswith(
        "solutions/16_my_unit/key.py, line 32: 16_my_unit: the tasks of `train` are those of "
        "grader.checks.tasks; got rings. Use some of ring, quadrants, "
    )


def test_variants_that_repeat(course):
    with course.key(UNIT).open("a") as key:
        key.write("""

tanh.alternative("self.y = tanh(x)", "self.y = tanh(x)")
""")
    assert told(course) == (
        "solutions/16_my_unit/key.py, line 9: `tanh` has 2 variants; 200 students got 1 different ones. Are "
        "two of them the same?"
    )
