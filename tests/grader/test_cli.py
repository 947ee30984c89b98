import errno
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import dlkit
from grader.cli import Stages, main
from grader.errors import CourseError

GRADER = Path(sys.executable).with_name("grader")


def commands(command: click.Command, name: str = "grader") -> dict[str, click.Command]:
    found = {name: command}
    for child in getattr(command, "commands", {}).values():
        found |= commands(child, f"{name} {child.name}")
    return found


ALL = commands(main)


@pytest.mark.parametrize("name", ALL)
def test_help_says_what_a_command_does_and_shows_examples_that_parse(name):
    help_text = CliRunner().invoke(main, [*name.split()[1:], "--help"]).output

    assert "Example:" in help_text
    examples = [line for line in help_text.splitlines() if line.strip().startswith("grader ")]
    assert any(line.strip().startswith(name) for line in examples)
    for line in examples:
        parse(main, "grader", shlex.split(line)[1:])


def parse(command: click.Command, name: str, args: list[str]) -> None:
    """Parse a command line without running it; an unknown verb or option is an error."""
    context = click.Context(command, info_name=name)
    _, rest, _ = command.make_parser(context).parse_args(args)
    if isinstance(command, click.Group):
        verb, *rest = rest
        parse(command.commands[verb], verb, rest)


@pytest.mark.parametrize("line", ["grade-everything", "doctor --loud"])
def test_an_example_with_an_unknown_verb_or_option_is_noticed(line):
    with pytest.raises((KeyError, click.NoSuchOption)):
        parse(main, "grader", line.split())


@pytest.fixture
def group():
    @click.group(cls=Stages)
    def group(): ...

    @group.command()
    def write():
        """Write."""
        raise CourseError(
            "no unit\n  named \x1b[2Jx\N{RIGHT-TO-LEFT OVERRIDE}; run `grader doctor`"
        )

    @group.command()
    def erase():
        """Erase."""
        raise ZeroDivisionError

    @group.command()
    @click.argument("number", type=int)
    def wait(number):
        """Wait for a signal, which comes at once."""
        signal.raise_signal(number)

    @group.command()
    @click.argument("number", type=int)
    def fill(number):
        """Write to a disk that has this problem."""
        raise OSError(number, os.strerror(number), "x.json")

    return group


def test_verbs_are_listed_in_the_order_of_their_definition(group):
    output = CliRunner().invoke(group, ["--help"]).output

    assert output.index("write") < output.index("erase")


def test_the_list_of_verbs_shows_whole_sentences():
    verbs = CliRunner().invoke(main, ["--help"]).output.partition("Commands:")[2]

    assert "doctor" in verbs
    assert "..." not in verbs


def test_an_error_of_the_library_is_one_red_line_and_exit_code_2(group):
    result = CliRunner().invoke(group, ["write"], color=True)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        "\x1b[31mError: no unit named \\x1b[2Jx\\u202e; run `grader doctor`\x1b[0m\n"
    )


def test_a_bug_of_ours_keeps_its_traceback(group):
    assert isinstance(CliRunner().invoke(group, ["erase"]).exception, ZeroDivisionError)
    missing = CliRunner().invoke(group, ["fill", str(errno.ENOENT)])
    assert isinstance(missing.exception, FileNotFoundError)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_no_room_and_no_right_are_one_line_and_no_bug(group, number):
    result = CliRunner().invoke(group, ["fill", str(number)])
    assert result.exit_code == 2
    assert (
        f"got: [Errno {number}] {os.strerror(number)}: 'x.json'. Mend that, then" in result.stderr
    )


@pytest.fixture
def handled():
    """Set how signals are treated; afterwards it is as before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield signal.signal
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_verb_with_a_word_and_the_exit_code_of_a_shell(group, number, handled):
    # not as it was inherited: shells have jobs in the background ignore SIGINT
    handled(signal.SIGINT, signal.default_int_handler)
    handled(signal.SIGTERM, signal.SIG_DFL)
    before = signal.getsignal(signal.SIGTERM)
    result = CliRunner().invoke(group, ["wait", str(int(number))])
    assert result.exit_code == 128 + number
    assert f"Stopped by {number.name}; what was recorded stays. Run the same" in result.stderr
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_is_ignored_where_a_verb_is_started_stays_ignored(group, number, handled):
    handled(number, signal.SIG_IGN)
    assert CliRunner().invoke(group, ["wait", str(int(number))]).exit_code == 0
    assert signal.getsignal(number) == signal.SIG_IGN


BEFORE_A_VERB = """
import os, signal, sys
signal.signal(signal.SIGINT, {handler})
sys.argv = [{name!r}]
from grader.cli import main
assert "numpy" not in sys.modules
os.kill(os.getpid(), signal.SIGINT)
print("went on")
"""


@pytest.mark.parametrize(
    ("name", "handler", "code", "out", "err"),
    [
        ("bin/grader", "signal.default_int_handler", 130, "",
         "Stopped by SIGINT; nothing was begun.\n"),
        ("bin/grader", "signal.SIG_IGN", 0, "went on\n", ""),  # nohup, and what runs in the background
        ("pytest", "lambda *_: print('mine')", 0, "mine\nwent on\n", ""),
    ],
)  # fmt: skip
def test_before_a_verb_runs_a_signal_is_one_line_and_nothing_heavy_is_loaded(
    name, handler, code, out, err
):
    source = BEFORE_A_VERB.format(name=name, handler=handler)
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (code, out, err)


def test_the_course_folder_must_exist(tmp_path):
    result = CliRunner().invoke(main, ["--course", str(tmp_path / "none"), "doctor"])

    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_version():
    assert (
        CliRunner().invoke(main, ["--version"]).output == f"grader, version {dlkit.__version__}\n"
    )


def test_the_shell_completes_verbs():
    environment = {
        "_GRADER_COMPLETE": "bash_complete",
        "COMP_WORDS": "grader doc",
        "COMP_CWORD": "1",
    }
    result = subprocess.run([GRADER], env=os.environ | environment, capture_output=True, text=True)

    assert result.stdout == "plain,doctor\n"


def test_help_and_completion_start_without_the_heavy_packages():
    code = "import sys, grader.cli; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    ).stdout.split()

    assert "grader.cli" in modules
    assert not {"nbgrader", "nbformat", "IPython", "matplotlib", "rich", "sqlalchemy"} & set(
        modules
    )
