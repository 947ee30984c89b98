"""The report on a whole course: how each student gets on from unit to unit, as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grader.course import Course
from grader.errors import CourseError
from grader.marks import course_marks
from grader.pages import Book
from grader.pages.results import Results
from grader.resume import GradedBefore


@dataclass(frozen=True)
class UnitSummary:
    """One unit. shares: of its points, of each student who was graded, sorted."""

    unit: str
    title: str
    points: float
    graded: int
    shares: tuple[float, ...]

    def quantile(self, q: float) -> float:
        """The share that a part `q` of the students does not exceed."""
        return float(np.quantile(self.shares, q))


@dataclass(frozen=True)
class Progress:
    """One student: the share of the points of each unit, None where nothing was graded; the mark of the course.

    mark: 0 to 1, as `grader marks` has it; None where something waits for a person.
    """

    id: str
    shares: tuple[float | None, ...]
    mark: float | None


@dataclass(frozen=True)
class CourseReport:
    """All that the page says."""

    anonymous: bool
    units: tuple[UnitSummary, ...]
    students: tuple[Progress, ...]
    levels: Mapping[str, int]


def course_report(course: Course, language: str = "en", *, anonymous: bool = False) -> CourseReport:
    """The report on every unit that has results. CourseError where none has any."""
    book = Book(course, language, course.root / "_build" / "report")
    found: dict[str, dict[str, float]] = {}
    points: dict[str, float] = {}
    levels: dict[str, int] = {}
    for unit in course.unit_names():
        if not GradedBefore(course, unit).all():
            continue
        results = Results(course, unit)
        points[unit] = results.unit.points
        found[unit] = {who: results.total(who) for who in results.entries}
        for entry in results.entries.values():
            levels[entry.level] = levels.get(entry.level, 0) + 1
    if not any(found.values()):
        raise CourseError(
            "A report on the course needs marks; no unit has any. Run: grader grade UNIT"
        )
    units = tuple(
        UnitSummary(unit, book.unit_title(unit), points[unit], len(totals),
                    tuple(sorted(total / points[unit] for total in totals.values())))
        for unit, totals in found.items() if totals
    )  # fmt: skip
    names = [unit.unit for unit in units]
    students = () if anonymous else tuple(_progress(course, names, found, points))
    return CourseReport(anonymous, units, students, dict(sorted(levels.items())))


def _progress(
    course: Course,
    units: list[str],
    found: Mapping[str, Mapping[str, float]],
    points: Mapping[str, float],
) -> Iterator[Progress]:
    """Whoever stands on the roster or was graded; of what was not handed in, nothing was earned."""
    for each in course_marks(course):
        who = each.student
        shares = [found[u][who] / points[u] if who in found[u] else None for u in units]
        yield Progress(who, tuple(shares), each.mark)
