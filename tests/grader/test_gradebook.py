"""Marks in nbgrader's gradebook: what is written, what a person's hand keeps, what a kill leaves."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.api import Comment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import parse_utc
from sqlalchemy import create_engine, func, select, text

from grader.errors import CourseError, GradebookError
from grader.gradebook import CellMarks, SubmissionMarks, record, score_table
from grader.gradebook.graded import graded_notebook
from grader.gradebook.sheet import read_sheet
from grader.stock import open_gradebook
from grader.stock import settings as stock_settings
from grader.submission import Cell, Notebook, load

UNIT = "tiny"
HANDED_IN = datetime(2027, 4, 30, 12)
ANSWER = "def relu(x):\n    return x"
FULL = {
    "relu-positive": CellMarks(2.0, output="right"),
    "relu-negative": CellMarks(3.0, output="right"),
    "why": CellMarks(None),
    "draw": CellMarks(None),
}
PARTLY = {
    **FULL,
    "relu": CellMarks(comment="It returns **x** where x < 0."),
    "relu-negative": CellMarks(0.0, output="wrong at -7"),
}


def submitted(course, answer=ANSWER):
    """The notebook as it was handed out, with an answer."""
    cells = load(course.student_notebook(UNIT)).cells
    filled = [Cell(c.type, answer if c.grade_id == "relu" else c.source, c.grade_id) for c in cells]
    return Notebook(tuple(filled))


def marks(course, student="ada", cells=PARTLY, notebook=None, timestamp=HANDED_IN, **fields):
    return SubmissionMarks(student, timestamp, notebook or submitted(course), cells, **fields)


def rows(course, table, *columns):
    with open_gradebook(course) as gradebook:
        return gradebook.db.execute(select(*(getattr(table, name) for name in columns))).all()


def count(course):
    """Rows in each table that grows with submissions."""
    with open_gradebook(course) as gradebook:
        tables = (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
        return [gradebook.db.scalar(select(func.count()).select_from(table)) for table in tables]


def set_due(course, due):
    with open_gradebook(course) as gradebook:
        gradebook.find_assignment(UNIT).duedate = due
        gradebook.db.commit()


def graded(course, student="ada"):
    path = course.autograded(student, UNIT) / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    return notebook


def by_id(notebook):
    return {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}


# --- record: rows


def test_marks_comments_and_time_are_written(course):
    record(course, UNIT, [marks(course)])
    with open_gradebook(course) as gradebook:
        submission = gradebook.find_submission(UNIT, "ada")
        assert (submission.timestamp, submission.score, submission.max_score) == (
            HANDED_IN,
            2.0,
            10.0,
        )
        assert submission.needs_manual_grade
        assert gradebook.find_grade("relu-positive", UNIT, UNIT, "ada").auto_score == 2.0
        assert not gradebook.find_grade("relu-negative", UNIT, UNIT, "ada").needs_manual_grade
        assert gradebook.find_grade("relu-negative", UNIT, UNIT, "ada").failed_tests
        assert gradebook.find_grade("why", UNIT, UNIT, "ada").needs_manual_grade
        assert gradebook.find_grade("draw", UNIT, UNIT, "ada").needs_manual_grade
        assert gradebook.find_comment("relu", UNIT, UNIT, "ada").comment == PARTLY["relu"].comment
        assert gradebook.find_comment("draw", UNIT, UNIT, "ada").comment is None


def test_the_whole_roster_is_entered_and_whoever_else_submitted(course):
    record(course, UNIT, [marks(course, "ada"), marks(course, "guest")])
    known = rows(course, Student, "id", "first_name", "last_name", "email", "lms_user_id")
    assert sorted(known) == [
        ("ada", "Ada", "King", "ada@example.org", "17"),
        ("guest", None, None, None, None),
        ("hana", "花子", "山田", None, None),
        ("idle", "Ida", "Idle", None, None),
    ]


def test_a_second_run_replaces_and_never_doubles(course):
    record(course, UNIT, [marks(course), marks(course, "hana")])
    before = count(course)
    record(course, UNIT, [marks(course, cells=FULL, timestamp=None), marks(course, "hana")])
    assert count(course) == before
    with open_gradebook(course) as gradebook:
        assert gradebook.find_submission(UNIT, "ada").score == 5.0
        assert gradebook.find_submission(UNIT, "ada").timestamp is None
        assert gradebook.find_comment("relu", UNIT, UNIT, "ada").comment is None
        assert gradebook.find_submission(UNIT, "hana").score == 2.0


def test_a_persons_marks_survive_and_are_asked_about(course):
    record(course, UNIT, [marks(course)])
    with open_gradebook(course) as gradebook:
        grade = gradebook.find_grade("relu-negative", UNIT, UNIT, "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.5, False
        gradebook.find_comment("relu", UNIT, UNIT, "ada").manual_comment = "Nearly."
        gradebook.find_submission_notebook(UNIT, UNIT, "ada").flagged = True
        gradebook.db.commit()
    record(course, UNIT, [marks(course, cells=FULL)])
    with open_gradebook(course) as gradebook:
        grade = gradebook.find_grade("relu-negative", UNIT, UNIT, "ada")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit, grade.score) == (
            3.0,
            1.5,
            0.5,
            2.0,
        )
        assert grade.needs_manual_grade
        assert gradebook.find_comment("relu", UNIT, UNIT, "ada").comment == "Nearly."
        assert gradebook.find_submission_notebook(UNIT, UNIT, "ada").flagged


def test_a_score_that_a_person_enters_meanwhile_is_not_lost(course):
    record(course, UNIT, [marks(course, cells=FULL)])
    set_due(course, HANDED_IN - timedelta(hours=1))
    config = course.root / "nbgrader_config.py"  # the plugin is asked between reading and writing
    config.write_text(
        config.read_text()
        + "import sqlite3\n"
        + "from nbgrader.plugins import LateSubmissionPlugin\n"
        + "class Person(LateSubmissionPlugin):\n"
        + "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        + f"        database = sqlite3.connect({str(course.root / 'gradebook.db')!r})\n"
        + "        database.execute('UPDATE grade SET manual_score = 0.25')\n"
        + "        database.commit()\n"
        + "        database.close()\n"
        + "c.AssignLatePenalties.plugin_class = Person\n"
    )
    record(course, UNIT, [marks(course)])
    assert rows(course, Grade, "manual_score") == [(0.25,)] * 4
    assert (0.0, 0.25) in rows(course, Grade, "auto_score", "manual_score")


@pytest.mark.filterwarnings(
    "ignore:Object of type <Submitted:sqlalchemy.exc.SAWarning"
)  # nbgrader's own
def test_rows_that_stock_nbgrader_made_are_used(course):
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_student("ada")
        gradebook.update_or_create_submission(UNIT, "ada")
    before = count(course)
    record(course, UNIT, [marks(course)])
    assert count(course) == [before[0] + 2, *before[1:]]  # two more students of the roster
    assert score_table(course, UNIT).total("ada") == 2.0


def test_text_that_no_database_takes_is_made_harmless(course):
    cells = {
        **PARTLY,
        "relu": CellMarks(comment="a\0b\ud83d"),
        "relu-positive": CellMarks(2.0, output="c\ud83d"),
    }
    record(course, UNIT, [marks(course, cells=cells)])
    with open_gradebook(course) as gradebook:
        assert gradebook.find_comment("relu", UNIT, UNIT, "ada").comment == "a\ufffdb?"
    assert by_id(graded(course))["relu-positive"].outputs[0].text == "c?"


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        (
            {**FULL, "sigmoid": CellMarks(1.0)},
            "Marks of ada are for cells that the gradebook does not know: sigmoid",
        ),
        (
            {"relu-positive": CellMarks(2.0)},
            "Marks of ada need a mark for every grade cell; relu-negative has none",
        ),
        (
            {**FULL, "relu-positive": CellMarks(2.5)},
            "Marks of ada for relu-positive lie between 0 and 2; got 2.5",
        ),
        (
            {**FULL, "relu-positive": CellMarks(-1.0)},
            "Marks of ada for relu-positive lie between 0 and 2; got -1.0",
        ),
        (
            {**FULL, "draw": CellMarks(float("nan"))},
            "Marks of ada for draw lie between 0 and 1; got nan",
        ),
        ({**FULL, "relu": CellMarks(1.0)}, "Marks of ada for relu lie between 0 and 0; got 1.0"),
    ],
)
def test_marks_that_do_not_fit_are_refused_whole(course, cells, error):
    with pytest.raises(GradebookError, match=error):
        record(course, UNIT, [marks(course, "hana"), marks(course, cells=cells)])
    assert count(course) == [0] * 5
    assert not course.autograded("hana", UNIT).exists()


def test_a_student_stands_once_in_a_batch(course):
    with pytest.raises(
        GradebookError, match="A batch holds one submission a student; ada is there twice"
    ):
        record(course, UNIT, [marks(course), marks(course)])


def test_an_unknown_assignment_says_how_to_register_it(course):
    with pytest.raises(
        GradebookError, match=r"does not know 07_x\. Grade it first: grader grade 07_x"
    ):
        record(course, "07_x", [])


# --- late submissions


@pytest.fixture
def penalized(course):
    """The course with a penalty of a point an hour, given by a plugin in its nbgrader_config.py."""
    config = course.root / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + "from nbgrader.plugins import LateSubmissionPlugin\n"
        + "class AnHour(LateSubmissionPlugin):\n"
        + "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        + "        return total_seconds_late / 3600 - (student_id == 'hana') * 99\n"
        + "c.AssignLatePenalties.plugin_class = AnHour\n"
    )
    return course


@pytest.mark.parametrize(
    ("late", "student", "penalty"),
    [
        (timedelta(hours=-1), "ada", None),
        (timedelta(0), "ada", None),
        (timedelta(minutes=90), "ada", 1.5),
        (timedelta(days=9), "ada", 5.0),  # not more than the score
        (timedelta(minutes=90), "hana", 0.0),  # not less than nothing
    ],
)
def test_the_courses_plugin_gives_the_penalty(penalized, late, student, penalty):
    set_due(penalized, HANDED_IN - late)
    record(penalized, UNIT, [marks(penalized, student, cells=FULL)])
    assert rows(penalized, SubmittedNotebook, "late_submission_penalty") == [(penalty,)]
    assert score_table(penalized, UNIT).total(student) == 5.0 - (penalty or 0.0)


def test_an_extension_and_a_new_run_take_the_penalty_back(penalized):
    set_due(penalized, HANDED_IN - timedelta(hours=1))
    record(penalized, UNIT, [marks(penalized, cells=FULL)])
    assert score_table(penalized, UNIT).penalties == {"ada": 1.0}
    with open_gradebook(penalized) as gradebook:
        gradebook.grant_extension(UNIT, "ada", hours=1)
    record(penalized, UNIT, [marks(penalized, cells=FULL)])
    assert score_table(penalized, UNIT).penalties == {"ada": 0.0}


def test_manual_scores_count_before_the_penalty_is_taken(penalized):
    set_due(penalized, HANDED_IN - timedelta(hours=7))
    record(penalized, UNIT, [marks(penalized, cells=FULL)])
    with open_gradebook(penalized) as gradebook:
        gradebook.find_grade("why", UNIT, UNIT, "ada").manual_score = 4.0
        gradebook.find_grade("why", UNIT, UNIT, "ada").extra_credit = 1.0
        gradebook.db.commit()
    record(penalized, UNIT, [marks(penalized, cells=FULL)])
    assert score_table(penalized, UNIT).penalties == {"ada": 7.0}


def test_the_built_in_plugin_too(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    set_due(course, HANDED_IN - timedelta(hours=1))
    record(course, UNIT, [marks(course, cells=FULL)])
    assert score_table(course, UNIT).total("ada") == 0.0


# --- score_table


def test_score_table(course):
    record(course, UNIT, [marks(course, "hana"), marks(course, cells=FULL)])
    table = score_table(course, UNIT)
    assert list(table.max_scores.items()) == [
        ("relu-positive", 2.0), ("relu-negative", 3.0), ("why", 4.0), ("draw", 1.0)
    ]  # fmt: skip
    assert list(table.scores) == ["ada", "hana"]
    assert list(table.scores["hana"].items()) == [
        ("relu-positive", 2.0), ("relu-negative", 0.0), ("why", None), ("draw", None)
    ]  # fmt: skip
    assert (table.total("ada"), table.total("hana")) == (5.0, 2.0)


# --- the graded notebook


def test_what_is_locked_is_restored_and_hidden_tests_stay_out(course):
    cells = [Cell(c.type, "print('mine')", c.grade_id) for c in submitted(course).cells]
    record(course, UNIT, [marks(course, notebook=Notebook(tuple(cells)))])
    named = by_id(graded(course))
    assert named["relu"].source == "print('mine')"
    assert named["why"].source == "print('mine')"
    assert named["relu-public"].source == "print(relu(1))"
    assert named["relu-positive"].source == "# positive"
    assert named["draw"].source == "Draw it below."


def test_nbgraders_metadata_is_the_gradebooks(course):
    record(course, UNIT, [marks(course)])
    handed_out = nbformat.read(course.student_notebook(UNIT), as_version=4)
    for name, cell in by_id(handed_out).items():
        ours, theirs = by_id(graded(course))[name].metadata, cell.metadata
        del (
            ours["nbgrader"]["checksum"],
            theirs["nbgrader"]["checksum"],
        )  # theirs is without hidden tests
        assert ours == theirs
    assert graded(course).metadata.kernelspec == handed_out.metadata.kernelspec


def test_outputs_and_verdicts_stand_under_their_cells(course):
    shown = {"output_type": "stream", "name": "stderr", "text": "careful"}
    notebook = submitted(course)
    index = [cell.grade_id for cell in notebook.cells].index("relu-public")
    record(course, UNIT, [marks(course, notebook=notebook, outputs={index: [shown]})])
    named = by_id(graded(course))
    assert named["relu-public"].outputs == [shown]
    assert [output.text for output in named["relu-negative"].outputs] == ["wrong at -7"]
    assert named["relu"].outputs == []


def test_deleted_cells_are_back_where_they_belong(course):
    cells = submitted(course).cells
    kept = tuple(
        c for c in cells if c.grade_id not in ("relu", "relu-positive", "relu-negative", "why")
    )
    record(
        course,
        UNIT,
        [marks(course, notebook=Notebook(kept)), marks(course, "hana", notebook=Notebook(()))],
    )
    sources = {
        c.metadata.get("nbgrader", {}).get("grade_id"): c.source for c in graded(course).cells
    }
    assert list(sources) == [
        "relu", None, "relu-public", "relu-positive", "relu-negative", "why", "draw"
    ]  # fmt: skip
    assert sources["relu"].startswith(
        "# This cell was missing from the submission and has been added back.\n"
        "def relu(x):\n    # YOUR CODE HERE"
    )
    assert sources["why"].startswith(
        "This cell was missing from the submission and has been added back.\n\nYOUR"
    )
    assert list(by_id(graded(course, "hana"))) == [
        "relu", "relu-public", "relu-positive", "relu-negative", "why", "draw"
    ]  # fmt: skip


def test_of_cells_with_the_same_id_the_last_counts(course):
    first, last = Cell("code", "a = 1", "relu"), Cell("code", "a = 2", "relu")
    notebook = Notebook((first, *submitted(course).cells, last))
    record(course, UNIT, [marks(course, notebook=notebook)])
    cells = graded(course).cells
    assert cells[-1].source == "a = 2"
    assert cells[-1].metadata.nbgrader.grade_id == "relu"
    assert [c.source for c in cells if c.source in ("a = 1", ANSWER)] == ["a = 1", ANSWER]
    assert cells[0].metadata == {}


def test_a_retyped_cell_gets_its_type_back_and_a_made_up_id_is_dropped(course):
    cells = tuple(Cell("markdown", c.source, c.grade_id) for c in submitted(course).cells)
    forged = Cell("code", "x", "relu-bonus")
    record(course, UNIT, [marks(course, notebook=Notebook((*cells, forged)))])
    named = by_id(graded(course))
    assert named["relu"].cell_type == "code"
    assert named["relu-negative"].outputs[0].text == "wrong at -7"
    assert "relu-bonus" not in named


def test_pictures_pasted_into_an_answer_stay(course):
    pictures = {"a.png": {"image/png": "iVBORw0KGgo="}}
    answer = Cell("markdown", "![](attachment:a.png)", "why", pictures)
    record(course, UNIT, [marks(course, notebook=Notebook((answer,)))])
    assert by_id(graded(course))["why"].attachments == pictures


def test_file_modes_and_timestamp_are_nbgraders(course):
    record(course, UNIT, [marks(course)])
    folder = course.autograded("ada", UNIT)
    assert sorted(path.name for path in folder.iterdir()) == ["timestamp.txt", "tiny.ipynb"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}
    assert parse_utc((folder / "timestamp.txt").read_text().strip()) == HANDED_IN
    record(course, UNIT, [marks(course, timestamp=None)])
    assert [path.name for path in folder.iterdir()] == ["tiny.ipynb"]


def test_group_shared_courses_keep_their_modes(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.CourseDirectory.groupshared = True\n")
    record(course, UNIT, [marks(course)])
    assert stat.S_IMODE((course.autograded("ada", UNIT) / "tiny.ipynb").stat().st_mode) == 0o664


names = st.sampled_from(
    [None, "relu", "relu-public", "relu-positive", "relu-negative", "why", "draw", "forged"]
)
cells = st.builds(Cell, st.sampled_from(["code", "markdown", "raw"]), st.text(max_size=9), names)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(cells, max_size=12))
def test_any_notebook_becomes_a_valid_one_with_each_cell_once(registered, cells):
    sheet = sheet_of(registered)
    made = marks(registered, notebook=Notebook(tuple(cells)))
    notebook = nbformat.from_dict(graded_notebook(sheet, made, "en"))
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert set(by_id(notebook)) == set(sheet.cells)
    free = [c.source for c in cells if c.grade_id in (None, "forged")]
    others = [c.source for c in notebook.cells if "nbgrader" not in c.metadata]
    assert [source for source in others if source in free] == [s for s in others if s in set(free)]
    assert len(notebook.cells) == len(cells) + len(set(sheet.cells) - {c.grade_id for c in cells})


_sheets = {}


def sheet_of(course):
    if course not in _sheets:
        with open_gradebook(course) as gradebook:
            _sheets[course] = read_sheet(gradebook, UNIT, stock_settings(course))
    return _sheets[course]


# --- killed, locked, missing


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy.orm import Session
from grader.course import Course
from grader.gradebook import CellMarks, SubmissionMarks, graded, record, score_table
from grader.submission import load

course = Course(Path(sys.argv[1]))
notebook = load(course.student_notebook("tiny"))
students = ["s0", "s1", "s2", "s3", "s4"]

def batch(points):
    cells = dict.fromkeys(score_table(course, "tiny").max_scores, CellMarks(points, output=str(points)))
    return [SubmissionMarks(student, None, notebook, cells) for student in students]

def kill(owner, name, call, after=False):
    original, calls = getattr(owner, name), []
    def killing(*arguments, **keywords):
        calls.append(name)
        if len(calls) == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **keywords)
        if len(calls) == call and after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, killing)

def shown(student):
    path = course.autograded(student, "tiny") / "tiny.ipynb"
    assert len(load(path).cells) == len(notebook.cells)
    return "new" if '"text": "1.0"' in path.read_text() else "old"

def say(before):
    marks = {row["draw"] for row in score_table(course, "tiny").scores.values()}
    print(before, *("new" if mark else "old" for mark in marks), *map(shown, students))

record(course, "tiny", batch(0.0))
for moment in [
    (graded, "write_atomically", 1),
    (Path, "replace", 1),
    (Path, "replace", 3, True),
    (Session, "commit", 2),
    (Session, "commit", 2, True),
]:
    if not (child := os.fork()):
        marks = batch(1.0)
        kill(*moment)
        record(course, "tiny", marks)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    say("killed:" if os.WIFSIGNALED(status) else "NOT KILLED:")
    record(course, "tiny", batch(0.0))
record(course, "tiny", batch(1.0))
say("at last:")
"""


@pytest.mark.slow
def test_killed_at_any_moment_no_mark_is_lost_doubled_or_without_its_notebook(course):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, course.root], capture_output=True, text=True
    )
    assert done.stdout.splitlines() == [
        "killed: old old old old old old",
        "killed: old old old old old old",
        "killed: old new new new old old",
        "killed: old new new new new new",
        "killed: new new new new new new",
        "at last: new new new new new new",
    ], done.stderr
    assert [path.name for path in course.autograded("s0", UNIT).iterdir()] == ["tiny.ipynb"]
    assert count(course) == [3 + 5, 5, 5, 5 * 4, 5 * 3]


def test_an_error_on_the_way_leaves_the_gradebook_as_it_was(course):
    record(course, UNIT, [marks(course)])
    course.autograded("hana", UNIT).parent.mkdir(parents=True)
    course.autograded("hana", UNIT).write_text("a file where a folder should be")
    with pytest.raises(FileExistsError):
        record(course, UNIT, [marks(course, cells=FULL), marks(course, "hana")])
    assert score_table(course, UNIT).total("ada") == 2.0
    assert list(score_table(course, UNIT).scores) == ["ada"]


def test_a_locked_gradebook_says_what_to_do(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.CourseDirectory.db_url += '?timeout=0.1'\n")
    other = sqlite3.connect(course.root / "gradebook.db")
    other.execute("BEGIN IMMEDIATE")
    says = r"\(database is locked\)\. If it is locked, close what else .* disk is full, make room;"
    with pytest.raises(GradebookError, match=says):
        record(course, UNIT, [marks(course)])
    other.close()
    assert not course.autograded("ada", UNIT).exists()


def test_a_gradebook_of_an_older_nbgrader_says_how_to_upgrade(course):
    with sqlite3.connect(course.root / "gradebook.db") as database:
        database.execute("ALTER TABLE submitted_notebook DROP COLUMN late_submission_penalty")
    database.close()
    with pytest.raises(GradebookError, match=r"copy it and run: nbgrader db upgrade$"):
        record(course, UNIT, [marks(course)])


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("gradebook.db", "Could not parse"),
        ("nosql:///gradebook.db", "plugin"),
        ("firebird+missing:///gradebook.db", "plugin"),
    ],
)
def test_a_wrong_database_url_names_the_setting(course, monkeypatch, url, error):
    monkeypatch.setenv("GRADER_DB", url)
    with pytest.raises(
        GradebookError, match=rf"{error}.*\. Correct GRADER_DB or db_url in .*_config\.py"
    ):
        score_table(course, UNIT)


def test_the_gradebook_can_be_elsewhere(course, monkeypatch, tmp_path):
    shutil.move(course.root / "gradebook.db", tmp_path / "marks.db")
    monkeypatch.setenv("GRADER_DB", f"sqlite:///{tmp_path}/marks.db")
    record(course, UNIT, [marks(course)])
    assert score_table(course, UNIT).total("ada") == 2.0
    assert not (course.root / "gradebook.db").exists()


def test_a_course_whose_settings_do_not_run_says_why(course):
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.root = 1 / 0\n"
    )
    with pytest.raises(
        CourseError, match=r"must run; it raised ZeroDivisionError: division by zero\."
    ):
        score_table(course, UNIT)


def test_a_new_gradebook_is_what_nbgrader_would_make_and_needs_no_program_on_the_path(
    course, monkeypatch, tmp_path
):
    theirs = f"sqlite:///{tmp_path}/theirs.db"
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    Gradebook(theirs, "dlkit-course").close()
    monkeypatch.setenv("PATH", "")
    ours = f"sqlite:///{tmp_path}/ours.db"
    monkeypatch.setenv("GRADER_DB", ours)
    with open_gradebook(course):
        pass
    assert schema(ours) == schema(theirs)


def schema(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name != 'alembic_version'")
        ).all()
        version = connection.execute(text("SELECT version_num FROM alembic_version")).all()
        courses = connection.execute(text("SELECT id FROM course")).all()
    engine.dispose()
    return sorted(str(table) for table in tables), version, courses
