"""nbgrader's execution step, replaced: `nbgrader autograde` and formgrader's button judge in the sandbox too.

nbgrader itself runs a submission as the user who grades, with the gradebook and the answer keys in reach.
`grader.course.configure` puts `JudgeInSandbox` in the place of the steps that do so.
"""

import logging
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.course import Course
from grader.engine import Judge, Task
from grader.errors import GraderError, SubmissionError
from grader.exercises import load_unit
from grader.exercises.release import register, require_current
from grader.gradebook import record
from grader.grading import limits_of


class JudgeInSandbox(NbGraderPreprocessor):  # type: ignore[misc]
    """Judges the submission that a graded notebook is made of, and records its marks."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """The graded notebook. GraderError, which nbgrader reports, where there can be no marks."""
        about = resources["nbgrader"]
        student, unit = about["student"], about["assignment"]
        course = Course(Path(CourseDirectory(config=self.config).root))
        key = load_unit(course.key(unit))
        limits = limits_of(key)
        require_current(course, key)
        register(course, unit)
        roster = course.students()
        language = roster[student].language if student in roster else "en"
        with Judge(course, unit, limits) as judge:
            outcome = judge(Task(student, language))
        if outcome.unreadable:
            raise SubmissionError(outcome.unreadable.render())
        if outcome.marks is None:
            raise GraderError(f"The grader broke at {student}'s {unit}: {outcome.broken}")
        record(course, unit, [outcome.marks])
        self.log.log(logging.INFO, "Judged %s of %s, isolation: %s", unit, student, outcome.level)
        graded = course.autograded(student, unit) / f"{unit}.ipynb"
        graded.chmod(0o644)  # nbgrader writes it once more
        return nbformat.read(graded, as_version=4), resources
