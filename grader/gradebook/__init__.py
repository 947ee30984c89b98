"""nbgrader's gradebook as the record of marks; formgrader, feedback and export read what stands there.

`record` writes, `score_table` reads. Only the trusted grader's own process comes here.
"""

from grader.gradebook.marks import CellMarks, Output, SubmissionMarks
from grader.gradebook.record import record
from grader.gradebook.table import ScoreTable, auto_scores, score_table

__all__ = [
    "CellMarks",
    "Output",
    "ScoreTable",
    "SubmissionMarks",
    "auto_scores",
    "record",
    "score_table",
]
