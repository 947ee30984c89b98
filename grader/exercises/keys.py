"""Find and load the answer key of a unit."""

import hashlib
import runpy
from functools import cache
from pathlib import Path

from grader.errors import ExerciseError, GraderError
from grader.exercises.unit import Unit


def load_unit(key: Path) -> Unit:
    """Run a key file and return its Unit, its version set from the text and that of the references.

    Raises ExerciseError that names the file where the key does not run or makes no unit.
    """
    return _load(key, key.read_text(encoding="utf-8"))


@cache
def _load(key: Path, text: str) -> Unit:
    try:
        unit = runpy.run_path(str(key)).get("unit")
    except Exception as error:
        said = str(error) if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
        raise ExerciseError(f"{key}, line {_line_in(key, error)}: {said}") from error
    if not isinstance(unit, Unit) or unit.name != key.parent.name:
        got = f"Unit({unit.name!r})" if isinstance(unit, Unit) else "none"
        raise ExerciseError(
            f'{key}: a key makes the unit of its folder, unit = Unit("{key.parent.name}"); got {got}.'
        )
    sources = "".join(exercise.source.text for exercise in unit.exercises.values())
    unit.version = hashlib.sha256((text + sources).encode()).hexdigest()[:12]
    return unit


def _line_in(key: Path, error: Exception) -> int | str:
    if isinstance(error, SyntaxError) and error.filename == str(key):
        return error.lineno or "?"
    found: int | str = "?"
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(key):
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found
