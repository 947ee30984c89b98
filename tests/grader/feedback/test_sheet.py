"""What a page says as data."""

from grader.checks import Blocked, Failed, Passed, finding, message
from grader.course import Course
from grader.exercises import load_unit
from grader.feedback.sheet import SAME, sheet
from grader.pages import Book
from grader.pages.results import Recorded
from grader.resume import CellEntry, Circumstances, Entry


def test_a_reason_that_several_checks_share_stands_once(tmp_path):
    course = Course.find()
    unit = load_unit(course.key("06_backpropagation"))
    why = finding("wrong-shape", label="dx", got=(1, 2), want=(2, 1))
    verdicts = {check.name: Failed(why) for check in unit.exercises["affine"].checks}
    verdicts |= {
        "forward": Passed(),
        "unchanged": Blocked(message("The values are not right yet.")),
    }
    cells = {
        exercise.grade_id(check): CellEntry(0.0, verdicts.get(check.name, Passed()))
        for exercise in unit.exercises.values()
        for check in exercise.checks
    }
    page = sheet("ada", unit, Entry("", "full", cells, Circumstances()), Recorded(),
                 Book(course, "en", tmp_path), "en")  # fmt: skip
    (affine,) = [each for each in page.exercises if each.id == "affine"]
    assert [line.why for line in affine.checks] == [
        None, why.text, SAME, SAME, SAME, verdicts["unchanged"].by]  # fmt: skip
    assert [line.section is not None for line in affine.checks].count(True) <= 1
