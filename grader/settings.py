"""What a course says of itself in `course.toml`: title, units, dates, lateness, weights.

A course folder without that file has the defaults. Every error names the file, the key and what it should be.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.course import LANGUAGES, SETTINGS, Course
from grader.errors import CourseError

FILE = SETTINGS
ATTEMPTS = ("last", "best")


@dataclass(frozen=True)
class UnitDates:
    """When a unit is open, with time zone, and what it weighs in the mark of the course.

    pool: how many variants there are for all students together; 0: each has one of their own.
    """

    opens: datetime | None = None
    due: datetime | None = None
    weight: float = 1.0
    pool: int = 0


@dataclass(frozen=True)
class Lateness:
    """What lateness costs: nothing within the grace, then a share of the score a day begun, up to a cap."""

    grace_minutes: float = 0.0
    penalty_per_day: float = 0.0
    cap: float = 1.0

    def penalty(self, score: float, seconds: float) -> float:
        """Points to take from a score that came so many seconds late.

        >>> Lateness(grace_minutes=10, penalty_per_day=0.1, cap=0.5).penalty(20, 86400)
        2.0
        """
        if seconds <= 60 * self.grace_minutes:
            return 0.0
        days = -(-seconds // 86400)
        return score * min(self.penalty_per_day * days, self.cap)


@dataclass(frozen=True)
class Settings:
    """A course's settings. units: in their order; empty for all. drop_lowest: units that do not count.

    attempts: which of a student's attempts at a unit counts, "last" or "best". book_url: where the book is
    published; feedback links to it.
    """

    title: str = "Deep learning"
    language: str = "en"
    version: str = ""
    book_url: str = ""
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    units: Mapping[str, UnitDates] = field(default_factory=dict)
    late: Lateness | None = None
    drop_lowest: int = 0
    attempts: str = "last"

    def due(self, unit: str) -> datetime | None:
        """When a unit is due, with time zone."""
        return self.units[unit].due if unit in self.units else None

    def pool(self, unit: str) -> int:
        """The size of a unit's pool of variants; 0 where it has none."""
        return self.units[unit].pool if unit in self.units else 0

    def weight(self, unit: str) -> float:
        """What a unit weighs."""
        return self.units[unit].weight if unit in self.units else 1.0


def read_settings(course: Course) -> Settings:
    """The settings of a course; the defaults where it has no course.toml."""
    path = course.root / FILE
    if not path.is_file():
        return Settings()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not TOML in UTF-8: {error}. Correct that place.") from None
    return _Reader(path).settings(document, course)


class _Reader:
    """Turns the document into settings; knows the file for its errors."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def settings(self, document: dict[str, Any], course: Course) -> Settings:
        top = {"title", "language", "version", "book_url", "timezone", "units", "late", "marks"}
        self._only("", document, top)
        zone = self._zone(document.get("timezone", "UTC"))
        language = self._take("", document, "language", str, "en")
        if language not in LANGUAGES:
            self._fail("language", f"one of {', '.join(LANGUAGES)}", language)
        late, marks = self._table(document, "late"), self._table(document, "marks")
        self._only("late.", late, {"grace_minutes", "penalty_per_day", "cap"})
        self._only("marks.", marks, {"drop_lowest", "attempts"})
        drop = self._take("marks.", marks, "drop_lowest", int, 0)
        if drop < 0:
            self._fail("marks.drop_lowest", "0 or more", drop)
        attempts = self._take("marks.", marks, "attempts", str, "last")
        if attempts not in ATTEMPTS:
            self._fail("marks.attempts", f"one of {', '.join(ATTEMPTS)}", attempts)
        units = self._table(document, "units")
        return Settings(
            title=self._take("", document, "title", str, "Deep learning"),
            language=language,
            version=self._take("", document, "version", str, ""),
            book_url=self._book_url(document),
            timezone=zone,
            units={self._unit(course, n): self._dates(n, units[n], zone) for n in units},
            late=self._late(late) if late else None,
            drop_lowest=drop,
            attempts=attempts,
        )

    def _late(self, table: dict[str, Any]) -> Lateness:
        return Lateness(
            self._share("late.grace_minutes", table, 0.0, most=None),
            self._share("late.penalty_per_day", table, 0.0),
            self._share("late.cap", table, 1.0),
        )

    def _book_url(self, document: dict[str, Any]) -> str:
        url: str = self._take("", document, "book_url", str, "")
        if url and not url.startswith(("https://", "http://")):
            self._fail("book_url", "an address that begins with https://", url)
        return url.rstrip("/")

    def _unit(self, course: Course, name: str) -> str:
        try:
            return course.unit(name)
        except CourseError as error:
            raise CourseError(f"{self._path}, units.{name}: {error}") from None

    def _dates(self, name: str, table: Any, zone: ZoneInfo) -> UnitDates:
        where = f"units.{name}."
        if not isinstance(table, dict):
            self._fail(where[:-1], "a table of opens, due, weight and pool", table)
        self._only(where, table, {"opens", "due", "weight", "pool"})
        times = {}
        for key in ("opens", "due"):
            time = self._take(where, table, key, datetime, None)
            times[key] = time.replace(tzinfo=zone) if time and time.tzinfo is None else time
        opens, due = times["opens"], times["due"]
        if opens and due and due <= opens:
            self._fail(
                where + "due", f"after {opens.isoformat()}, when the unit opens", due.isoformat()
            )
        pool = self._take(where, table, "pool", int, 0)
        if pool < 2 and "pool" in table:
            self._fail(where + "pool", "2 or more, the number of variants", pool)
        return UnitDates(opens, due, self._share(where + "weight", table, 1.0, most=None), pool)

    def _share(
        self, key: str, table: dict[str, Any], default: float, most: float | None = 1.0
    ) -> float:
        value = table.get(key.rpartition(".")[2], default)
        wrong = isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0
        if wrong or (most is not None and value > most):
            self._fail(key, "a number from 0 to 1" if most else "a number, 0 or more", value)
        return float(value)

    def _zone(self, name: Any) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
            self._fail("timezone", "a name such as Asia/Tokyo", name)
            raise

    def _table(self, document: dict[str, Any], key: str) -> dict[str, Any]:
        return self._take("", document, key, dict, {})  # type: ignore[no-any-return]

    def _take(self, where: str, table: dict[str, Any], key: str, kind: type, default: Any) -> Any:
        value = table.get(key, default)
        if key in table and not isinstance(value, kind):
            names = {
                str: "a text",
                int: "a whole number",
                dict: "a table",
                datetime: "a date and time",
            }
            self._fail(where + key, f"{names[kind]}, such as {_EXAMPLES[kind]}", value)
        return value

    def _only(self, where: str, table: dict[str, Any], known: set[str]) -> None:
        if unknown := sorted(set(table) - known):
            raise CourseError(
                f"{self._path}: {where}{unknown[0]} is not a setting; there are "
                f"{', '.join(where + name for name in sorted(known))}."
            )

    def _fail(self, key: str, rule: str, value: object) -> None:
        raise CourseError(f"{self._path}: {key} is {rule}; got {value!r}.")


_EXAMPLES = {str: '"Deep learning"', int: "1", dict: "[late]", datetime: "2027-05-17T23:59:00"}
