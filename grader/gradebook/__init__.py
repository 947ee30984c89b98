"""nbgrader's gradebook as the record of marks; formgrader, feedback and export read what stands there.

`record` writes; `score_table`, `auto_scores`, `scores_by_hand` and `comments_by_hand` read. Only the trusted
grader's own process comes here. nbgrader takes long to import: it is loaded when one of these is first asked
for, which lets a run start its workers before.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from grader.gradebook.marks import CellMarks, Output, SubmissionMarks

if TYPE_CHECKING:
    from grader.gradebook.table import ScoreTable as ScoreTable
    from grader.gradebook.table import auto_scores as auto_scores
    from grader.gradebook.table import comments_by_hand as comments_by_hand
    from grader.gradebook.table import score_table as score_table
    from grader.gradebook.table import scores_by_hand as scores_by_hand
    from grader.gradebook.writing import record as record

_LATER = {
    "record": "writing",
    "ScoreTable": "table",
    "auto_scores": "table",
    "comments_by_hand": "table",
    "score_table": "table",
    "scores_by_hand": "table",
}

__all__ = ["CellMarks", "Output", "SubmissionMarks", *_LATER]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
