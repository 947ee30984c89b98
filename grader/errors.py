"""Errors of the grader: each states the rule, the value received, and what to do next.

GraderError
├── CourseError        the course folder: no such unit, a roster or a setting that cannot be used
├── ExerciseError      a key, or its statement in the book, that breaks a rule of the exercise model
├── SubmissionError    a submission that cannot be read
├── SandboxError       a sandbox that cannot be started as asked
└── GradebookError     a gradebook that cannot be written or does not fit the assignment

The library raises them; only the command line turns them into a line of text and an exit code.
"""


class GraderError(Exception):
    """Base of every error that the grader raises on purpose."""


class CourseError(GraderError):
    """The course folder: no such unit, a roster or a setting that cannot be used."""


class ExerciseError(GraderError):
    """A key, or its statement in the book, that breaks a rule of the exercise model."""


class SubmissionError(GraderError):
    """A submission that cannot be read."""


class SandboxError(GraderError):
    """A sandbox that cannot be started as asked."""


class GradebookError(GraderError):
    """A gradebook that cannot be written or does not fit the assignment."""
