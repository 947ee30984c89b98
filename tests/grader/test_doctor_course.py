"""What doctor says of a course folder: private files that git tracks, and what differs from the project."""

import subprocess

import pytest

from grader.doctor import examine_course
from grader.new_course import init


@pytest.fixture
def folder(tmp_path):
    init(tmp_path / "course", ["06"])
    return tmp_path / "course"


def found(folder):
    return {finding.part: finding for finding in examine_course(folder)}


def test_the_project_itself_is_no_course_of_ones_own(tmp_path):
    assert found(tmp_path) == {}


def test_private_files_that_git_tracks_fail(folder):
    assert "private files" not in found(folder)  # there is no repository
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    assert found(folder)["private files"].ok
    subprocess.run(
        ["git", "add", "--force", "students.csv", ".grader/secret"], cwd=folder, check=True
    )
    finding = found(folder)["private files"]
    assert (finding.ok, finding.required) == (False, True)
    assert finding.found == ".grader/secret; students.csv"
    assert finding.remedy == "git rm --cached .grader/secret students.csv"


def test_what_the_course_has_of_its_own_is_listed(folder):
    assert found(folder)["own files"].found == "none"
    key = folder / "solutions" / "06_backpropagation" / "key.py"
    key.parent.mkdir(parents=True)
    key.write_text("# own")
    assert found(folder)["own files"].found == "solutions/06_backpropagation/key.py"


def test_another_version_of_the_project_is_said(folder):
    assert found(folder)["version"].ok
    settings = folder / "course.toml"
    settings.write_text(settings.read_text().replace('version = "', 'version = "9.'))
    finding = found(folder)["version"]
    assert not finding.ok
    assert "grader prove" in finding.remedy
