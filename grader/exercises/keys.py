"""Find and load the answer key of a unit."""

import hashlib
import runpy
from functools import cache
from pathlib import Path

from grader.errors import ExerciseError, GraderError
from grader.exercises.unit import Unit


def load_unit(key: Path) -> Unit:
    """Run a key file and return its Unit, its version set from the text and that of the references.

    Each of its exercises knows what the others ask for.
    Raises ExerciseError that names the file where the key does not run or makes no unit.
    """
    return _load(key, key.read_text(encoding="utf-8"))


@cache
def _load(key: Path, text: str) -> Unit:
    try:
        unit = runpy.run_path(str(key)).get("unit")
    except Exception as error:
        raise ExerciseError(f"{key}, line {_line_in(key, error)}: {_said(error)}") from error
    if not isinstance(unit, Unit) or unit.name != key.parent.name:
        got = f"Unit({unit.name!r})" if isinstance(unit, Unit) else "none"
        raise ExerciseError(
            f'{key}: a key makes the unit of its folder, unit = Unit("{key.parent.name}"); got {got}.'
        )
    if unit.stated_points not in (None, unit.points):
        line = next(n for n, line in enumerate(text.split("\n"), 1) if "Unit(" in line)
        raise ExerciseError(
            f"{key}, line {line}: the points of the checks have to add up to those of the unit; they are "
            f"{unit.points:g}, and the unit states {unit.stated_points:g}. Change a check's points or the sum."
        )
    names = unit.names
    for exercise in unit.exercises.values():
        exercise.others = frozenset(names - {exercise.name})
    sources = "".join(exercise.source.text for exercise in unit.exercises.values())
    unit.version = hashlib.sha256((text + sources).encode()).hexdigest()[:12]
    return unit


def _said(error: Exception) -> str:
    match error:
        case GraderError():
            return str(error)
        case SyntaxError():
            return f"a key has to be Python; {error.msg}. Mend this line, or the one before it."
    return f"{type(error).__name__}: {error}. A key is run from its first line to its last; mend this one."


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
