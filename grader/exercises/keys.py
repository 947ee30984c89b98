"""Find and load the answer key of a unit."""

import hashlib
import runpy
from functools import cache
from pathlib import Path

from grader.errors import ExerciseError, GraderError
from grader.exercises.model import Unit


def load_unit(key: Path) -> Unit:
    """Run a key file and return its Unit, its version set from the text.

    Raises ExerciseError that names the file where the key does not run or makes no unit.
    """
    return _load(key, hashlib.sha256(key.read_bytes()).hexdigest()[:12])


@cache
def _load(key: Path, version: str) -> Unit:
    try:
        unit = runpy.run_path(str(key)).get("unit")
    except GraderError as error:
        raise ExerciseError(f"{key}: {error}") from error
    except Exception as error:
        line = _line_in(key, error)
        raise ExerciseError(f"{key}, line {line}: {type(error).__name__}: {error}") from error
    if not isinstance(unit, Unit):
        raise ExerciseError(f'{key}: no unit. Write unit = Unit("{key.parent.name}") at its top.')
    unit.version = version
    return unit


def _line_in(key: Path, error: Exception) -> int | str:
    found: int | str = "?"
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(key):
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found
