"""A run of the engine, with real isolation and nbgrader's real gradebook."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import nbformat
import pytest

from grader.engine import Judge, Task, grade_unit, plan, submissions, without_full_marks
from grader.errors import CourseError, ExerciseError
from grader.exercises.generate import products
from grader.gradebook import auto_scores, score_table
from grader.sandbox import Limits

UNIT = "97_small"
LIMITS = Limits(cell=5, check=2, total=20)
GRADER = Path(sys.executable).with_name("grader")
LOOP = "class ReLU:\n    def forward(self, x):\n        while True: pass\n    backward = forward"


def run(small, *students, **options):
    who = submissions(small.course, UNIT, students)
    options = {"limits": LIMITS, "workers": 1} | options
    return {result.student: result for result in grade_unit(small.course, UNIT, who, **options)}


def points(result):
    return {name: cell.points for name, cell in result.cells.items()}


RIGHT = {"add-forward": 1.0, "add-dx": 0.5, "add-dy": 0.5, "relu-forward": 1.0, "relu-dx": 2.0}


def wrong(small):
    return small.right("relu").replace("np.where(self.mask, 0.0, dout)", "2.0 * dout")


def test_marks_comments_and_notebooks_are_recorded(small):
    small.hand_in("ada")
    small.hand_in("hana", relu=wrong(small))
    results = run(small, workers=2)
    assert points(results["ada"]) == RIGHT
    assert points(results["hana"]) == RIGHT | {"relu-dx": 0.0}
    assert auto_scores(small.course, UNIT) == {
        who: points(result) for who, result in results.items()
    }
    assert results["ada"].remark == ""
    assert results["hana"].remark.startswith("relu-dx: `dx`")
    graded = nbformat.read(small.course.autograded("hana", UNIT) / f"{UNIT}.ipynb", 4)
    assert graded.metadata.grader.isolation == results["hana"].level in ("full", "landlock")


def test_a_batch_that_has_taken_long_is_recorded_before_it_is_full(small, monkeypatch):
    monkeypatch.setattr(sys.modules["grader.engine.run"], "SOON", 0.0)
    for who in ("ada", "hana"):
        small.hand_in(who)
    with closing(
        grade_unit(small.course, UNIT, ["ada", "hana"], limits=LIMITS, workers=1)
    ) as results:
        first = next(results)
        assert auto_scores(small.course, UNIT) == {first.student: points(first)}


def test_what_did_not_change_is_not_graded_again(small):
    paths = {who: small.hand_in(who) for who in ("ada", "hana", "tom")}
    run(small)
    assert not any(result.new for result in run(small).values())
    small.hand_in("ada", relu=wrong(small))
    (paths["hana"].parent / "timestamp.txt").write_text("2027-04-30 12:00:00 UTC")
    again = run(small)
    assert {who: result.new for who, result in again.items()} == {
        "ada": True, "hana": True, "tom": False
    }  # fmt: skip
    assert points(again["tom"]) == RIGHT
    for options in ({"limits": LIMITS, "force": True}, {"limits": Limits(cell=4)}):
        assert all(each.why for each in plan(small.course, UNIT, list(paths), **options))


def test_a_changed_key_grades_again_and_the_difference_can_be_seen_before(small):
    small.hand_in("ada")
    small.hand_in("hana", relu=wrong(small))
    run(small)
    key = small.course.key(UNIT)
    key.write_text(key.read_text().replace('"dx": 2', '"dx": 3'))
    seen = run(small, write=False)
    assert (seen["ada"].before.cells["relu-dx"].points, seen["ada"].cells["relu-dx"].points) == (
        2,
        3,
    )
    assert auto_scores(small.course, UNIT)["ada"] == RIGHT
    assert all(each.why for each in plan(small.course, UNIT, ["ada", "hana"], limits=LIMITS))


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('"dx": 2', '"dx": 1.5', r"relu-dx has 2 there and 1\.5 in the key\. Run: grader generate"),
        ('"dx": 2', '"dx": 2, "repeat": 1', "relu-repeat has none there and 1 in the key"),
    ],
)
def test_marks_of_a_key_whose_notebooks_are_older_are_not_written(old, new, error, small):
    """They would stand against the old points: 1.5 of 2 for what is all right."""
    small.hand_in("ada")
    run(small)
    key = small.course.key(UNIT)
    key.write_text(key.read_text().replace(old, new))
    with pytest.raises(ExerciseError, match=error):
        run(small, allow_lower=True)
    assert auto_scores(small.course, UNIT)["ada"] == RIGHT
    for product in products(small.course, UNIT):
        product.write()
    if "repeat" not in new:
        assert points(run(small, allow_lower=True)["ada"]) == RIGHT | {"relu-dx": 1.5}


@pytest.mark.parametrize(
    ("old", "new", "generate", "said"),
    [
        ("", "", True, None),
        ('"dx": 2', '"dx": 3', True, None),
        ('"dx": 2', '"dx": 3', False, "relu-dx has 2 there and 3 in the key. Run: grader generate"),
        ('"dx": 2', '"dx": 2, "repeat": 1', True, "or in the key alone: relu-repeat. Restore the"),
        (', "dx": 2', "", True, "in the gradebook or in the key alone: relu-dx. Restore the"),
    ],
)
def test_the_difference_comes_with_what_stands_in_the_way_of_writing_it(
    old, new, generate, said, small
):
    small.hand_in("ada")
    run(small)
    database = (small.course.root / "gradebook.db").read_bytes()
    key = small.course.key(UNIT)
    key.write_text(key.read_text().replace(old, new))
    for product in products(small.course, UNIT) if generate else ():
        product.write()
    seen = subprocess.run([GRADER, "grade", UNIT, "--diff"], cwd=small.course.root,
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert ("They could not be written: " in seen.stdout) == bool(said)
    assert (said or "") in seen.stdout
    assert (small.course.root / "gradebook.db").read_bytes() == database


def change_key(small, *changes):
    key = small.course.key(UNIT)
    for old, new in changes:
        key.write_text(key.read_text().replace(old, new))
    for product in products(small.course, UNIT):
        product.write()


SUM = 'Case(inputs={"x": draw(n, d), "y": draw(n, d)}'


def test_no_mark_is_above_what_a_new_key_gives_for_it(small):
    """Ada gets what her right answer is worth now. Hana keeps her marks, as far as they are there to keep."""
    change_key(small, (SUM, f"{SUM}, tolerance=0.5"))
    small.hand_in("ada")
    small.hand_in("hana", add=small.right("add").replace("x + y", "1.01 * (x + y)"))
    assert points(run(small)["hana"]) == RIGHT
    change_key(small, (", tolerance=0.5", ""), ('"dx": 2', '"dx": 1.5'))
    results = run(small)
    less = RIGHT | {"relu-dx": 1.5}
    assert auto_scores(small.course, UNIT) == {"ada": less, "hana": less}
    assert score_table(small.course, UNIT).max_scores["relu-dx"] == 1.5
    assert results["ada"].lower is None
    assert results["ada"].remark == "5 before, and the key gives less for it now"
    assert results["hana"].remark == (
        "kept 4.5 points (5 before, and the key gives less for it now), "
        "grading anew would give 3.5: --allow-lower writes them"
    )
    graded = nbformat.read(small.course.autograded("hana", UNIT) / f"{UNIT}.ipynb", 4)
    assert all(c.metadata.nbgrader.points == 1.5 for c in graded.cells
               if c.metadata.get("nbgrader", {}).get("grade_id") == "relu-dx")  # fmt: skip
    again = run(small)["hana"]
    assert again.remark == "kept 4.5 points, grading anew would give 3.5: --allow-lower writes them"
    assert points(run(small, allow_lower=True)["hana"]) == less | {"add-forward": 0.0}
    assert auto_scores(small.course, UNIT)["hana"] == less | {"add-forward": 0.0}


def test_marks_that_something_else_overwrote_are_made_again(small):
    small.hand_in("ada")
    run(small)
    with sqlite3.connect(small.course.root / "gradebook.db") as database:
        database.execute("UPDATE grade SET auto_score = 0.5")
    database.close()
    (each,) = plan(small.course, UNIT, ["ada"], limits=LIMITS)
    assert each.why == "the gradebook does not have these marks"
    run(small)
    assert auto_scores(small.course, UNIT)["ada"] == RIGHT


def test_one_exercise_is_judged_and_the_others_keep_their_marks(small):
    small.hand_in("ada", add="x = 1")
    run(small)
    small.hand_in("ada", relu=wrong(small))  # add is right now, relu wrong
    results = run(small, exercises=["relu"])
    assert points(results["ada"]) == RIGHT | {
        "add-forward": 0,
        "add-dx": 0,
        "add-dy": 0,
        "relu-dx": 0,
    }
    assert auto_scores(small.course, UNIT)["ada"] == points(results["ada"])
    assert points(run(small)["ada"]) == RIGHT | {"relu-dx": 0}  # a whole run judges both
    with pytest.raises(CourseError, match=r"has no exercise tanh\. There are: add, relu"):
        run(small, exercises=["tanh"])


def test_only_failed_leaves_out_who_has_full_marks(small):
    small.hand_in("ada")
    small.hand_in("hana", relu=wrong(small))
    run(small)
    small.hand_in("tom")
    assert without_full_marks(small.course, UNIT, ["ada", "hana", "tom"]) == ["hana", "tom"]
    key = small.course.key(UNIT)
    key.write_text(key.read_text() + '\nunit.explain("why", points=4)\n')  # a person's to mark
    assert without_full_marks(small.course, UNIT, ["ada", "hana", "tom"]) == ["hana", "tom"]
    key.write_text(key.read_text().replace('"dx": 2', '"dx": 3'))
    assert "ada" in without_full_marks(small.course, UNIT, ["ada", "hana", "tom"])


def test_a_stopped_submission_keeps_what_it_had_earned(small):
    small.hand_in("lou", relu=LOOP)
    result = run(small, limits=Limits(cell=2, check=0.5, total=10))["lou"]
    assert points(result) == RIGHT | {"relu-forward": 0.0, "relu-dx": 0.0}
    assert result.remark.startswith("Stopped: `ReLU` took longer than is allowed.")


def odd(small):
    """Submissions that do not look as they should, and what they are worth."""
    notebook = small.handed_out()
    answers = [small.right("add"), small.right("relu")]
    setup = "import numpy as np"

    def of(*sources):
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])

    half = answers[1].partition("    def backward")
    yield "merged", of("\n\n".join([setup, *answers])), RIGHT
    yield "moved", of(*reversed(answers), setup), RIGHT
    yield "split", of(setup, half[0], "class ReLU(ReLU):\n" + half[1] + half[2], answers[0]), RIGHT
    yield "empty-cells", of("", answers[0], "", answers[1]), RIGHT
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in small.unit.exercises:
            cell.cell_type, cell.source = "raw", small.right(name)
            del cell["outputs"], cell["execution_count"]
    yield "retyped", notebook, RIGHT


def test_answers_count_wherever_they_stand(small):
    expected = {}
    for student, notebook, worth in odd(small):
        small.hand_in(student, notebook)
        expected[student] = worth
    small.hand_in("renamed", file="copy of small.ipynb")
    small.hand_in("python", "\n\n".join(map(small.right, ["add", "relu"])), file="answer.py")
    results = run(small)
    assert {who: points(result) for who, result in results.items()} == {
        **expected, "renamed": RIGHT, "python": RIGHT
    }  # fmt: skip
    assert (
        next(results["python"].now.remarks)
        == "There is no 97_small.ipynb; answer.py was graded instead."
    )
    with sqlite3.connect(small.course.root / "gradebook.db") as database:
        comments = {row[0] for row in database.execute("SELECT auto_comment FROM comment")}
    database.close()
    assert "- There is no 97&#95;small.ipynb; copy of small.ipynb was graded instead." in comments


def test_what_cannot_be_graded_gets_no_mark_but_a_reason(small):
    small.hand_in("ada")
    small.hand_in("broken", "{")
    small.hand_in("other", nbformat.v4.new_notebook())
    results = run(small)
    assert points(results["ada"]) == RIGHT
    assert results["broken"].now is results["other"].now is None
    assert results["broken"].remark.startswith("not graded: 97_small.ipynb is not a notebook.")
    assert results["other"].remark.startswith("not graded: This is no notebook of 97_small")
    assert set(auto_scores(small.course, UNIT)) == {"ada"}
    assert [each.why for each in plan(small.course, UNIT, ["broken"], limits=LIMITS)] == [
        "not graded yet"
    ]


def test_a_folder_whose_name_is_no_students_ends_no_class(small):
    """From an archive of another system: neither the gradebook nor the terminal takes such a name."""
    for name in (os.fsdecode(b"Ren\xe9"), "x" * 255):
        shutil.copytree(small.hand_in("ada").parents[1], small.course.root / "submitted" / name)
    done = subprocess.run(
        [GRADER, "--course", small.course.root, "grade", UNIT], capture_output=True, text=True
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.count("not graded: The name of a student's folder must be UTF-8") == 2
    assert set(auto_scores(small.course, UNIT)) == {"ada"}


def test_a_persons_marks_survive(small):
    small.hand_in("ada", relu=wrong(small))
    run(small)
    with sqlite3.connect(small.course.root / "gradebook.db") as database:
        database.execute("UPDATE grade SET manual_score = 1.5 WHERE auto_score = 0")
    database.close()
    run(small, force=True)
    assert score_table(small.course, UNIT).total("ada") == 4.5


def test_a_warm_process_that_was_killed_is_started_again(small):
    small.hand_in("ada")
    with Judge(small.course, UNIT, LIMITS) as judge:
        judge._zygote._warm._start._popen.kill()
        judge._zygote._warm._start._popen.wait()
        assert judge(Task("ada")).marks


def test_one_run_at_a_time(small):
    small.hand_in("ada")
    first = grade_unit(small.course, UNIT, ["ada"], limits=LIMITS, workers=1)
    next(first)
    with pytest.raises(CourseError, match="another one is at 97_small"):
        run(small, force=True)
    first.close()


def test_a_student_who_did_not_submit_is_an_error(small):
    with pytest.raises(CourseError, match=r"No submission of 97_small"):
        submissions(small.course, UNIT)
    small.hand_in("ada")
    with pytest.raises(CourseError, match=r"tom: no submission of 97_small"):
        submissions(small.course, UNIT, ["tom"])


# --- killed at any moment


def descendants(pid):
    """Processes below one, by what /proc says of each one's parent."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, new = set(), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new}
        found |= new
    return found


def is_gone(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


@pytest.mark.slow
def test_killed_at_any_moment_and_started_again_every_mark_is_there_once(small):
    chance = random.Random(5)
    students = {f"s{number:02}": RIGHT for number in range(40)}
    for number, student in enumerate(students):
        answers = {"relu": wrong(small)} if number % 3 == 0 else {}
        students[student] = RIGHT | ({"relu-dx": 0.0} if answers else {})
        small.hand_in(student, **answers)
    command = [GRADER, "--course", str(small.course.root), "grade", UNIT, "--quiet"]
    mounts = Path("/proc/self/mounts").read_text()
    finished = 0
    for attempt in range(6):
        with (small.course.root / "log").open("w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            process.wait(timeout=chance.uniform(0.5, 4.0) if attempt < 5 else 120)
            finished += 1
        except subprocess.TimeoutExpired:
            below = descendants(process.pid)
            process.send_signal(signal.SIGKILL)
            process.wait()
            deadline = time.monotonic() + 20
            while not all(map(is_gone, below)):
                assert time.monotonic() < deadline, "a process is left behind"
                time.sleep(0.02)
        for student in (small.course.root / "autograded").glob("*"):
            nbformat.read(student / UNIT / f"{UNIT}.ipynb", 4)
    assert finished < 6
    assert process.returncode == 0, (small.course.root / "log").read_text()
    assert auto_scores(small.course, UNIT) == students
    with sqlite3.connect(small.course.root / "gradebook.db") as database:
        (count,) = database.execute("SELECT count(*) FROM submitted_assignment").fetchone()
    database.close()
    assert count == len(students)
    assert Path("/proc/self/mounts").read_text() == mounts
