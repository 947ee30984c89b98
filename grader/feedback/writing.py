"""The pages of a class: for whom, from what, where to."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.course import Course
from grader.errors import CourseError
from grader.feedback.page import render
from grader.feedback.sheet import Sheet, sheet
from grader.pages import Book, write_page
from grader.pages.results import Results


def page_path(course: Course, unit: str, student: str) -> Path:
    """Where a student's page stands: where nbgrader's `release_feedback` looks for it."""
    return course.root / "feedback" / student / unit / f"{unit}.html"


class Desk:
    """Makes the pages of one unit, of those who were graded by the key as it is now.

    language: of all pages; None for that of each student. left_out: who still has to be graded. CourseError
    where that is everybody.
    """

    def __init__(
        self, course: Course, unit: str, students: Sequence[str] = (), language: str | None = None
    ) -> None:
        self.unit = unit
        self._course, self._language, self._roster = course, language, course.students()
        self._results = Results(course, unit, students)
        self._books: dict[str, Book] = {}
        self.left_out = tuple(self._results.waiting)
        self.students = tuple(sorted([*self._results.entries, *self._results.unreadable]))
        if not self.students:
            raise CourseError(
                f"Feedback needs marks by the key as it is now; none of the {len(self.left_out)} "
                f"submissions of {unit} has any. Run: grader grade {unit}"
            )

    def language(self, student: str) -> str:
        """The language of a student's page."""
        if self._language:
            return self._language
        return self._roster[student].language if student in self._roster else "en"

    def page(self, student: str) -> str:
        """A student's page."""
        return render(self.sheet(student), self.language(student))

    def sheet(self, student: str) -> Sheet:
        """What a student's page says."""
        language = self.language(student)
        book, results = self._book(language), self._results
        if problem := results.unreadable.get(student):
            return Sheet(student, self.unit, book.unit_title(self.unit), unreadable=problem)
        entry, recorded = results.entries[student], results.recorded(student)
        return sheet(student, results.unit, entry, recorded, book, language)

    def write(self) -> Iterator[Path]:
        """Write the pages, one after another, each whole or not at all."""
        for student in self.students:
            path = page_path(self._course, self.unit, student)
            write_page(path, self.page(student))
            yield path

    def _book(self, language: str) -> Book:
        if language not in self._books:
            where = page_path(self._course, self.unit, "student").parent
            self._books[language] = Book(self._course, language, where)
        return self._books[language]
