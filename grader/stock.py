"""The parts of stock nbgrader that we build on: a course's settings and its gradebook."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbgrader
from nbgrader.api import Base, BaseCell, Gradebook, Notebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import with_polymorphic
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grader.course import CONFIG, Course
from grader.errors import CourseError, GradebookError


def settings(course: Course) -> Config:
    """What the course's nbgrader_config.py sets."""
    try:
        return PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
    except Exception as error:  # the file is Python: it can raise anything
        problem = f"{type(error).__name__}: {error}"
        raise CourseError(
            f"{course.root / CONFIG} must run; it raised {problem}. Correct it."
        ) from error


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """The course's gradebook, made when there is none; leaves nothing half-written behind.

    Whatever was not committed when the block ends, by an error or otherwise, is forgotten.
    """
    try:
        gradebook = _connect(course)
        try:
            yield gradebook
        finally:
            gradebook.close()
    except DBAPIError as error:
        raise GradebookError(
            f"The gradebook of {course.root} cannot be used ({error.orig}). If it is locked, close what else "
            "writes to it and try again; if the disk is full, make room; if it is older than this "
            "nbgrader, copy it and run: nbgrader db upgrade"
        ) from error


def base_cells(gradebook: Gradebook, notebook: Notebook) -> list[BaseCell]:
    """The cells of an assignment that have points or take answers, whole, by one query.

    nbgrader's own lists of them would ask for each cell by itself.
    """
    kinds = with_polymorphic(BaseCell, "*")
    return list(gradebook.db.scalars(select(kinds).where(kinds.notebook_id == notebook.id)))


def _connect(course: Course) -> Gradebook:
    directory = CourseDirectory(config=settings(course))
    try:
        _create_tables(directory.db_url)
        return Gradebook(directory.db_url, directory.course_id)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise GradebookError(
            f"A gradebook's URL must name a kind of database whose driver is installed ({error}). "
            f"Correct GRADER_DB or db_url in {course.root / CONFIG}, or install the driver."
        ) from error


def _create_tables(url: str) -> None:
    """Make the tables of a new gradebook, as `Gradebook` would.

    It would start the command `alembic` to learn the number of its schema, which fails where the
    environment's programs are not on the PATH, and takes a second.
    """
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            if inspect(connection).get_table_names():
                return
            # It loads slowly, and a new gradebook alone needs it.
            from alembic.script import ScriptDirectory

            Base.metadata.create_all(connection)
            version = ScriptDirectory(
                Path(nbgrader.__file__).with_name("alembic")
            ).get_current_head()
            connection.execute(
                text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            )
            connection.execute(
                text("INSERT INTO alembic_version VALUES (:version)"), {"version": version}
            )
    finally:
        engine.dispose()
