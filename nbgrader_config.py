"""nbgrader's settings for this course. A copy of this file makes any folder a course folder."""

from pathlib import Path

from grader.course import configure

c = get_config()  # noqa: F821  nbgrader defines it
configure(c, Path(__file__).parent)
