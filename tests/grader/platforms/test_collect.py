"""A download becomes submissions: what is matched, what is left out and said, what is kept."""

import contextlib
import shutil
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course import PROJECT, Course
from grader.errors import SubmissionError
from grader.platforms.collect import apply, collect
from grader.platforms.moodle import Worksheet
from grader.submission import load
from tests.grader.platforms.conftest import OTHER_UNIT, RIGHT, UNIT, notebook, zipped

WORKSHEET = """\
ID,氏名,メールアドレス,評点,"最終更新日時 (提出)"
参加者101,Ada King,ada@example.org,,"2027年 05月 3日(月) 23:59"
参加者102,山田 花子,hanako@example.jp,,"2027年 05月 3日(月) 9:05"
参加者104,Ken Sato,ken1@example.org,,-
参加者105,Ken Sato,ken2@example.org,,-
参加者199,Guest,guest@example.org,,-
"""


@pytest.fixture
def worksheet(tmp_path):
    path = tmp_path / "worksheet.csv"
    path.write_text(WORKSHEET, encoding="utf-8-sig")
    return Worksheet(path, ZoneInfo("Asia/Tokyo"))


def folder(name, number, file=f"{UNIT}.ipynb", end="_"):
    return f"{name}_{number}_assignsubmission_file{end}/{file}"


def found(collection):
    return {match.student: str(match.file) for match in collection.matched}


def test_a_moodle_download_with_its_worksheet(course, download, worksheet):
    path = download({
        folder("Ada King", 101): RIGHT,
        folder("A group-山田 花子", 102, end=""): RIGHT,
        folder("Ken Sato", 105, f"{UNIT} (1).ipynb"): RIGHT,
        folder("Guest", 199): RIGHT,
        folder("Nobody", 300): RIGHT,
        "readme.txt": b"?",
    })  # fmt: skip
    result = collect(course, UNIT, path, "moodle", worksheet=worksheet)
    assert set(found(result)) == {"s01", "s02", "s05"}
    assert [why for _, why in result.unmatched] == [
        "nobody on the roster is guest@example.org",
        "the worksheet has no participant 300",
        "is not named as moodle names a file",
    ]
    assert result.missing == ["s03", "s04"]

    assert apply(course, result) == 3
    assert (course.submitted("s01", UNIT) / f"{UNIT}.ipynb").read_bytes() == RIGHT
    stamp = course.submitted("s01", UNIT) / "timestamp.txt"
    assert stamp.read_text() == "2027-05-03 14:59:00 UTC\n"
    assert not (course.submitted("s05", UNIT) / "timestamp.txt").exists()


def test_the_folder_of_a_group_is_nobodys(course, download, worksheet):
    path = download({folder("Group A", 101): RIGHT, folder("Participant", 102): RIGHT})
    result = collect(course, UNIT, path, "moodle", worksheet=worksheet)
    assert set(found(result)) == {"s02"}  # of anonymous submissions the number tells
    assert "'Group A' is not the name of participant 101" in result.unmatched[0][1]


@pytest.mark.parametrize("name", ["O Neil Sean", "Sean ONeil", "ＳＥＡＮ o'neil"])
def test_signs_that_moodle_takes_out_of_names(course, download, name):
    roster = "id,first_name,last_name,email,lms_user_id,language\ns9,Sean,O_N'eil,,,\n"
    (course.root / "students.csv").write_text(roster, encoding="utf-8")
    assert set(found(collect(course, UNIT, download({folder(name, 1): RIGHT}), "moodle"))) == {"s9"}


def test_another_roster_may_be_given(course, download, tmp_path):
    path, roster = download({folder("Eve Late", 1): RIGHT}), tmp_path / "late.csv"
    roster.write_text("id,first_name,last_name,email,lms_user_id,language\ns77,Eve,Late,,,\n")
    arguments = ["--course", str(course.root), "collect", "06", str(path), "--from", "moodle"]
    said = CliRunner().invoke(main, [*arguments, "--roster", str(roster), "--apply"])
    assert said.exit_code == 0, said.output
    assert (course.submitted("s77", UNIT) / f"{UNIT}.ipynb").read_bytes() == RIGHT


def test_a_unit_that_the_course_does_not_teach_is_another_unit(course, download):
    ids = [cell.grade_id for cell in load(Course(PROJECT).student_notebook("02_perceptron")).cells]
    path = download({folder("Ada King", 1): notebook(*filter(None, ids))})
    result = collect(course, UNIT, path, "moodle")
    assert [why for _, why in result.wrong_unit] == ["s01 handed in 02_perceptron"]


def test_without_a_worksheet_a_name_counts_only_if_one_student_has_it(course, download):
    path = download(
        {folder("King Ada", 1): RIGHT, folder("山田花子", 2): RIGHT, folder("Ken Sato", 3): RIGHT}
    )
    result = collect(course, UNIT, path, "moodle")
    assert set(found(result)) == {"s01", "s02"}
    assert "no single student of the roster is called 'Ken Sato'" in result.unmatched[0][1]


def test_who_handed_in_something_else_is_named(course, download):
    typed = "Ada King_1_assignsubmission_onlinetext_/onlinetext.html"
    path = download({typed: b"<p>", folder("Ida Idle", 3, "report.pdf"): b"%PDF"})
    result = collect(course, UNIT, path, "moodle")
    assert [why for _, why in result.ignored] == [
        "neither a notebook nor a Python file, from s01",
        "neither a notebook nor a Python file, from s03",
    ]
    assert result.unmatched == []


def test_the_flat_names_of_old_moodle(course, download, worksheet):
    path = download({f"Ada King_101_assignsubmission_file_{UNIT}.ipynb": RIGHT})
    assert set(found(collect(course, UNIT, path, "moodle", worksheet=worksheet))) == {"s01"}


def test_two_participants_are_never_one_student(course, download):
    path = download({folder("Ada King", 1): RIGHT, folder("Ada King", 2): notebook("affine")})
    result = collect(course, UNIT, path, "moodle")
    assert len(result.matched) == 1
    assert "two participants would be s01" in result.unmatched[0][1]


def test_canvas(course, download):
    path = download({
        f"kingada_17_9001_{UNIT}.ipynb": RIGHT,
        f"yamadahanako_LATE_18_9002_{UNIT}-1.ipynb": RIGHT,
        f"o_neil_LATE_19_9004_{UNIT}.ipynb": RIGHT,  # Canvas leaves underscores in names
        f"anon_17171_9005_{UNIT}.ipynb": RIGHT,  # no user's number, though it is made of digits
        f"strange_999_9003_{UNIT}.ipynb": RIGHT,
        "satoken_20_text.html": b"<p>",
    })  # fmt: skip
    result = collect(course, UNIT, path, "canvas")
    late = {match.student: match.late for match in result.matched}
    assert late == {"s01": False, "s02": True, "s03": True}
    hidden, strange = (why for _, why in result.unmatched)
    assert "Canvas hides who it is" in hidden
    assert "lms_user_id 999" in strange
    assert [why for _, why in result.ignored] == ["neither a notebook nor a Python file, from s04"]


def test_classroom_and_a_plain_folder(course, download):
    path = download({f"Ada King - {UNIT}.ipynb": RIGHT, f"Ken Sato - {UNIT}.ipynb": RIGHT})
    assert set(found(collect(course, UNIT, path, "classroom"))) == {"s01"}
    path = download({f"s01/{UNIT}.ipynb": RIGHT, f"s02_{UNIT}.ipynb": RIGHT, "s03.py": b"x = 1\n",
                     "s011/x.ipynb": RIGHT})  # fmt: skip
    result = collect(course, UNIT, path, "folder")
    assert set(found(result)) == {"s01", "s02", "s03"}
    assert "'s011' is no id of the roster" in result.unmatched[0][1]


def test_odd_files_of_a_student(course, download):
    path = download({
        folder("Ada King", 1, "notes.txt"): b"hello",
        folder("Ada King", 1, "work.zip"): zipped({f"{UNIT}.ipynb.txt": RIGHT}),
        folder("Ada King", 1, "__MACOSX/._x.ipynb"): b"x",
        folder("山田花子", 2, "old.ipynb"): OTHER_UNIT,
        folder("Ida Idle", 3, "a.ipynb"): RIGHT,
        folder("Ida Idle", 3, "b.ipynb"): notebook("affine", text="later"),
    })  # fmt: skip
    result = collect(course, UNIT, path, "moodle")
    assert found(result) == {"s01": f"{folder('Ada King', 1, 'work.zip')}/{UNIT}.ipynb.txt"}
    assert [why for _, why in result.wrong_unit] == ["s02 handed in 03_networks"]
    assert len(result.duplicates) == 2
    assert not course.submitted("s03", UNIT).exists()

    taken = collect(course, UNIT, path, "moodle", take=[folder("Ida Idle", 3, "b.ipynb")])
    assert found(taken)["s03"].endswith("b.ipynb")
    with pytest.raises(SubmissionError, match=r"'c\.ipynb' is none"):
        collect(course, UNIT, path, "moodle", take=["c.ipynb"])


def test_equal_files_are_one(course, download):
    path = download(
        {folder("Ada King", 1, "a.ipynb"): RIGHT, folder("Ada King", 1, "b.ipynb"): RIGHT}
    )
    result = collect(course, UNIT, path, "moodle")
    assert (len(result.matched), len(result.duplicates), len(result.ignored)) == (1, 0, 1)


def test_an_unreadable_notebook_is_handed_in_all_the_same(course, download):
    result = collect(course, UNIT, download({"s01/x.ipynb": b"{broken"}), "folder")
    assert set(found(result)) == {"s01"}


def test_every_attempt_is_kept_and_the_same_file_is_none(course, download):
    for text in ("first", "second", "second", "third"):
        path = download({f"s01/{UNIT}.ipynb": notebook("affine", text=text)})
        apply(course, collect(course, UNIT, path, "folder"))
    attempts = course.root / ".grader" / "attempts" / UNIT / "s01"
    kept = [path.read_text() for path in sorted(attempts.glob("*/*.ipynb"))]
    assert ["first" in kept[0], "second" in kept[1], len(kept)] == [True, True, 2]
    assert "third" in (course.submitted("s01", UNIT) / f"{UNIT}.ipynb").read_text()


def test_broken_off_at_any_step_nothing_is_lost_or_half_written(course, download, monkeypatch):
    first = download({f"{id}/x.ipynb": notebook("affine", text="first") for id in ("s01", "s02")})
    later = download({f"{id}/x.ipynb": RIGHT for id in ("s01", "s02")}, "later.zip")
    apply(course, collect(course, UNIT, first, "folder"))
    steps = [(Path, "write_bytes"), (Path, "rename"), (shutil, "move"), (tempfile, "mkdtemp")]

    def broken_off_at(last):
        left = iter(range(last))

        def counted(function):
            def step(*arguments, **named):
                if next(left, None) is None:
                    raise KeyboardInterrupt
                return function(*arguments, **named)

            return step

        with monkeypatch.context() as patched:
            for owner, name in steps:
                patched.setattr(owner, name, counted(getattr(owner, name)))
            apply(course, found_now)

    last = 0
    while (found_now := collect(course, UNIT, later, "folder")) and any(
        match.state != "same" for match in found_now.matched
    ):
        with contextlib.suppress(KeyboardInterrupt):
            broken_off_at(last)
        last += 1
        for id in ("s01", "s02"):
            attempts = course.root / ".grader" / "attempts" / UNIT / id
            kept = [*attempts.glob("*"), *course.submitted(id, UNIT).parent.glob(UNIT)]
            assert b"first" in b"".join(p.read_bytes() for each in kept for p in each.iterdir())
            assert all(len(list(each.iterdir())) == 1 for each in kept)
    assert last > 4
    assert (course.submitted("s02", UNIT) / f"{UNIT}.ipynb").read_bytes() == RIGHT


def test_a_roster_is_needed(course, download):
    (course.root / "students.csv").unlink()
    with pytest.raises(SubmissionError, match="names nobody"):
        collect(course, UNIT, download({"s01/x.ipynb": RIGHT}), "folder")


def test_the_command_writes_only_when_told(course, download):
    path = download({f"s01/{UNIT}.ipynb": RIGHT})
    command = ["--course", str(course.root), "collect", "06", str(path), "--from", "folder"]
    dry = CliRunner().invoke(main, command)
    assert "1 matched" in dry.output
    assert "add --apply" in dry.output
    assert not (course.root / "submitted").exists()
    wet = CliRunner().invoke(main, [*command, "--apply"])
    assert wet.exit_code == 0
    assert course.submitted("s01", UNIT).is_dir()
