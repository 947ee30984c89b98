"""Make the folder of a course of one's own: settings, roster, secret, and whatever was changed last year.

The folder holds only what is the course's own. A unit or page that it does not have comes from the project, so
that upgrading the project changes no file of the course.
"""

import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from grader.course import COLUMNS, CONFIG, LANGUAGES, PROJECT, Course
from grader.errors import CourseError
from grader.settings import FILE, read_settings

#: What must never reach a repository: people and their work.
PRIVATE = (
    "students.csv", "submitted/", "autograded/", "feedback/", "gradebook.db*", "journal.jsonl", ".grader/",
    "_build/",
)  # fmt: skip
#: What a course changes by hand, and takes along into the next year.
OWN = ("solutions", "book", "slides")


def init(
    folder: Path, units: Sequence[str], language: str = "en", title: str = "", zone: str = "UTC"
) -> list[Path]:
    """Make a course folder; the files that were written."""
    if language not in LANGUAGES:
        raise CourseError(f"A language is one of {', '.join(LANGUAGES)}; got {language!r}.")
    project = Course(PROJECT)
    names = [project.unit(unit) for unit in units] or list(project.unit_names())
    blocks = [
        f"[units.{name}]\n# opens = 2027-05-03T09:00:00\n# due = 2027-05-17T23:59:00\nweight = 1\n"
        for name in names
    ]
    head = (
        f"title = {_toml(title or 'Deep learning')}\nlanguage = {_toml(language)}\ntimezone = {_toml(zone)}\n"
        f"version = {_toml(version('dlkit-course'))}  # of the project that it was made with\n"
    )
    tail = (
        "[late]\ngrace_minutes = 0\npenalty_per_day = 0.0  # share of the score, for each day begun\n"
        'cap = 1.0\n\n[marks]\ndrop_lowest = 0\nattempts = "last"  # or "best": which one counts\n'
    )
    return _write(folder, "\n".join([head, *blocks, tail]))


def init_from(old: Course, folder: Path, weeks: int) -> list[Path]:
    """Make next year's folder: settings with dates so many weeks later, what is its own, no student."""
    path = old.root / FILE
    if not path.is_file():
        raise CourseError(
            f"The course to begin from has a {FILE}; {old.root} has none. Name its folder."
        )
    read_settings(old)  # which says what is wrong with it
    text = re.sub(
        r"(?m)^(\s*(?:opens|due)\s*=\s*)(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)",
        lambda match: match[1] + _later(match[2], weeks),
        path.read_text(encoding="utf-8-sig"),
    )
    current = _toml(version("dlkit-course"))
    text = re.sub(r'(?m)^version\s*=\s*"[^"]*"', f"version = {current}", text)
    return _write(folder, text, [old.root / name for name in OWN if (old.root / name).is_dir()])


def _write(folder: Path, settings: str, own: Iterable[Path] = ()) -> list[Path]:
    """Write the folder, with copies of these folders; a folder that breaks a rule is not left behind."""
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(
            f"A new course goes into an empty folder; {folder} has files. Name another one."
        )
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        FILE: settings,
        CONFIG: (PROJECT / CONFIG).read_text(encoding="utf-8"),
        "students.csv": ",".join(COLUMNS) + "\n",
        ".gitignore": "# people and their work stay out of version control\n"
        + "\n".join(PRIVATE)
        + "\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    copied = [shutil.copytree(path, folder / path.name, ignore=ignore) for path in own]
    course = Course(folder.resolve())
    try:
        read_settings(course)
    except CourseError:
        shutil.rmtree(folder)
        raise
    course.secret()
    return [*(folder / name for name in (*files, ".grader/secret")), *copied]


def _later(text: str, weeks: int) -> str:
    return (datetime.fromisoformat(text) + timedelta(weeks=weeks)).isoformat()


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if not escaped.isprintable():
        raise CourseError(f"A title has printable characters alone; got {text!r}.")
    return f'"{escaped}"'
