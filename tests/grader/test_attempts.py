"""The best of several attempts counts, where course.toml says so: real downloads, graded for real."""

import json

import pytest

from grader import marks
from grader.attempts import others
from grader.engine import grade_unit
from grader.errors import SubmissionError
from grader.gradebook import score_table
from grader.platforms.collect import apply, collect
from grader.sandbox import Limits
from tests.grader.small import UNIT, Small, make_small

TOML = """
[units.97_small]
due = 2027-05-17T23:59:00
[late]
penalty_per_day = 0.5
[marks]
attempts = "best"
"""
ON_TIME, LATE = "2027-05-10 10:00:00 UTC", "2027-05-18 10:00:00 UTC"


class Term:
    """A course of one student, whose attempts are collected and graded one after another."""

    def __init__(self, folder):
        self.small = Small(make_small(folder / "course"))
        self.course, self.folder = self.small.course, folder
        (self.course.root / "course.toml").write_text(TOML)
        (self.course.root / "students.csv").write_text(
            "id,first_name,last_name,email,lms_user_id,language\nada,,,,,\n"
        )

    def download(self, number, **answers):
        """A download with one more attempt; what is not given is right."""
        notebook = self.small.handed_out()
        for cell in notebook.cells:
            if (
                name := cell.metadata.get("nbgrader", {}).get("grade_id")
            ) in self.small.unit.exercises:
                cell.source = answers.get(name, self.small.right(name))
        path = self.folder / f"download-{number}" / "ada.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(notebook))
        return path.parent

    def collect(self, download, time=ON_TIME):
        found = collect(self.course, UNIT, download, "folder")
        if apply(self.course, found):
            (self.course.submitted("ada", UNIT) / "timestamp.txt").write_text(time)
        return found.matched[0].state

    def grade(self):
        (result,) = grade_unit(self.course, UNIT, ["ada"], limits=Limits(), workers=1)
        return result

    def total(self):
        return score_table(self.course, UNIT).total("ada")


@pytest.fixture
def term(tmp_path):
    return Term(tmp_path)


def test_the_best_attempt_counts_lateness_included(term):
    term.collect(term.download(1, add=""))
    assert "no `Add`" in term.grade().remark
    assert term.total() == 3

    late = term.download(2)
    assert term.collect(late, LATE) == "newer"
    assert term.grade().remark == (
        "an earlier attempt counts, with 3 points: this one has 5, lateness not counted"
    )
    assert term.total() == 3  # 5 less half of it is less
    assert "class Add" not in (term.course.submitted("ada", UNIT) / f"{UNIT}.ipynb").read_text()
    assert [path.name for path in others(term.course, UNIT, "ada")] == ["002"]
    assert not term.grade().new  # nothing changed
    assert term.collect(late) == "same"

    term.collect(term.download(3, add=term.small.right("add") + "\n# again"))
    assert (term.grade().remark, term.total()) == ("", 5)
    assert len(others(term.course, UNIT, "ada")) == 2
    (mark,) = marks.course_marks(term.course)
    assert list(marks.explained(term.course, mark)) == [
        "97_small: (5) / 5 = 1.000, weight 1, best of 3 attempts",
        "mark: (1 x 1.000) / 1 = 1.000",
    ]


def test_an_attempt_that_was_not_graded_is_not_put_aside(term):
    term.collect(term.download(1))
    before = sorted(path for path in term.course.root.rglob("*.ipynb"))
    with pytest.raises(SubmissionError) as raised:
        term.collect(term.download(2, relu=""))
    assert str(raised.value) == (
        "Where the best attempt counts (course.toml, marks.attempts), each is graded before the next is "
        "collected; of ada one is not. Run: grader grade 97_small, then collect again."
    )
    assert sorted(path for path in term.course.root.rglob("*.ipynb")) == before
