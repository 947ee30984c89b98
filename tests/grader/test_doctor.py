import json
import re
import sys

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


@pytest.fixture(scope="module")
def findings():
    """What the command finds on the machine of the tests."""
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["fit"] is True
    return document["findings"]


def test_the_environment_of_the_tests_is_fit(findings):
    required = [finding for finding in findings if finding["required"]]

    assert {finding["part"] for finding in required} == {"Python", "Python packages", "nbgrader"}
    assert [finding for finding in required if not finding["ok"]] == []


def test_every_part_names_what_was_found_its_purpose_and_its_remedy(findings):
    assert {"sandbox", "Chromium", "Node and npm", "Japanese font", "disk"} <= {
        finding["part"] for finding in findings
    }
    for finding in findings:
        assert finding["found"]
        assert finding["purpose"]
        assert finding["remedy"]


def test_what_is_missing_stands_below_the_table_with_its_command(monkeypatch):
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (4, 2))
    monkeypatch.setattr(doctor, "examine", lambda course: [doctor.python(), doctor.nbgrader()])
    result = CliRunner().invoke(main, ["doctor"])

    assert result.exit_code == 1
    assert result.stdout.endswith("\nPython (required): install Python 4.2 or newer\n")


@pytest.mark.usefixtures("bare_machine")
def test_a_missing_browser_is_optional_and_comes_with_its_command():
    finding = doctor.chromium()

    assert (finding.ok, finding.required, finding.found) == (False, False, "not found")
    assert re.fullmatch(r"(sudo )?apt-get install chromium", finding.remedy)


@pytest.mark.usefixtures("bare_machine")
def test_node_of_the_wheel_stands_in_for_the_system_s():
    assert doctor.node().found.endswith("(of a Python wheel)")


def test_a_browser_that_does_not_start_does_not_count(monkeypatch, tmp_path):
    (tmp_path / "chromium").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not doctor.chromium().ok


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is for Linux")
def test_the_sandbox_s_level_is_found_by_trying(monkeypatch):
    assert doctor.sandbox().found in {"level full", "level landlock"}

    monkeypatch.setattr("grader.sandbox.launch.bubblewraps", lambda: iter(["/bin/false"]))
    finding = doctor.sandbox()

    assert (finding.ok, finding.found) == (False, "level landlock")


@pytest.mark.parametrize(
    ("bubblewraps", "remedy"),
    [([], "apt-get install bubblewrap"), (["/bin/false"], "allow user namespaces here")],
)
@pytest.mark.usefixtures("bare_machine")
def test_the_sandbox_s_remedy(monkeypatch, tmp_path, bubblewraps, remedy):
    monkeypatch.setattr(doctor, "bubblewraps", lambda: iter(bubblewraps))
    monkeypatch.setattr(doctor, "APPARMOR", tmp_path / "none")

    assert remedy in doctor.sandbox_remedy()


def test_where_apparmor_forbids_namespaces_the_profile_to_install_is_printed(monkeypatch, tmp_path):
    (tmp_path / "switch").write_text("1\n")
    monkeypatch.setattr(doctor, "APPARMOR", tmp_path / "switch")
    monkeypatch.setattr(doctor, "bubblewraps", lambda: iter(["/opt/bwrap"]))
    lines = doctor.sandbox_remedy().splitlines()

    assert lines[0].endswith("into /etc/apparmor.d/grader-bwrap:")
    assert lines[3] == "profile grader-bwrap /opt/bwrap flags=(unconfined) {"
    assert "  userns," in lines
    assert lines[-1].endswith("apparmor_parser -r /etc/apparmor.d/grader-bwrap")


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home {home}/my\\040course nfs4 rw 0 0
"""


@pytest.mark.parametrize(("folder", "kind"), [("my course/deep", "nfs4"), ("other", "ext4")])
def test_the_file_system_of_a_course(tmp_path, folder, kind):
    (tmp_path / "mounts").write_text(MOUNTS.format(home=tmp_path))
    (tmp_path / folder).mkdir(parents=True)

    assert doctor.file_system(tmp_path / folder, tmp_path / "mounts") == kind
    assert doctor.file_system(tmp_path, tmp_path / "no such file") == "unknown"


def test_sqlite_on_a_network_file_system_is_warned_of(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "file_system", lambda folder, mounts: "nfs4")
    monkeypatch.delenv("GRADER_DB", raising=False)

    assert not doctor.gradebook(tmp_path).ok
    assert "PostgreSQL" in doctor.gradebook(tmp_path).remedy
    monkeypatch.setenv("GRADER_DB", "postgresql://somewhere/marks")
    assert doctor.gradebook(tmp_path).ok


def test_no_sandbox_outside_linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")

    assert doctor.sandbox().found == "level none"
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
