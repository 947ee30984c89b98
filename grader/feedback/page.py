"""A sheet as a page of HTML."""

from grader.feedback.sheet import Sheet
from grader.pages import environment


def render(sheet: Sheet, language: str) -> str:
    """The page of a student, in that language."""
    return (
        environment("grader.feedback", language)
        .get_template("feedback.html.j2")
        .render(sheet=sheet)
    )
