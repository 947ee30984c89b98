"""The package that travels with a unit: a dlkit without answers, and the judge of the public checks."""

import hashlib
import py_compile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grader.bundles import withheld
from grader.bundles.modules import read_package
from grader.bundles.owners import Ownership
from grader.bundles.strip import strip
from grader.course import PROJECT, Course
from grader.errors import ExerciseError
from grader.exercises import Unit, load_unit

JUDGE = ("grader/__init__.py", "grader/errors.py", "grader/checks")
HERE = Path(__file__).parent


def stripped(course: Course, unit_name: str) -> Path:
    """The folder of a unit's package, made if it is not there: what a submission may import while graded.

    It is named by the contents of all that it is made from, so it is never out of date.
    """
    folder = course.root / "_build" / "packages" / f"{unit_name}-{_fingerprint(course)}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="new-") as temporary:
            draft = Path(temporary) / "package"
            _write(draft, package_files(course, unit_name))
            try:
                draft.rename(folder)
            except OSError:  # another process made it meanwhile
                if not folder.is_dir():
                    raise
    return folder


def package_files(course: Course, unit_name: str) -> dict[str, bytes]:
    """The files of a unit's package by place, in order."""
    unit = load_unit(course.key(unit_name))
    texts = strip(read_package(PROJECT, "dlkit"), ownership(course), unit_name, _imports_of(unit))
    texts["dlkit/_withheld.py"] = Path(withheld.__file__).read_text(encoding="utf-8")
    files = {place: text.encode() for place, text in texts.items()}
    for path in _judge():
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


def _judge() -> Iterator[Path]:
    """The files of the judge: its modules and its compiled catalogues."""
    for part in JUDGE:
        path = PROJECT / part
        yield from [path] if path.is_file() else sorted([*path.rglob("*.py"), *path.rglob("*.mo")])


def _fingerprint(course: Course) -> str:
    """Of everything that a package is made from."""
    made_from = [
        *sorted((PROJECT / "dlkit").rglob("*.py")),
        *_judge(),
        *sorted(HERE.glob("*.py")),
        *(course.key(name) for name in course.unit_names()),
    ]
    digest = hashlib.sha256()
    for path in made_from:
        text = path.read_bytes()
        digest.update(f"{path.name} {len(text)}\n".encode() + text)
    return digest.hexdigest()[:12]


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write the package so that any user can read it, and compile it: each submission imports it anew."""
    for place, data in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if path.suffix == ".py":
            py_compile.compile(
                str(path), dfile=place, doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )  # fmt: skip
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
