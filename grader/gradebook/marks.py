"""What grading found, ready to be written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from grader.submission import Notebook

#: An output of a cell, in nbformat 4.
Output: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class CellMarks:
    """What is written down for one cell of nbgrader's.

    points: for a grade cell, what was earned; None waits for a person. output: plain text shown under the
    cell, if it is a code cell. comment: Markdown shown under a solution cell; nothing in it may come from a
    submission unescaped.
    """

    points: float | None = None
    output: str = ""
    comment: str | None = None


@dataclass(frozen=True)
class SubmissionMarks:
    """What is written down for one submission.

    cells: by grade_id; every grade cell of the assignment must be there. outputs: what other cells showed
    when they ran, by their index in the submitted notebook. timestamp: as `submission.read_timestamp`
    gives it. level: how the submission was isolated.
    """

    student: str
    timestamp: datetime | None
    notebook: Notebook
    cells: Mapping[str, CellMarks]
    outputs: Mapping[int, Sequence[Output]] = field(default_factory=dict)
    level: str = ""
