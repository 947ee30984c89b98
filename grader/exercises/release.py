"""From the instructor's notebook to the student's, by nbgrader's own steps.

These are the preprocessors of `nbgrader generate_assignment`, in its order and with the course's settings,
run on a notebook in memory: the command itself moves files and changes the working directory. A test holds
that the text is the command's, byte for byte.
"""

import copy
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, cast

import nbformat
import nbformat.reader
import nbgrader
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError, ValidationError
from nbgrader.preprocessors import SaveCells
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from grader.course import Course
from grader.errors import ExerciseError, GradebookError
from grader.exercises.unit import Unit
from grader.stock import base_cells, open_gradebook, settings

#: A preprocessor of nbconvert: a class of them, or a function.
Step: TypeAlias = type | Callable[[NotebookNode, Any], tuple[NotebookNode, Any]]

_KINDS = {"GradeCell": is_grade, "SolutionCell": is_solution, "TaskCell": is_task}


def release(course: Course, unit: str, instructor_notebook: NotebookNode) -> NotebookNode:
    """The student's notebook: solutions and hidden tests removed, cells locked. No gradebook is touched."""
    return _generate(course, unit, instructor_notebook, save=lambda *unchanged: unchanged)


def register(course: Course, unit: str) -> None:
    """Make an assignment's cells, points and tests known to the gradebook, from its instructor notebook.

    Done again, it writes only what changed. Once there are submissions, cells can change but not come
    and go. ExerciseError where there is no such notebook or nbgrader refuses it, GradebookError where cells
    came or went. Whoever has the unit's key calls `require_current` before: nbgrader's own units have none.
    """
    if _is_registered(course, unit):
        return
    if _changes(course, unit):
        # It takes seconds: nbgrader commits every cell by itself.
        notebook = nbformat.read(_source(course, unit), as_version=4)
        with open_gradebook(course) as gradebook:
            gradebook.update_or_create_assignment(unit)
            _generate(course, unit, notebook, save=SaveCells)
    note = _note(course, unit)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(_state(course, unit), encoding="utf-8")


def require_writable(course: Course, unit: Unit) -> None:
    """Raise what would stand in the way of marks under the key as it is; nothing is registered.

    ExerciseError and GradebookError as in `require_current` and `register`.
    """
    require_current(course, unit)
    if not _is_registered(course, unit.name):
        _changes(course, unit.name)


def require_current(course: Course, unit: Unit) -> None:
    """Raise ExerciseError where an instructor notebook has other points than the key.

    The gradebook learns them from the notebook, so that marks of the key would stand against other points.
    """
    path = course.instructor_notebook(unit.name)
    if not path.is_file():
        return  # which `register` says
    key = unit.worth
    # Not by nbformat.read, which also validates it: that takes longer than all else here.
    cells = nbformat.from_dict(nbformat.reader.parse_json(path.read_text(encoding="utf-8"))).cells
    there = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in cells if is_grade(c)}
    for name in {**key, **there}:
        if key.get(name) != there.get(name):
            raise ExerciseError(
                f"The gradebook learns the points from {path}, so they are those of the key; {name} has "
                f"{there.get(name, 'none')} there and {key.get(name, 'none')} in the key. Run: "
                f"grader generate {unit.name}"
            )


def _is_registered(course: Course, unit: str) -> bool:
    """Whether all is as when the unit was last registered: nbgrader's steps take longer than to see that."""
    note = _note(course, unit)
    return note.is_file() and note.read_text(encoding="utf-8") == _state(course, unit)


def _source(course: Course, unit: str) -> Path:
    """The instructor notebook. ExerciseError where there is none."""
    path = course.instructor_notebook(unit)
    if not path.is_file():
        raise ExerciseError(
            f"The gradebook learns an assignment from {path}; there is none. Run: "
            f"grader generate {unit}"
        )
    return path


def _changes(course: Course, unit: str) -> bool:
    """Whether registering would change the gradebook. What nbgrader refuses is raised before it is half-saved.

    ExerciseError where there is no instructor notebook or it breaks nbgrader's rules, GradebookError where
    cells came or went although there are submissions.
    """
    to_save: list[NotebookNode] = []

    def look(unsaved: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        to_save.append(copy.deepcopy(unsaved))
        return unsaved, resources

    notebook = nbformat.read(_source(course, unit), as_version=4)
    _generate(course, unit, notebook, save=look)
    cells = _cells(to_save[0])
    with open_gradebook(course) as gradebook:
        known = _known(gradebook, unit)
        if known and gradebook.find_notebook(unit, unit).submissions:
            there, here = ({(name, *kinds) for name, kinds, *_ in each} for each in (known, cells))
            if odd := sorted({name for name, *_ in there ^ here}):
                raise GradebookError(
                    "The cells of an assignment with submissions can change but not come or go; in the "
                    f"gradebook or in the key alone: {', '.join(odd)}. Restore the grade ids in the key of "
                    f"{unit}, or make another unit of it."
                )
    return known != cells


def _note(course: Course, unit: str) -> Path:
    return course.root / ".grader" / "registered" / unit


def _state(course: Course, unit: str) -> str:
    """Digest of what registering depends on, and of what the gradebook has saved."""
    with open_gradebook(course) as gradebook:
        known = _known(gradebook, unit)
    digest = hashlib.sha256(_source(course, unit).read_bytes())
    for part in (nbgrader.__version__, settings(course), known):
        digest.update(repr(part).encode())
    return digest.hexdigest()


def _generate(course: Course, unit: str, notebook: NotebookNode, save: Step) -> NotebookNode:
    """Run nbgrader's steps, with `save` in the place of the one that writes to the gradebook."""
    config = settings(course)
    directory = CourseDirectory(config=config)
    converter = GenerateAssignment(coursedir=directory, config=config)
    exporter = NotebookExporter(config=converter.config)
    for step in converter.preprocessors:
        exporter.register_preprocessor(save if step is SaveCells else step)
    resources = {
        "nbgrader": {
            "assignment": unit,
            "notebook": unit,
            "student": ".",
            "db_url": directory.db_url,
        },
        "metadata": {"path": str(course.instructor_notebook(unit).parent)},
    }
    try:
        text, _ = exporter.from_notebook_node(notebook, resources)
    except (ValidationError, SchemaTooOldError, SchemaTooNewError, RuntimeError) as error:
        raise ExerciseError(
            f"An instructor notebook must follow nbgrader's rules; of {unit} nbgrader says: {error}"
        ) from error
    return cast(NotebookNode, nbformat.reads(text, as_version=4))


def _cells(notebook: NotebookNode) -> list[tuple[Any, ...]]:
    """What nbgrader would save of a notebook's cells, in their order."""
    saved: list[tuple[Any, ...]] = []
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        kinds = [kind for kind, holds in _KINDS.items() if holds(cell)]
        if kinds or is_locked(cell):
            points = float(meta["points"]) if "points" in meta else 0.0
            text = (cell.cell_type, is_locked(cell), cell.source, meta.get("checksum"))
            saved.append((meta["grade_id"], sorted(kinds), points, *text))
    return saved


def _known(gradebook: Gradebook, unit: str) -> list[tuple[Any, ...]]:
    """What the gradebook has saved of an assignment's cells."""
    try:
        notebook = gradebook.find_notebook(unit, unit)
    except MissingEntry:
        return []
    kinds: dict[str, list[str]] = {}
    points: dict[str, float] = {}
    for cell in base_cells(gradebook, notebook):
        kinds.setdefault(cell.name, []).append(cell.type)
        points[cell.name] = max(points.get(cell.name, 0.0), getattr(cell, "max_score", 0.0))
    return [
        (c.name, sorted(kinds.get(c.name, [])), points.get(c.name, 0.0),
         c.cell_type, c.locked, c.source, c.checksum)
        for c in notebook.source_cells
    ]  # fmt: skip
