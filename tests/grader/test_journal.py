"""The journal: what is added stays, and what was changed is noticed."""

from datetime import UTC, datetime, timedelta

import pytest

from grader.course import Course
from grader.errors import CourseError
from grader.journal import FILE, Journal, Record

UNIT = "06_backpropagation"
DUE = datetime(2027, 5, 17, 14, 59, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path):
    return Journal(Course(tmp_path))


def override(points, student="s1", check="affine-dW"):
    return Record("override", UNIT, "because", student=student, check=check, points=points)


def test_records_come_back_in_order_with_who_and_when(journal):
    assert journal.records() == []
    added = [journal.add(override(p)) for p in (1.0, 0.0, None)]
    assert journal.records() == added
    assert all(record.by and datetime.fromisoformat(record.at).tzinfo for record in added)


def test_a_reason_is_needed(journal):
    with pytest.raises(CourseError, match="has a reason"):
        journal.add(Record("void", UNIT, " ", check="x"))


def test_the_last_decision_on_a_cell_holds(journal):
    def points(student="s1"):
        found = journal.adjustments(UNIT).of(student, "affine-dW")
        return found and found.points

    assert journal.adjustments(UNIT).is_silent("s1", "affine-dW")
    journal.add(override(1.0))
    journal.add(override(0.5))
    assert points() == 0.5
    assert journal.adjustments(UNIT).is_silent("s2", "affine-dW")
    journal.add(Record("void", UNIT, "unfair", check="affine-dW"))
    assert journal.adjustments(UNIT).of("s1", "affine-dW").points is None  # full points
    assert journal.adjustments(UNIT).of("s2", "affine-dW").reason == "unfair"
    journal.add(override(0.25))
    assert (points(), points("s2")) == (0.25, None)
    journal.add(override(None))
    assert journal.adjustments(UNIT).of("s1", "affine-dW").reason == "unfair"
    journal.add(Record("void", UNIT, "fair again", check="affine-dW", withdrawn=True))
    assert journal.adjustments(UNIT).of("s1", "affine-dW") is None
    assert not journal.adjustments(UNIT).is_silent("s2", "affine-dW")
    assert journal.adjustments("05_gradient_descent").of("s1", "affine-dW") is None


def test_a_void_that_is_taken_back_leaves_what_was_decided_before(journal):
    journal.add(override(0.5))
    journal.add(Record("void", UNIT, "unfair", check="affine-dW"))
    journal.add(Record("void", UNIT, "fair again", check="affine-dW", withdrawn=True))
    assert journal.adjustments(UNIT).of("s1", "affine-dW").points == 0.5
    assert [record.points for record in journal.adjustments(UNIT).about("s1")] == [0.5]


def test_extensions(journal):
    journal.add(Record("extend", UNIT, "ill", student="s1", until="2027-05-20T23:59:00+09:00"))
    assert journal.adjustments(UNIT).extension("s1", DUE) == timedelta(days=3)
    assert not journal.adjustments(UNIT).extends("s2")
    journal.add(Record("extend", UNIT, "well", student="s1", withdrawn=True))
    assert journal.adjustments(UNIT).extends("s1")
    assert journal.adjustments(UNIT).extension("s1", DUE) is None


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: lines[1:], "line 1: the line before"),
        (lambda lines: [lines[0].replace(b"1.0", b"2.0"), *lines[1:]], "line 2: the line before"),
        (lambda lines: [lines[1], lines[0], lines[2]], "line 1: the line before"),
        (lambda lines: [*lines, b"{}\n"], "line 4: not a record"),
        (lambda lines: [*lines[:2], lines[2][:-1]], "its last line is torn"),
    ],
)
def test_a_change_is_noticed_and_nothing_is_added_to_it(journal, tmp_path, spoil, said):
    for points in (1.0, 0.0, 0.5):
        journal.add(override(points))
    path = tmp_path / FILE
    path.write_bytes(b"".join(spoil(path.read_bytes().splitlines(keepends=True))))
    before = path.read_bytes()
    for act in (journal.records, lambda: journal.add(override(1.0))):
        with pytest.raises(CourseError) as error:
            act()
        assert said in str(error.value)
    assert path.read_bytes() == before


def test_only_its_owner_reads_it(journal, tmp_path):
    journal.add(override(1.0))
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_pseudonym_takes_the_place_of_an_id(journal, tmp_path):
    for student in ("s1", "s2"):
        journal.add(override(1.0, student))
    journal.pseudonymized("s1", "removed-1")
    assert [record.student for record in journal.records()] == ["removed-1", "s2"]
    assert "s1" not in (tmp_path / FILE).read_text()
    journal.add(override(1.0, "s2"))  # and goes on
    assert len(journal.records()) == 3
