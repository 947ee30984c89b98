"""The marks of an assignment as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

from grader.course import Course
from grader.gradebook.sheet import read_sheet
from grader.stock import open_gradebook, settings


@dataclass(frozen=True)
class ScoreTable:
    """Scores by student and grade cell, as nbgrader counts them; None waits for a person.

    max_scores is in the order of the notebook; scores and penalties in that of the students' ids.
    """

    max_scores: Mapping[str, float]
    scores: Mapping[str, Mapping[str, float | None]]
    penalties: Mapping[str, float]

    def total(self, student: str) -> float:
        """What a student has in all, less the penalty for lateness."""
        given = sum(score or 0.0 for score in self.scores[student].values())
        return max(0.0, given - self.penalties[student])


def score_table(course: Course, unit: str) -> ScoreTable:
    """The table of everybody who submitted."""
    with open_gradebook(course) as gradebook:
        sheet = read_sheet(gradebook, unit, settings(course))
        rows = gradebook.db.execute(
            select(
                SubmittedAssignment.student_id,
                SubmittedNotebook.late_submission_penalty,
                BaseCell.name,
                Grade.score,
                Grade.auto_score,
                Grade.manual_score,
            )
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .where(SubmittedNotebook.notebook_id == sheet.notebook)
            .order_by(SubmittedAssignment.student_id)
        ).all()
    max_scores = {cell.name: cell.max_score for cell in sheet.cells.values() if cell.grade_row}
    scores: dict[str, dict[str, float | None]] = {}
    for student, _, cell, score, auto, manual in rows:
        known = auto is not None or manual is not None
        scores.setdefault(student, dict.fromkeys(max_scores))[cell] = score if known else None
    return ScoreTable(max_scores, scores, {row[0]: row[1] or 0.0 for row in rows})


def auto_scores(course: Course, unit: str) -> dict[str, dict[str, float | None]]:
    """What a grader, not a person, gave: by student and grade cell. Empty where the unit is not known yet."""
    return _scores(course, unit, Grade.auto_score)


def scores_by_hand(course: Course, unit: str) -> dict[str, dict[str, float]]:
    """What a person gave, in formgrader or by a decision: by student and grade cell, as above."""
    return {
        student: {cell: score for cell, score in found.items() if score is not None}
        for student, found in _scores(course, unit, Grade.manual_score).items()
    }


def _scores(course: Course, unit: str, which: Any) -> dict[str, dict[str, float | None]]:
    query = (
        select(SubmittedAssignment.student_id, BaseCell.name, which)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Notebook.name == unit)
    )
    scores: dict[str, dict[str, float | None]] = {}
    with open_gradebook(course) as gradebook:
        for student, cell, score in gradebook.db.execute(query):
            scores.setdefault(student, {})[cell] = score
    return scores


def comments_by_hand(course: Course, unit: str) -> dict[str, dict[str, str]]:
    """What a person wrote in formgrader: by student and cell."""
    query = (
        select(SubmittedAssignment.student_id, BaseCell.name, Comment.manual_comment)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Comment, Comment.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .where(Notebook.name == unit, Comment.manual_comment.is_not(None))
    )
    comments: dict[str, dict[str, str]] = {}
    with open_gradebook(course) as gradebook:
        for student, cell, comment in gradebook.db.execute(query):
            comments.setdefault(student, {})[cell] = comment
    return comments
