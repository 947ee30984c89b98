"""The journal of a course: what a person decided about marks, who, when and why. Lines are only added.

Each line carries the digest of the one before, so that a line which was changed or taken out is noticed. The
one operation that rewrites it is `pseudonymized`, for a student whose data has to go.
"""

import getpass
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Literal, TypeAlias

from grader.course import Course
from grader.errors import CourseError

FILE = "journal.jsonl"
Kind: TypeAlias = Literal["override", "void", "extend", "purge"]


@dataclass(frozen=True)
class Record:
    """One decision. points None withdraws an earlier override; withdrawn takes back a void or an extension.

    check: the grade id of a cell. until: ISO 8601 with zone. at: when it was decided, in UTC.
    """

    kind: Kind
    unit: str = ""
    reason: str = ""
    student: str = ""
    check: str = ""
    points: float | None = None
    until: str = ""
    withdrawn: bool = False
    by: str = ""
    at: str = ""

    @property
    def withdraws(self) -> bool:
        """Whether it takes an earlier decision back."""
        return self.withdrawn or (self.kind == "override" and self.points is None)

    def __str__(self) -> str:
        what = {
            "override": f"{self.student}: {self.check} gets "
            + ("what the grader gave" if self.points is None else f"{self.points:g} points"),
            "void": f"{self.check} "
            + ("counts again" if self.withdrawn else "is void: full points for all"),
            "extend": f"{self.student} has until "
            + ("the due date" if self.withdrawn else self.until),
            "purge": f"the data of {self.student} was removed",
        }[self.kind]
        return f"{what} ({self.reason})"


@dataclass(frozen=True)
class Adjustment:
    """What a person decided about one cell of one student; points None: full points, since it is void."""

    points: float | None
    reason: str


class Adjustments:
    """What the journal says of one unit."""

    def __init__(self, records: list[Record], unit: str) -> None:
        self._by_cell: dict[
            str, dict[str, Record]
        ] = {}  # check → student, "" for all → the last record
        self._decided: dict[str, set[str]] = {}  # check → students, "" for all
        self._until: dict[str, Record] = {}
        for record in records:
            if record.unit != unit:
                continue
            if record.check:
                self._decided.setdefault(record.check, set()).add(record.student)
            if record.kind in ("void", "override"):
                of_cell = self._by_cell.setdefault(record.check, {})
                of_cell.pop(record.student, None)  # the last decision goes to the end
                if not record.withdraws:
                    of_cell[record.student] = record
            elif record.kind == "extend":
                self._until[record.student] = record

    def of(self, student: str, check: str) -> Adjustment | None:
        """What holds for a cell: the last decision on it, of those not taken back; None where there is none."""
        record = self._last(student, self._by_cell.get(check, {}))
        return Adjustment(record.points, record.reason) if record else None

    @staticmethod
    def _last(student: str, of_cell: dict[str, Record]) -> Record | None:
        return next((of_cell[who] for who in reversed(of_cell) if who in ("", student)), None)

    def is_void(self, check: str) -> bool:
        """Whether a check is void."""
        return "" in self._by_cell.get(check, {})

    def is_silent(self, student: str, check: str) -> bool:
        """Whether nobody ever decided anything about a cell, not even to take a decision back."""
        return not self._decided.get(check, set()) & {"", student}

    def extends(self, student: str) -> bool:
        """Whether there is a record about this student's date, be it to take an extension back."""
        return student in self._until

    def extension(self, student: str, due: datetime) -> timedelta | None:
        """How much later than the due date (with zone) a student may hand in."""
        record = self._until.get(student)
        if record is None or record.withdrawn:
            return None
        return datetime.fromisoformat(record.until) - due

    def about(self, student: str) -> Iterator[Record]:
        """The decisions that hold for a student, as they were written down."""
        for of_cell in self._by_cell.values():
            if record := self._last(student, of_cell):
                yield record
        until = self._until.get(student)
        if until and not until.withdrawn:
            yield until


class Journal:
    """The journal of a course."""

    def __init__(self, course: Course) -> None:
        self._path = course.root / FILE

    def records(self) -> list[Record]:
        """All records, from the first on. CourseError where a line was changed, taken out or torn."""
        if not self._path.exists():
            return []
        return list(_parsed(self._path, self._path.read_bytes()))

    def adjustments(self, unit: str) -> Adjustments:
        """What it says of a unit."""
        return Adjustments(self.records(), unit)

    def add(self, record: Record) -> Record:
        """Write a record down, with who and when; what was written."""
        if not record.reason.strip():
            raise CourseError(
                "A decision has a reason that a student may read; got none. Give --reason."
            )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        record = replace(record, by=record.by or getpass.getuser(), at=now)
        with self._locked("a+b") as file:
            file.seek(0)
            content = file.read()
            for _ in _parsed(self._path, content):
                pass
            file.write(_line(record, content))
            file.flush()
            os.fsync(file.fileno())
        return record

    def pseudonymized(self, student: str, pseudonym: str) -> None:
        """Put a pseudonym in the place of a student's id, in all records; whole or not at all."""
        with self._locked("a+b") as file:
            file.seek(0)
            content = b""
            for record in _parsed(self._path, file.read()):
                if record.student == student:
                    record = replace(record, student=pseudonym, reason="(removed)")
                content += _line(record, content)
            draft = self._path.with_name(f".{FILE}.new")
            draft.write_bytes(content)
            draft.chmod(0o600)
            draft.replace(self._path)

    @contextmanager
    def _locked(self, mode: str) -> Iterator[IO[bytes]]:
        import fcntl  # not on Windows, where nothing is graded

        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, mode) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _line(record: Record, before: bytes) -> bytes:
    last = before.splitlines()[-1] if before else b""
    given = asdict(record).items()
    fields = {
        name: value for name, value in given if not (value is None or value is False or value == "")
    }
    return json.dumps({**fields, "after": _digest(last)}, ensure_ascii=False).encode() + b"\n"


def _parsed(path: Path, content: bytes) -> Iterator[Record]:
    last = b""
    for number, line in enumerate(content.splitlines(), 1):
        try:
            fields: Mapping[str, object] = json.loads(line)
            after = fields.pop("after")  # type: ignore[attr-defined]
            record = Record(**fields)  # type: ignore[arg-type]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise CourseError(
                f"{path}, line {number}: not a record of the journal. It is written by grader alone; "
                "restore the file from a copy."
            ) from None
        if after != _digest(last):
            raise CourseError(
                f"{path}, line {number}: the line before was changed or taken out. "
                "Restore the file from a copy."
            )
        last = line
        yield record
    if content and not content.endswith(b"\n"):
        raise CourseError(
            f"{path}: its last line is torn. Delete that line; it was never in force."
        )


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:16]
