"""Show the book on this machine, port 8000; a change of a source builds it anew and reloads the page."""

import subprocess
import sys
from pathlib import Path

from livereload import Server

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["book", "dlkit", "solutions", "_toc.yml", "_config.yml"]


def build() -> None:
    """Build what has changed; a mistake is printed, and the server goes on."""
    subprocess.run([sys.executable, ROOT / "book" / "build.py"], check=False)


if __name__ == "__main__":
    server = Server()
    for source in SOURCES:
        server.watch(str(ROOT / source), build)
    build()
    server.serve(host="127.0.0.1", port=8000, root=str(ROOT / "_build" / "site"))
