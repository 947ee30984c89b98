"""Keys are loaded once for each version, and their mistakes are named by file, line and rule."""

import pytest

from grader.course import PROJECT, PUBLIC_SECRET
from grader.errors import ExerciseError
from grader.exercises import load_unit

KEY = '''\
from grader.checks import Case
from grader.exercises import Unit

unit = Unit("07_test")


@unit.implement("dlkit.layers.ReLU", points={"forward": 1, "dx": 2})
def relu(draw):
    return Case(inputs={"x": draw.nonzero(2, 3)})


@relu.check("kink", like="dx", points=1)
def at_zero(draw):
    """Where x is exactly 0,
    the gradient is 0."""
    return Case(inputs={"x": 0 * draw(1, 2)}, at_kink=True)


relu.misconception("passes", "x.real <= 0", "x.real < 0", fails=["kink"])
'''


@pytest.fixture
def load(tmp_path):
    def load(text):
        path = tmp_path / "07_test" / "key.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return load_unit(path)

    return load


def test_a_key(load):
    unit = load(KEY)
    assert (unit.name, unit.points) == ("07_test", 4)
    relu = unit.exercises["relu"]
    assert (relu.id, relu.name, relu.label, relu.points) == ("relu", "ReLU", "ex-07-relu", 4)
    assert relu.wrt == ("x",)
    assert [relu.grade_id(check) for check in relu.checks] == [
        "relu-forward",
        "relu-dx",
        "relu-kink",
    ]
    assert relu.checks[2].check.sentence.render() == "Where x is exactly 0, the gradient is 0."
    assert unit.find("relu-kink") == (relu, relu.checks[2])
    with pytest.raises(ExerciseError, match=r"07_test has no check 'relu-dW'\."):
        unit.find("relu-dW")


def test_an_exercise_knows_what_the_others_of_its_unit_ask_for(load):
    second = '\nunit.implement("dlkit.layers.Sigmoid", points={"forward": 1})(at_zero)\n'
    unit = load(KEY + second)
    for found in (unit, unit.variant(b"secret", "ada")):
        assert [e.others for e in found.exercises.values()] == [{"Sigmoid"}, {"ReLU"}]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("nonzero(2, 3)", "nonzero(2, 3",
         r"line \d+: a key has to be Python; .*\. Mend this line, or the one before it\."),
        ("unit = ", "print(nothing)\nunit = ",
         r"line 4: NameError: name 'nothing' is not defined\. A key is run from its first line to "
         r"its last; mend "),
        ('Unit("07_test")', 'Unit("06_test")',
         r'a key makes the unit of its folder, unit = Unit\("07_test"\); got Unit\(\'06_test\'\)\.'),
        ("dlkit.layers.ReLU", "dlkit.layers.RELU",
         r"line 7: There is no 'dlkit\.layers\.RELU'\. Name a class or function"),
        ("def relu", "def Relu",
         r"line 7: 07_test: an exercise is named in lower case, as in my_layer; got 'Relu'\. Rename it\."),
        ('Unit("07_test")', 'Unit("07_test", points=5)',
         r"line 4: the points of the checks have to add up to those of the unit; they are 4, and "
         r"the unit states "
         r"5\. Change a check's points or the sum\."),
        ('"dx": 2', '"dx": 0', r"line 7: The check `dx` has 0 points; it needs some\."),
        ('"dx": 2', '"dx": float("nan")', r"line 7: The check `dx` has nan points; it needs some\."),
        ('"forward": 1', '"forwards": 1',
         r"line 7: 'forwards' is no check\. Use forward, repeat, unchanged, or d and a name, as in dW\."),
        ('like="dx"', 'like="gradient"', r"line 12: 'gradient' is no check\."),
        ('"kink"', '"given"',
         r"line 12: The check `given` has the name of another cell of the notebook\. Use another name\."),
        ("points=1)", "points=-1)", r"line 12: The check `kink` has -1 points; it needs some\."),
        ('    """Where x is exactly 0,\n    the gradient is 0."""\n', "",
         r"line 12: 07_test: check `kink` of `relu` needs a docstring: it is the sentence that the student "
         r"reads\."),
        ('"x.real <= 0"', '"x.real<=0"',
         r"line 19: 07_test: misconception `passes` of `relu` replaces text that dlkit\.layers\.ReLU does not "
         r"contain: 'x\.real<=0'\. Copy it from the source"),
        ('["kink"]', '["kinks"]',
         r"line 19: 07_test: misconception `passes` of `relu` names checks that do not exist: kinks\. "
         r"There are: dx, forward, kink\."),
        ("points={", 'methods=["forwards"], points={',
         r"line 7: dlkit\.layers\.ReLU defines no method `forwards`"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_line(load, old, new, error):
    with pytest.raises(ExerciseError, match=rf"07_test/key\.py(: |, ){error}"):
        load(KEY.replace(old, new))


def test_a_key_without_a_unit(load):
    with pytest.raises(ExerciseError, match=r'unit = Unit\("07_test"\); got none\.'):
        load("x = 1")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("draw.nonzero(2, 3)", "draw.nonzro(2, 3)", r"AttributeError: 'Draw' object has no attribute 'nonzro'"),
        ('inputs={"x"', 'inputs={"z"', r"ValueError: points for dx, but no input or parameter x"),
        ("Case(inputs=", 'Case({"W": draw(2)}, inputs=', r"CallFailed: TypeError: ReLU\(\) takes no arguments"),
    ],
)  # fmt: skip
def test_a_case_that_does_not_fit_is_named_with_its_line(load, old, new, error):
    unit = load(KEY.replace(old, new))
    relu = unit.exercises["relu"]
    match = rf"07_test/key\.py, line 7: a case of `relu` must fit dlkit\.layers\.ReLU; {error}"
    with pytest.raises(ExerciseError, match=match):
        relu.public_case()
    with pytest.raises(ExerciseError, match=match):
        relu.hidden_cases(relu.checks[0], PUBLIC_SECRET, unit.version)


def test_two_exercises_of_one_id(load):
    twice = (
        KEY
        + '\n\n@unit.implement("dlkit.layers.Tanh", points={"dx": 1})\ndef relu(draw):\n    pass\n'
    )
    with pytest.raises(
        ExerciseError,
        match=r"line 22: 07_test: an exercise's id stands once in its unit; 'relu' is taken\.",
    ):
        load(twice)


def test_the_version_is_that_of_the_text(load):
    unit = load(KEY)
    assert load(KEY) is unit
    assert load(KEY + "# changed\n").version != unit.version


def test_hidden_cases_depend_on_secret_check_and_version_and_on_nothing_else(load):
    unit = load(KEY)
    relu = unit.exercises["relu"]
    forward, dx, _ = relu.checks

    def inputs(check, secret=b"secret", version="1"):
        return [case.inputs["x"].tolist() for case in relu.hidden_cases(check, secret, version)]

    assert inputs(forward) == inputs(forward)
    drawn = [inputs(forward), inputs(dx), inputs(forward, b"other"), inputs(forward, version="2")]
    assert all(one != other for i, one in enumerate(drawn) for other in drawn[:i])
    assert len({str(x) for x in inputs(forward)}) == 3  # trials differ too
    assert relu.public_case().inputs["x"].tolist() == relu.public_case().inputs["x"].tolist()


@pytest.mark.parametrize(
    "path", sorted(PROJECT.glob("solutions/*/key.py")), ids=lambda p: p.parent.name
)
def test_the_projects_keys_load(path):
    assert load_unit(path).exercises
