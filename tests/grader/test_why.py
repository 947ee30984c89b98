"""Complaints: a verdict is replayed from what is stored, and a new key lowers no mark by itself."""

import shutil
import sqlite3

import pytest
from click.testing import CliRunner

from grader import decisions
from grader.cli import main
from grader.engine import grade_unit
from grader.errors import CourseError
from grader.exercises.generate import products
from grader.gradebook import score_table
from grader.journal import Journal
from grader.sandbox import Limits
from grader.why import why
from tests.grader.small import UNIT, Small, make_small

LIMITS = Limits(cell=5, check=2, total=20)


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course with a right submission and a wrong one."""
    root = tmp_path_factory.mktemp("why") / "course"
    course = Small(make_small(root))
    course.hand_in("ada")
    wrong = course.right("relu").replace("np.where(self.mask, 0.0, dout)", "2.0 * dout")
    course.hand_in("hana", relu=wrong)
    return root


@pytest.fixture
def small(handed_in, tmp_path):
    return Small(shutil.copytree(handed_in, tmp_path / "course"))


def grade(small, *students, **options):
    options = {"limits": LIMITS, "workers": 1} | options
    return {r.student: r for r in grade_unit(small.course, UNIT, students, **options)}


def test_a_verdict_is_replayed_with_case_and_values(small):
    grade(small, "hana")
    replay = why(small.course, UNIT, "hana", "relu-dx", limits=LIMITS)
    (check,) = replay.checks
    assert replay.changed == ()
    assert not check.differs
    assert (check.points, check.most) == (0.0, 2.0)
    assert any("dx" in line for line in check.trace), check.trace
    assert len(why(small.course, UNIT, "hana", limits=LIMITS).checks) == 5


def test_what_a_person_gave_in_formgrader_is_shown_beside_the_verdict(small):
    grade(small, "hana")
    with sqlite3.connect(small.course.root / "gradebook.db") as database:
        database.execute("UPDATE grade SET manual_score = 1.5 WHERE auto_score = 0")
    database.close()
    command = ["--course", str(small.course.root), "why", "hana", UNIT]
    said = CliRunner().invoke(main, command).output
    assert "hana: 3 points" in said
    assert "The gradebook counts 4.5 points, with a person's marks and lateness." in said
    assert said.count("    gradebook: 1.5 points, by a person in formgrader") == 1


def test_what_changed_since_is_said(small):
    grade(small, "hana")
    small.hand_in("hana")
    replay = why(small.course, UNIT, "hana", "relu-dx", limits=LIMITS)
    assert replay.changed == ("the submission",)
    assert replay.checks[0].differs
    secret = small.course.root / ".grader" / "secret"
    secret.parent.mkdir(exist_ok=True)
    secret.unlink(missing_ok=True)
    secret.write_text("another secret of the course")
    secret.chmod(0o600)
    changed = why(small.course, UNIT, "hana", "relu-dx", limits=LIMITS).changed
    assert changed[1].startswith("the secret (")


def test_the_command_shows_a_decision_beside_the_verdict(small):
    grade(small, "hana")
    decisions.override(small.course, UNIT, "hana", "relu-dx", 1.5, "half right")
    command = ["--course", str(small.course.root), "why", "hana", UNIT, "relu-dx"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert "relu-dx: 0 / 2" in result.output
    assert "decided: 1.5 points (half right)" in result.output


def test_what_was_not_graded_and_what_is_no_check_is_said(small):
    with pytest.raises(CourseError, match="ada was not, or not by this"):
        why(small.course, UNIT, "ada")
    grade(small, "ada")
    with pytest.raises(CourseError, match=r"no 'relu-dy'\. It has: add-forward"):
        why(small.course, UNIT, "ada", "relu-dy")


def set_key(small, old, new):
    key = small.course.key(UNIT)
    text = key.read_text()
    assert old in text
    key.write_text(text.replace(old, new))
    for product in products(small.course, UNIT):
        product.write()


def test_a_new_key_lowers_no_mark_unless_it_is_allowed(small):
    set_key(small, '"y": draw(n, d)}', '"y": draw(n, d)}, tolerance=0.5')
    small.hand_in("ada", add=small.right("add").replace("x + y", "1.01 * (x + y)"))
    grade(small, "ada")
    before = score_table(small.course, UNIT).total("ada")
    set_key(small, "Answer key of", "The key of")
    same = grade(small, "ada")["ada"]
    assert (same.new, same.lower) == (True, None)  # the same marks are no matter

    set_key(small, ", tolerance=0.5", "")
    held = grade(small, "ada")["ada"]
    assert held.lower.points < held.now.points == before
    assert "--allow-lower" in held.remark
    assert score_table(small.course, UNIT).total("ada") == before
    written = grade(small, "ada", allow_lower=True)["ada"]
    assert written.lower is None
    assert score_table(small.course, UNIT).total("ada") == written.now.points < before


def test_a_worse_second_submission_counts(small):
    grade(small, "ada")
    small.hand_in("ada", relu="class ReLU:\n    pass")
    assert grade(small, "ada")["ada"].lower is None
    assert score_table(small.course, UNIT).total("ada") == 2.0
    assert Journal(small.course).records() == []
