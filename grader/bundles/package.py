"""The folder of the package that travels with a unit, made when it is first asked for.

Where it stands already, nothing heavier than the standard library is imported to find it: grading starts the
process of the submissions with it before all else.
"""

import hashlib
import py_compile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.course import PROJECT, Course

JUDGE = ("grader/__init__.py", "grader/errors.py", "grader/checks")
HERE = Path(__file__).parent


def stripped(course: Course, unit_name: str) -> Path:
    """The folder of a unit's package, made if it is not there: what a submission may import while graded.

    It is named by the contents of all that it is made from, so it is never out of date.
    """
    folder = course.root / "_build" / "packages" / f"{unit_name}-{_fingerprint(course)}"
    if not folder.is_dir():
        from grader.bundles.contents import package_files

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


def judge_files() -> Iterator[Path]:
    """The files of the judge that travels: its modules and its compiled catalogues."""
    for part in JUDGE:
        path = PROJECT / part
        yield from [path] if path.is_file() else sorted([*path.rglob("*.py"), *path.rglob("*.mo")])


def _fingerprint(course: Course) -> str:
    """Of everything that a package is made from."""
    made_from = [
        *sorted((PROJECT / "dlkit").rglob("*.py")),
        *judge_files(),
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
