"""Which files a submission sees, and where.

Never the repository: only single package folders are shown, at a neutral place. `runtime` holds what
the warm process needs of the grader, and closes when a child is locked down; `packages` is what the
submission may import.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
JUDGE = ("grader/__init__.py", "grader/errors.py", "grader/checks")
RUNTIME = (*JUDGE, "grader/sandbox")
STUDENT = (*JUDGE, "dlkit")

MIN_USERS = 1024
NOBODY = 65534


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


def interpreter() -> list[Path]:
    """Files and folders that Python and its packages need, as far as they exist.

    Of each prefix only bin and lib, because the prefix of an environment may be a course folder.
    """
    found: dict[Path, None] = {}
    for prefix in (Path("/usr"), Path("/usr/local"), Path(sys.base_prefix), Path(sys.prefix)):
        for part in ("bin", "lib", "lib64", "pyvenv.cfg"):
            found[prefix / part] = None
    for folder in ("/lib", "/lib64", "/bin"):
        if not Path(folder).is_symlink():
            found[Path(folder)] = None
    found[Path("/etc/ld.so.cache")] = None
    return [path for path in found if path.exists() and not path.is_symlink()]


def installed() -> list[Path]:
    """The project's packages where pip copied them among those of the interpreter, which are shown whole."""
    return [
        copy
        for folder in interpreter()
        for name in ("dlkit", "grader")
        for copy in folder.glob(f"python3*/*-packages/{name}")
    ]


def around(folder: Path, hidden: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """A folder without what is hidden in it: what to show whole, and of which folders only the names.

    For Landlock, which allows a folder with all that is below it.
    """
    if folder in hidden:
        return [], []
    if not any(path.is_relative_to(folder) for path in hidden):
        return [folder], []
    whole, names = [], [folder]
    for entry in folder.iterdir():
        more_whole, more_names = around(entry, hidden)
        whole += more_whole
        names += more_names
    return whole, names


def font_lists() -> list[Path]:
    """Matplotlib's lists of fonts, if it ever ran here: without one it searches all fonts at its start."""
    own = os.environ.get("MPLCONFIGDIR")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(own) if own else cache / "matplotlib"
    return sorted(folder.glob("fontlist-*.json"))


def parents(paths: Iterable[str]) -> list[str]:
    """All folders above these paths, the outer ones first."""
    above = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
    return sorted(above - {"/"})


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


def spare_users(table: str | None = None) -> tuple[int, int]:
    """The first and the number of user ids that nobody has, in this user namespace.

    table: text of /proc/self/uid_map, which lists the ids there are as lines of "first outside count".
    """
    lines = (table or Path("/proc/self/uid_map").read_text()).splitlines()
    count, first = max((int(line.split()[2]), int(line.split()[0])) for line in lines)
    spare = count // 4
    return (first + spare, spare) if spare >= MIN_USERS else (NOBODY, 1)
