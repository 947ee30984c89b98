"""nbgrader's plugin for late penalties, with the rules of course.toml.

`grader.course.configure` names it, so that `grader grade`, `nbgrader autograde` and formgrader agree. A course
without a table [late] keeps nbgrader's own setting.
"""

from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin

from grader.course import Course
from grader.settings import read_settings


class LatePenalty(LateSubmissionPlugin):  # type: ignore[misc]
    """The penalty of a late submission."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take from the score; None for none. nbgrader's own rule where course.toml has none."""
        late = read_settings(Course(Path(CourseDirectory(parent=self).root))).late
        if late is None:
            penalty: float | None = super().late_submission_penalty(
                student_id, score, total_seconds_late
            )
            return penalty
        return late.penalty(score, total_seconds_late) or None
