"""Numbers worked out by hand: one slip in one formula is named, and numbers that fit none are left alone."""

import numpy as np
import pytest

from grader.checks import Failed, LocalStudent, Passed, judge
from grader.checks.diagnosis.slips import Slip, by_slip, of_writing
from grader.checks.evidence import Evidence
from grader.errors import ExerciseError
from grader.exercises import Step, Unit, Worked
from grader.exercises.insight import Insight

GIVEN = {"w": np.array([0.5, -1.25]), "a": np.array([1.5, 2.25]), "lr": 0.125}
W, A, LR = GIVEN.values()
G = A * W


def one_step(draw):
    steps = [
        Step("g", "a * w", G),
        Step("w_new", "w - lr * g", W - LR * G),
        Step("share", "log(exp(w) / sum(exp(w)))", np.log(np.exp(W) / np.exp(W).sum())),
        Step("size", "q = w_new @ w_new; sum(abs(w_new)) / (1 + q)", size(W - LR * G)),
    ]
    return Worked({}, steps, names=GIVEN)


def size(w):
    return np.asarray(np.abs(w).sum() / (1 + w @ w))


UNIT = Unit("99_slips")
STEP = UNIT.compute(points={"g": 1, "w_new": 1, "share": 1, "size": 1})(one_step)


def said(**numbers):
    """What is said of these numbers, by check; of the others the right ones come."""
    values = {step.name: step.value for step in STEP.worked.steps} | numbers
    student = LocalStudent({"one_step": lambda: tuple(values.values())})
    found = {}
    for check in STEP.checks:
        cases = STEP.hidden_cases(check, b"slips", "1")
        verdict = judge(check.check, student, "one_step", cases, Insight(STEP, check))
        if not isinstance(verdict, Passed):
            assert isinstance(verdict, Failed)
            found[check.name] = verdict.diagnosis
    return found


@pytest.mark.parametrize(
    ("label", "number", "expression"),
    [
        ("w_new", W + LR * G, "w + lr * g"),
        ("w_new", W - G, "w - g"),
        ("w_new", LR * G - W, "lr * g - w"),
        ("w_new", W - LR * A, "w - lr * a"),
        ("w_new", (W - LR) * G, None),  # two slips
        ("g", A + W, "a + w"),
        ("share", np.log(np.abs(W) / np.abs(W).sum()), None),
        ("share", np.log(1 - np.exp(W) / np.exp(W).sum()), "log(1 - exp(w) / sum(exp(w)))"),
        ("g", A * W**2, "a * w ** 2"),
        ("size", np.abs(W - LR * G).sum(), "sum(abs(w_new))"),
        ("size", np.abs(W - LR * G).mean() / (1 + (W - LR * G) @ (W - LR * G)),
         "mean(abs(w_new)) / (1 + q)"),
        ("size", np.abs(W - LR * G).sum() + (W - LR * G) @ (W - LR * G),
         "sum(abs(w_new)) / 1 + q"),
        ("size", size(W), None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("digits", [4, 17])
def test_one_slip_is_named(label, number, expression, digits):
    finding = said(**{label: np.asarray([float(f"{v:.{digits}g}") for v in np.ravel(number)])
                      .reshape(np.shape(number))})[label]  # fmt: skip
    if expression is None:
        assert finding.id != "slip"
    else:
        assert (finding.id, finding.text.values["expression"]) == ("slip", expression)


def test_a_number_that_follows_from_a_wrong_one_says_which():
    g = np.round(A + W, 4)
    found = said(g=g, w_new=W - LR * g)
    assert found["g"].id == "slip"
    assert found["w_new"].render() == (
        "`w_new` follows, as it should, from your own `g`: the mistake is there. "
        "Mend it, then work `w_new` out again."
    )
    again = said(g=g, w_new=W + LR * g)["w_new"]  # a second slip, on top of the first
    assert (again.id, again.text.values["expression"]) == ("slip", "w + lr * g")


def test_right_numbers_are_told_nothing():
    assert said() == {}
    assert said(w_new=np.round(W - LR * G, 4)) == {}


RNG = np.random.default_rng(3)


def test_numbers_out_of_the_air_fit_no_slip():
    named = [said(w_new=np.round(RNG.standard_normal(2), 4))["w_new"].id for _ in range(60)]
    assert "slip" not in named
    alone = [said(size=np.round(RNG.uniform(0, 3), 4)) for _ in range(60)]
    assert sum(f["size"].id == "slip" for f in alone if f) <= 2  # one number can fit by chance


def test_two_slips_that_would_both_fit_decide_nothing():
    e = Evidence("v", np.asarray(0.25), np.asarray(0.75), tolerance=2e-3)
    both = [Slip("a", np.asarray(0.2501)), Slip("b", np.asarray(0.2499))]
    assert by_slip(e, both) is None
    assert by_slip(e, both[:1]).id == "slip"


@pytest.mark.parametrize(
    ("got", "want", "id"),
    [
        (0.73, 0.7349, "too-few-digits"),
        (0.73, 0.7449, None),
        ([0.73, 1.2], [0.7349, 1.2449], "too-few-digits"),
        (1.0, 1.2, None),  # a single digit may be anything
        (0.7439, 0.7349, "digits-exchanged"),
        (7.3, 3.7, "digits-exchanged"),
        (-0.7439, 0.7349, None),
        (0.7493, 0.7349, None),
    ],
)
def test_right_numbers_that_are_written_wrongly(got, want, id):
    found = of_writing(Evidence("v", np.asarray(got), np.asarray(want), tolerance=2e-3))
    assert (found and found.id) == id


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("2 * a", "the formula of b, '2 * a', gives another value"),
        ("3 times a", "the formula of b, '3 times a', fails: SyntaxError"),
        ("b", "the formula of b, 'b', fails: NameError"),
        ("c = 3 * a", "the formula of b, 'c = 3 * a', fails: ValueError: a formula ends with an expression"),
    ],
)  # fmt: skip
def test_a_formula_that_does_not_give_its_number_is_refused(how, why):
    unit = Unit("98_wrong")
    with pytest.raises(ExerciseError) as refused:

        @unit.compute(points={"b": 1})
        def triple(draw):
            return Worked({}, [Step("b", how, np.array(6.0))], names={"a": 2.0})

    assert why in str(refused.value)


def test_without_names_formulas_are_words():
    unit = Unit("97_words")

    @unit.compute(points={"b": 1})
    def words(draw):
        return Worked({}, [Step("b", "three times a", np.array(6.0))])

    assert list(words.slips("b", {})) == []


def test_more_numbers_than_a_person_works_out_are_no_slip(monkeypatch):
    monkeypatch.setattr("grader.checks.diagnosis.slips._decimals", None)  # it would take seconds
    many = np.ones(2000)
    assert by_slip(Evidence("b", many, many + 1, tolerance=1e-3), [Slip("b", many)]) is None


@pytest.mark.parametrize("g", [W * 1e-320, W * 1e-300, W * 1j, np.full(2, 5e-324)])
def test_numbers_that_nobody_writes_are_wrong_like_others(g):
    """So small that their digits do not fit, or imaginary: nothing of ours breaks over them."""
    assert said(g=g).keys() >= {"g"}
