"""The pages of the units, and the built site."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from tests.book.source import LANGUAGES, ROOT, UNITS, Page, read_source


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
def site() -> Path:
    """The site, built as `make book` builds it; quick where nothing has changed."""
    if not (ROOT / "node_modules" / "mathjax").is_dir():
        pytest.skip("MathJax is missing: npm ci")
    command = [sys.executable, ROOT / "book" / "build.py"]
    (ROOT / "_build").mkdir(exist_ok=True)
    with (ROOT / "_build" / "test.lock").open(
        "w"
    ) as lock:  # of tests that run side by side, one builds
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return ROOT / "_build" / "site"
