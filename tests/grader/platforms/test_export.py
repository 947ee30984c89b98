"""Marks go back into the platforms' own tables."""

import csv
from zoneinfo import ZoneInfo

import pytest

from grader.errors import GradebookError
from grader.gradebook import ScoreTable
from grader.platforms.export import canvas, moodle, plain
from grader.platforms.moodle import Worksheet
from tests.grader.platforms.conftest import ROSTER

MAX = {"affine-forward": 2.0, "affine-dW": 2.0, "=cmd-value": 1.0}


def scores(*points):
    return dict(zip(MAX, points, strict=True))


TABLE = ScoreTable(
    MAX,
    {"s01": scores(2.0, 1.0, 1.0), "s02": scores(2.0, None, 1.0), "s03": scores(0.0, 0.0, 0.0)},
    {"s01": 0.5, "s02": 0.0, "s03": 0.0},
)
WORKSHEET = """\
Identifier,Full name,Email address,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 1,Ada King,ada@example.org,,100.00,Yes,
Participant 2,Hanako,hanako@example.jp,,100.00,Yes,old
Participant 3,Ida Idle,ida@example.org,1.00,100.00,No,old
Participant 4,Ken Sato,ken1@example.org,,100.00,Yes,
Participant 5,Guest,guest@example.org,,100.00,Yes,
"""
GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Unit 6 (4711),Quiz (4712)
    Points Possible,,,,,5.00,3.00
"King, Ada",17,,ada,,,1.00
"Yamada, Hanako",18,,hana,,,
"Student, Test",99,,,,,
"""


def table_of(content):
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))


def test_moodle(course, tmp_path):
    path = tmp_path / "worksheet.csv"
    path.write_text(WORKSHEET)
    exported = moodle(course, TABLE, Worksheet(path, ZoneInfo("UTC")))
    before, after = table_of(WORKSHEET.encode()), table_of(exported.content)
    assert exported.students == ["s01"]
    assert after[1][3] == "70.00"  # 3.5 of 5 points, of 100
    assert after[1][6] == "3.5/5; affine: 3/4; =cmd: 1/1; late: -0.5"
    assert [after[0], *after[2:]] == [before[0], *before[2:]]
    assert exported.notes == [
        "s02: affine-dW waits for a person; left as it was",
        "s03: Moodle has locked the grade; left as it was",
        "s04: no submission was graded",
        "guest@example.org: nobody on the roster, or more than one",
    ]


def test_the_comment_is_in_the_students_language(course, tmp_path):
    path = tmp_path / "worksheet.csv"
    path.write_text(WORKSHEET)
    late = ScoreTable(MAX, {"s02": scores(2.0, 1.0, 1.0)}, {"s02": 0.5})
    content = moodle(course, late, Worksheet(path, ZoneInfo("UTC"))).content.decode()
    assert "; 遅れによる減点: -0.5\n" in content


def test_canvas_fills_one_column(course, tmp_path):
    path = tmp_path / "gradebook.csv"
    path.write_text(GRADEBOOK)
    exported = canvas(course, TABLE, path, "Unit 6")
    assert exported.content.decode() == GRADEBOOK.replace(",17,,ada,,,1.00", ",17,,ada,,3.50,1.00")
    assert exported.students == ["s01"]
    with pytest.raises(GradebookError, match=r"no column .* 'Unit 7'.*Unit 6 \(4711\), Quiz"):
        canvas(course, TABLE, path, "Unit 7")


def test_a_plain_table_has_everybody_and_no_formula(course):
    roster = ROSTER + "s06,=HYPERLINK(0),@x,,,en\n"
    (course.root / "students.csv").write_text(roster, encoding="utf-8")
    rows = table_of(plain(course, TABLE).content)
    assert [row[0] for row in rows[1:]] == ["s01", "s02", "s03", "s04", "s05", "s06"]
    assert rows[1][4:] == ["3.50", "0.50", "5", ""]
    assert rows[2][7] == "affine-dW"
    assert rows[4][4] == ""
    assert rows[6][1:3] == ["'=HYPERLINK(0)", "'@x"]
