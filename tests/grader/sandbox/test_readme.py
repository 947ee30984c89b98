"""The README of the sandbox says what there is."""

import re
from dataclasses import asdict

import pytest

from grader.cli import main
from grader.course import PROJECT
from grader.sandbox import Limits

README = (PROJECT / "grader" / "sandbox" / "README.md").read_text(encoding="utf-8")
HOSTILE = sorted(path.name for path in (PROJECT / "tests" / "hostile").glob("test_*.py"))


@pytest.mark.parametrize("name", HOSTILE)
def test_every_file_of_attacks_is_named(name: str) -> None:
    assert f"`{name}`" in README


def test_every_named_file_of_attacks_exists() -> None:
    named = set(re.findall(r"`(test_\w+\.py)`", README))
    assert named == set(HOSTILE)


def test_flags_are_those_of_the_command() -> None:
    flags = {flag for option in main.commands["grade"].params for flag in option.opts}
    named = set(re.findall(r"`(--[a-z-]+)`", README))
    assert {"--cell-seconds", "--check-seconds", "--total-seconds", "--memory"} <= named <= flags


def test_every_limit_is_in_the_table_with_its_default() -> None:
    table = README.partition("## Limits")[2].partition("Those without")[0]
    rows = [row.split("|") for row in table.strip().splitlines()[2:]]
    units = {"GiB": 1 << 30, "MiB": 1 << 20}
    defaults = []
    for row in rows:
        number, *unit = row[2].replace(",", "").split()
        defaults.append(int(number) * units.get(unit[0] if unit else "", 1))
    assert defaults == list(asdict(Limits()).values())
