"""How long feedback and report take for a large class, and how large the pages are.

    python benchmarks/feedback.py                 # 1,000 students of unit 06
    python benchmarks/feedback.py --students 100 --json FILE

The synthetic class of `grader demo` is graded once; each of the students then gets the result of one of its
members, in the store and in the gradebook. Grading itself is measured by benchmarks/grading.py. What is timed:
a page from the stored verdicts to the file, a report from the stored verdicts to the file.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import shutil
import statistics
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import click

from grader.course import Course
from grader.demo import demo_course, make_class, pupils
from grader.engine import grade_unit
from grader.engine.marks import cell_marks
from grader.exercises import Unit, load_unit
from grader.exercises.generate import products
from grader.feedback import Desk, page_path
from grader.gradebook import SubmissionMarks, record
from grader.report import course_report, report_path, unit_report, write
from grader.resume import Entry, GradedBefore
from grader.sandbox import Limits
from grader.submission import load

UNIT = "06_backpropagation"
ENDLESS = "endless-loop"  # its time limit is all that it would measure


def make_large_class(root: Path, students: int) -> Course:
    """A course in which so many students have the results of the synthetic class."""
    course = demo_course(root)
    for product in products(course, UNIT):
        product.write()
    unit = load_unit(course.key(UNIT))
    make_class(course, unit, [pupil for pupil in pupils(unit) if pupil.id != ENDLESS])
    kinds = sorted(path.name for path in (root / "submitted").iterdir())
    list(grade_unit(course, UNIT, kinds, limits=Limits()))
    graded = GradedBefore(course, UNIT)
    everybody = {f"s{n:04}": kind for n, kind in zip(range(students), cycle(kinds), strict=False)}
    entries = {who: graded.find(kind) for who, kind in everybody.items()}
    graded.add(entries)
    record(
        course,
        UNIT,
        [marks_of(course, unit, *pair, entries[pair[0]]) for pair in everybody.items()],
    )
    for who in everybody:
        course.submitted(who, UNIT).mkdir(parents=True)
    for kind in kinds:
        shutil.rmtree(root / "submitted" / kind)
    roster = [f"{who},,,,,{'ja' if i % 2 else 'en'}" for i, who in enumerate(everybody)]
    header = "id,first_name,last_name,email,lms_user_id,language"
    (root / "students.csv").write_text("\n".join([header, *roster, ""]))
    return course


def marks_of(course: Course, unit: Unit, who: str, kind: str, entry: Entry) -> SubmissionMarks:
    """What the gradebook gets of a student."""
    verdicts = {name: cell.verdict for name, cell in entry.cells.items()}
    notebook = load(course.submitted(kind, UNIT) / f"{UNIT}.ipynb")
    return SubmissionMarks(who, None, notebook, cell_marks(unit, verdicts, "en"))


def seconds(run) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


@click.command()
@click.option("--students", default=1000, show_default=True)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path))
def main(students: int, json_file: Path | None) -> None:
    """Measure feedback and reports of a class of that many students."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_large_class(Path(folder) / "course", students)
        started = time.perf_counter()
        desk = Desk(course, UNIT)
        loading = time.perf_counter() - started
        writer = desk.write()
        each = [seconds(lambda: next(writer)) for _ in desk.students]
        sizes = [page_path(course, UNIT, who).stat().st_size for who in desk.students]
        found = {
            "students": students,
            "loading seconds": round(loading, 2),
            "page milliseconds, median": round(1000 * statistics.median(each), 1),
            "page milliseconds, 99 %": round(1000 * statistics.quantiles(each, n=100)[-1], 1),
            "page KB, median": round(statistics.median(sizes) / 1000, 1),
            "page KB, largest": round(max(sizes) / 1000, 1),
        }
        for name, anonymous in (("report", False), ("anonymous report", True)):
            path = report_path(course, UNIT, anonymous=anonymous)
            found[f"{name} seconds"] = round(
                seconds(
                    lambda a=anonymous, p=path: write(unit_report(course, UNIT, anonymous=a), p)
                ),
                2,
            )
            found[f"{name} KB"] = round(path.stat().st_size / 1000, 1)
        path = report_path(course, "course")
        found["course report seconds"] = round(
            seconds(lambda: write(course_report(course), path)), 2
        )
        found["course report KB"] = round(path.stat().st_size / 1000, 1)
    for name, value in found.items():
        click.echo(f"{name:>30}  {value}")
    if json_file is not None:
        json_file.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
