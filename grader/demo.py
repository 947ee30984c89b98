"""A synthetic class: submissions of every kind that a real class brings, made from the answer key."""

import csv
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from rich.console import Console

from grader.course import COLUMNS, CONFIG, LANGUAGES, PROJECT, PUBLIC_SECRET, Course
from grader.engine import grade_unit, submissions
from grader.errors import GradebookError
from grader.exercises import Exercise, Unit, load_unit
from grader.exercises.generate import products
from grader.exercises.release import register
from grader.feedback import Desk
from grader.report import report_path, unit_report
from grader.report import write as write_report
from grader.sandbox import Limits
from grader.table import kind_of, print_class, progress

Fill = Callable[[Exercise], str | None]  # source of the solution cell; None leaves the stub

LOOP = "while True:\n    pass"


@dataclass(frozen=True)
class Pupil:
    """A synthetic student: id, name, language, and what stands in each solution cell."""

    id: str
    first_name: str
    last_name: str
    language: str
    fill: Fill


def right(exercise: Exercise) -> str:
    """The worked solution."""
    return exercise.source.text


def is_layer(exercise: Exercise) -> bool:
    """Whether a class with `forward` and `backward` is to be written."""
    return exercise.kind == "implement" and {"forward", "backward"} <= {*exercise.methods}


def untouched(exercise: Exercise) -> None:
    """The stub as it was handed out."""


def pupils(unit: Unit) -> Iterator[Pupil]:
    """The class: right, partly right, each misconception of the key, and ways to fail altogether."""
    exercises = list(unit.exercises.values())
    half = exercises[: len(exercises) // 2]
    last = [exercise for exercise in exercises if is_layer(exercise)][-1]
    yield Pupil("right-1", "Ada", "Right", "en", right)
    yield Pupil("right-2", "Hanako", "正解", "ja", right)
    yield Pupil("half", "Hal", "Way", "en", lambda e: right(e) if e in half else None)
    yield Pupil("untouched", "Tom", "Untouched", "ja", untouched)
    yield Pupil(
        "syntax-error", "Sid", "Syntax", "en", _in_last(last, lambda s: s + "\n    def broken(:")
    )
    yield Pupil("exception", "Eve", "Error", "ja", _in_last(last, _raising(last)))
    yield Pupil("endless-loop", "Lou", "Loop", "en", _in_last(last, _looping(last)))
    yield Pupil("renamed", "Ren", "Amed", "en",
                _in_last(last, lambda s: s.replace(f"class {last.name}", "class MyLayer")))  # fmt: skip
    yield Pupil("noisy", "Nora", "Noise", "ja",
                lambda e: "import sys\nprint('debug', file=sys.stderr)\n" + right(e))  # fmt: skip
    yield Pupil("zeros", "Zoe", "Zero", "en", _zeros)
    languages = ("en", "ja")
    number = 0
    for exercise in exercises:
        for misconception in exercise.possible_misconceptions():
            wrong = exercise.source.text.replace(misconception.old, misconception.new)
            yield Pupil(
                f"{exercise.id}-{misconception.id}",
                f"Mia {number + 1}",
                "Misconception",
                languages[number % 2],
                _in_last(exercise, lambda _, wrong=wrong: wrong),  # type: ignore[misc]
            )
            number += 1


def make_class(course: Course, unit: Unit, everyone: Sequence[Pupil]) -> None:
    """Write students.csv and a submission for every pupil."""
    with (course.root / "students.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for pupil in everyone:
            writer.writerow(
                {"id": pupil.id, "first_name": pupil.first_name, "last_name": pupil.last_name,
                 "email": f"{pupil.id}@example.org", "language": pupil.language}
            )  # fmt: skip
    for pupil in everyone:
        handed_out = nbformat.read(course.student_notebook(unit.name, pupil.language), as_version=4)
        target = course.submitted(pupil.id, unit.name) / f"{unit.name}.ipynb"
        _write_if_changed(target, nbformat.writes(filled(handed_out, unit, pupil.fill)))


def filled(notebook: NotebookNode, unit: Unit, fill: Fill) -> NotebookNode:
    """The student's notebook with its solution cells filled in."""
    for cell in notebook.cells:
        exercise = unit.exercises.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if exercise is not None:
            source = fill(exercise)
            cell.source = cell.source if source is None else source
    return notebook


def _in_last(wrong: Exercise, edit: Callable[[str], str]) -> Fill:
    return lambda e: edit(right(e)) if e is wrong else right(e)


def _raising(exercise: Exercise) -> Callable[[str], str]:
    return lambda _: _with_bodies(exercise, "return self.no_such_attribute + 1")


def _looping(exercise: Exercise) -> Callable[[str], str]:
    return lambda _: _with_bodies(exercise, LOOP)


def _zeros(exercise: Exercise) -> str | None:
    """A layer whose forward and backward agree with each other, and do nothing."""
    if not is_layer(exercise):
        return None
    forward = exercise.source.with_bodies(["forward"], "return 0.0 * x")
    return exercise.source.with_bodies(["backward"], "return 0.0 * dout", forward)


def _with_bodies(exercise: Exercise, body: str) -> str:
    """The reference with other bodies."""
    return exercise.source.with_bodies(exercise.methods, body)


def _write_if_changed(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run_demo(project: Path, unit_name: str, into: Path) -> None:
    """Make a demonstration course, grade its class, and print the marks and where everything is.

    One that an older version of the unit has left, with other grade cells, is made anew.
    """
    console = Console()
    course, name = _with_notebooks(into, unit_name)
    try:
        register(course, name)
    except GradebookError:
        console.print("The demonstration is of an older version of the unit: it is made anew.")
        shutil.rmtree(into)
        course, name = _with_notebooks(into, unit_name)
    unit = load_unit(course.key(name))
    make_class(course, unit, list(pupils(unit)))
    limits = Limits(cell=5, check=3, total=60)
    students = submissions(course, name)
    results = list(
        progress(
            grade_unit(course, name, students, limits=limits, allow_lower=True),
            len(students),
            f"Grading {name}",
            kind_of(unit),
        )
    )
    print_class(unit, results)
    tell(course, name)
    for what, where in places(course, name):
        console.print(f"{what:>20}  {where}", highlight=False, soft_wrap=True)


def _with_notebooks(root: Path, unit: str) -> tuple[Course, str]:
    course = demo_course(root)
    name = course.unit(unit)
    for product in products(course, name):
        product.write()
    return course, name


def demo_course(root: Path) -> Course:
    """A course folder that takes units from the project; what is drawn in it is no secret."""
    root.mkdir(parents=True, exist_ok=True)
    config = root / CONFIG
    if not config.exists():
        shutil.copyfile(PROJECT / CONFIG, config)
    course = Course.find(root)
    secret = course.root / ".grader" / "secret"
    if not secret.exists():
        secret.parent.mkdir(exist_ok=True)
        secret.touch(mode=0o600)
        secret.write_bytes(PUBLIC_SECRET)
    return course


def tell(course: Course, unit: str) -> None:
    """Write the students' feedback, and the class's reports in both languages."""
    desk = Desk(course, unit)
    for _ in progress(desk.write(), len(desk.students), f"Feedback of {unit}"):
        pass
    for language in LANGUAGES:
        found = unit_report(course, unit, language)
        write_report(found, report_path(course, unit, language), language)


def places(course: Course, unit: str) -> Iterator[tuple[str, Path]]:
    """What the demonstration made, and where it is; only what exists."""
    site = PROJECT / "_build" / "site"
    everything = {
        "book (English)": site / "en" / f"{unit}.html",
        "book (Japanese)": site / "ja" / f"{unit}.html",
        "deck (English)": site / "slides" / "en" / f"{unit}.html",
        "deck (Japanese)": site / "slides" / "ja" / f"{unit}.html",
        "instructor notebook": course.instructor_notebook(unit),
        "student notebook": course.student_notebook(unit, "en"),
        "in Japanese": course.student_notebook(unit, "ja"),
        "submissions": course.root / "submitted",
        "gradebook": course.root / "gradebook.db",
        "feedback": course.root / "feedback",
        "class report": report_path(course, unit, "en"),
        "report in Japanese": report_path(course, unit, "ja"),
    }
    yield from ((what, path) for what, path in everything.items() if path.exists())
