"""The pages of a class: what they say, and what they never do."""

import base64
import hashlib
import itertools
import re
import zipfile

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from grader import decisions
from grader.cli import main
from grader.errors import CourseError
from grader.feedback import Desk, page_path
from grader.resume import GradedBefore
from tests.grader.classroom import COMMENT, HOSTILE, ROSTER, RTL
from tests.grader.small import UNIT, Small

STUDENTS = ["ada", "hana", HOSTILE, RTL, "lou", "broken"]


@pytest.fixture(scope="session")
def desk(graded):
    return Desk(graded.course, UNIT)


@pytest.fixture(scope="session")
def pages(desk):
    return {student: desk.page(student) for student in desk.students}


def parsed(page):
    return BeautifulSoup(page, "html.parser")


def text(page):
    return " ".join(parsed(page).get_text().split())


def test_everybody_who_handed_in_gets_a_page_in_their_language(desk, pages):
    assert set(pages) == set(STUDENTS)
    assert {who: parsed(page).html["lang"] for who, page in pages.items()} == {
        who: "ja" if who in ("hana", RTL) else "en" for who in STUDENTS
    }
    assert desk.left_out == ()


@pytest.mark.parametrize("student", STUDENTS)
def test_a_page_names_its_owner_by_id_and_nobody_else(pages, student):
    shown = text(pages[student])
    assert student in shown
    for id, first, last, email, *_ in ROSTER:
        for word in (first, last, email, *([id] if id != student else [])):
            if len(word) > 1:
                assert word not in shown


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_page_holds_all_it_needs_and_runs_nothing(graded, student, language):
    page = Desk(graded.course, UNIT, [student], language).page(student)
    soup = parsed(page)
    assert len(page.encode()) < 200_000
    for forbidden in ("script", "img", "iframe", "object", "form", "link", "base"):
        assert soup.find_all(forbidden) == []
    for tag in soup.find_all():
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"], tag
        assert not re.match(r"\s*(javascript|data|https?):", tag.get("href", "")), tag
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    digest = base64.b64encode(hashlib.sha256(soup.style.string.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "url(" not in soup.style.string
    assert "@import" not in soup.style.string


@pytest.mark.parametrize("student", [student for student in STUDENTS if student != "broken"])
def test_a_page_can_be_read_aloud(pages, student):
    soup = parsed(pages[student])
    assert [len(soup.find_all(name)) for name in ("header", "main", "footer", "h1")] == [1] * 4
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert all(table.caption.get_text() for table in soup.find_all("table"))
    assert all(svg["aria-label"] for svg in soup.find_all("svg"))
    for check in soup.select(".checks > li"):  # the verdict is a word, beside sign and colour
        assert re.search(r"\w", check.select_one(".word").get_text())


def test_a_wrong_answer_is_told_what_how_where_and_what_to_do(pages):
    soup = parsed(pages["hana"])
    wrong = soup.select_one(".checks > li.failed")
    assert "不正解" in wrong.select_one(".word").get_text()
    assert "dx" in wrong.get_text()
    picture = wrong.find("svg")
    assert "dx" in picture["aria-label"]
    assert len(picture.select("rect.off")) == len(picture.select("text.want")) > 0
    steps = soup.select("ol > li")
    assert len(steps) == 1
    assert steps[0].a["href"] == "#relu"
    # what is wrong, and not the rule, which would read as praise
    said = wrong.select("p")[1].get_text()
    assert said in steps[0].get_text()
    assert soup.find(id="relu")


def test_a_right_answer_has_nothing_left_to_do(pages):
    assert "Nothing is left to mend." in text(pages["ada"])
    assert parsed(pages["ada"]).find("svg") is None


def test_what_code_said_is_shown_as_text(pages):
    page = pages[HOSTILE]
    assert "<script>alert(1)</script>" in text(page)
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page
    assert HOSTILE in parsed(page).title.string


def test_a_person_has_the_last_word(pages):
    """A score and a comment entered in formgrader stand in the page."""
    shown = text(pages["hana"])
    assert "1.5 / 2" in shown
    assert COMMENT in shown
    assert parsed(pages["hana"]).find("script") is None


def test_a_decision_is_told_with_its_reason(graded, tmp_path):
    course = copied(graded, tmp_path).course
    decisions.void(course, UNIT, "add-dx", "it was <unclear>")
    decisions.override(course, UNIT, "hana", "relu-dx", 1.25, "right in part")
    desk = Desk(course, UNIT, ["ada", "hana"])
    shown = text(desk.page("ada"))
    assert "Decided by your instructor: full points for everybody. it was <unclear>" in shown
    assert "right in part" not in shown
    assert "教員の判断: 1.25点とする。 right in part" in text(desk.page("hana"))


def test_the_zip_for_moodle_has_each_page_in_its_owners_folder(graded, tmp_path):
    course = copied(graded, tmp_path).course
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text("Identifier,Full name,Email address,Grade\n"
                         "Participant 7,Ada,ada@example.org,\n")  # fmt: skip
    command = ["--course", str(course.root), "feedback", UNIT, "--quiet", "--zip", "moodle"]
    result = CliRunner().invoke(main, [*command, "--worksheet", str(worksheet)])
    assert result.exit_code == 0, result.output
    assert "hana: not in the worksheet" in result.output
    with zipfile.ZipFile(course.root / "_build" / "feedback" / f"{UNIT}-moodle.zip") as archive:
        (name,) = archive.namelist()
        assert name == f"Ada_7_assignsubmission_file_/{UNIT}.html"
        assert archive.read(name) == page_path(course, UNIT, "ada").read_bytes()


def test_a_stopped_submission_is_told_so_once(pages):
    (note,) = parsed(pages["lou"]).find(id="notes").find_next("ul").find_all("li")
    assert "took longer than is allowed" in note.get_text()  # though it blocks two checks


def test_what_cannot_be_read_is_said_with_what_to_do(pages):
    shown = text(pages["broken"])
    assert "is not a notebook" in shown
    assert "hand it in again" in shown


def test_hidden_inputs_stand_nowhere(graded, pages):
    """Every number with a fraction comes from the visible case, or from points."""
    public = graded.unit.exercises["relu"].public_case()
    visible = {abs(v) for a in (*public.inputs.values(), public.dout) for v in a.ravel().tolist()}
    shown = {abs(float(cell.get_text().lstrip("✗ ").replace("\N{MINUS SIGN}", "-")))
             for cell in parsed(pages["hana"]).select("svg text")}  # fmt: skip
    assert shown <= visible | {2 * value for value in visible} | {0.0}


def test_the_files_are_where_nbgrader_releases_feedback_from(graded, tmp_path):
    small = copied(graded, tmp_path)
    done = CliRunner().invoke(main, ["--course", str(small.course.root), "feedback", UNIT])
    assert done.exit_code == 0, done.output
    for student in STUDENTS:
        path = page_path(small.course, UNIT, student)
        assert path == small.course.root / "feedback" / student / UNIT / f"{UNIT}.html"
        assert path.read_text("utf8").startswith("<!DOCTYPE html>")
    assert {path.suffix for path in (small.course.root / "feedback").rglob("*.*")} == {".html"}


def test_a_dry_run_names_the_files_and_writes_none(graded, tmp_path):
    small = copied(graded, tmp_path)
    command = [
        "--course",
        str(small.course.root),
        "feedback",
        "97",
        "--dry-run",
        "--student",
        "hana",
    ]
    done = CliRunner().invoke(main, command)
    assert done.output == f"ja  feedback/hana/{UNIT}/{UNIT}.html\n"
    done = CliRunner().invoke(main, [*command, "--language", "en"])
    assert done.output.startswith("en  ")
    assert not (small.course.root / "feedback").exists()


def test_a_page_that_fails_leaves_the_old_one(graded, tmp_path, monkeypatch):
    small = copied(graded, tmp_path)
    path = page_path(small.course, UNIT, "ada")
    path.parent.mkdir(parents=True)
    path.write_text("old")
    monkeypatch.setattr("grader.feedback.writing.render", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(Desk(small.course, UNIT, ["ada"]).write())
    assert [file.read_text() for file in path.parent.iterdir()] == ["old"]


def test_who_is_not_graded_is_left_out_and_named(graded, tmp_path):
    small = copied(graded, tmp_path)
    small.hand_in("late")
    done = CliRunner().invoke(
        main, ["--course", str(small.course.root), "feedback", UNIT, "--quiet"]
    )
    assert done.exit_code == 1
    assert done.stderr == (
        f"Left out, not graded by the key as it is now: late. Run: grader grade {UNIT}\n"
    )
    assert page_path(small.course, UNIT, "ada").exists()
    assert not page_path(small.course, UNIT, "late").exists()


def test_marks_by_another_key_are_refused(graded, tmp_path):
    small = copied(graded, tmp_path)
    key = small.course.key(UNIT)
    key.write_text(key.read_text() + "\n# changed\n")
    with pytest.raises(CourseError, match=f"none of the 2 submissions .* grader grade {UNIT}"):
        Desk(small.course, UNIT, ["ada", "hana"])


def test_results_of_an_older_form_are_refused(graded, tmp_path):
    small = copied(graded, tmp_path)
    path = small.course.root / ".grader" / "graded" / UNIT / "ada.json"
    path.write_text(re.sub(r'"form": \d+', '"form": 1', path.read_text()))
    assert GradedBefore(small.course, UNIT).find("ada") is None
    with pytest.raises(CourseError, match="grader grade"):
        Desk(small.course, UNIT, ["ada"])


def copied(graded, tmp_path):
    import shutil

    return Small(shutil.copytree(graded.course.root, tmp_path / "course"))
