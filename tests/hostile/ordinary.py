"""Run a Python module as a user who owns nothing on this machine: ``ordinary.py MODULE ARGUMENTS…``, as root.

Where Python, its packages or the checkout stand in a folder that only root may enter, such as /root, the
command gets a view of the file system in which that folder can be entered. It then holds nothing but what
leads to them; the folder itself is not touched.
"""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from grader.sandbox.inside import linux

USER = 54321
CHECKOUT = Path(__file__).resolve().parents[2]


def closed_folders() -> dict[Path, set[str]]:
    """Folders that others may not enter, and the names in them that lead to what is needed."""
    closed: dict[Path, set[str]] = {}
    for needed in (CHECKOUT, Path(sys.prefix), Path(sys.base_prefix)):
        for folder in needed.parents:
            if not folder.stat().st_mode & stat.S_IXOTH:
                closed.setdefault(folder, set()).add(needed.relative_to(folder).parts[0])
    return closed


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True)


def open_up(folder: Path, names: set[str]) -> None:
    """Mount an open folder over a closed one, with these entries of it."""
    with tempfile.TemporaryDirectory() as aside:
        run("mount", "--rbind", folder, aside)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "none", folder)
        for name in names:
            (folder / name).mkdir()
            run("mount", "--rbind", f"{aside}/{name}", folder / name)
        run("umount", "--lazy", aside)


def main(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    if closed := closed_folders():
        linux.unshare(linux.CLONE_NEWNS)
        run("mount", "--make-rprivate", "/")
        for folder in sorted(closed):
            open_up(folder, closed[folder])
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, USER, USER)
        own = {"HOME": home, "TMPDIR": home, "USER": "ordinary", "XDG_CACHE_HOME": home}
        return subprocess.run(
            [sys.executable, "-B", "-m", *arguments],
            env=os.environ | own,
            user=USER,
            group=USER,
            extra_groups=[],
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
