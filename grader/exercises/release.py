"""From the instructor's notebook to the student's, by nbgrader's own steps.

These are the preprocessors of `nbgrader generate_assignment`, in its order and with the course's settings,
run on a notebook in memory: the command itself moves files and changes the working directory. A test holds
that the text is the command's, byte for byte.
"""

from typing import cast

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError, ValidationError
from nbgrader.preprocessors import SaveCells

from grader.course import Course
from grader.errors import ExerciseError, GradebookError
from grader.stock import open_gradebook, settings


def release(course: Course, unit: str, instructor_notebook: NotebookNode) -> NotebookNode:
    """The student's notebook: solutions and hidden tests removed, cells locked. No gradebook is touched."""
    try:
        return _generate(course, unit, instructor_notebook, save=False)
    except (ValidationError, SchemaTooOldError, SchemaTooNewError, RuntimeError) as error:
        raise ExerciseError(
            f"An instructor notebook must follow nbgrader's rules; of {unit} nbgrader says: {error}"
        ) from error


def register(course: Course, unit: str) -> None:
    """Make an assignment's cells, points and tests known to the gradebook, from its instructor notebook.

    Done again, it updates them. Once there are submissions, cells can change but not come and go.
    """
    path = course.instructor_notebook(unit)
    if not path.is_file():
        raise ExerciseError(
            f"The gradebook learns an assignment from {path}; there is none. Generate it."
        )
    notebook = nbformat.read(path, as_version=4)
    release(course, unit, notebook)  # what nbgrader refuses must not be half-saved
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(unit)
        try:
            _generate(course, unit, notebook, save=True)
        except RuntimeError as error:
            raise GradebookError(
                f"The cells of an assignment with submissions can change but not come or go ({error}). "
                f"Restore the grade ids in the key of {unit}, or make another unit of it."
            ) from error


def _generate(course: Course, unit: str, notebook: NotebookNode, *, save: bool) -> NotebookNode:
    config = settings(course)
    directory = CourseDirectory(config=config)
    converter = GenerateAssignment(coursedir=directory, config=config)
    exporter = NotebookExporter(config=converter.config)
    for step in converter.preprocessors:
        if save or step is not SaveCells:
            exporter.register_preprocessor(step)
    resources = {
        "nbgrader": {
            "assignment": unit,
            "notebook": unit,
            "student": ".",
            "db_url": directory.db_url,
        },
        "metadata": {"path": str(course.instructor_notebook(unit).parent)},
    }
    text, _ = exporter.from_notebook_node(notebook, resources)
    return cast(NotebookNode, nbformat.reads(text, as_version=4))
