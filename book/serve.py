"""Show the book on this machine, port 8000; a change of a source builds it anew and reloads the page.

While a build runs, and after one that failed, the pages are served as they were.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from livereload import Server

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["book", "dlkit", "solutions", "_toc.yml", "_config.yml"]
SITE = ROOT / "_build" / "site"
PORT = 8000


def build(running: list[subprocess.Popen[bytes]]) -> None:
    """Build what has changed; a mistake is printed, and the server goes on."""
    command = [sys.executable, ROOT / "book" / "build.py"]
    run = subprocess.Popen(command, start_new_session=True)
    running.append(run)
    if run.wait():
        print("Not built. Mend what is named above and save: that builds again.", flush=True)
    running.remove(run)


def end(running: list[subprocess.Popen[bytes]]) -> None:
    """End builds with all that they have started: by itself a worker would finish its language first."""
    for run in running:
        os.killpg(run.pid, signal.SIGKILL)


def stamps(root: Path) -> dict[Path, float]:
    """The sources and when each was changed."""
    found = {}
    for path in [root / name for name in SOURCES]:
        for file in [path] if path.is_file() else path.rglob("*.*"):
            if re.search(r"(^|/)(__pycache__|\.[^/]*)(/|$)|~$", file.relative_to(root).as_posix()):
                continue  # what Python and editors keep for themselves
            with suppress(OSError):  # gone meanwhile
                found[file] = file.stat().st_mtime
    return found


def follow(root: Path, build: Callable[[], None]) -> None:
    """Build, and again whenever sources have changed; what is saved during a build counts for the next one."""
    built = None
    while True:
        if (found := stamps(root)) != built:
            built = found
            build()
        time.sleep(0.5)


def main() -> None:
    """Build and serve until Ctrl-C."""
    try:
        socket.create_server(("127.0.0.1", PORT)).close()
    except OSError:
        sys.exit(f"Port {PORT} is taken, perhaps by another `make serve`: end that one first.")
    SITE.mkdir(parents=True, exist_ok=True)
    server = Server()
    server.watch(str(SITE / ".nojekyll"))  # what a build touches last
    running: list[subprocess.Popen[bytes]] = []
    follower = threading.Thread(target=follow, args=(ROOT, partial(build, running)), daemon=True)
    follower.start()
    server.serve(host="127.0.0.1", port=PORT, root=str(SITE))
    end(running)


if __name__ == "__main__":
    main()
