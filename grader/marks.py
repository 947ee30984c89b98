"""The mark of the course: shares of the units' points, weighed, the lowest left out, as course.toml says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from grader.attempts import others
from grader.course import Course
from grader.errors import GradebookError
from grader.gradebook import ScoreTable, score_table
from grader.journal import Journal
from grader.settings import Settings, read_settings


@dataclass(frozen=True)
class UnitMark:
    """A student's mark in one unit. share: of the points, 0 to 1; None: a person has still to mark something.

    waiting: the cells that person has to mark. counts: whether it is among those that make up the mark.
    attempts: how many there were, where the best counts; 0 where nothing was handed in.
    """

    unit: str
    points: float
    penalty: float
    most: float
    weight: float
    share: float | None
    waiting: tuple[str, ...] = ()
    counts: bool = True
    attempts: int = 1

    def __str__(self) -> str:
        if self.share is None:
            return f"waits for a person: {', '.join(self.waiting)}"
        late = f" - {self.penalty:g} late" if self.penalty else ""
        share = f"({self.points + self.penalty:g}{late}) / {self.most:g} = {self.share:.3f}"
        best = f", best of {self.attempts} attempts" if self.attempts > 1 else ""
        dropped = "" if self.counts else ", among the lowest, dropped"
        said = share if self.attempts else "nothing graded: 0"
        return f"{said}, weight {self.weight:g}{best}{dropped}"


@dataclass(frozen=True)
class CourseMark:
    """A student's mark, 0 to 1, and how it came about; None where something waits for a person."""

    student: str
    units: tuple[UnitMark, ...]
    mark: float | None

    def __str__(self) -> str:
        if self.mark is None:
            return "waits for a person" if self.units else "no unit is graded yet"
        counted = [unit for unit in self.units if unit.counts and unit.weight]
        terms = " + ".join(f"{unit.weight:g} x {unit.share or 0.0:.3f}" for unit in counted)
        return f"({terms}) / {sum(unit.weight for unit in counted):g} = {self.mark:.3f}"


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
    return [_mark(course, student, tables, settings) for student in students]


def explained(course: Course, mark: CourseMark) -> Iterator[str]:
    """How a student's mark came about, line by line: units, decisions about them, and what is made of both."""
    for unit in mark.units:
        yield f"{unit.unit}: {unit}"
        for record in Journal(course).adjustments(unit.unit).about(mark.student):
            yield f"    {record}"
    yield f"mark: {mark}"


def _mark(
    course: Course, student: str, tables: Mapping[str, ScoreTable], settings: Settings
) -> CourseMark:
    units = [_unit_mark(course, student, name, table, settings) for name, table in tables.items()]
    waiting = any(unit.share is None for unit in units)
    weighed = [unit for unit in units if unit.weight]
    if not waiting and settings.drop_lowest < len(weighed):  # the last one is never dropped
        lowest = sorted(weighed, key=lambda unit: unit.share or 0.0)[: settings.drop_lowest]
        units = [replace(unit, counts=False) if unit in lowest else unit for unit in units]
    counted = [unit for unit in units if unit.counts and unit.weight]
    total = sum(unit.weight for unit in counted)
    mark = None
    if counted and not waiting:
        mark = sum(unit.weight * (unit.share or 0.0) for unit in counted) / total
    return CourseMark(student, tuple(units), mark)


def _unit_mark(
    course: Course, student: str, unit: str, table: ScoreTable, settings: Settings
) -> UnitMark:
    most, weight = sum(table.max_scores.values()), settings.weight(unit)
    if student not in table.scores:  # nothing was handed in
        return UnitMark(unit, 0.0, 0.0, most, weight, 0.0, attempts=0)
    points, penalty = table.total(student), table.penalties[student]
    waiting = tuple(cell for cell, score in table.scores[student].items() if score is None)
    share = None if waiting else points / most
    several = len(others(course, unit, student)) if settings.attempts == "best" else 0
    return UnitMark(unit, points, penalty, most, weight, share, waiting, attempts=1 + several)
