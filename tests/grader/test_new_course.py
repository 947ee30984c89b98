"""The folder of a new course, and of the next year's."""

import subprocess
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course import Course
from grader.errors import CourseError
from grader.new_course import init, init_from
from grader.settings import read_settings


def test_a_new_course_is_found_and_read(tmp_path):
    folder = tmp_path / "深層学習 2027"
    init(folder, ["01", "06"], language="ja", title='Say "deep"', zone="Asia/Tokyo")
    course = Course.find(folder)
    settings = read_settings(course)
    assert (settings.title, settings.language) == ('Say "deep"', "ja")
    assert list(settings.units) == ["01_numpy", "06_backpropagation"]
    assert course.students() == {}
    assert len(course.secret()) >= 32
    assert course.key("06_backpropagation").is_file()


def test_git_sees_no_person_and_no_secret(tmp_path):
    folder = tmp_path / "course"
    init(folder, [])
    for name in ("submitted/ada/x.ipynb", "gradebook.db", "journal.jsonl", "feedback/ada/x.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("private")
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=folder, check=True, capture_output=True, text=True
    )
    assert sorted(listed.stdout.split()) == [".gitignore", "course.toml", "nbgrader_config.py"]


def test_next_year_has_later_dates_own_units_and_no_student(tmp_path):
    old = tmp_path / "2027"
    init(old, ["06"], zone="Asia/Tokyo")
    text = (old / "course.toml").read_text()
    text = text.replace("# due", "due").replace("# opens", "opens")
    (old / "course.toml").write_text(text.replace("[late]", "[units.16_own]\nweight = 2\n\n[late]"))
    (old / "students.csv").write_text(
        "id,first_name,last_name,email,lms_user_id,language\ns1,,,,,\n"
    )
    (old / "solutions" / "16_own").mkdir(parents=True)
    (old / "solutions" / "16_own" / "key.py").write_text("# own\n")
    secret = Course(old).secret()

    new = tmp_path / "2028"
    init_from(Course(old), new, 52)
    course = Course(new)
    due = read_settings(course).due("06_backpropagation")
    before = read_settings(Course(old)).due("06_backpropagation")
    assert due.astimezone(UTC) == datetime(2028, 5, 15, 14, 59, tzinfo=UTC)
    assert due.weekday() == before.weekday()
    assert read_settings(course).weight("16_own") == 2
    assert (new / "solutions" / "16_own" / "key.py").read_text() == "# own\n"
    assert course.students() == {}
    assert course.secret() != secret


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--units", "99"], "'99' is not a unit"),
        (["--timezone", "Mars"], "such as Asia/Tokyo; got 'Mars'"),
        (["--title", "a\nb"], "printable characters"),
        (["--from", "."], "neither"),
        (["--from", ".", "--language", "en"], "--from takes units, language, title and time zone"),
    ],
)
def test_what_cannot_be_leaves_no_folder(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["init", "new", *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "new").exists()


def test_a_new_unit_says_what_course_toml_lacks(tmp_path, monkeypatch):
    init(tmp_path / "course", ["06"])
    monkeypatch.chdir(tmp_path / "course")
    result = CliRunner().invoke(main, ["new", "unit", "16_own"])
    assert result.exit_code == 0, result.output
    assert "Next: add [units.16_own] to course.toml" in result.output


def test_an_own_unit_may_be_in_one_language(tmp_path):
    folder = tmp_path / "course"
    init(folder, ["02"])

    def run(*arguments):
        result = CliRunner().invoke(main, ["--course", str(folder), *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    run("new", "unit", "16_own")
    (folder / "book" / "en" / "16_own.md").unlink()
    run("new", "exercise", "16", "another")
    english = (folder / "assignments" / "16_own" / "16_own.ipynb").read_text(encoding="utf-8")
    page = (folder / "book" / "ja" / "16_own.md").read_text(encoding="utf-8")
    assert page.count("{exercise}") == 2
    title = page.rpartition("{exercise}")[2].partition("\n")[0].strip()
    assert not title.isascii()
    assert title in english


def test_the_notebooks_of_the_units_that_are_taught(tmp_path):
    folder = tmp_path / "course"
    init(folder, ["02"])
    result = CliRunner().invoke(main, ["--course", str(folder), "generate"])
    assert result.exit_code == 0, result.output
    assert [path.name for path in (folder / "solutions").iterdir()] == ["02_perceptron"]


def test_a_folder_with_files_is_refused(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(CourseError, match="empty folder"):
        init(tmp_path, [])
