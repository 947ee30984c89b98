"""What the package that travels with a unit holds: a dlkit without answers, and the judge of public checks."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grader.bundles import withheld
from grader.bundles.modules import read_package
from grader.bundles.owners import Ownership
from grader.bundles.package import judge_files
from grader.bundles.strip import strip
from grader.course import PROJECT, Course
from grader.errors import ExerciseError
from grader.exercises import Unit, load_unit


def package_files(course: Course, unit_name: str) -> dict[str, bytes]:
    """The files of a unit's package by place, in order."""
    unit = load_unit(course.key(unit_name))
    texts = strip(read_package(PROJECT, "dlkit"), ownership(course), unit_name, _imports_of(unit))
    texts["dlkit/_withheld.py"] = Path(withheld.__file__).read_text(encoding="utf-8")
    files = {place: text.encode() for place, text in texts.items()}
    for path in judge_files():
        files[path.relative_to(PROJECT).as_posix()] = path.read_bytes()
    return dict(sorted(files.items()))


def ownership(course: Course) -> Ownership:
    """Who owns what of dlkit, by the table and by the course's keys.

    A key that does not load asks for nothing: whoever works on that unit is told, and nobody else is stopped.
    """
    asked = {}
    for name in course.unit_names():
        with suppress(ExerciseError):
            asked[name] = _asked(load_unit(course.key(name)))
    return Ownership(asked)


def _asked(unit: Unit) -> list[str]:
    return [f"{e.source.module}.{e.name}" for e in unit.exercises.values()]


def _imports_of(unit: Unit) -> Iterator[tuple[str, str]]:
    """Module and name of what the references of a unit import: its notebook imports the same."""
    for exercise in unit.exercises.values():
        for line in exercise.imports():
            if line.startswith("from "):
                module, _, name = line.removeprefix("from ").partition(" import ")
                yield module, name.partition(" as ")[0]
