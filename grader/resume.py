"""What was graded already: a submission that did not change, under a key that did not, is not graded again.

One small file for each submission in the course folder, written after its marks are in the gradebook, so that
a run that is killed grades again what it had not recorded. It holds verdicts as data and no sentence in any
language: feedback and report are written from it, in whichever language, without grading anew.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.checks import Message, Passed, Verdict, reason
from grader.checks.curve import Curve
from grader.checks.picture import Picture
from grader.checks.stored import from_json, message_from_json, message_to_json, to_json
from grader.course import Course
from grader.errors import CourseError

FORM = 3  # of the files; what is of another form counts as not graded


@dataclass(frozen=True)
class CellEntry:
    """What was found for a grade cell. picture: of what is wrong on the visible case, where one helps."""

    points: float | None
    verdict: Verdict
    picture: Picture | Curve | None = None

    @property
    def reason(self) -> str:
        """Why points are missing, in English; empty where none are."""
        return "" if isinstance(self.verdict, Passed) else reason(self.verdict, "en")


@dataclass(frozen=True)
class Stop:
    """The submission was stopped. reason: as in `grader.checks.Stopped`; text: what the student reads of it."""

    reason: str
    text: Message


@dataclass(frozen=True)
class Flag:
    """Something for the instructor to look at. It changes no mark. kind: such as "foreign-variant"."""

    kind: str
    text: Message


@dataclass(frozen=True)
class Circumstances:
    """How the run of a submission went.

    key: version of the answer key. secret: fingerprint of what the hidden inputs were drawn from. files:
    digest of what was handed in. submitted: time of the submission, ISO 8601, empty where it is not known.
    notes: what there is to say to the student about the notebook as a whole. seconds: how long it took;
    memory: the most that one of its processes held, in bytes, 0 where the system does not tell.
    """

    key: str = ""
    secret: str = ""
    files: str = ""
    submitted: str = ""
    notes: tuple[Message, ...] = ()
    stops: tuple[Stop, ...] = ()
    flags: tuple[Flag, ...] = ()
    seconds: float = 0.0
    memory: int = 0


@dataclass(frozen=True)
class Entry:
    """The result of an earlier run.

    stamp: of everything that it depends on. level: how the submission was isolated. cells: by grade id.
    """

    stamp: str
    level: str
    cells: Mapping[str, CellEntry]
    run: Circumstances = field(default_factory=Circumstances)

    @property
    def points(self) -> float:
        """Sum of the points; what waits for a person counts as none."""
        return sum(cell.points or 0.0 for cell in self.cells.values())

    @property
    def remarks(self) -> Iterator[str]:
        """What there is to say about it as a whole, in English, the most telling thing first."""
        said = [stop.text for stop in self.run.stops]
        said += [flag.text for flag in self.run.flags]
        yield from (text.render() for text in (*said, *self.run.notes))


class GradedBefore:
    """The submissions of a unit that are graded, by student."""

    def __init__(self, course: Course, unit: str) -> None:
        self._folder = course.root / ".grader" / "graded" / unit

    def find(self, student: str) -> Entry | None:
        """The earlier result; None where there is none, or it is of an older form."""
        try:
            found = json.loads((self._folder / f"{student}.json").read_text(encoding="utf-8"))
            return _read(found) if found["form"] == FORM else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def all(self) -> dict[str, Entry]:
        """Every result that can be read, by student, in order."""
        names = sorted(path.stem for path in self._folder.glob("*.json"))
        return {name: entry for name in names if (entry := self.find(name))}

    def add(self, new: Mapping[str, Entry]) -> None:
        """Note results, each whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for student, entry in new.items():
            draft = self._folder / f".{student}.new"
            draft.write_text(json.dumps(_written(entry)), encoding="utf-8")
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
                os.fsencode(path.name) + b"\x1f" + str(path.stat().st_size).encode() + b"\x1f"
            )
            # What cannot be read is no reason to grade nobody: of the notebook itself its loading says so.
            with suppress(PermissionError), path.open("rb") as stream:
                digest.update(stream.read(1 << 25))
    return digest.hexdigest()


def _written(entry: Entry) -> dict[str, Any]:
    run = entry.run
    return {
        "form": FORM,
        "stamp": entry.stamp,
        "level": entry.level,
        "key": run.key,
        "secret": run.secret,
        "files": run.files,
        "submitted": run.submitted,
        "seconds": run.seconds,
        "memory": run.memory,
        "notes": [message_to_json(note) for note in run.notes],
        "stops": [[stop.reason, message_to_json(stop.text)] for stop in run.stops],
        "flags": [[flag.kind, message_to_json(flag.text)] for flag in run.flags],
        "cells": {
            name: {"points": cell.points, "verdict": to_json(cell.verdict)}
            | ({"picture": vars(cell.picture)} if cell.picture else {})
            for name, cell in entry.cells.items()
        },
    }


def _read(found: Any) -> Entry:
    run = Circumstances(
        key=str(found["key"]),
        secret=str(found["secret"]),
        files=str(found["files"]),
        submitted=str(found["submitted"]),
        notes=tuple(message_from_json(note) for note in found["notes"]),
        stops=tuple(Stop(str(reason), message_from_json(text)) for reason, text in found["stops"]),
        flags=tuple(Flag(str(kind), message_from_json(text)) for kind, text in found["flags"]),
        seconds=float(found["seconds"]),
        memory=int(found["memory"]),
    )
    cells = {
        name: CellEntry(
            None if cell["points"] is None else float(cell["points"]),
            from_json(cell["verdict"]),
            _picture(cell["picture"]) if "picture" in cell else None,
        )
        for name, cell in found["cells"].items()
    }
    return Entry(str(found["stamp"]), str(found["level"]), cells, run)


def _picture(found: Any) -> Picture | Curve:
    if "losses" in found:
        return Curve(tuple(map(float, found["losses"])), int(found["count"]))
    rows = (tuple(tuple(map(float, row)) for row in found[side]) for side in ("got", "want"))
    return Picture(str(found["label"]), *rows)
