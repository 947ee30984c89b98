"""The mark of the course: shares of the units' points, weighed, the lowest left out, as course.toml says."""

from collections.abc import Mapping
from dataclasses import dataclass

from grader.course import Course
from grader.errors import GradebookError
from grader.gradebook import ScoreTable, score_table
from grader.settings import Settings, read_settings


@dataclass(frozen=True)
class UnitMark:
    """A student's mark in one unit. share: of the points, 0 to 1; None: a person has still to mark something.

    counts: whether it is among those that make up the mark.
    """

    unit: str
    points: float
    penalty: float
    most: float
    weight: float
    share: float | None
    counts: bool = True

    def __str__(self) -> str:
        if self.share is None:
            return "waits for a person"
        late = f" - {self.penalty:g} late" if self.penalty else ""
        dropped = "" if self.counts else ", dropped"
        share = f"({self.points + self.penalty:g}{late}) / {self.most:g} = {self.share:.3f}"
        return f"{share}, weight {self.weight:g}{dropped}"


@dataclass(frozen=True)
class CourseMark:
    """A student's mark, 0 to 1, and how it came about; None where something waits for a person."""

    student: str
    units: tuple[UnitMark, ...]
    mark: float | None


def course_marks(course: Course) -> list[CourseMark]:
    """Marks of everybody on the roster or in the gradebook, over the units of course.toml that were graded."""
    settings = read_settings(course)
    tables: dict[str, ScoreTable] = {}
    for unit in settings.units or course.unit_names():
        try:
            tables[unit] = score_table(course, unit)
        except GradebookError:  # not graded yet
            continue
    students = dict.fromkeys([*course.students(), *(s for t in tables.values() for s in t.scores)])
    return [_mark(student, tables, settings) for student in students]


def _mark(student: str, tables: Mapping[str, ScoreTable], settings: Settings) -> CourseMark:
    units = [_unit_mark(student, name, table, settings) for name, table in tables.items()]
    waiting = any(unit.share is None for unit in units)
    if not waiting and settings.drop_lowest:
        lowest = sorted(units, key=lambda unit: unit.share or 0.0)[: settings.drop_lowest]
        if len(lowest) < len(units):  # the last one is never dropped
            units = [unit if unit not in lowest else _dropped(unit) for unit in units]
    counted = [unit for unit in units if unit.counts and unit.weight]
    total = sum(unit.weight for unit in counted)
    mark = None
    if counted and not waiting:
        mark = sum(unit.weight * (unit.share or 0.0) for unit in counted) / total
    return CourseMark(student, tuple(units), mark)


def _unit_mark(student: str, unit: str, table: ScoreTable, settings: Settings) -> UnitMark:
    most, weight = sum(table.max_scores.values()), settings.weight(unit)
    if student not in table.scores:  # nothing was handed in
        return UnitMark(unit, 0.0, 0.0, most, weight, 0.0)
    points, penalty = table.total(student), table.penalties[student]
    waits = any(score is None for score in table.scores[student].values())
    return UnitMark(unit, points, penalty, most, weight, None if waits else points / most)


def _dropped(unit: UnitMark) -> UnitMark:
    return UnitMark(
        unit.unit, unit.points, unit.penalty, unit.most, unit.weight, unit.share, counts=False
    )
