"""Stock nbgrader on our courses: its commands and formgrader, run for real on the tiny unit."""

import copy
import csv
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import create_engine, text

from grader.course import Course
from grader.errors import ExerciseError, GradebookError
from grader.exercises import release as release_module
from grader.exercises.release import register, release
from grader.gradebook import CellMarks, SubmissionMarks, record, score_table
from grader.stock import settings
from grader.submission import Cell, Notebook, load, read_timestamp

UNIT = "tiny"
TIME = "2027-04-30 12:00:00 UTC"
HOSTILE = (
    "<script>alert('ours')</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) "
    "<b id=relu-positive class=score onclick=x()>bold</b> $a < b$ ![](attachment:missing.png)"
)


def answered(notebook, answer):
    cells = [c if c.grade_id != "relu" else Cell("code", answer, "relu") for c in notebook.cells]
    return Notebook((*cells, Cell("markdown", HOSTILE), Cell("raw", HOSTILE)))


def hand_in(course, student, answer, timestamp=TIME):
    """Write a student's submission, as collecting would."""
    folder = course.submitted(student, UNIT)
    folder.mkdir(parents=True)
    notebook = nbformat.read(course.student_notebook(UNIT), as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "relu":
            cell.source = answer
    notebook.cells.append(
        nbformat.v4.new_markdown_cell(HOSTILE.replace("![](attachment:missing.png)", ""))
    )
    nbformat.write(notebook, folder / "tiny.ipynb")
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)


def marks_of(course, student, positive, negative, comment=None):
    folder = course.submitted(student, UNIT)
    return SubmissionMarks(
        student,
        read_timestamp(folder),
        answered(load(folder / "tiny.ipynb"), "def relu(x):\n    return x"),
        {
            "relu": CellMarks(comment=comment),
            "relu-positive": CellMarks(positive, output=f"verdict on positive: {positive}"),
            "relu-negative": CellMarks(negative, output=f"verdict on negative: {negative}"),
            "why": CellMarks(None),
            "draw": CellMarks(None),
        },
    )


@pytest.fixture(scope="module")
def marked(registered, tmp_path_factory):
    """A course in which ada and hana have marks, one of them with a timestamp."""
    course = Course(
        Path(shutil.copytree(registered.root, tmp_path_factory.mktemp("marked") / "コース a"))
    )
    hand_in(course, "ada", "def relu(x):\n    return x")
    hand_in(course, "hana", "def relu(x):\n    return max(x, 0)", timestamp=None)
    record(course, UNIT, [
        marks_of(course, "ada", 2.0, 0.0, comment="It returns **x** for x < 0. <script>alert('ours')</script>"),
        marks_of(course, "hana", 2.0, 3.0),
    ])  # fmt: skip
    return course


# --- release and register


@pytest.mark.slow
def test_release_and_register_do_what_generate_assignment_does(
    course, nbgrader, instructor_notebook
):
    released, cells = nbformat.writes(release(course, UNIT, instructor_notebook)), known(course)
    course.student_notebook(UNIT).unlink()
    (course.root / "gradebook.db").unlink()
    nbgrader(course, "generate_assignment", UNIT, "--force")
    assert course.student_notebook(UNIT).read_text() == released + "\n"
    assert known(course) == cells
    assert {row.name for row in cells} == {
        c.grade_id for c in load(course.student_notebook(UNIT)).cells
    } - {None}


def test_release_is_the_same_every_time_and_touches_no_gradebook(course, instructor_notebook):
    (course.root / "gradebook.db").unlink()
    texts = {nbformat.writes(release(course, UNIT, instructor_notebook)) for _ in range(3)}
    assert len(texts) == 1
    assert "HIDDEN" not in texts.pop()
    assert not (course.root / "gradebook.db").exists()


def test_registering_again_updates_points_and_keeps_marks(course, instructor_notebook):
    hand_in(course, "ada", "")
    record(course, UNIT, [marks_of(course, "ada", 2.0, 0.0)])
    register(course, UNIT)
    assert score_table(course, UNIT).total("ada") == 2.0
    changed = copy.deepcopy(instructor_notebook)
    changed.cells[4].metadata.nbgrader.points = 20
    nbformat.write(changed, course.instructor_notebook(UNIT))
    register(course, UNIT)
    assert score_table(course, UNIT).max_scores["relu-positive"] == 20.0
    assert score_table(course, UNIT).total("ada") == 2.0


def test_registering_the_same_again_writes_nothing(course, instructor_notebook):
    database = course.root / "gradebook.db"
    before = database.read_bytes()
    register(course, UNIT)
    assert database.read_bytes() == before
    changed = copy.deepcopy(instructor_notebook)
    changed.cells.insert(2, changed.cells.pop(4))
    nbformat.write(changed, course.instructor_notebook(UNIT))
    register(course, UNIT)
    assert [row.name for row in known(course)][:2] == ["relu-positive", "relu"]


def test_what_is_registered_does_not_go_through_nbgraders_steps_again(course, monkeypatch):
    register(course, UNIT)
    steps = []
    monkeypatch.setattr(release_module, "_generate", lambda *a, **k: steps.append(a))
    register(course, UNIT)
    assert not steps
    (course.root / "gradebook.db").unlink()
    with pytest.raises(IndexError):  # it would save what the steps show
        register(course, UNIT)
    assert steps


def test_settings_read_the_same_in_every_process(course):
    """What is registered is known by them: an address in memory among them, and each run registers anew."""
    read = "from grader.stock import *; print(settings(Course(Path.cwd())))"
    fresh = [sys.executable, "-c", read]
    found = subprocess.run(fresh, cwd=course.root, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(settings(course))
    assert "MadeKnown" in found.stdout


def test_cells_cannot_go_once_there_are_submissions(course, instructor_notebook):
    hand_in(course, "ada", "")
    record(course, UNIT, [marks_of(course, "ada", 2.0, 0.0)])
    changed = copy.deepcopy(instructor_notebook)
    del changed.cells[5]
    nbformat.write(changed, course.instructor_notebook(UNIT))
    with pytest.raises(
        GradebookError, match=r"not come or go; in the gradebook or in the key alone: \S+\. Restore"
    ):
        register(course, UNIT)
    assert score_table(course, UNIT).total("ada") == 2.0


def test_without_an_instructor_notebook_there_is_nothing_to_register(course):
    course.instructor_notebook(UNIT).unlink()
    with pytest.raises(
        ExerciseError, match=r"tiny\.ipynb; there is none\. Run: grader generate tiny"
    ):
        register(course, UNIT)


@pytest.mark.parametrize(
    ("index", "source", "metadata", "error"),
    [
        (
            4,
            "### BEGIN HIDDEN TESTS",
            {},
            "of tiny nbgrader says: No end hidden tests statement found",
        ),
        (2, "x", {"grade_id": "why"}, "of tiny nbgrader says: Notebook failed to validate"),
        (2, "x", {"schema_version": 99}, "of tiny nbgrader says: Schema version is too new"),
    ],
)
def test_what_nbgrader_refuses_is_said(course, instructor_notebook, index, source, metadata, error):
    broken = copy.deepcopy(instructor_notebook)
    broken.cells[index].source = source
    broken.cells[index].metadata.nbgrader |= metadata
    with pytest.raises(ExerciseError, match=error):
        release(course, UNIT, broken)


KNOWN = """
SELECT assignment.name AS assignment, assignment.course_id, notebook.name AS notebook, kernelspec,
    source_cell.name, source_cell.cell_type, locked, source, checksum,
    base_cell.type, grade_cells.max_score, grade_cells.cell_type, task_cells.max_score
FROM source_cell
JOIN notebook ON notebook.id = source_cell.notebook_id
JOIN assignment ON assignment.id = notebook.assignment_id
LEFT JOIN base_cell ON base_cell.notebook_id = notebook.id AND base_cell.name = source_cell.name
LEFT JOIN grade_cells ON grade_cells.id = base_cell.id
LEFT JOIN task_cells ON task_cells.id = base_cell.id
ORDER BY source_cell.rowid, base_cell.type
"""


def known(course):
    """What the gradebook knows of each cell, without the rows' random ids."""
    engine = create_engine(f"sqlite:///{course.root}/gradebook.db")
    with engine.connect() as connection:
        rows = connection.execute(text(KNOWN)).all()
    engine.dispose()
    return rows


# --- the commands


def where_the_key_went(course):
    """Folders that hold key.py, or a file with a line of it, below the course."""
    files = [path for path in course.root.rglob("*") if path.is_file()]
    told = [f for f in files if f.name == "key.py" or b"SECRET_OF_THE_KEY" in f.read_bytes()]
    return {str(path.parent.relative_to(course.root)) for path in told}


@pytest.mark.slow
def test_stock_commands_carry_no_key_along_and_give_marks_that_ours_replace(course, nbgrader):
    course.instructor_notebook(UNIT).with_name("data.txt").write_text("for the students")
    hand_in(course, "ada", "def relu(x):\n    return x")
    hand_in(course, "hana", "def relu(x):\n    return max(x, 0)", timestamp=None)
    nbgrader(course, "generate_assignment", UNIT, "--force")
    nbgrader(course, "generate_solution", UNIT)
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(
            '\nc.Autograde.pop("autograde_preprocessors")  # nbgrader\'s own: this unit has no key\n'
        )
    nbgrader(course, "autograde", UNIT)
    carried = {str(path.parent.relative_to(course.root)) for path in course.root.rglob("data.txt")}
    assert carried == {
        "solutions/tiny", "assignments/tiny", "_build/solution/tiny",
        "autograded/ada/tiny", "autograded/hana/tiny",
    }  # fmt: skip
    assert where_the_key_went(course) == {"solutions/tiny"}
    assert not (course.root / "solution").exists()

    assert code_scores(course) == {"ada": [2.0, 0.0], "hana": [2.0, 3.0]}
    record(course, UNIT, [marks_of(course, "ada", 2.0, 0.0), marks_of(course, "hana", 2.0, 3.0)])
    assert code_scores(course) == {"ada": [2.0, 0.0], "hana": [2.0, 3.0]}
    assert "verdict on positive" in (course.autograded("ada", UNIT) / "tiny.ipynb").read_text()


def code_scores(course):
    table = score_table(course, UNIT).scores
    return {student: [row["relu-positive"], row["relu-negative"]] for student, row in table.items()}


@pytest.mark.slow
def test_export_lists_the_marks(marked, nbgrader):
    nbgrader(marked, "export")
    with (marked.root / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {id: (row["score"], row["max_score"]) for id, row in rows.items()} == {
        "ada": ("2.0", "10.0"), "hana": ("5.0", "10.0"), "idle": ("0.0", "10.0")
    }  # fmt: skip
    assert rows["ada"]["timestamp"] == "2027-04-30 12:00:00"
    assert rows["hana"]["last_name"] == "山田"


@pytest.mark.slow
def test_feedback_shows_marks_and_comments_and_nothing_hidden_or_hostile(marked, nbgrader):
    nbgrader(marked, "generate_feedback", UNIT)
    html = (marked.root / "feedback" / "ada" / UNIT / "tiny.html").read_text()
    assert "tiny (Score: 2.0 / 10.0)" in html
    assert "verdict on negative: 0.0" in html
    assert "It returns <strong>x</strong> for x &lt; 0." in html
    assert "HIDDEN" not in html
    assert "relu(-7)" not in html
    assert_harmless(html)
    assert where_the_key_went(marked) == {"solutions/tiny"}


def assert_harmless(html):
    """What HOSTILE and the comment would run, fetch or imitate is text or gone; the rest is there."""
    page = BeautifulSoup(html, "html.parser")
    assert "<script>alert('ours')" in page.get_text()
    assert not [script for script in page.find_all("script") if "ours" in script.text]
    mine = [bold for bold in page.find_all("b") if bold.text == "bold"]
    assert len(mine) >= 2  # in the Markdown and in the raw cell
    assert not any(bold.attrs for bold in mine)
    values = [str(value) for tag in page.find_all() for value in tag.attrs.values()]
    assert not {"javascript:alert(1)", "alert(1)", "x()", "x"} & set(values)
    assert "$a < b$" in page.get_text()


# --- formgrader


@pytest.fixture(scope="module")
def formgrader(marked, tmp_path_factory):
    """A Jupyter server with formgrader in the course folder; a function that asks it."""
    home = tmp_path_factory.mktemp("home")
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_RUNTIME_DIR": str(home),
        "JUPYTER_NO_CONFIG": "1",
    }
    command = [
        sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0", "--IdentityProvider.token=token", f"--ServerApp.root_dir={marked.root}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]  # fmt: skip
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=marked.root, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 120
        while not (url := url_of_listening_server(home)):
            assert server.poll() is None, (home / "log").read_text()
            assert time.monotonic() < deadline, (home / "log").read_text()
            time.sleep(0.05)

        def ask(path, put=None):
            request = urllib.request.Request(
                f"{url}formgrader/{path}",
                headers={"Authorization": "token token"},
                method="GET" if put is None else "PUT",
                data=None if put is None else json.dumps(put).encode(),
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                body = answer.read().decode()
            return json.loads(body) if path.startswith("api/") else body

        yield ask
    finally:
        server.terminate()
        server.wait(30)


def url_of_listening_server(home):
    """Jupyter names its URL in a file before it listens there; None until it does."""
    try:
        url = json.loads(next(home.glob("jpserver-*.json")).read_text())["url"]
        urllib.request.urlopen(f"{url}api", timeout=60).close()
    except (StopIteration, ValueError, OSError):
        return None
    return url


def shown(formgrader, student):
    """The submitted notebook of a student, as formgrader lists it."""
    return next(
        n for n in formgrader("api/submitted_notebooks/tiny/tiny") if n["student"] == student
    )


@pytest.mark.slow
def test_formgrader_shows_marks_and_the_graded_notebook(formgrader):
    submissions = {row["student"]: row for row in formgrader("api/submissions/tiny")}
    assert {id: (row["autograded"], row["score"]) for id, row in submissions.items()} == {
        "ada": (True, 2.0), "hana": (True, 5.0)
    }  # fmt: skip
    assert submissions["ada"]["needs_manual_grade"]
    assert submissions["ada"]["last_name"] == "King"
    page = formgrader(f"submissions/{shown(formgrader, 'ada')['id']}/")
    assert "verdict on negative: 0.0" in page
    assert_harmless(page)


@pytest.mark.slow
def test_what_a_person_enters_in_formgrader_survives_a_new_run(formgrader, marked):
    notebook = shown(formgrader, "hana")["id"]
    grade = next(
        g for g in formgrader(f"api/grades?submission_id={notebook}") if g["name"] == "why"
    )
    comment = next(
        c for c in formgrader(f"api/comments?submission_id={notebook}") if c["name"] == "why"
    )
    formgrader(f"api/grade/{grade['id']}", put={"manual_score": 3.5, "extra_credit": 1})
    formgrader(f"api/comment/{comment['id']}", put={"manual_comment": "Well said."})
    assert shown(formgrader, "hana")["score"] == 9.5
    record(marked, UNIT, [marks_of(marked, "hana", 2.0, 0.0)])
    assert shown(formgrader, "hana")["score"] == 6.5
    comments = formgrader(f"api/comments?submission_id={notebook}")
    assert next(c for c in comments if c["name"] == "why")["manual_comment"] == "Well said."
    record(marked, UNIT, [marks_of(marked, "hana", 2.0, 3.0)])
    formgrader(f"api/grade/{grade['id']}", put={"manual_score": None, "extra_credit": None})
