"""A course folder: where things are in it, its roster and its secret.

This repository is a course folder; a taught course is another one, with its own roster, submissions and
marks. A course may bring units of its own, or replace some of the project's; all others come from the
project. So one code path serves both. What is written by hand (`key`, `page`) is looked for in the course
and then in the project; what is generated or collected always stands in the course.

Nothing but the standard library is imported: `nbgrader_config.py` and every hidden cell load this module.
"""

import contextlib
import csv
import hashlib
import os
import secrets
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from grader.errors import CourseError

PROJECT = Path(__file__).resolve().parent.parent
SETTINGS = "course.toml"  # what a course sets; see `grader.settings`
CONFIG = "nbgrader_config.py"
LANGUAGES = ("en", "ja")
COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id", "language")

#: The secret of the demo and of the proof: whoever uses it says that its draws are no secret.
PUBLIC_SECRET = b"this secret is public: for demonstrations and proofs only"
SHORTEST_SECRET = 16


@dataclass(frozen=True)
class Student:
    """One row of the roster."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Course:
    """The folder of a course, and where things are in it."""

    root: Path

    @classmethod
    def find(cls, start: str | Path = ".") -> "Course":
        """The course that a folder belongs to: the nearest folder upwards with an nbgrader_config.py."""
        start = Path(start).resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG).is_file():
                return cls(folder)
        raise CourseError(
            f"A course folder holds {CONFIG}; neither {start} nor a folder above it does. "
            "Go into a course folder, or name it: grader --course DIR …"
        )

    # --- units

    def unit_names(self) -> tuple[str, ...]:
        """All units by name: the course's own first, then the project's other ones."""
        own = _units(self.root)
        return (*own, *(name for name in _units(PROJECT) if name not in own))

    def unit(self, name: str) -> str:
        """The unit with that name, or the only one whose name begins so: "06" → "06_backpropagation"."""
        names = self.unit_names()
        if name in names:
            return name
        matches = [each for each in names if name and each.startswith(name)]
        if len(matches) == 1:
            return matches[0]
        problem = "is the beginning of several units" if matches else "is not a unit"
        listed = (
            ", ".join(matches or names) or f"none: no folder of {self.root}/solutions has a key.py"
        )
        raise CourseError(f"{name!r} {problem} of the course. Choose one of: {listed}.")

    def key(self, unit: str) -> Path:
        """The answer key of a unit."""
        return self._own_or_projects(Path("solutions", unit, "key.py"))

    def page(self, unit: str, language: str) -> Path:
        """The page of a unit in the book; a course's own unit may have one page for all languages."""
        page = Path("book", _known(language), f"{unit}.md")
        if self.root != PROJECT and not (PROJECT / page).is_file():
            twins = (Path("book", each, f"{unit}.md") for each in (language, *LANGUAGES))
            page = next((twin for twin in twins if (self.root / twin).is_file()), page)
        return self._own_or_projects(page)

    def instructor_notebook(self, unit: str) -> Path:
        """The notebook with solutions and hidden tests: nbgrader's source."""
        return self.root / "solutions" / unit / f"{unit}.ipynb"

    def student_notebook(self, unit: str, language: str = "en") -> Path:
        """The notebook that students get: nbgrader's release, and its Japanese twin."""
        folder = self.root / "assignments"
        if _known(language) != "en":
            folder /= language
        return folder / unit / f"{unit}.ipynb"

    def submitted(self, student: str, unit: str) -> Path:
        """The folder of what a student submitted."""
        return self.root / "submitted" / student / unit

    def autograded(self, student: str, unit: str) -> Path:
        """The folder of a student's graded notebook."""
        return self.root / "autograded" / student / unit

    def _own_or_projects(self, path: Path) -> Path:
        for root in (self.root, PROJECT):
            if (root / path).is_file():
                return root / path
        raise CourseError(f"{path} must exist; neither {self.root} nor {PROJECT} has it. Write it.")

    # --- roster

    def students(self) -> dict[str, Student]:
        """The roster by id, in the order of students.csv; empty where there is no such file."""
        path = self.root / "students.csv"
        return read_roster(path, self.language) if path.exists() else {}

    @property
    def language(self) -> str:
        """The language of students whose row names none; `grader.settings` says what is wrong with it."""
        with contextlib.suppress(OSError, ValueError):
            settings = tomllib.loads((self.root / SETTINGS).read_text(encoding="utf-8-sig"))
            if settings.get("language") in LANGUAGES:
                return str(settings["language"])
        return LANGUAGES[0]

    # --- secret

    def secret(self) -> bytes:
        """The course's secret: GRADER_SECRET, else the file .grader/secret, made when first needed.

        Hidden inputs and variants are drawn from it, so whoever has it can compute them.
        """
        text = os.environ.get("GRADER_SECRET")
        origin = "GRADER_SECRET"
        if text is None:
            path = self.root / ".grader" / "secret"
            if not path.exists():
                _create_secret(path)
            text, origin = _read_private(path), str(path)
        text = text.strip()
        if len(text) < SHORTEST_SECRET:
            raise CourseError(
                f"A secret has at least {SHORTEST_SECRET} characters; {origin} has {len(text)}. Make one: "
                'python -c "import secrets; print(secrets.token_hex())"'
            )
        return text.encode()


def read_roster(path: Path, language: str = LANGUAGES[0]) -> dict[str, Student]:
    """A roster by id, in the order of the file. CourseError that names the line which breaks a rule.

    language: of those whose row names none.
    """
    roster: dict[str, Student] = {}
    for line, student in _rows(path, language):
        if student.id in roster:
            raise CourseError(
                f"{path}, line {line}: an id stands once; {student.id!r} is there twice."
            )
        roster[student.id] = student
    return roster


def fingerprint(secret: bytes) -> str:
    """Eight hexadecimal digits that tell secrets apart and give none away.

    >>> fingerprint(PUBLIC_SECRET)
    '2a9c0952'
    """
    return hashlib.sha256(secret).hexdigest()[:8]


def configure(config: Any, root: str | Path) -> None:
    """Set nbgrader up for the course folder `root`; every course's nbgrader_config.py calls this.

    What the course wants otherwise, such as another course_id, it sets afterwards.
    """
    root = Path(root).resolve()
    course = config.CourseDirectory
    course.root = str(root)
    course.course_id = "dlkit-course"
    course.db_url = os.environ.get("GRADER_DB") or f"sqlite:///{root / 'gradebook.db'}"
    course.source_directory = "solutions"
    course.release_directory = "assignments"
    # By default these two are siblings of `solutions`, one of them a single letter away from it.
    course.solution_directory = "_build/solution"
    course.source_with_tests_directory = "_build/source_with_tests"
    # nbgrader copies every file beside the notebook to students and into graded submissions.
    course.ignore = ["key.py", "*.pyc", "__pycache__", ".ipynb_checkpoints", "feedback"]
    # Dates, grace and penalty of course.toml, for whatever grades.
    config.AssignLatePenalties.plugin_class = "grader.lateness.LatePenalty"
    # nbgrader would run a submission with the rights of whoever grades.
    config.Autograde.autograde_preprocessors = ["grader.autograde.JudgeInSandbox"]
    # nbgrader wants to know an assignment before its first submission; it drops what the hook raises.
    config.Autograde.pre_convert_hook = _MadeKnown(root)
    # A submission's HTML and Markdown reach an instructor's browser: formgrader and feedback clean it.
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {
        "markdown2html": "grader.sanitize.markdown2html",
        "clean_html": "grader.sanitize.clean",
    }


@dataclass(frozen=True)
class _MadeKnown:
    """Registers an assignment with the gradebook.

    It reads the same in every process, as all settings must: `grader.exercises.release` compares them.
    """

    root: Path

    def __call__(self, assignment: str, **others: object) -> None:
        # By its name, as nbgrader finds what else it is given here.
        import_module("grader.autograde").register(Course(self.root), assignment)


def _units(root: Path) -> list[str]:
    return sorted(key.parent.name for key in (root / "solutions").glob("*/key.py"))


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise CourseError(f"A language is one of {', '.join(LANGUAGES)}; got {language!r}.")
    return language


def _rows(path: Path, language: str) -> Iterator[tuple[int, Student]]:
    """Line number and student of each row, checked."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if sorted(header) != sorted(COLUMNS):
                raise CourseError(
                    f"{path}, line 1: the columns are {','.join(COLUMNS)}, in any order, separated by commas; "
                    f"got {','.join(header)!r}."
                )
            for row in reader:
                if row:
                    yield reader.line_num, _student(path, reader.line_num, header, row, language)
    except UnicodeDecodeError:
        raise CourseError(
            f'{path} is not UTF-8. Save it as UTF-8; in Excel choose "CSV UTF-8 (comma delimited)".'
        ) from None
    except csv.Error as error:
        raise CourseError(f"{path}, line {reader.line_num}: not a CSV file ({error}).") from None


def _student(path: Path, line: int, header: list[str], row: list[str], default: str) -> Student:
    where = f"{path}, line {line}"
    if len(row) != len(header):
        raise CourseError(
            f"{where}: a row has {len(header)} values; this one has {len(row)}: {row}."
        )
    values = dict(zip(header, (value.strip() for value in row), strict=True))
    language = values["language"] or default
    if language not in LANGUAGES:
        raise CourseError(
            f"{where}: language is {' or '.join(LANGUAGES)}, or empty; got {language!r}."
        )
    if not _names_a_folder(values["id"]):
        raise CourseError(
            f"{where}: an id names a folder, so it is not empty, does not begin with a dot, and has none of "
            f"/ \\ * ? [ ] and no control character; got {values['id']!r}."
        )
    return Student(**{**values, "language": language})


def _names_a_folder(name: str) -> bool:
    # nbgrader looks for submissions by glob patterns: an id with * or [ would name other students too.
    return bool(name) and name.isprintable() and name[0] != "." and not set(name) & set("/\\*?[]")


def _create_secret(path: Path) -> None:
    """Write a new secret; of several processes that try at once one wins, and all read a whole file."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f"secret.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(draft, path)
    finally:
        draft.unlink()


def _read_private(path: Path) -> str:
    """The text of a file that only its owner may read."""
    try:
        with path.open() as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if os.name == "posix" and mode & 0o077:
                raise CourseError(
                    f"Only its owner may read {path}; its permissions are {mode:03o}. "
                    f"Run: chmod 600 {path}"
                )
            return file.read()
    except PermissionError:
        raise CourseError(f"{path} cannot be read. Grade as the user who owns it.") from None
