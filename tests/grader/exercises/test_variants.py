"""Variants: reproducible, different, recognized wherever they turn up; poor ones are refused."""

import numpy as np
import pytest
from click.testing import CliRunner

from grader.checks import LocalStudent, Passed, judge
from grader.cli import main
from grader.course import PROJECT, PUBLIC_SECRET, Course
from grader.errors import ExerciseError
from grader.exercises import Step, Unit, Worked, load_unit
from grader.exercises import variants as made
from grader.exercises.fixed import fixed_cells
from grader.exercises.variants import UNKNOWN, preview, recognize, refuse_poor_variants

COURSE = Course(PROJECT)
SECRET = b"a secret of this test alone"


@pytest.fixture(scope="module", params=COURSE.unit_names())
def unit(request):
    return load_unit(COURSE.key(request.param))


def contents(unit):
    return {id: exercise.contents() for id, exercise in unit.exercises.items()}


def test_a_students_variant_is_the_same_whenever_it_is_made(unit):
    assert contents(unit.variant(SECRET, "alice")) == contents(unit.variant(SECRET, "alice"))


def test_variants_depend_on_the_student_and_on_the_secret(unit):
    if all(exercise.pool == 1 for exercise in unit.exercises.values()):
        pytest.skip("a unit without variants")
    students = [contents(unit.variant(SECRET, f"s{n}")) for n in range(8)]
    assert len({str(each) for each in students}) > 1
    other = [contents(unit.variant(b"another secret", f"s{n}")) for n in range(8)]
    assert students != other


def test_all_variants_have_the_same_grade_ids_and_points(unit):
    def graded(unit):
        return {e.grade_id(c): c.points for e in unit.exercises.values() for c in e.checks}

    for n in range(4):
        assert graded(unit.variant(SECRET, f"s{n}")) == graded(unit)


def test_two_hundred_draws_are_good_enough_to_hand_out(unit):
    refuse_poor_variants(unit, PUBLIC_SECRET)


def test_the_answer_to_one_variant_is_no_answer_to_another(unit):
    for exercise, variants in preview(unit, SECRET, 12):
        if exercise.kind not in ("compute", "choose", "derive"):
            continue
        answers = {variant.source.text: variant for variant in variants}
        assert len(answers) > 1
        one, other = list(answers.values())[:2]
        student = LocalStudent({one.name: other.source.load()})
        passed = [
            judge(check.check, student, one.name, one.hidden_cases(check, SECRET, unit.version))
            for check in one.checks
        ]
        assert not all(isinstance(verdict, Passed) for verdict in passed)


# --- recognition


@pytest.fixture
def backpropagation():
    return load_unit(COURSE.key("06_backpropagation"))


def test_a_base_notebook_is_graded_as_such(backpropagation):
    found = recognize(backpropagation, fixed_cells(backpropagation), SECRET, "alice", ["bob"])
    assert (found.unit, found.foreign, found.own) == (backpropagation, {}, [])


def test_a_students_own_notebook(backpropagation):
    own = backpropagation.variant(SECRET, "alice")
    found = recognize(backpropagation, fixed_cells(own), SECRET, "alice", ["bob"])
    assert contents(found.unit) == contents(own)
    assert found.foreign == {}
    assert {e.id for e in found.own} == {e.id for e, _ in preview(backpropagation, SECRET, 1)}


def test_somebody_elses_notebook_is_graded_as_what_it_is_and_flagged(backpropagation):
    bobs = backpropagation.variant(SECRET, "bob")
    found = recognize(backpropagation, fixed_cells(bobs), SECRET, "alice", ["carol", "bob"])
    assert contents(found.unit) == contents(bobs)
    assert set(found.foreign.values()) == {"bob"}


def test_one_exercise_of_somebody_else(backpropagation):
    cells = fixed_cells(backpropagation.variant(SECRET, "alice"))
    cells["train-public"] = fixed_cells(backpropagation.variant(SECRET, "bob"))["train-public"]
    found = recognize(backpropagation, cells, SECRET, "alice", ["bob"])
    assert found.foreign == {"train": "bob"}


def test_a_forged_or_lost_tag_leaves_the_students_own_variant(backpropagation):
    own = backpropagation.variant(SECRET, "alice")
    cells = fixed_cells(own)
    cells["train-public"] = "# variant 0123456789ab\n"
    del cells["delta-recursion-public"]
    found = recognize(backpropagation, cells, SECRET, "alice", ["bob"])
    assert found.foreign == {"train": UNKNOWN}
    assert contents(found.unit) == contents(own)


def test_a_tag_tells_nothing_without_the_secret(backpropagation):
    train = backpropagation.exercises["train"]
    assert train.tag_of(SECRET, "alice") != train.tag_of(b"another secret", "alice")
    assert "alice" not in train.tag_of(SECRET, "alice")


# --- refusals


def compute(problem):
    unit = Unit("07_test")
    unit.compute(points={"a": 1})(problem)
    return unit


def test_numbers_that_repeat_are_refused():
    def few(draw):
        return Worked({}, [Step("a", "a", np.array(draw.one_of([1.0, 2.0, 3.0])))])

    with pytest.raises(
        ExerciseError, match=r"`few` must give every student other numbers; 200 .* 3 "
    ):
        refuse_poor_variants(compute(few), SECRET)


@pytest.mark.parametrize(
    ("worked", "flaw"),
    [
        (Worked({}, [Step("a", "0", np.array(0.0))]), "a is 0 or nearly"),
        (Worked({}, [Step("a", "", np.array([5.0, 0.001]))]), "a is 0 or nearly"),
        (Worked({}, [Step("a", "", np.array(1e6))]), "a is too large"),
        (Worked({}, [Step("a", "", np.array(np.nan))]), "a is too large"),
        (Worked({}, [Step("a", "", np.array(2.0)), Step("b", "", np.array(2.0))]), "a and b are equal"),
        (Worked({}, [Step("a", "", np.array(2.0))], {"half": {"a": np.array(2.0)}}),
         "the misconception half gives the right numbers"),
    ],
)  # fmt: skip
def test_a_problem_that_tells_too_little_is_refused(worked, flaw):
    def poor(draw):
        return worked

    with pytest.raises(ExerciseError, match=f"of 200 draws of `poor` none is fit .*: {flaw}"):
        compute(poor)


def test_two_bugs_that_are_the_same_are_refused():
    unit = Unit("07_test")

    @unit.fix_the_bug("dlkit.layers.Tanh", points={"dx": 1})
    def mend(draw):
        raise NotImplementedError

    for _ in range(2):
        mend.bug("sign", "return dout *", "return -dout *", symptom="The wrong sign.", fails=["dx"])
    with pytest.raises(ExerciseError, match="`mend` has 2 variants; 200 students got 1 different"):
        refuse_poor_variants(unit, SECRET)


def test_the_sheet_refuses_a_poor_key_and_no_unlucky_secret(monkeypatch):
    """Of some hundred thousand problems, two of 200 students may draw the same; the key is not to blame."""
    asked = []
    monkeypatch.setattr(
        made, "refuse_poor_variants", lambda unit, secret: asked.append((unit.name, secret))
    )
    monkeypatch.setenv("GRADER_SECRET", SECRET.decode())

    result = CliRunner().invoke(
        main, ["--course", str(PROJECT), "variants", "08", "--preview", "2"]
    )

    assert asked == [("08_optimizers", PUBLIC_SECRET)]
    drawn = load_unit(COURSE.key("08_optimizers")).exercises["two-steps"]
    assert drawn.variant(SECRET, "student-002").summary() in result.output
