"""How a verdict comes to its diagnosis: from all cases, from the key's misconceptions, from public cases."""

from importlib import import_module

import numpy as np
import pytest

from grader.checks import (
    Blocked,
    Crashed,
    Failed,
    LocalStudent,
    Passed,
    Stopped,
    earned,
    judge,
    reason,
)
from grader.checks.diagnosis import example
from grader.checks.evidence import MANY
from grader.course import PROJECT, Course
from grader.exercises import Insight, load_unit

UNIT = load_unit(Course(PROJECT).key("06_backpropagation"))
SECRET = b"diagnosis"
module = import_module("grader.checks.judge")  # the package has a function of that name


def verdicts(exercise_id, *edits, unit=UNIT, **more):
    """Verdicts by check on the reference with some of its text replaced."""
    exercise = unit.exercises[exercise_id]
    text = exercise.source.text
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    student = LocalStudent(exercise.source.names(text))
    with np.errstate(all="ignore"):
        return {
            check.name: judge(
                check.check,
                student,
                exercise.name,
                exercise.hidden_cases(check, SECRET, unit.version),
                Insight(exercise, check),
                **more,
            )
            for check in exercise.checks
        }


def ids(found):
    return {name: v.diagnosis.id for name, v in found.items() if isinstance(v, Failed)}


@pytest.mark.parametrize(
    "exercise", [e for e in UNIT.exercises.values() if not e.manual], ids=lambda e: e.id
)
def test_a_right_answer_gets_no_diagnosis(exercise):
    assert all(v == Passed() for v in verdicts(exercise.id).values())


# --- misconceptions of the key


def test_a_submission_that_returns_what_a_misconception_does_has_it():
    other_code = ("self.dW = x.T @ rows", "self.dW = np.einsum('nh,nd->hd', rows, x)")
    found = verdicts("affine", other_code)["dW"]
    assert found.diagnosis.id == "key:affine/dW-transposed"
    assert found.diagnosis.text.render() == "`dW` is the transpose of the right one."
    assert found.diagnosis.section == "sec-06-matrix"


def test_where_nothing_but_the_values_is_known_the_misconception_is_named(monkeypatch):
    monkeypatch.setattr(UNIT.exercises["sigmoid"], "explanations", {})
    found = verdicts(
        "sigmoid",
        ("dout * self.y * (1.0 - self.y)", "dout * sigmoid(self.y) * (1 - sigmoid(self.y))"),
    )
    text = found["dx"].diagnosis.text
    assert text.render().startswith(
        "The values are exactly those of a known mistake, `derivative-at-output`. "
        "`dx` is what `(sigmoid(forward) * (1 - sigmoid(forward))) * dout` gives"
    )
    assert "derivative-at-output" in text.render("ja") != text.render()


def test_the_key_can_say_more_of_a_misconception():
    exercise = UNIT.exercises["sigmoid"]
    exercise.tell("returns-dout", "You compute  {dx} and\nreturn `dout`.", "sec-06-sigmoid")
    try:
        edit = ("return dout * self.y * (1.0 - self.y)", "return 1 * dout")
        found = verdicts("sigmoid", edit)["dx"].diagnosis
        assert found.text.render() == "You compute {dx} and return `dout`."
        assert found.section == "sec-06-sigmoid"
        assert exercise.explanations["returns-dout"][0] in exercise.sentences()
    finally:
        del exercise.explanations["returns-dout"]


def test_code_that_is_wrong_in_another_way_has_no_misconception():
    found = verdicts("affine", ("self.dW = x.T @ rows", "self.dW = 0.5 * (x.T @ rows)"))
    assert ids(found) == {"dW": "constant-factor"}


# --- all cases


def test_a_relation_has_to_hold_on_every_case():
    wrong = ("self.dW = x.T @ rows", "self.dW = x.T @ rows * (2 if len(x) == 4 else 3)")
    assert ids(verdicts("affine", wrong))["dW"] in ("constant-factor", "varying-factor")
    changing = ("self.dW = x.T @ rows", "self.dW = x.T @ rows * np.abs(x).max()")
    assert ids(verdicts("affine", changing))["dW"] == "varying-factor"


def test_one_of_two_forms_of_input():
    edit = ("self.t = ", "self.t = t + 0 * ")
    text = UNIT.exercises["softmax-with-loss"].source.text
    if edit[0] not in text:
        pytest.skip("the reference is written otherwise")
    found = ids(verdicts("softmax-with-loss", edit))
    assert found["forward"] == "other-form"


def test_two_axes_mixed_up_that_squares_hide():
    muddled = "np.cumsum(np.resize(rows.sum(axis=1), rows.shape[1]))"
    edit = (
        "rows.sum(axis=0)",
        f"{muddled} if len(x) != rows.shape[1] else rows.sum(axis=0)",
    )
    assert verdicts("affine", edit)["db"].diagnosis.id == "only-square"


def test_right_for_one_sample_only():
    edit = (
        "rows.sum(axis=0)",
        "np.sort(rows.sum(axis=0)) ** 3 + rows[0] if len(x) > 1 else rows[0]",
    )
    assert verdicts("affine", edit)["db"].diagnosis.id == "only-batch-of-one"


# --- what depends on something else


def test_what_forward_did_not_get_to_is_blocked_with_its_reason():
    found = verdicts("affine", ("return x @ self.W + self.b", "return x @ self.WW"))
    assert ids(found) == {"forward": "own-attribute-missing"}
    assert all(isinstance(v, Blocked) for name, v in found.items() if name != "forward")
    assert reason(found["dx"], "en").startswith(
        "`forward` comes first: `self.WW` is used but was never set"
    )


# --- follow-through

DOUBLE = ("return x @ self.W + self.b", "return 2 * (x @ self.W) + self.b")
CONSISTENT = [
    DOUBLE,
    ("self.dW = x.T @ rows", "self.dW = 2 * x.T @ rows"),
    ("return dout @ self.W.T", "return 2 * dout @ self.W.T"),
]


def test_a_backward_pass_that_follows_from_a_wrong_forward_pass_earns_half():
    found = verdicts("affine", *CONSISTENT)
    shares = {name: earned(v, 1.0) for name, v in found.items()}
    assert shares == {
        "forward": 0.0,
        "dx": 0.5,
        "dW": 0.5,
        "db": 1.0,
        "repeat": 0.0,
        "unchanged": 0.0,
    }
    assert found["dx"].diagnosis.id == "follow-through"
    assert "50%" in reason(found["dx"], "ja")


def test_a_backward_pass_that_follows_from_nothing_earns_nothing():
    found = verdicts("affine", DOUBLE, ("self.dW = x.T @ rows", "self.dW = 3 * x.T @ rows"))
    assert found["dW"].diagnosis.id == "constant-factor"
    assert found["dW"].share == 0.0


def test_beside_a_right_forward_pass_there_is_nothing_to_follow_from():
    found = verdicts("affine", *CONSISTENT[1:])
    assert earned(found["dx"], 1.0) == earned(found["dW"], 1.0) == 0.0


@pytest.mark.parametrize(
    ("exercise", "edits"),
    [
        ("affine", [("return x @ self.W + self.b", "return 0 * (x @ self.W) + 1.0"),
                    ("self.dW = x.T @ rows", "self.dW = 0 * self.W"),
                    ("self.db = rows.sum(axis=0)", "self.db = 0 * self.b"),
                    ("return dout @ self.W.T", "return 0 * self.x")]),
        ("affine", [("return x @ self.W + self.b", "return x @ self.W + 1.0"),
                    ("self.db = rows.sum(axis=0)", "self.db = 0 * self.b")]),
        ("sigmoid", [("return self.y", "return x"),
                     ("return dout * self.y * (1.0 - self.y)", "return dout")]),
        ("sigmoid", [("return self.y", "return 3.0 * x"),
                     ("return dout * self.y * (1.0 - self.y)", "return 3.0 * dout")]),
    ],
)  # fmt: skip
def test_an_empty_layer_earns_nothing_however_consistent(exercise, edits):
    found = verdicts(exercise, *edits)
    assert not any(isinstance(v, Failed) and v.share for v in found.values())


def test_an_exercise_can_do_without_it():
    exercise = UNIT.exercises["affine"]
    exercise.follow_through = False
    try:
        assert earned(verdicts("affine", *CONSISTENT)["dx"], 1.0) == 0.0
    finally:
        exercise.follow_through = True


# --- examples


def test_the_example_is_the_smallest_public_case_that_shows_it():
    found = verdicts("affine", ("self.dW = x.T @ rows", "self.dW = -x.T @ rows"))["dW"].diagnosis
    text = found.example.render()
    assert text.startswith("Example: with `W = [[")
    assert "`dW[0, 0]` is -" in text
    assert len(text) < 150


def test_nothing_hidden_is_told():
    exercise = UNIT.exercises["affine"]
    edits = [
        ("return x @ self.W + self.b", "return x @ self.W - self.b"),
        ("x.T @ rows", "-x.T @ rows"),
    ]
    said = " ".join(reason(v, "en") for v in verdicts("affine", *edits).values())
    for check in exercise.checks:
        for case in exercise.hidden_cases(check, SECRET, UNIT.version):
            for array in (*case.init.values(), *case.inputs.values(), *case.expected.values()):
                assert not any(
                    f"{abs(v):.6g}" in said for v in np.ravel(array) if f"{v:.6g}" != f"{v:.4g}"
                )


def test_without_a_key_hidden_cases_give_no_example():
    exercise = UNIT.exercises["affine"]
    check = exercise.checks[2]
    student = LocalStudent(
        exercise.source.names(exercise.source.text.replace("x.T @ rows", "-x.T @ rows"))
    )
    cases = exercise.hidden_cases(check, SECRET, UNIT.version)
    assert judge(check.check, student, "Affine", cases).diagnosis.example is None
    assert judge(check.check, student, "Affine", cases, public=True).diagnosis.example is not None


def test_the_search_ends_in_time(monkeypatch):
    now = iter(range(1000))
    monkeypatch.setattr(example.time, "monotonic", lambda: float(next(now)))
    assert example.search([None], (pytest.fail("no time for this") for _ in range(1))) is None


def test_numbers_worked_out_by_hand_have_no_example():
    exercise = UNIT.exercises["delta-recursion"]
    assert list(Insight(exercise, exercise.checks[0]).small_cases()) == []


# --- names


@pytest.mark.parametrize(
    ("like", "id"), [((), "name-missing"), (("mean_sq_error",), "name-misspelt")], ids=str
)
def test_what_another_exercise_asks_for_is_no_misspelt_name(like, id):
    """The most like of the names is `sum_squared_error`: the unit asks for it, and so it is not meant."""
    unit = load_unit(Course(PROJECT).key("04_losses"))
    exercise = unit.exercises["mean-squared-error"]
    student = LocalStudent(dict.fromkeys(("sum_squared_error", *like), np.mean))
    for check in exercise.checks:
        cases = exercise.hidden_cases(check, SECRET, unit.version)
        found = judge(check.check, student, exercise.name, cases, Insight(exercise, check))
        assert found.diagnosis.id == id
        assert found.diagnosis.text.values.get("near") == (like[0] if like else None)


# --- how it came about


def test_the_trace_tells_cases_values_and_what_was_tried():
    lines = []
    verdicts("affine", ("self.dW = x.T @ rows", "self.dW = -x.T @ rows"), trace=lines.append)
    text = "\n".join(lines)
    assert "case 0: Failed" in text
    assert "dW came as" in text
    assert "wrong-sign: [{}, {}, {}]" in text
    assert "key:affine/dW-transposed: not the same" in text


def test_a_mistake_of_ours_is_no_zero(monkeypatch):
    def broken(self):
        raise ZeroDivisionError

    monkeypatch.setattr(Insight, "suspects", broken)
    found = verdicts("affine", ("self.dW = x.T @ rows", "self.dW = -x.T @ rows"))["dW"]
    assert isinstance(found, Crashed)
    assert "ZeroDivisionError" in found.error


class Endless(LocalStudent):
    """A submission that is stopped at its second trip, when the judge looks for what is wrong."""

    def __init__(self, names):
        super().__init__(names)
        self.trips = 0

    def run_all(self, programs):
        self.trips += 1
        if self.trips > 1:
            raise Stopped("time")
        return super().run_all(programs)


def test_to_look_for_a_reason_costs_no_other_check_its_points():
    exercise = UNIT.exercises["affine"]
    check = exercise.checks[2]
    student = Endless(
        exercise.source.names(exercise.source.text.replace("x.T @ rows", "-x.T @ rows"))
    )
    cases = exercise.hidden_cases(check, SECRET, UNIT.version)
    with pytest.raises(module.StoppedLater) as stopped:
        judge(check.check, student, "Affine", cases)
    assert isinstance(stopped.value.verdict, Failed)
    assert stopped.value.reason == "time"


def test_a_slow_submission_keeps_its_time_for_other_checks(monkeypatch):
    monkeypatch.setattr(module, "SLOW", 0.0)
    found = verdicts("affine", ("self.dW = x.T @ rows", "self.dW = rows.T @ x"))["dW"].diagnosis
    assert (found.id, found.example) == ("transposed", None)


@pytest.mark.parametrize(("more", "looks"), [(MANY, False), (1, True)])
def test_far_more_numbers_than_are_right_are_not_looked_at(more, looks):
    """Right ones at the beginning, or a reason for the rest: each look would cost seconds and memory."""
    exercise = UNIT.exercises["matrix-form"]
    trips = []

    class Counted(LocalStudent):
        def run_all(self, programs):
            trips.append(programs)
            return super().run_all(programs)

    right = exercise.source.names(exercise.source.text)[exercise.name]
    student = Counted({exercise.name: lambda *a: np.pad(right(*a), ((0, more), (0, 0)))})
    check = exercise.checks[0]
    cases = exercise.hidden_cases(check, SECRET, UNIT.version)
    found = judge(check.check, student, exercise.name, cases, Insight(exercise, check)).diagnosis
    assert (found.id == "too-long") is looks
    assert (len(trips) > 1) is looks
    assert (found.evidence is not None) is looks
