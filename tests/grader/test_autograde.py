"""nbgrader's command and formgrader's button run a submission in the sandbox, never beside the gradebook."""

import json
import os
import runpy
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from grader.course import CONFIG, PROJECT
from grader.demo import Pupil, demo_course, make_class, right
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.gradebook import score_table

UNIT = "06_backpropagation"
STOCK = '\nc.Autograde.pop("autograde_preprocessors")  # nbgrader\'s own, as an instructor could set them\n'


@pytest.fixture
def attacked(tmp_path):
    """A course in which the only submission writes into the course folder when its cells run."""
    course = demo_course(tmp_path / "course")
    for product in products(course, UNIT):
        product.write()
    unit = load_unit(course.key(UNIT))
    loot = course.root / "loot"
    attack = f"import pathlib\npathlib.Path({str(loot)!r}).write_text('mine')\n"
    make_class(
        course, unit, [Pupil("eve", "Eve", "Il", "en", lambda e: right(e) + "\n\n" + attack)]
    )
    return course, loot, unit.points


@pytest.mark.slow
def test_nbgrader_autograde_judges_in_the_sandbox(attacked, nbgrader):
    course, loot, points = attacked
    printed = nbgrader(course, "autograde", UNIT)
    assert "isolation: full" in printed or "isolation: landlock" in printed
    assert not loot.exists()
    assert score_table(course, UNIT).total("eve") == points
    assert not list(course.root.rglob("autograded/**/key.py"))

    with (course.root / CONFIG).open("a") as config:  # the attack is one: without our step it works
        config.write(STOCK)
    nbgrader(course, "autograde", UNIT, "--force")
    assert loot.read_text() == "mine"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Object of type")  # nbgrader's own way
def test_formgraders_button_judges_in_the_sandbox(attacked, monkeypatch):
    """What formgrader calls when somebody presses Autograde (`SubmissionAutogradeHandler`)."""
    from nbgrader.apps import NbGrader
    from nbgrader.apps.api import NbGraderAPI

    course, loot, points = attacked
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    app = NbGrader(config_dir=str(course.root))
    app.config_file_paths.insert(0, str(course.root))
    app.load_config_file()
    result = NbGraderAPI(config=app.config).autograde(UNIT, "eve")
    assert result["success"], result
    assert not loot.exists()
    assert score_table(course, UNIT).total("eve") == points


@pytest.fixture
def server(attacked, tmp_path):
    """A Jupyter server with formgrader in the course folder; its URL."""
    home = tmp_path / "home"
    home.mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {
        "HOME": str(home),
        "JUPYTER_RUNTIME_DIR": str(home),
        "JUPYTER_NO_CONFIG": "1",
        "PATH": path,
    }
    command = [
        sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0", "--IdentityProvider.token=token", f"--ServerApp.root_dir={attacked[0].root}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]  # fmt: skip
    with (home / "log").open("w") as log:
        running = subprocess.Popen(
            command, cwd=attacked[0].root, env={**os.environ, **own}, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + 120
        while not (url := _listening(home)):
            assert running.poll() is None, (home / "log").read_text()
            assert time.monotonic() < deadline, (home / "log").read_text()
            time.sleep(0.05)
        yield url
    finally:
        running.terminate()
        running.wait(30)


def _listening(home):
    """Jupyter names its URL in a file before it listens there; None until it does."""
    try:
        url = json.loads(next(home.glob("jpserver-*.json")).read_text())["url"]
        urllib.request.urlopen(f"{url}api", timeout=60).close()
    except (StopIteration, ValueError, OSError):
        return None
    return url


@pytest.mark.slow
def test_the_button_pressed_in_a_browser_judges_in_the_sandbox(attacked, server):
    course, loot, points = attacked
    tools = runpy.run_path(str(PROJECT / "book" / "browser.py"))
    chromium, node = tools["chromium"](), tools["node"]()
    if not (chromium and node and (PROJECT / "node_modules" / "playwright-core").is_dir()):
        pytest.skip(
            "Chromium, node or playwright-core is missing; `grader doctor` says how to get them"
        )
    page = f"{server}formgrader/manage_submissions/{UNIT}"
    flags = " ".join(tools["FLAGS"])
    script = str(PROJECT / "tests" / "grader" / "press.mjs")
    pressed = subprocess.run(
        [*node, script, chromium, flags, page, "token"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert pressed.returncode == 0, pressed.stderr
    assert json.loads(pressed.stdout) == {"title": "Success", "score": f"{points:g} / {points:g}"}
    assert not loot.exists()
    assert score_table(course, UNIT).total("eve") == points
