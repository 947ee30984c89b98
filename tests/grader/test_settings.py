"""What course.toml may say, and how errors in it read."""

from datetime import UTC, datetime

import pytest

from grader.course import Course
from grader.errors import CourseError
from grader.settings import Lateness, Settings, read_settings

GOOD = """
title = "深層学習 2027"
language = "ja"
timezone = "Asia/Tokyo"

[units.06]
opens = 2027-05-03T09:00:00
due = 2027-05-17T23:59:00
weight = 2

[units.03_networks]

[late]
grace_minutes = 10
penalty_per_day = 0.1
cap = 0.5

[marks]
drop_lowest = 1
"""


@pytest.fixture
def settings(tmp_path):
    def read(text):
        (tmp_path / "course.toml").write_text(text, encoding="utf-8")
        return read_settings(Course(tmp_path))

    return read


def test_without_a_file_there_are_defaults(tmp_path):
    assert read_settings(Course(tmp_path)) == Settings()


def test_settings(settings):
    found = settings(GOOD)
    assert (found.title, found.language, found.drop_lowest) == ("深層学習 2027", "ja", 1)
    assert list(found.units) == ["06_backpropagation", "03_networks"]
    due = found.due("06_backpropagation")
    assert due.astimezone(UTC) == datetime(2027, 5, 17, 14, 59, tzinfo=UTC)
    assert (found.weight("06_backpropagation"), found.weight("03_networks")) == (2.0, 1.0)
    assert found.due("03_networks") is None


@pytest.mark.parametrize(
    ("seconds", "penalty"),
    [(0, 0), (599, 0), (600, 0), (601, 2), (86_400, 2), (86_401, 4), (10 * 86_400, 10)],
)
def test_lateness(seconds, penalty):
    assert Lateness(10, 0.1, 0.5).penalty(20.0, seconds) == penalty


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("heading = 'x'", "heading is not a setting; there are book_url, language"),
        ("title = 7", "title is a text, such as"),
        ("language = 'fr'", "language is one of en, ja; got 'fr'"),
        ("timezone = 'Tokio'", "timezone is a name such as Asia/Tokyo; got 'Tokio'"),
        ("[units.99]", "units.99: '99' is not a unit"),
        ("[units.06]\ndue = 'soon'", "units.06.due is a date and time"),
        (
            "[units.06]\nopens = 2027-05-03T09:00:00\ndue = 2027-05-02T09:00:00",
            "units.06.due is after",
        ),
        ("[units.06]\nheft = 2", "units.06.heft is not a setting"),
        ("[late]\ncap = 2", "late.cap is a number from 0 to 1; got 2"),
        ("[marks]\ndrop_lowest = -1", "marks.drop_lowest is 0 or more; got -1"),
        ("[marks]\nattempts = 'first'", "marks.attempts is one of last, best; got 'first'"),
        ("late = 3", "late is a table"),
        ("title = ", "is not TOML"),
    ],
)
def test_errors_name_file_key_and_rule(settings, text, said):
    with pytest.raises(CourseError, match=r"course\.toml") as error:
        settings(text)
    assert said in str(error.value)
