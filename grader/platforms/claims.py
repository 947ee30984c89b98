"""Whose file it is, as far as a platform's file names say it.

Nothing is guessed: a name is matched whole, or not at all; and a name that two students share matches none.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from grader.course import Student
from grader.errors import SubmissionError
from grader.platforms import PLATFORMS
from grader.platforms.moodle import Row

#: What Moodle calls everybody where submissions are anonymous.
ANYBODY = ("Participant", "参加者")

# assign::download_submissions: "<group>-<full name>_<participant>_assignsubmission_file", with an underscore
# at its end before Moodle 4.1; before 3.1 the file's name followed at once. What was typed into Moodle's own
# editor is "onlinetext".
_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL
)
# Canvas (lib/content_zipper.rb): "<name>_[LATE_]<user>_<attachment>_<file>", the name in small letters and
# without spaces and signs; what was typed or linked ends in "_text.html" or "_link.html"; where names are
# hidden from whoever grades, "[LATE_]anon_<five characters>" stands for name and user.
_CANVAS = re.compile(
    r"(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d+)_(?:\d+_(?P<file>.+)|(?P<typed>(?:text|link)\.html))",
    re.DOTALL,
)
_CANVAS_HIDDEN = re.compile(r"(?:LATE_)?anon_[A-Za-z0-9]+_(?:\d+_)?(?P<file>.+)", re.DOTALL)
_CLASSROOM = re.compile(r"(?P<name>.+?) - (?P<file>.+)", re.DOTALL)


@dataclass(frozen=True)
class Claim:
    """What a path says: a full name, a number of the platform, and the name of the file itself.

    participant: Moodle's number within one assignment. user: the platform's number of a person. label: the
    folder or the beginning of a file's name, which may be an id. hidden: the platform hides who it is.
    """

    file: str
    name: str = ""
    participant: str = ""
    user: str = ""
    label: str = ""
    late: bool = False
    hidden: bool = False


def read_claim(platform: str, path: tuple[str, ...]) -> Claim | None:
    """What a path of a download says; None where it is not made as the platform makes it."""
    if platform == "moodle":
        for depth, part in enumerate(path):
            if match := _MOODLE.fullmatch(part):
                file = "/".join([part for part in (match["file"], *path[depth + 1 :]) if part])
                return (
                    Claim(file, name=match["name"], participant=match["number"]) if file else None
                )
    elif platform == "canvas":
        if match := _CANVAS_HIDDEN.fullmatch(path[-1]):
            return Claim(match["file"], hidden=True)
        if match := _CANVAS.fullmatch(path[-1]):
            file, late = match["file"] or match["typed"], bool(match["late"])
            return Claim(file, name=match["name"], user=match["user"], late=late)
    elif platform == "classroom":
        if match := _CLASSROOM.fullmatch(path[-1]):
            return Claim(match["file"], name=match["name"])
    elif platform == "folder":
        return Claim(path[-1], label=path[0])
    else:
        raise SubmissionError(
            f"A platform is one of {', '.join(PLATFORMS)}; got {platform!r}. Choose the one that it came from."
        )
    return None


_Index: TypeAlias = Mapping[str, list[str]]


class Roster:
    """The students of a course, to be found by id, number, address or full name."""

    def __init__(self, students: Mapping[str, Student]) -> None:
        self._ids = set(students)
        everybody = students.values()
        self._users = _index((s.lms_user_id, s.id) for s in everybody)
        self._emails = _index((s.email, s.id) for s in everybody)
        names = []
        for s in everybody:
            orders = {f"{s.first_name}{s.last_name}", f"{s.last_name}{s.first_name}"}
            names += [(name_key(name), s.id) for name in orders]
        self._names = _index(names)

    def by_label(self, label: str) -> str | None:
        """The student whose id is the label, or its beginning up to a `_`, `-`, `.` or space."""
        if label in self._ids:
            return label
        found = [
            id for id in self._ids if label.startswith(id) and label[len(id)] in "_-. ("
        ]  # fmt: skip
        return max(found, key=len, default=None)

    def by_user(self, number: str) -> str | None:
        """The student with this number of the platform."""
        return _only(self._users, number)

    def by_email(self, address: str) -> str | None:
        """The student with this address."""
        return _only(self._emails, address)

    def by_name(self, name: str) -> str | None:
        """The only student with this full name, in either order."""
        return _only(self._names, name_key(name))

    def by_row(self, row: Row) -> str | None:
        """The student of a row of Moodle's worksheet: by address, else by id number, else by full name."""
        return self.by_email(row.email) or self.by_id(row.number) or self.by_name(row.name)

    def by_id(self, id: str) -> str | None:
        """The student with this id."""
        return id if id in self._ids else None


def _index(pairs: Iterable[tuple[str, str]]) -> _Index:
    found: dict[str, list[str]] = {}
    for key, id in pairs:
        if key := _folded(key):
            found.setdefault(key, []).append(id)
    return found


def _only(index: _Index, key: str) -> str | None:
    found = index.get(_folded(key), [])
    return found[0] if len(found) == 1 else None


def name_key(name: str) -> str:
    """A full name without what platforms take out of file names: all but letters and digits."""
    return "".join(_words(name))


def contradicts(name: str, other: str) -> bool:
    """Whether two names have not one word in common.

    >>> contradicts("山田 花子", "山田花子"), contradicts("Group A-Ada King", "King, Ada")
    (False, False)
    >>> contradicts("Group A", "Ada King")
    True
    """
    return name_key(name) != name_key(other) and not set(_words(name)) & set(_words(other))


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name.replace("'", "")).casefold())


def _folded(text: str) -> str:
    """Text without spaces and differences of width and case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
