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


def limit_rows() -> list[list[str]]:
    """The rows of the table of limits: what, default, name in a key, flag."""
    table = README.partition("## Limits")[2].partition("A unit's key")[0]
    return [
        [cell.strip(" `") for cell in row.split("|")[1:-1]] for row in table.strip().split("\n")[2:]
    ]


def test_every_limit_has_the_flag_in_the_table() -> None:
    flags = {option.name: option.opts[0] for option in main.commands["grade"].params}
    assert {name: flags[name] for name in asdict(Limits())} == {
        row[2]: row[3] for row in limit_rows()
    }


def test_every_limit_is_in_the_table_with_its_default() -> None:
    units = {"GiB": 1 << 30, "MiB": 1 << 20}
    defaults = {}
    for row in limit_rows():
        number, *unit = row[1].replace(",", "").split()
        defaults[row[2]] = int(number) * units.get(unit[0] if unit else "", 1)
    assert defaults == asdict(Limits())


def test_the_help_of_each_flag_states_the_default() -> None:
    """In the flag's own unit, seconds, characters or MiB."""
    for option in main.commands["grade"].params:
        if option.name in asdict(Limits()):
            value = getattr(Limits(), option.name)
            value = value >> 20 if option.metavar == "MIB" else value
            assert f" {value:g} " in option.help.replace(".", " ") or f" {int(value)} " in (
                option.help.replace(".", " ")
            )
