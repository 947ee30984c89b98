"""Which files a submission sees, and where.

Never the repository: only single package folders are shown, at a neutral place. `runtime` holds what
the warm process needs of the grader, `packages` what the submission may import.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JUDGE = ("grader/__init__.py", "grader/errors.py", "grader/checks")
RUNTIME = (*JUDGE, "grader/sandbox")
STUDENT = (*JUDGE, "dlkit")


def shown(python_path: Sequence[Path] | None) -> dict[str, Path]:
    """Where each file or folder of the host appears, as a path below the neutral place.

    python_path: folders whose packages a submission may import, each shown whole; None for the project's
    own dlkit and checks.
    """
    places = {f"runtime/{part}": ROOT / part for part in RUNTIME}
    if python_path is None:
        return places | {f"packages/0/{part}": ROOT / part for part in STUDENT}
    return places | {f"packages/{i}": folder.resolve() for i, folder in enumerate(python_path)}


def package_folders(place: str, python_path: Sequence[Path] | None) -> list[str]:
    """The folders on a submission's sys.path, for a neutral place of that name."""
    count = 1 if python_path is None else len(python_path)
    return [f"{place}/packages/{i}" for i in range(count)]


@contextmanager
def linked(places: dict[str, Path]) -> Iterator[Path]:
    """A temporary folder with a symbolic link for each place: for levels without a mount namespace."""
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        stage = Path(folder)
        stage.chmod(0o755)
        for place, target in places.items():
            link = stage / place
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(target)
        yield stage
