"""What was graded before: stamps of submissions, and the notes of earlier runs."""

import os

import pytest

from grader.course import Course
from grader.resume import CellEntry, Entry, GradedBefore, stamp

ENTRY = Entry("stamp", "full", {"a": CellEntry(1.0, "ok \ud800\n", None, "why")}, ("a note",))


@pytest.fixture
def before(tmp_path):
    return GradedBefore(Course(tmp_path), "unit")


def test_a_result_is_found_again(before):
    assert before.find("ada") is None
    before.add({"ada": ENTRY})
    assert before.find("ada") == ENTRY


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"stamp": 1, "points": {}}', "\x00"])
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


def test_the_stamp_follows_no_link_and_waits_for_no_fifo(tmp_path):
    empty = stamp(tmp_path)
    (tmp_path / "link").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "fifo")
    assert stamp(tmp_path) == empty
