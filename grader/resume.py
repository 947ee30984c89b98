"""What was graded already: a submission that did not change, under a key that did not, is not graded again.

The list stands in the course folder and is written after the marks are in the gradebook, so that a run
that is killed grades again what it had not recorded.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import Course


@dataclass(frozen=True)
class Entry:
    """The result of an earlier run. stamp: of everything that it depends on."""

    stamp: str
    level: str
    points: Mapping[str, float | None]
    remark: str


class GradedBefore:
    """The submissions of a unit that are graded, by student."""

    def __init__(self, course: Course, unit: str) -> None:
        self._path = course.root / ".grader" / "graded" / f"{unit}.json"
        self._entries: dict[str, dict[str, Any]] = {}
        if self._path.is_file():
            self._entries = json.loads(self._path.read_text(encoding="utf-8"))

    def find(self, student: str, stamp: str) -> Entry | None:
        """The earlier result, if it was for the same stamp."""
        entry = self._entries.get(student)
        return Entry(**entry) if entry is not None and entry["stamp"] == stamp else None

    def add(self, new: Mapping[str, Entry]) -> None:
        """Add results and write the list, whole or not at all."""
        self._entries |= {student: vars(entry) for student, entry in new.items()}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(self._entries), encoding="utf-8")
        draft.replace(self._path)


def stamp(folder: Path, *depends: str) -> str:
    """Digest of a submission's folder (its notebook and time) and of whatever else the marks depend on."""
    digest = hashlib.sha256("\x1f".join(depends).encode())
    for path in sorted(folder.glob("*")):
        if path.is_file() and not path.is_symlink():
            digest.update(
                path.name.encode() + b"\x1f" + str(path.stat().st_size).encode() + b"\x1f"
            )
            with path.open("rb") as stream:
                digest.update(stream.read(1 << 25))
    return digest.hexdigest()
