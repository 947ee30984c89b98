"""What there is to tell about a unit: what grading found, with scores and comments from the gradebook."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.checks import Message
from grader.course import Course
from grader.engine import submissions
from grader.exercises import load_unit
from grader.gradebook import comments_by_hand, score_table
from grader.journal import Adjustment, Journal
from grader.resume import Entry, GradedBefore
from grader.submission import UnreadableSubmission, find, load


@dataclass(frozen=True)
class Recorded:
    """What the gradebook has of a student: a person's scores are in it, and a person's comments.

    decisions: what the journal says of single checks, by grade id.
    """

    scores: Mapping[str, float | None] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 0.0
    decisions: Mapping[str, Adjustment] = field(default_factory=dict)


class Results:
    """The results of a unit.

    entries: by student, of those who were graded by the key as it is now. unreadable: why a submission cannot
    be graded; waiting: who still has to be graded, or again, as the key changed since.
    """

    def __init__(self, course: Course, unit: str, students: Sequence[str] = ()) -> None:
        self.unit = load_unit(course.key(unit))
        self.entries: dict[str, Entry] = {}
        self.unreadable: dict[str, Message] = {}
        self.waiting: list[str] = []
        graded = GradedBefore(course, unit)
        for student in submissions(course, unit, students):
            entry = graded.find(student)
            if entry and entry.run.key == self.unit.version:
                self.entries[student] = entry
            elif entry is None and (problem := _problem(course, student, unit)):
                self.unreadable[student] = problem
            else:
                self.waiting.append(student)
        table = score_table(course, unit) if self.entries else None
        self._scores = table.scores if table else {}
        self._penalties = table.penalties if table else {}
        self._comments = comments_by_hand(course, unit) if self.entries else {}
        self._adjustments = Journal(course).adjustments(unit)

    def recorded(self, student: str) -> Recorded:
        """What the gradebook has of a student."""
        return Recorded(
            self._scores.get(student, {}),
            self._comments.get(student, {}),
            self._penalties.get(student, 0.0),
            {id: found for id in self.grade_ids() if (found := self._adjustments.of(student, id))},
        )

    def scores(self, student: str) -> dict[str, float | None]:
        """Points by grade id: the gradebook's, where it has them."""
        known = self._scores.get(student, {})
        cells = self.entries[student].cells
        return {id: known.get(id, cell.points) for id, cell in cells.items()}

    def total(self, student: str) -> float:
        """All points of a student, less the penalty for lateness."""
        points = sum(score or 0.0 for score in self.scores(student).values())
        return max(0.0, points - self._penalties.get(student, 0.0))

    def grade_ids(self) -> Iterator[str]:
        """The grade ids of the unit, in order."""
        for exercise in self.unit.exercises.values():
            for check in exercise.checks:
                yield exercise.grade_id(check)


def _problem(course: Course, student: str, unit: str) -> Message | None:
    """Why no grader can read a submission; None where one can."""
    try:
        path, _ = find(course.submitted(student, unit), unit)
        load(path)
    except UnreadableSubmission as error:
        return error.message
    return None
