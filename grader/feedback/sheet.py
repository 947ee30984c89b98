"""What a student's page says, as data: marks, each check with its verdict, what to do next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.checks import (
    Awaiting,
    Blocked,
    Crashed,
    Failed,
    Finding,
    Message,
    Passed,
    Verdict,
    message,
    verdict_word,
)
from grader.exercises import Exercise, Unit
from grader.feedback.figure import Figure, figure
from grader.journal import Adjustment
from grader.pages import Book, Link
from grader.pages.results import Recorded
from grader.resume import CellEntry, Entry

#: Style and sign of a verdict; its word stands beside them.
LOOKS: Mapping[type, tuple[str, str]] = {
    Passed: ("passed", "✓"),
    Failed: ("failed", "✗"),
    Blocked: ("blocked", "–"),
    Awaiting: ("awaiting", "✎"),
    Crashed: ("crashed", "!"),
}
STEPS = 3  # that are shown at once: more are not read
OURS = message("The check itself failed; a person will look at it.")
SAME = message("For the same reason.")


@dataclass(frozen=True)
class CheckLine:
    """One check as the page shows it. earned: None waits for a person. decision: what a person decided."""

    sentence: Message
    look: str
    sign: str
    word: str
    earned: float | None
    points: float
    why: Message | None = None
    example: Message | None = None
    section: Link | None = None
    figure: Figure | None = None
    comment: str = ""
    decision: Adjustment | None = None


@dataclass(frozen=True)
class ExerciseSheet:
    """One exercise: its title, its place in the book, its checks. comment: what a person wrote."""

    id: str
    title: str
    link: Link | None
    checks: Sequence[CheckLine]
    comment: str = ""

    @property
    def points(self) -> float:
        """What the exercise is worth."""
        return sum(check.points for check in self.checks)

    @property
    def earned(self) -> float:
        """What it brought."""
        return sum(check.earned or 0.0 for check in self.checks)

    @property
    def waits(self) -> bool:
        """Whether a person still has to mark some of it."""
        return any(check.earned is None for check in self.checks)

    @property
    def first_wrong(self) -> CheckLine | None:
        """The first check that did not pass: the one to look at first."""
        wrong = ("failed", "part", "blocked")
        return next((check for check in self.checks if check.look in wrong), None)


@dataclass(frozen=True)
class Sheet:
    """A student's page. unreadable: why there are no marks. penalty: points taken off for lateness."""

    student: str
    unit: str
    title: str
    exercises: Sequence[ExerciseSheet] = ()
    notes: Sequence[Message] = ()
    submitted: str = ""
    penalty: float = 0.0
    unreadable: Message | None = None

    @property
    def points(self) -> float:
        """What the unit is worth."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def earned(self) -> float:
        """What the submission brought."""
        return max(0.0, sum(exercise.earned for exercise in self.exercises) - self.penalty)

    @property
    def steps(self) -> list[tuple[ExerciseSheet, CheckLine]]:
        """What to do next: of the exercises that are not right, the first check that is wrong."""
        found = [(each, check) for each in self.exercises if (check := each.first_wrong)]
        return found[:STEPS]


def sheet(
    student: str, unit: Unit, entry: Entry, recorded: Recorded, book: Book, language: str
) -> Sheet:
    """The sheet of a student whose submission was graded."""
    exercises = [
        _exercise(exercise, entry.cells, recorded, book, language)
        for exercise in unit.exercises.values()
    ]
    notes: list[Message] = []
    for text in (*(stop.text for stop in entry.run.stops), *entry.run.notes):
        if text not in notes:
            notes.append(text)
    return Sheet(
        student,
        unit.name,
        book.unit_title(unit.name),
        exercises,
        notes,
        entry.run.submitted.replace("T", " "),
        recorded.penalty,
    )


def _exercise(
    exercise: Exercise,
    cells: Mapping[str, CellEntry],
    recorded: Recorded,
    book: Book,
    language: str,
) -> ExerciseSheet:
    link = book.exercise(exercise.unit, exercise.label)
    return ExerciseSheet(
        exercise.id,
        link.title if link else exercise.name,
        link,
        list(_lines(exercise, cells, recorded, book, language)),
        recorded.comments.get(exercise.id, ""),
    )


def _lines(
    exercise: Exercise,
    cells: Mapping[str, CellEntry],
    recorded: Recorded,
    book: Book,
    language: str,
) -> Iterator[CheckLine]:
    said: Message | None = None
    for check in exercise.checks:
        id = exercise.grade_id(check)
        cell = cells[id]
        found, why = _why(cell.verdict)
        again = why is not None and why == said  # what several in a row share stands once
        look, sign = _look(cell.verdict)
        yield CheckLine(
            check.check.sentence,
            look,
            sign,
            verdict_word(cell.verdict, language),
            recorded.scores.get(id, cell.points),
            check.points,
            SAME if again else why,
            found.example if found else None,
            book.section(found.section) if found and not again else None,
            figure(cell.picture, language) if cell.picture else None,
            recorded.comments.get(id, ""),
            recorded.decisions.get(id),
        )
        said = why


def _look(verdict: Verdict) -> tuple[str, str]:
    if isinstance(verdict, Failed) and verdict.share:
        return "part", "◐"
    return LOOKS[type(verdict)]


def _why(verdict: Verdict) -> tuple[Finding | None, Message | None]:
    """What a verdict has to say: a finding where it is one, and its text."""
    match verdict:
        case Passed(note=found) if found is not None:
            return found, found.text
        case Failed(diagnosis=found):
            return found, found.text
        case Blocked(by=text) | Awaiting(note=text):
            return None, text
        case Crashed():
            return None, OURS
    return None, None
