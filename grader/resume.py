"""What was graded already: a submission that did not change, under a key that did not, is not graded again.

One small file for each submission in the course folder, written after its marks are in the gradebook, so that
a run that is killed grades again what it had not recorded.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from grader.course import Course
from grader.errors import CourseError


@dataclass(frozen=True)
class CellEntry:
    """What an earlier run found for a cell; reason: why points are missing, in English."""

    points: float | None = None
    output: str = ""
    comment: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Entry:
    """The result of an earlier run. stamp: of everything that it depends on; cells: by grade id.

    level: how the submission was isolated. notes: what there is to say about it as a whole.
    """

    stamp: str
    level: str
    cells: Mapping[str, CellEntry]
    notes: tuple[str, ...] = field(default=())


class GradedBefore:
    """The submissions of a unit that are graded, by student."""

    def __init__(self, course: Course, unit: str) -> None:
        self._folder = course.root / ".grader" / "graded" / unit

    def find(self, student: str) -> Entry | None:
        """The earlier result; None where there is none, or it is of an older form."""
        try:
            found = json.loads((self._folder / f"{student}.json").read_text(encoding="utf-8"))
            cells = {name: CellEntry(**cell) for name, cell in found.pop("cells").items()}
            return Entry(cells=cells, notes=tuple(found.pop("notes")), **found)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def add(self, new: Mapping[str, Entry]) -> None:
        """Note results, each whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for student, entry in new.items():
            draft = self._folder / f".{student}.new"
            draft.write_text(json.dumps(asdict(entry)), encoding="utf-8")
            draft.replace(self._folder / f"{student}.json")

    @contextmanager
    def only_one_run(self) -> Iterator[None]:
        """Hold the unit while it is graded. CourseError where another run holds it."""
        import fcntl  # not on Windows, where there is no isolation either

        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CourseError(
                    f"One run grades a unit at a time; another one is at {self._folder.name}. "
                    "Wait until it ends."
                ) from None
            yield


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
