"""A student's feedback: one HTML page a student, written from what grading found, in the student's language.

    Desk(course, unit) → Sheet of each student → render(sheet) → one file

Nothing is graded anew, and nothing of a hidden input stands in a page: values come from the visible cases.
"""

from grader.feedback.page import render
from grader.feedback.sheet import Sheet
from grader.feedback.writing import Desk, page_path

__all__ = ["Desk", "Sheet", "page_path", "render"]
