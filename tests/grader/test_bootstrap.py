import ast
import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader import bootstrap

START = "import runpy; runpy.run_path({path!r}, run_name='__main__')"


def start(preparation: str, path: Path = bootstrap.ROOT, **environment: str) -> tuple[int, str]:
    """Run bootstrap.py in a fresh interpreter after some preparation; exit code and stderr."""
    script = path / "grader" / "bootstrap.py"
    result = subprocess.run(
        [sys.executable, "-I", "-c", preparation + "\n" + START.format(path=str(script))],
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    return result.returncode, result.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The smallest checkout that can be set up: its one requirement is not there."""
    files = {
        "pyproject.toml": '[project]\nname = "small"\nversion = "1"\n',
        "constraints.txt": "",
        "dlkit/__init__.py": "",
        "package.json": "{}",
        "package-lock.json": "{}",
        "grader/bootstrap.py": inspect.getsource(bootstrap),
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path


def test_python_3_6_can_parse_it():
    ast.parse(inspect.getsource(bootstrap), feature_version=(3, 6))


def test_it_imports_the_standard_library_alone():
    imports = [node for node in ast.walk(ast.parse(inspect.getsource(bootstrap)))
               if isinstance(node, ast.Import | ast.ImportFrom)]  # fmt: skip
    names = {alias.name if isinstance(node, ast.Import) else node.module
             for node in imports for alias in node.names}  # fmt: skip

    assert names <= sys.stdlib_module_names


OLD = "import sys; sys.version_info = (3, 9, 18, 'final', 0)"


def test_an_old_python_names_the_newer_one_that_is_there(tmp_path):
    (tmp_path / "python3.12").write_text("#!/bin/sh\n")
    (tmp_path / "python3.12").chmod(0o755)
    (tmp_path / "python3.13").write_text(
        "#!/bin/sh\nexit 1\n"
    )  # pyenv's shim of a version not chosen
    (tmp_path / "python3.13").chmod(0o755)

    assert start(OLD, PATH=str(tmp_path)) == (
        1,
        f"setup: Python 3.11 or newer is needed, {sys.executable} is 3.9; "
        "add PYTHON=python3.12 to the make command.\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="winget there")
def test_an_old_python_alone_gets_the_command_that_installs_a_newer_one(tmp_path):
    code, message = start(OLD, PATH=str(tmp_path))

    assert code == 1
    assert "is 3.9; install it (" in message
    assert ("apt-get install python3.11-venv)" in message) or (
        "brew install python@3.11)" in message
    )
    assert message.endswith(" and add PYTHON=python3.11 to the make command.\n")
    assert message.count("\n") == 1


def test_a_python_without_venv_gets_the_command_that_installs_it(checkout):
    code, message = start("import sys; sys.modules['ensurepip'] = None", checkout)

    assert code == 1
    assert message.startswith(f"setup: {sys.executable} cannot make virtual environments; run: ")
    assert message.count("\n") == 1
    assert not (checkout / ".venv").exists()


@pytest.mark.slow  # it makes a virtual environment
def test_no_network_is_said_in_one_line_and_the_next_run_goes_on(checkout):
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull,
               "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": "", "PIP_RETRIES": "0"}  # fmt: skip
    (checkout / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["no-such-backend"]\n[project]\nname = "small"\nversion = "1"\n'
    )
    log = checkout / "_build" / "setup.log"
    for _ in range(2):  # the half-made environment of the first run is used by the second
        code, message = start("", checkout, **nowhere)

        assert code == 1
        assert message.startswith("setup: no network: could not download ")
        assert message.endswith(f"and run make again; what was tried stands in {log}.\n")
        assert message.count("\n") == 1


@pytest.fixture
def steps(monkeypatch, checkout) -> list[str]:
    """The installing steps that run in `checkout`, whose virtual environment is the tests' own."""
    done: list[str] = []
    (checkout / ".venv").mkdir()
    (checkout / "node_modules").mkdir()
    monkeypatch.setattr(bootstrap, "venv_python", lambda root: Path(sys.executable))
    monkeypatch.setattr(bootstrap, "install_packages", lambda root: done.append("packages"))
    monkeypatch.setattr(bootstrap, "install_npm_packages", lambda root: done.append("npm"))
    return done


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (None, []),
        ("constraints.txt", ["packages"]),
        ("pyproject.toml", ["packages"]),
        ("package-lock.json", ["npm"]),
    ],
)
def test_a_second_run_does_only_what_changed(checkout, steps, changed, expected):
    assert bootstrap.main(checkout) == 0
    assert steps == ["packages", "npm"]
    steps.clear()
    if changed:
        (checkout / changed).write_text((checkout / changed).read_text() + "keywords = []")

    assert bootstrap.main(checkout) == 0
    assert steps == expected


def test_settings_of_tools_do_not_install_anything_again(checkout, steps):
    bootstrap.main(checkout)
    steps.clear()
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("[tool.ruff]\nline-length = 90\n")
    bootstrap.main(checkout)

    assert steps == []


def test_deleted_npm_packages_are_installed_again(checkout, steps):
    bootstrap.main(checkout)
    steps.clear()
    (checkout / "node_modules" / bootstrap.STAMP).unlink()
    bootstrap.main(checkout)

    assert steps == ["npm"]


def test_a_moved_checkout_is_told_to_delete_its_environment(
    checkout, steps, tmp_path_factory, capsys
):
    bootstrap.main(checkout)
    moved = checkout.rename(tmp_path_factory.mktemp("elsewhere") / "checkout")

    assert bootstrap.main(moved) == 1
    assert capsys.readouterr().err == (
        f"setup: {moved / '.venv'} is broken or was moved; delete it and run make again.\n"
    )


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("Collecting a\nERROR: Cannot install a and b.\nERROR: see the site",
         "could not install a part: ERROR: Cannot install a and b. (the rest stands in {log})"),
        ("npm error code EUSAGE", "could not install a part: npm error code EUSAGE (the rest stands in {log})"),
        ("", "could not install a part: it gave no reason (the rest stands in {log})"),
        ("npm error request failed, reason: getaddrinfo ENOTFOUND x",
         "no network: could not download a part. Check the connection (behind a proxy, set https_proxy) "
         "and run make again; what was tried stands in {log}."),
    ],
)  # fmt: skip
def test_a_failed_step_is_said_in_one_line(tmp_path, output, message):
    with pytest.raises(bootstrap.Stop) as stop:
        bootstrap.run([sys.executable, "-c", f"print({output!r}); exit(1)"], tmp_path, "a part")

    assert str(stop.value) == message.format(log=tmp_path / "_build" / "setup.log")


def test_the_npm_of_the_wheel_runs_where_the_system_has_none(tmp_path):
    result = subprocess.run(
        [sys.executable, "-c", bootstrap.NPM_OF_WHEEL, "--version"],
        env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0
    assert result.stdout[0].isdigit()
