"""One submission: what it is tried on, and what becomes of it when something goes wrong on the way."""

import pytest

from grader.checks import Blocked, Check, Crashed, Failed, Passed
from grader.checks.text import Message
from grader.course import PROJECT, Course
from grader.engine.judge import chosen
from grader.exercises import GradedCheck, load_unit
from grader.grading import SourceCell, grade, hidden_cases
from grader.sandbox import Limits, Zygote
from tests.grader.small import Small, make_small

WRONG_FORWARD = "np.where(self.mask, 0.0, x)", "np.where(self.mask, 0.0, 2.0 * x)"
ENDLESS_BACKWARD = "        return np.where(self.mask, 0.0, dout)", "        while True: pass"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return Small(make_small(tmp_path_factory.mktemp("grading")))


@pytest.fixture(scope="module")
def zygote():
    with Zygote("none") as warm:
        yield warm


def graded(small, zygote, relu, cases=None, **limits):
    setup = next(c.source for c in small.handed_out().cells if c.cell_type == "code")
    texts = {"setup": setup, "add": small.right("add"), "relu": relu}
    cells = [SourceCell(index, name, text) for index, (name, text) in enumerate(texts.items())]
    cases = cases or hidden_cases(small.unit, b"secret")
    return grade(small.unit, cases, cells, zygote, Limits(**limits))


def wrong_and_endless(small):
    """An answer whose forward pass is wrong and whose backward pass does not end."""
    text = small.right("relu")
    for change in (WRONG_FORWARD, ENDLESS_BACKWARD):
        assert change[0] in text
        text = text.replace(*change)
    return text


def test_a_check_that_ends_the_submission_leaves_the_reasons_of_those_before_it(small, zygote):
    found = graded(small, zygote, wrong_and_endless(small), check=0.5)
    assert isinstance(found.verdicts["relu-dx"], Blocked)
    assert "is 2 times the right one" in found.verdicts["relu-forward"].diagnosis.render()
    assert [stop.reason for stop in found.stops] == ["time"]
    assert found.verdicts["add-forward"] == Passed()


def test_with_no_time_left_what_passed_before_counts(small, zygote):
    relu = small.right("relu").replace(*ENDLESS_BACKWARD)
    found = graded(small, zygote, relu, check=30, total=1.5)
    assert found.verdicts["relu-forward"] == Passed()
    assert isinstance(found.verdicts["relu-dx"], Blocked)


def test_a_failure_without_time_to_explain_it_is_a_failure(small, zygote):
    found = graded(small, zygote, wrong_and_endless(small), check=30, total=1.5)
    assert isinstance(found.verdicts["relu-forward"], Failed)


def broken(name, case):
    raise ValueError("an author's mistake")


def test_a_check_that_is_broken_itself_costs_the_others_nothing(small, zygote, monkeypatch):
    relu = small.unit.exercises["relu"]
    check = GradedCheck(Check("broken", Message("It breaks."), broken), 1.0, relu.cases)
    cases = hidden_cases(small.unit, b"secret")
    monkeypatch.setattr(relu, "checks", [check, *relu.checks])
    cases["relu-broken"] = cases["relu-forward"]
    found = graded(small, zygote, small.right("relu"), cases)
    assert isinstance(found.verdicts["relu-broken"], Crashed)
    assert found.verdicts["relu-forward"] == found.verdicts["relu-dx"] == Passed()


@pytest.mark.parametrize("exercises", [(), ("mean-squared-error",)], ids=["all", "this one alone"])
def test_a_missing_name_is_no_like_one_of_another_exercise(zygote, exercises):
    unit = chosen(load_unit(Course(PROJECT).key("04_losses")), exercises)
    given = SourceCell(0, None, "from numpy import mean\ndef sum_squared_error(y, t): return 0.0")

    found = grade(unit, hidden_cases(unit, b"secret"), [given], zygote, Limits())

    verdict = found.verdicts["mean-squared-error-value"]
    assert isinstance(verdict, Failed)
    assert verdict.diagnosis.id == "name-missing"
