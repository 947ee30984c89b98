"""The report on one unit, as data."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.checks import Blocked, Crashed, Failed, Finding, Message, Passed
from grader.course import Course
from grader.pages import Book, Link
from grader.pages.results import Results
from grader.report.examples import Example, blanked, of_the_key
from grader.report.statistics import Quality, qualities

NOT_BEGUN = "not-implemented"
SLOWEST = 5  # submissions that are named


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise. share: mean share of its points; full, none: students with all and none of them; not_begun:
    students who left it as it was handed out."""

    id: str
    title: str
    points: float
    share: float
    full: int
    none: int
    not_begun: int


@dataclass(frozen=True)
class CheckRow:
    """One check: how often each verdict came, and its quality."""

    number: int
    exercise: str
    name: str
    sentence: Message
    points: float
    right: int
    wrong: int
    not_tried: int
    quality: Quality


@dataclass(frozen=True)
class Misunderstanding:
    """What several students got wrong in the same way. count: of students."""

    id: str
    count: int
    share: float
    exercises: tuple[str, ...]
    section: Link | None
    example: Example


@dataclass(frozen=True)
class Incident:
    """Something that happened to a submission. kind: such as "time". Anonymous ones say no more than that."""

    kind: str
    student: str = ""
    text: Message | None = None


@dataclass(frozen=True)
class StudentRow:
    """One student: points in all and by exercise."""

    id: str
    total: float
    exercises: tuple[float, ...]
    seconds: float
    memory: int


@dataclass(frozen=True)
class UnitReport:
    """All that the page says. totals: points of each student, sorted; seconds, memory: likewise."""

    unit: str
    title: str
    anonymous: bool
    points: float
    totals: tuple[float, ...]
    levels: Mapping[str, int]
    exercises: tuple[ExerciseRow, ...]
    checks: tuple[CheckRow, ...]
    misunderstandings: tuple[Misunderstanding, ...]
    seconds: tuple[float, ...]
    memory: tuple[int, ...]
    stops: tuple[Incident, ...]
    crashes: tuple[Incident, ...]
    unreadable: tuple[Incident, ...]
    waiting: tuple[Incident, ...]
    flags: tuple[Incident, ...]
    absent: tuple[Incident, ...]
    students: tuple[StudentRow, ...]

    def kinds(self, incidents: Sequence[Incident]) -> dict[str, int]:
        """How many incidents there are of each kind, the most frequent first."""
        return dict(Counter(incident.kind for incident in incidents).most_common())

    @property
    def mean(self) -> float:
        """Mean of the totals."""
        return float(np.mean(self.totals))

    @property
    def median(self) -> float:
        """Median of the totals."""
        return self.quantile(self.totals, 0.5)

    def quantile(self, values: Sequence[float], q: float) -> float:
        """The value that a part `q` of them does not exceed."""
        return float(np.quantile(values, q))

    @property
    def slowest(self) -> list[StudentRow]:
        """Whose submissions took longest."""
        return sorted(self.students, key=lambda row: -row.seconds)[:SLOWEST]


def unit_report(
    course: Course,
    unit: str,
    language: str = "en",
    *,
    anonymous: bool = False,
    where: Path | None = None,
) -> UnitReport:
    """The report on everybody who was graded by the key as it is now.

    anonymous: no ids, and nothing that comes from a student's code. language: of titles. where: the
    folder from which the page links into the book.
    """
    results = Results(course, unit)
    book = Book(course, language, where or course.root / "_build" / "report")
    entries = results.entries
    titles = book.titles(unit)
    hide = _Hide(anonymous)
    return UnitReport(
        unit=unit,
        title=book.unit_title(unit),
        anonymous=anonymous,
        points=results.unit.points,
        totals=tuple(sorted(results.total(student) for student in entries)),
        levels=dict(sorted(Counter(entry.level for entry in entries.values()).items())),
        exercises=tuple(_exercises(results, titles)),
        checks=tuple(_checks(results)),
        misunderstandings=tuple(_misunderstandings(results, book, anonymous=anonymous)),
        seconds=tuple(sorted(entry.run.seconds for entry in entries.values())),
        memory=tuple(sorted(entry.run.memory for entry in entries.values() if entry.run.memory)),
        stops=hide(
            (stop.reason, who, stop.text) for who, e in entries.items() for stop in e.run.stops
        ),
        crashes=hide(_crashes(results)),
        unreadable=hide(("unreadable", who, text) for who, text in results.unreadable.items()),
        waiting=hide(("waiting", who, None) for who in results.waiting),
        flags=hide(
            (flag.kind, who, flag.text) for who, e in entries.items() for flag in e.run.flags
        ),
        absent=hide(("absent", who, None) for who in _absent(course, results)),
        students=() if anonymous else tuple(_students(results)),
    )


class _Hide:
    """Makes incidents; anonymous ones say neither whose they are nor more than their kind."""

    def __init__(self, anonymous: bool) -> None:
        self._anonymous = anonymous

    def __call__(self, found: Iterator[tuple[str, str, Message | None]]) -> tuple[Incident, ...]:
        return tuple(
            Incident(kind) if self._anonymous else Incident(kind, who, text)
            for kind, who, text in found
        )


def _exercises(results: Results, titles: Mapping[str, str]) -> Iterator[ExerciseRow]:
    for exercise in results.unit.exercises.values():
        ids = [exercise.grade_id(check) for check in exercise.checks]
        earned = [
            sum(results.scores(student).get(id) or 0.0 for id in ids) for student in results.entries
        ]
        yield ExerciseRow(
            exercise.id,
            titles.get(exercise.label, exercise.name),
            exercise.points,
            float(np.mean(earned)) / exercise.points if earned else 0.0,
            sum(points >= exercise.points for points in earned),
            sum(not points for points in earned),
            sum(
                any(_id(entry.cells[id].verdict) == NOT_BEGUN for id in ids)
                for entry in results.entries.values()
            ),
        )


def _checks(results: Results) -> Iterator[CheckRow]:
    rows = [
        (exercise, check)
        for exercise in results.unit.exercises.values()
        for check in exercise.checks
    ]
    points = np.array([check.points for _, check in rows])
    shares = np.full((len(results.entries), len(rows)), np.nan)
    for i, student in enumerate(results.entries):
        scores = results.scores(student)
        for j, (exercise, check) in enumerate(rows):
            score = scores[exercise.grade_id(check)]
            shares[i, j] = np.nan if score is None else min(score / check.points, 1.0)
    found = qualities(shares, points)
    for number, ((exercise, check), quality) in enumerate(zip(rows, found, strict=True), start=1):
        kinds = Counter(
            type(entry.cells[exercise.grade_id(check)].verdict)
            for entry in results.entries.values()
        )
        yield CheckRow(
            number, exercise.id, check.name, check.check.sentence, check.points,
            kinds[Passed], kinds[Failed], kinds[Blocked], quality,
        )  # fmt: skip


def _misunderstandings(
    results: Results, book: Book, *, anonymous: bool
) -> Iterator[Misunderstanding]:
    """The ways of being wrong, the most frequent first; a student counts once for each."""
    who: dict[str, list[str]] = {}
    where: dict[str, list[str]] = {}
    first: dict[str, tuple[str, Finding]] = {}
    for student, entry in results.entries.items():
        for exercise in results.unit.exercises.values():
            for check in exercise.checks:
                found = _finding(entry.cells[exercise.grade_id(check)].verdict)
                if found is None or found.id == NOT_BEGUN:
                    continue
                if student not in (students := who.setdefault(found.id, [])):
                    students.append(student)
                if exercise.id not in (exercises := where.setdefault(found.id, [])):
                    exercises.append(exercise.id)
                first.setdefault(found.id, (student, found))
    key = of_the_key(results.unit) if anonymous else {}
    for id in sorted(who, key=lambda id: (-len(who[id]), id)):
        student, found = first[id]
        if anonymous:
            ours = (key[place] for e in where[id] if (place := (e, id)) in key)
            example = next(ours, Example(blanked(found.text)))
        else:
            example = Example(found.text, found.example, student=student)
        yield Misunderstanding(
            id, len(who[id]), len(who[id]) / len(results.entries), tuple(where[id]),
            book.section(found.section), example,
        )  # fmt: skip


def _finding(verdict: object) -> Finding | None:
    match verdict:
        case Failed(diagnosis=found):
            return found
        case Passed(note=found):
            return found
    return None


def _id(verdict: object) -> str:
    found = _finding(verdict)
    return found.id if found else ""


def _crashes(results: Results) -> Iterator[tuple[str, str, Message | None]]:
    """Checks of ours that broke."""
    for student, entry in results.entries.items():
        for id, cell in entry.cells.items():
            if isinstance(cell.verdict, Crashed):
                last = cell.verdict.error.strip().splitlines()[-1:]
                yield "crashed", student, Message(f"{id}: {''.join(last)}")


def _absent(course: Course, results: Results) -> list[str]:
    """Who stands on the roster and handed nothing in."""
    here = {*results.entries, *results.unreadable, *results.waiting}
    return [id for id in course.students() if id not in here]


def _students(results: Results) -> Iterator[StudentRow]:
    for student, entry in results.entries.items():
        scores = results.scores(student)
        by_exercise = tuple(
            sum(scores.get(exercise.grade_id(check)) or 0.0 for check in exercise.checks)
            for exercise in results.unit.exercises.values()
        )
        yield StudentRow(
            student, results.total(student), by_exercise, entry.run.seconds, entry.run.memory
        )
