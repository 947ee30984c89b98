"""A course folder: units with the project's as fallback, roster, secret."""

import stat
from pathlib import Path

import pytest

from grader import course as module
from grader.checks.text import LANGUAGES as LANGUAGES_OF_CHECKS
from grader.course import COLUMNS, CONFIG, LANGUAGES, PROJECT, Course, Student, fingerprint
from grader.errors import CourseError

HEADER = ",".join(COLUMNS)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with units 05_a, 06_b and 06_c, in the place of the real one."""
    root = tmp_path / "project"
    for unit in ("05_a", "06_b", "06_c"):
        write(root / "solutions" / unit / "key.py")
        for language in LANGUAGES:
            write(root / "book" / language / f"{unit}.md")
    monkeypatch.setattr(module, "PROJECT", root)
    return root


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.delenv("GRADER_SECRET", raising=False)
    write(tmp_path / "course" / CONFIG)
    return Course(tmp_path / "course")


def write(path: Path, text: str = "", **keywords) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, **keywords)
    return path


def roster(course, *rows, header=HEADER, encoding="utf-8"):
    write(course.root / "students.csv", "\n".join([header, *rows, ""]), encoding=encoding)
    return course.students()


def test_languages_are_those_of_the_checks():
    assert LANGUAGES == LANGUAGES_OF_CHECKS


def test_the_repository_is_a_course():
    assert Course.find(Path(__file__).parent).root == PROJECT
    assert "06_backpropagation" in Course(PROJECT).unit_names()


# --- find


def test_find_walks_up(course):
    deep = course.root / "submitted" / "ada"
    deep.mkdir(parents=True)
    assert Course.find(deep) == course


def test_find_outside_a_course_says_what_to_do(tmp_path):
    with pytest.raises(CourseError, match=r"holds nbgrader_config\.py; neither .* does\. Go into"):
        Course.find(tmp_path)


# --- units


def test_own_units_come_first_and_replace_the_projects(course, project):
    own = write(course.root / "solutions" / "06_b" / "key.py")
    write(course.root / "solutions" / "07_d" / "key.py")
    assert course.unit_names() == ("06_b", "07_d", "05_a", "06_c")
    assert course.key("06_b") == own
    assert course.key("05_a") == project / "solutions" / "05_a" / "key.py"


def test_a_folder_without_a_key_is_no_unit_of_the_course(course, project):
    write(course.root / "solutions" / "06_b" / "06_b.ipynb")  # a generated notebook alone
    assert course.unit_names() == ("05_a", "06_b", "06_c")
    assert course.key("06_b").is_relative_to(project)


@pytest.mark.parametrize(("name", "unit"), [("06_b", "06_b"), ("05", "05_a"), ("06_c", "06_c")])
def test_unit_by_name_or_beginning(course, project, name, unit):
    assert course.unit(name) == unit


def test_a_whole_name_wins_over_a_beginning(course, project):
    write(course.root / "solutions" / "06" / "key.py")
    assert course.unit("06") == "06"


@pytest.mark.parametrize("name", ["06", "99", "", "..", "../05_a", "a"])
def test_unknown_or_ambiguous_unit_lists_the_choice(course, project, name):
    with pytest.raises(CourseError, match=r"Choose one of: (05_a, )?06_b, 06_c\."):
        course.unit(name)


def test_a_course_without_units_says_so(course, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    with pytest.raises(CourseError, match=r"none: no folder of .*solutions has a key\.py"):
        course.unit("06")


# --- paths


def test_the_page_is_the_courses_or_the_projects(course, project):
    own = write(course.root / "book" / "ja" / "05_a.md")
    assert course.page("05_a", "ja") == own
    assert course.page("05_a", "en") == project / "book" / "en" / "05_a.md"
    with pytest.raises(CourseError, match=r"book/en/99\.md must exist; neither"):
        course.page("99", "en")


def test_an_own_page_may_serve_both_languages(course):
    own = write(course.root / "book" / "ja" / "16_own.md")
    assert course.page("16_own", "en") == course.page("16_own", "ja") == own


def test_products_stand_in_the_course(course):
    root = course.root
    assert course.instructor_notebook("05_a") == root / "solutions/05_a/05_a.ipynb"
    assert course.student_notebook("05_a") == root / "assignments/05_a/05_a.ipynb"
    assert course.student_notebook("05_a", "ja") == root / "assignments/ja/05_a/05_a.ipynb"
    assert course.submitted("ada", "05_a") == root / "submitted/ada/05_a"
    assert course.autograded("ada", "05_a") == root / "autograded/ada/05_a"


def test_unknown_language(course):
    with pytest.raises(CourseError, match=r"one of en, ja; got 'fr'\."):
        course.student_notebook("05_a", "fr")


# --- roster


def test_no_roster_is_an_empty_one(course):
    assert course.students() == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_roster(course, encoding):
    ada = 'ada,Ada,"King, Countess of Lovelace",ada@example.org,17,'
    students = roster(course, ada, "", "花子,花子,山田,,,ja", encoding=encoding)
    assert list(students.values()) == [
        Student("ada", "Ada", "King, Countess of Lovelace", "ada@example.org", "17", "en"),
        Student("花子", "花子", "山田", "", "", "ja"),
    ]


def test_columns_may_stand_in_any_order(course):
    students = roster(
        course, "ja,ada,Ada,King,,", header="language,id,first_name,last_name,email,lms_user_id"
    )
    assert students == {"ada": Student("ada", "Ada", "King", language="ja")}


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("ada,,,,,", "line 3: an id stands once; 'ada' is there twice"),
        (",A,B,,,", "line 3: an id names a folder, so it is not empty, .* got ''"),
        ("../ada,,,,,", r"line 3: an id names a folder, .* got '\.\./ada'"),
        ("a\\b,,,,,", r"line 3: an id names a folder, .* got 'a\\\\b'"),
        (".,,,,,", r"line 3: an id names a folder, .* got '\.'"),
        ("a*,,,,,", r"line 3: an id names a folder, .* got 'a\*'"),
        ("a\x07,,,,,", r"line 3: an id names a folder, .* got 'a\\x07'"),
        ("bob,,,,,fr", "line 3: language is en or ja, or empty; got 'fr'"),
        ("bob,B", r"line 3: a row has 6 values; this one has 2: \['bob', 'B'\]"),
        ("bob,,,,,,", "line 3: a row has 6 values; this one has 7"),
        ('bob,"B"x,,,,', "line 3: not a CSV file"),
    ],
)
def test_a_bad_row_names_file_line_and_value(course, row, error):
    with pytest.raises(CourseError, match=rf"students\.csv, {error}"):
        roster(course, "ada,,,,,", row)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "id,first_name",
        HEADER.replace(",", ";"),
        HEADER.replace("email", "mail"),
        f"{HEADER},id",
    ],
)
def test_a_bad_header_lists_the_columns(course, header):
    with pytest.raises(
        CourseError, match=rf"students\.csv, line 1: the columns are {HEADER}, .* got '"
    ):
        roster(course, "ada,,,,,", header=header)


@pytest.mark.parametrize("encoding", ["cp932", "utf-16"])
def test_another_encoding_is_named_with_the_remedy(course, encoding):
    with pytest.raises(
        CourseError, match=r'students\.csv is not UTF-8\. Save it as UTF-8; in Excel choose "CSV'
    ):
        roster(course, "花子,花子,山田,,,ja", encoding=encoding)


# --- secret


def test_the_secret_is_made_once_and_private(course):
    secret = course.secret()
    path = course.root / ".grader" / "secret"
    assert len(bytes.fromhex(secret.decode())) == 32
    assert course.secret() == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_courses_have_different_secrets(course, tmp_path):
    other = Course(tmp_path)
    assert fingerprint(course.secret()) != fingerprint(other.secret())


def test_the_environment_goes_before_the_file(course, monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", "a secret of this class\n")
    assert course.secret() == b"a secret of this class"
    assert not (course.root / ".grader").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_secret_that_others_may_read_is_refused(course, mode):
    course.secret()
    path = course.root / ".grader" / "secret"
    path.chmod(mode)
    with pytest.raises(
        CourseError, match=rf"its permissions are {mode:03o}\. Run: chmod 600 {path}"
    ):
        course.secret()
    path.chmod(0o600)
    course.secret()


def test_a_short_secret_is_refused(course, monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", "")
    with pytest.raises(
        CourseError, match=r"at least 16 characters; GRADER_SECRET has 0\. Make one: python"
    ):
        course.secret()
    monkeypatch.delenv("GRADER_SECRET")
    path = write(course.root / ".grader" / "secret")
    path.chmod(0o600)
    with pytest.raises(CourseError, match=r"at least 16 characters; .*secret has 0\."):
        course.secret()


def test_of_two_that_make_the_secret_at_once_the_first_wins(course):
    secret = course.secret()
    path = course.root / ".grader" / "secret"
    module._create_secret(path)  # what a process does that saw no file a moment ago
    assert course.secret() == secret
    assert list(path.parent.iterdir()) == [path]


def test_who_names_no_language_has_that_of_the_course(tmp_path):
    (tmp_path / "course.toml").write_text('language = "ja"\n')
    (tmp_path / "students.csv").write_text(f"{','.join(COLUMNS)}\nada,,,,,\nbob,,,,,en\n")
    found = Course(tmp_path).students()
    assert [student.language for student in found.values()] == ["ja", "en"]
    (tmp_path / "course.toml").write_text("language = [")  # grader.settings says what is wrong
    assert Course(tmp_path).students()["ada"].language == "en"
