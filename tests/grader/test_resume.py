"""What was graded before: stamps of submissions, and the notes of earlier runs."""

import copy
import os

import pytest

from grader.checks import Blocked, Failed, Message, Passed, finding, message
from grader.checks.picture import Picture
from grader.course import Course
from grader.resume import CellEntry, Circumstances, Entry, Flag, GradedBefore, Stop, stamp

LATE = message(
    "Stopped: `{where}` ended the whole program.", where=message("cell {number}", number=3)
)
ENTRY = Entry(
    "stamp",
    "full",
    {
        "a": CellEntry(1.0, Passed()),
        "b": CellEntry(
            0.5,
            Failed(finding("wrong-sign", label="dW \ud800"), 0.5),
            Picture("dW", ((1.0, float("nan")),), ((-1.0, 2.0),)),
        ),
        "c": CellEntry(None, Blocked(LATE)),
    },
    Circumstances(
        key="7",
        submitted="2027-04-30T12:00:00",
        notes=(message("a note"),),
        stops=(Stop("exit", LATE),),
        flags=(Flag("protocol", message("It disturbed the connection to the grader.")),),
        seconds=0.25,
        memory=1 << 20,
    ),
)


@pytest.fixture
def before(tmp_path):
    return GradedBefore(Course(tmp_path), "unit")


def test_a_result_is_found_again(before):
    assert before.find("ada") is None
    before.add({"ada": ENTRY})
    assert repr(before.find("ada")) == repr(ENTRY)  # NaN differs from itself
    assert repr(before.all()) == repr({"ada": ENTRY})


def test_a_result_can_be_sent_from_a_worker():
    """Every sentence can be copied, those without gaps as well."""
    plain = Message("A sentence from a key.")
    assert copy.deepcopy((ENTRY.run, plain)) == (ENTRY.run, plain)


def test_verdicts_are_kept_in_no_language_and_read_in_any(before):
    before.add({"ada": ENTRY})
    found = before.find("ada")
    assert found.cells["b"].reason == "`dW \ud800` has the wrong sign."
    assert found.run.stops[0].text.render("ja") == LATE.render("ja") != LATE.render("en")
    assert next(iter(found.remarks)) == LATE.render("en")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"form": 1}', '{"form": 2}', "\x00"])
def test_what_an_older_grader_left_or_half_a_file_counts_as_nothing(before, tmp_path, content):
    before.add({"ada": ENTRY})
    (tmp_path / ".grader/graded/unit/ada.json").write_text(content)
    assert before.find("ada") is None


def test_the_stamp_is_of_names_contents_and_all_that_the_marks_depend_on(tmp_path):
    stamps = [stamp(tmp_path, "key 1")]
    (tmp_path / "a.ipynb").write_text("one")
    stamps += [stamp(tmp_path, "key 1"), stamp(tmp_path, "key 2"), stamp(tmp_path, "key", "1")]
    (tmp_path / "a.ipynb").write_text("two")
    stamps.append(stamp(tmp_path, "key 1"))
    (tmp_path / "a.ipynb").rename(tmp_path / "b.ipynb")
    stamps.append(stamp(tmp_path, "key 1"))
    assert len(set(stamps)) == 6
    assert stamp(tmp_path, "key 1") == stamps[-1]


def test_a_stamp_is_made_of_names_in_any_encoding(tmp_path):
    """Archives from Windows keep names in Shift-JIS; one of them must not stop a whole class."""
    before = stamp(tmp_path, "key 1")
    (tmp_path / os.fsdecode("課題.ipynb".encode("cp932"))).touch()
    assert stamp(tmp_path, "key 1") != before


def test_the_stamp_follows_no_link_and_waits_for_no_fifo(tmp_path):
    empty = stamp(tmp_path)
    (tmp_path / "link").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "fifo")
    assert stamp(tmp_path) == empty
